/** A capture with native stacks is joined once for all its windows: what they draw is what joining each alone draws. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCapture } from '@memscope/fixtures';
import { ingest } from '@memscope/ingest';
import { testUnbounded, type Profile } from '@memscope/model';
import { openProfile } from '@memscope/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { answerFlame, OpenRun, readQuestion, type QueryHost } from '../src/index.js';

const HOST: QueryHost = { testPattern: testUnbounded, memscopeVersion: '1' };
const VIEWS = [
  '',
  'measure=total',
  'measure=leaked&window=40%25..90%25',
  'window=20%25..60%25',
  'window=50%25..55%25&splitThreads=1',
  'filter=module:libc&measure=total',
  'frames=all&window=20%25..60%25',
  'mergeRecursion=1&measure=temporary',
];
const folder = mkdtempSync(join(tmpdir(), 'memscope-windows-'));
let profile: Profile;

beforeAll(async () => {
  const [outcome] = await ingest({ paths: [findCapture('mixed-native-v13').path], output: join(folder, 'p.memscope') });
  if (outcome === undefined || outcome.error !== undefined) throw outcome?.error ?? new Error('no capture');
  profile = openProfile(outcome.profilePath);
});

afterAll(() => {
  profile.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Each drawn node by its way from the root, with its numbers and its id. */
function nodesOf(run: OpenRun, text: string, inverted = false): Map<string, { readonly id: number; sums: number[] }> {
  const query = new URLSearchParams(`width=2000&${text}${inverted ? '&inverted=1' : ''}`);
  const question = readQuestion('flame', query);
  if (question.route !== 'flame') throw new Error(question.route);
  const { columns, head } = answerFlame(run, question);
  const { parent, label, id, bytes, count, selfBytes, selfCount, foldedBytes, hiddenFrames, closed } = columns;
  const sums = [bytes, count, selfBytes, selfCount, foldedBytes, hiddenFrames, closed];
  const ways: string[] = [];
  return new Map(
    Array.from(parent, (above, node) => {
      const { name, file, line } = head.labels[label[node]!]!;
      ways[node] = node === 0 ? '' : `${ways[above]}\n${name} ${file} ${line}`;
      return [ways[node], { id: id[node]!, sums: sums.map((column) => column[node]!) }];
    }),
  );
}

describe.each([false, true])('inverted: %s', (inverted) => {
  test.each(VIEWS)('%s is drawn as by who joins only what weighs in it', (view) => {
    const [all, once] = [new OpenRun(profile, HOST), new OpenRun(profile, { ...HOST, asksOnce: true })];
    const sums = (run: OpenRun): unknown => Array.from(nodesOf(run, view, inverted), ([way, node]) => [way, node.sums]);
    const drawn = sums(all) as unknown[];
    expect(drawn.length).toBeGreaterThan(1);
    expect(drawn).toEqual(expect.arrayContaining(sums(once) as unknown[]));
    expect(drawn).toHaveLength((sums(once) as unknown[]).length);
  });
});

test('a node has one id in every window and measure', () => {
  const run = new OpenRun(profile, HOST);
  const whole = nodesOf(run, 'measure=total');
  let met = 0;
  for (const view of ['', 'measure=leaked&window=40%25..90%25', 'window=20%25..60%25']) {
    for (const [way, { id }] of nodesOf(run, view)) {
      const known = whole.get(way);
      if (known === undefined) continue;
      expect(id).toBe(known.id);
      met++;
    }
  }
  expect(met).toBeGreaterThan(20);
});
