/** What a report reads of its view (`partsRead`) changes what it holds, and nothing else does; with a base and without. */
import { describe, expect, test } from 'vitest';
import {
  partsRead,
  reportKey,
  testUnbounded,
  VIEW_PARTS,
  WHOLE_VIEW,
  type Profile,
  type ReportLimits,
  type ViewPart,
  type ViewQuery,
} from '@memscope/model';
import { OpenRun } from '@memscope/query';

import { collectAnswers } from '../../src/report/collect-answers.js';
import { viewOfReport } from '../../src/report/report-command.js';
import { fixtureProfile } from '../views/fixture-profiles.js';

const RULES = JSON.stringify({ rules: [{ library: 'theirs', category: 'engine', file: ['*'] }] });

const OTHERS: Readonly<Record<ViewPart, Partial<ViewQuery>>> = {
  measure: { measure: 'leaked' },
  counts: { counts: true },
  window: { window: '0%..40%' },
  filter: { filter: 'size>=1KiB' },
  stacks: { stacks: 'python' },
  rules: { rules: RULES },
  interpreterFrames: { interpreterFrames: true },
  frames: { frames: 'all' },
  splitThreads: { splitThreads: true },
  mergeRecursion: { mergeRecursion: true },
};

/** As little of each answer as shows a change. */
const LIMITS: ReportLimits = {
  columns: 50,
  share: 2_000,
  nodes: 2_000,
  rows: 100,
  leaks: 50,
  functions: 2,
  labelText: 200_000,
  text: 1_000,
};

async function held(run: OpenRun, part: Partial<ViewQuery>): Promise<string> {
  const view = viewOfReport({ ...WHOLE_VIEW, ...part });
  return JSON.stringify(await collectAnswers(run, view, LIMITS, () => Promise.resolve()));
}

describe.each([false, true])('compared with another run: %s', (isCompared) => {
  test('a report reads these parts of its view, and no others', async () => {
    // Recursion and threads, native frames of an interpreter.
    const profiles: Profile[] = await Promise.all(['mixed-native-v13', 'mixed-v13'].map(fixtureProfile));
    const [head, base] = profiles;
    const run = new OpenRun(
      { head: [head!], base: isCompared ? [base!] : [] },
      { testPattern: testUnbounded, memscopeVersion: '' },
    );
    try {
      const whole = await held(run, {});
      const changing: ViewPart[] = [];
      for (const part of VIEW_PARTS) if ((await held(run, OTHERS[part])) !== whole) changing.push(part);
      expect(changing).toEqual(partsRead('report', null, false));
    } finally {
      run.close();
    }
  });
});

test('of a large profile what is shown first is held, as it is of any other, and nothing that takes long', async () => {
  const profile = await fixtureProfile('mixed-v13');
  const run = new OpenRun({ head: [profile], base: [] }, { testPattern: testUnbounded, memscopeVersion: '' });
  try {
    const collect = (large: boolean) =>
      collectAnswers(run, viewOfReport(WHOLE_VIEW), LIMITS, () => Promise.resolve(), large);
    const [all, first] = [(await collect(false)).answers, (await collect(true)).answers];
    const shown = [reportKey.timeline('head'), reportKey.leaks(), reportKey.overview('peak')];
    for (const key of [...shown, reportKey.flame('leaked', false, false), reportKey.table('peak', 'function', false)]) {
      expect(Object.keys(first)).toContain(key);
    }
    expect(first[reportKey.timeline('head')]).toEqual(all[reportKey.timeline('head')]);
    expect(Object.keys(first).filter((key) => !(key in all))).toEqual([]);
    expect(Object.keys(first).filter((key) => /sandwich|source|total/.test(key))).toEqual([]);
  } finally {
    run.close();
  }
});
