/**
 * Every question reads what `partsRead` says of its view, and nothing else: another value of a part that is read gives
 * another answer on some capture, another value of one that is not gives the same on all.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildCapture, findCapture } from '@memscope/fixtures';
import { ingest } from '@memscope/ingest';
import {
  BAND_GROUPINGS,
  COMPARED_GROUPINGS,
  GROUPINGS,
  isOneSided,
  partsIgnored,
  partsRead,
  testUnbounded,
  VIEW_PARTS,
  ViewError,
  WHOLE_VIEW,
  type Grouping,
  type TablePage,
  type ViewPart,
  type ViewQuery,
} from '@memscope/model';
import { openProfile } from '@memscope/store';

import { answerQuestion, OpenRun, type Question } from '@memscope/query';

/** Two threads through the same code, a function that calls itself at other lines, imports, garbage, and leaks. */
const THREADED = `
capture v13 start=1767323045000 end=1767323047000 command="app.py" main_tid=1
thread 1 "MainThread"
memory t=0 rss=1000000
push main /srv/app/main.py:20 entry
push load /srv/app/load.py:8
malloc 0x2000 2000000
malloc 0x2800 100
free 0x2800
push _find_and_load "<frozen importlib._bootstrap>:1371"
malloc 0x5000 250000
push loads /usr/lib/python3.13/json/decoder.py:30
malloc 0x5800 300000
${Array.from({ length: 20 }, (_, at) => `malloc ${0x20000 + 16 * at} 1`).join('\n')}
pop 2
push again /srv/app/load.py:30
malloc 0x5c00 3000
push again /srv/app/load.py:33
malloc 0x5e00 7000
push again /srv/app/load.py:30
malloc 0x5f00 9000
pop 3
push dumps /usr/lib/python3.13/json/encoder.py:5
push load /srv/app/load.py:9
malloc 0x6f00 4000
pop 3
memory t=500 rss=9000000
thread 2 "worker-1"
push main /srv/app/main.py:20 entry
push load /srv/app/load.py:8
malloc 0x9000 700000
malloc 0x9800 9
malloc 0x9900 9
push _find_and_load "<frozen importlib._bootstrap>:1371"
malloc 0xa000 300000
pop 2
push load /srv/app/load.py:12
push exec_module "<frozen importlib._bootstrap_external>:7"
malloc 0xb000 400000
pop 3
memory t=1000 rss=12000000
thread 1
free 0x2000
memory t=1500 rss=11000000
`;

const CAPTURES = ['threaded', 'engine-dwarf5-v13'];
/** Which frames and libraries these name depends on the stacks and on the rules. */
const FILTER = 'module:libengine or category:engine or file:app/main.py';
const RULES = JSON.stringify({
  rules: [
    { library: 'hidden', category: 'interpreter', module: ['*.so*', '*python*'] },
    { library: 'theirs', category: 'engine', file: ['*'] },
  ],
});

/** Another value of each part; beside it what else is asked for then, since the default alone would not show it. */
const OTHERS: Readonly<Record<ViewPart, readonly (readonly [other: Partial<ViewQuery>, both?: Partial<ViewQuery>])[]>> =
  {
    measure: [[{ measure: 'leaked' }]],
    counts: [[{ counts: true }]],
    window: [[{ window: '20%..60%' }]],
    filter: [[{ filter: 'thread:worker' }], [{ filter: 'module:application' }]],
    stacks: [[{ stacks: 'python' }]],
    rules: [[{ rules: RULES }]],
    interpreterFrames: [[{ interpreterFrames: true }], [{ interpreterFrames: true }, { rules: RULES }]],
    frames: [[{ frames: 'all' }], [{ frames: 'no-standard-library' }]],
    splitThreads: [[{ splitThreads: true }]],
    mergeRecursion: [[{ mergeRecursion: true }]],
  };

/** Read, but none of these captures shows it: their native frames have no names that a search could find. */
const UNSEEN: Readonly<Partial<Record<Question['route'], readonly ViewPart[]>>> = {
  search: ['stacks', 'rules', 'interpreterFrames'],
};

/** Of all kinds of stacks; a capture says that it has none beyond its own. */
const SITES = Array.from({ length: 14 }, (_, at) => 11 * at);
const TICKS = { from: 0, to: null, width: 200 } as const;
const ROUTES = ['overview', 'flame', 'sandwich', 'source', 'site', 'leaks', 'search'] as const;
const ASKED: readonly (readonly [Question['route'], Grouping | null])[] = [
  ...ROUTES.map((route) => [route, null] as const),
  ...BAND_GROUPINGS.map((by) => ['bands', by] as const),
  ...GROUPINGS.map((by) => ['table', by] as const),
  ...COMPARED_GROUPINGS.map((by) => ['diff', by] as const),
];

/** Every way to put the question. */
function questionsOf(route: Question['route'], by: Grouping | null, view: ViewQuery, functions: string[]): Question[] {
  const rows = { descending: true, offset: 0, limit: 500, search: '' };
  switch (route) {
    case 'overview':
      return [{ route, view }];
    case 'timeline':
      return [{ route, ...TICKS }];
    case 'flame':
      return [{ route, view, inverted: false, transforms: [], root: 0, width: 10_000 }];
    case 'sandwich':
      return functions.map((name) => ({ route, view, function: name, width: 10_000 }));
    case 'source':
      return functions.map((name) => ({ route, view, function: name }));
    case 'site':
      return SITES.map((site) => ({ route, view, site }));
    case 'leaks':
      return [{ route, view, warmUp: null, offset: 0, limit: 100 }];
    case 'search':
      return ['a', 'e'].map((text) => ({ route, view, text }));
    case 'bands':
      return BAND_GROUPINGS.filter((each) => each === by).map((each) => ({ route, view, by: each, top: 8, ...TICKS }));
    case 'diff':
      return COMPARED_GROUPINGS.filter((each) => each === by).map((each) => ({
        route,
        view,
        by: each,
        measure: 'peak',
      }));
    case 'table':
      return [{ route, view, by: by!, sort: view.counts ? 'selfCount' : 'self', ...rows }];
  }
}

const HOST = { testPattern: testUnbounded, memscopeVersion: '' };
const folder = mkdtempSync(join(tmpdir(), 'memscope-parts-'));
const runs: { readonly run: OpenRun; readonly functions: string[] }[] = [];

beforeAll(async () => {
  for (const name of CAPTURES) {
    const written = join(folder, `${name}.bin`);
    if (name === 'threaded') writeFileSync(written, buildCapture(THREADED));
    const path = name === 'threaded' ? written : findCapture(name).path;
    const [outcome] = await ingest({ paths: [path], output: join(folder, `${name}.memscope`) });
    if (outcome === undefined || outcome.error !== undefined) throw outcome?.error ?? new Error(name);
    const run = new OpenRun(openProfile(outcome.profilePath), HOST);
    const [table] = questionsOf('table', 'function', WHOLE_VIEW, []);
    const { body } = await answerQuestion(run, table!, null);
    const { rows } = JSON.parse(new TextDecoder().decode(body)) as TablePage;
    runs.push({ run, functions: rows.flatMap(({ label }) => label?.function ?? []).slice(0, 30) });
  }
  // As one, so that there are rows by run.
  const head = CAPTURES.map((name) => openProfile(join(folder, `${name}.memscope`)));
  runs.push({ run: new OpenRun({ head, base: [] }, HOST), functions: [] });
  // Two sides that have little in common, so that nearly all of it changed.
  const [base, native] = CAPTURES.map((name) => openProfile(join(folder, `${name}.memscope`)));
  const functions = runs.slice(0, CAPTURES.length).flatMap((each) => each.functions.slice(0, 8));
  runs.push({ run: new OpenRun({ head: [native!], base: [base!] }, HOST), functions });
});
afterAll(() => {
  for (const { run } of runs) run.close();
  rmSync(folder, { recursive: true, force: true });
});

/** On each capture what is answered, or why it cannot be. */
async function answersTo(route: Question['route'], by: Grouping | null, view: ViewQuery): Promise<string[][]> {
  return Promise.all(
    runs
      .filter(({ run: { set } }) => {
        if (set.base.length > 0) return !isOneSided(route);
        return route !== 'diff' && (route === 'table' || set.head.length === 1);
      })
      .map(({ run, functions }) =>
        Promise.all(
          questionsOf(route, by, view, functions).map(async (question) => {
            try {
              return Buffer.from((await answerQuestion(run, question, null)).body).toString('latin1');
            } catch (error) {
              if (error instanceof ViewError) return error.message;
              throw error;
            }
          }),
        ),
      ),
  );
}

describe.each([false, true])('with a filter: %s', (filtered) => {
  test.each(ASKED)('%s by %s reads these parts of its view, and no others', async (route, by) => {
    const view: ViewQuery = { ...WHOLE_VIEW, filter: filtered ? FILTER : null };
    const changing = new Set<ViewPart>();
    for (const part of VIEW_PARTS) {
      for (const [other, both] of OTHERS[part]) {
        const before = await answersTo(route, by, { ...view, ...both });
        const after = await answersTo(route, by, { ...view, ...both, ...other });
        if (JSON.stringify(after) !== JSON.stringify(before)) changing.add(part);
      }
    }
    for (const part of UNSEEN[route] ?? []) changing.add(part);
    expect(VIEW_PARTS.filter((part) => changing.has(part))).toEqual(partsRead(route, by, filtered));
  });
});

test('what a view sets and a question does not read is told', () => {
  const view: ViewQuery = { ...WHOLE_VIEW, splitThreads: true, frames: 'all', stacks: 'python' };
  expect(partsIgnored(view, 'table', 'site')).toEqual([]);
  expect(partsIgnored(view, 'table', 'function')).toEqual(['splitThreads']);
  expect(partsIgnored(view, 'table', 'thread')).toEqual(['stacks', 'frames']);
  expect(partsIgnored({ ...view, filter: 'load' }, 'table', 'thread')).toEqual(['frames']);
});
