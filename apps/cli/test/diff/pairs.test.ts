/**
 * Real programs before and after a change, several recordings of each: a diff names the change and its function first,
 * and nothing else; forwards and backwards. A gate fails on what got worse, and names the same function.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ingest } from '@memscope/ingest';
import {
  DEFAULT_RULES,
  keepUnchanged,
  measuredProfiles,
  WHOLE_VIEW,
  writeBaseline,
  type BaselineDocument,
  type CheckDocument,
  type DiffDocument,
  type MeasuredRuns,
  type Profile,
} from '@memscope/model';
import { checkRuns, measureRun, type CheckedRuns } from '@memscope/query';
import { openProfile } from '@memscope/store';
import { SHARED_CAPTURES_FOLDER } from '@memscope/fixtures';

import { parseBaseline } from '../../src/baseline/read-baseline.js';
import { withoutProcess } from '../../src/baseline/update-document.js';
import { runOf } from '../../src/views/query-host.js';

import { isBuilt } from '../built-cli.js';
import { documentOnDisk, runOnDisk, useFolder } from '../views/captures-on-disk.js';
import { expectValid } from '../views/document-schema.js';
import { GATED, GATED_SERVICE, PACKAGES, SERVICE } from './pairs-expected.js';

const PAIRS = join(SHARED_CAPTURES_FOLDER, 'pairs');
const hasPairs = existsSync(join(PAIRS, 'packages'));

const NOISE = join(SHARED_CAPTURES_FOLDER, 'noise');

function clearRows({ grew, shrank, beside }: DiffDocument): string[] {
  const lines = (rows: DiffDocument['grew'], measure = ''): string[] =>
    rows
      .filter(({ aboveNoise }) => aboveNoise)
      .map(({ name, change }) => `${change > 0 ? '+' : '-'} ${name}${measure}`);
  return [
    ...lines(grew),
    ...lines(shrank),
    ...beside.flatMap(({ measure, ...lists }) => [
      ...lines(lists.grew, ` ${measure}`),
      ...lines(lists.shrank, ` ${measure}`),
    ]),
  ];
}

function reversed(rows: readonly string[]): string[] {
  return rows
    .map((row) => (row.startsWith('+') ? `-${row.slice(1)}` : `+${row.slice(1)}`))
    .sort((a, b) => (a < b ? -1 : 1));
}

/** Without the captures beside the repository these are skipped, and say so in the report. */
describe.skipIf(!hasPairs || !isBuilt())('a diff of real programs (../shared/captures/pairs)', () => {
  const folder = useFolder();
  const profile = (name: string): string => join(folder, `${name}.bin.memscope`);
  const side = (pair: string, which: string): string[] => [1, 2, 3].map((run) => profile(`${pair}-${which}-${run}`));

  beforeAll(async () => {
    const packages = Object.keys(PACKAGES).flatMap((pair) =>
      ['base', 'head'].flatMap((which) =>
        [1, 2, 3].map((run) => join(PAIRS, 'packages', `${pair}-${which}-${run}.bin`)),
      ),
    );
    const service = [...Object.keys(SERVICE), ...[1, 2, 3, 4, 5].map((run) => `base-${run}`)];
    const noise = ['p4_orm-buf3-1', 'p4_orm-none1-1', 'p4_orm-r1', 'p4_orm-r2'].map((name) =>
      join(NOISE, `${name}.bin`),
    );
    const threads = [1, 2, 3, 4].map((run) => join(NOISE, `p6_threads-r${run}.bin`));
    const paths = [...packages, ...service.map((name) => join(PAIRS, `${name}.bin`)), ...noise, ...threads];
    const outcomes = await ingest({ paths, output: `${folder}/` });
    for (const { error } of outcomes) if (error !== undefined) throw error;
  }, 120_000);

  const compare = (...args: string[]): Promise<DiffDocument> => documentOnDisk<DiffDocument>('diff', ...args);

  test.each(Object.entries(PACKAGES))('under two versions of %s', async (pair, expected) => {
    const there = await compare('--base', ...side(pair, 'base'), '--head', ...side(pair, 'head'));
    expect(clearRows(there)).toEqual(expected);
    const back = await compare('--base', ...side(pair, 'head'), '--head', ...side(pair, 'base'));
    expect(clearRows(back).sort((a, b) => (a < b ? -1 : 1))).toEqual(reversed(expected));
    const single = await compare(profile(`${pair}-base-2`), profile(`${pair}-head-3`));
    expect(clearRows(single)).toEqual(expected);
  });

  test.each(Object.entries(SERVICE))('of a service: %s', async (name, expected) => {
    for (const run of [1, 3, 5]) {
      const document = await compare(profile(`base-${run}`), profile(name));
      expect(clearRows(document)).toEqual(expected);
    }
  });

  test('a leak, and that it still grows, stands in the first sentence', async () => {
    const { summary } = await compare(profile('base-1'), profile('leak-1'));
    expect(summary).toMatch(/^The peak grew by .* handle \(app\/service\.py:25\) keeps .* more, still growing\.$/);
  });

  test('another name, and another number of threads, are said', async () => {
    const renamed = await compare(profile('base-1'), profile('renamed-1'));
    expect(renamed.summary).toContain('handle (app/service.py) seems to be handle_request (app/service.py) now');
    const thread = await compare(profile('base-1'), profile('thread-1'));
    expect(thread.threadGroups).toEqual([{ name: 'worker-*', base: 2, head: 3 }]);
  });

  test('of unchanged runs says that nothing changed', async () => {
    for (const base of [1, 2, 3, 4, 5]) {
      const document = await compare(profile(`base-${base}`), profile(`base-${(base % 5) + 1}`));
      expect(clearRows(document)).toEqual([]);
      expect(document.summary).toMatch(/^The peak is about the same/);
    }
  });

  const check = async (
    head: readonly string[],
    base: readonly string[],
    ...rules: string[]
  ): Promise<CheckDocument> => {
    const args = ['check', ...head, '--baseline', ...base, ...rules.flatMap((rule) => ['--rule', rule]), '--json'];
    const { code, stdout } = await runOnDisk(args);
    const document = JSON.parse(stdout) as CheckDocument;
    expectValid('check-1', document);
    expect(code).toBe(document.verdict === 'fail' ? 1 : 0);
    return document;
  };
  /** The function that it fails for first. */
  const culprit = ({ rules }: CheckDocument): string | null =>
    rules.find(({ verdict }) => verdict === 'fail')?.functions[0]?.name ?? null;

  test.each(Object.entries(GATED))('a gate between two versions of %s', async (pair, [there, back]) => {
    const [base, head] = [side(pair, 'base'), side(pair, 'head')];
    expect(culprit(await check(head, base))).toBe(there);
    expect(culprit(await check(base, head))).toBe(back);
    expect(culprit(await check([head[2]!], [base[0]!]))).toBe(there);
    expect(culprit(await check([base[1]!], [head[1]!]))).toBe(back);
  });

  test('a gate tells what is held beside the peak as a note, and fails on it where a rule asks', async () => {
    const [base, head] = [side('urllib3', 'base'), side('urllib3', 'head')];
    const { verdict, rules } = await check(base, head);
    expect(verdict).toBe('pass');
    expect(rules.filter((rule) => rule.verdict === 'note').map(({ functions }) => functions[0]!.name)).toEqual([
      'decompress',
    ]);
    expect(culprit(await check(base, head, 'each function: own-peak +256 KiB'))).toBe('decompress');
  });

  test.each(Object.entries(GATED_SERVICE))('a gate of a service: %s', async (name, expected) => {
    for (const run of [1, 2, 5]) {
      expect(culprit(await check([profile(name)], [profile(`base-${run}`)]))).toBe(expected);
      if (expected !== null && name !== 'small-1') continue;
      const { verdict } = await check([profile(name)], [profile(`base-${run}`)], 'peak +2% and +512 KiB');
      expect(verdict).toBe(name === 'small-1' ? 'fail' : 'pass');
    }
  });

  test('a gate passes unchanged runs, of several threads too, and finds 3% more in one function', async () => {
    for (const base of [1, 2, 3, 4, 5]) {
      const { verdict } = await check([profile(`base-${(base % 5) + 1}`)], [profile(`base-${base}`)]);
      expect(verdict).toBe('pass');
    }
    const threads = [1, 2, 3, 4].map((run) => profile(`p6_threads-r${run}`));
    for (const base of threads) {
      for (const head of threads) expect((await check([head], [base])).verdict).toBe('pass');
    }
    const [first, second] = [profile('p4_orm-r1'), profile('p4_orm-r2')];
    expect((await check([first], [second])).verdict).toBe('pass');
    expect((await check([second], [first])).verdict).toBe('pass');
    expect(culprit(await check([profile('p4_orm-buf3-1')], [profile('p4_orm-none1-1')]))).toBe('remember');
  });

  const open = new Map<string, Profile>();
  const opened = (names: readonly string[]): Profile[] =>
    names.map((name) => {
      const known = open.get(name) ?? openProfile(profile(name));
      open.set(name, known);
      return known;
    });
  afterAll(() => open.forEach((each) => each.close()));
  const judge = (head: readonly Profile[], base: readonly Profile[]): CheckedRuns =>
    checkRuns(runOf(head, base), WHOLE_VIEW, {
      rules: DEFAULT_RULES.map((each) => ({ ...each, source: 'default' as const })),
      suppressions: [],
      allowed: [],
      together: false,
      warmUp: null,
      today: '2026-01-01',
    });
  const PROJECT = '/nowhere';
  const measured = (names: readonly string[]): MeasuredRuns =>
    measureRun(runOf(opened(names)), { together: false, project: PROJECT });
  /** What failed, of which functions, and by how much. */
  const findings = ({ verdict, rules }: CheckedRuns): unknown[] => [
    verdict,
    ...rules.map((each) => [each.rule, each.verdict, each.functions.map(({ name, change }) => [name, change])]),
  ];
  const pairsOf = (pair: string): [string[], string[]][] => {
    const [base, head] = ['base', 'head'].map((which) => [1, 2, 3].map((run) => `${pair}-${which}-${run}`)) as [
      string[],
      string[],
    ];
    return [
      [base, head],
      [head, base],
      [[base[1]!], [head[2]!]],
    ];
  };

  test.each<[string, [string[], string[]][]]>([
    ...Object.keys(PACKAGES).map((pair): [string, [string[], string[]][]] => [pair, pairsOf(pair)]),
    ...Object.keys(SERVICE).map((name): [string, [string[], string[]][]] => [name, [[['base-1', 'base-3'], [name]]]]),
    ['p4_orm', [[['p4_orm-r1', 'p4_orm-r2'], ['p4_orm-buf3-1']]]],
    [
      'p6_threads',
      [
        [
          ['p6_threads-r1', 'p6_threads-r4'],
          ['p6_threads-r2', 'p6_threads-r3'],
        ],
      ],
    ],
  ])('a baseline file judges as the captures that it was made of: %s', (_, sides) => {
    for (const [base, head] of sides) {
      const text = writeBaseline({ schema: 'memscope.baseline/1', ...measured(base) });
      const kept = parseBaseline(text, 'b.json') as BaselineDocument;
      const names = { path: 'b.json', project: PROJECT };
      const there = findings(judge(opened(head), opened(base)));
      expect(findings(judge(opened(head), measuredProfiles(kept, names)))).toEqual(there);
      expect(findings(judge(measuredProfiles(measured(head), names), measuredProfiles(kept, names)))).toEqual(there);
    }
  });

  test.each([
    ['the ORM', ['p4_orm-r1', 'p4_orm-r2'], 0],
    ['the service', [1, 2, 3, 4, 5].map((run) => `base-${run}`), 0],
    ['pydantic', [1, 2, 3].map((run) => `pydantic-base-${run}`), 0],
    // Which of its threads holds what at the peak is chance.
    ['threads', [1, 2, 3, 4].map((run) => `p6_threads-r${run}`), 3],
  ])('an updated baseline of unchanged runs soon stays as it is: %s', (_, names, most) => {
    const runs = names.map((name) => measured([name]));
    const linesOf = (kept: MeasuredRuns): string[] =>
      writeBaseline({ schema: 'memscope.baseline/1', ...withoutProcess(kept) }).split('\n');
    let kept = withoutProcess(runs[0]!);
    for (const again of [false, true]) {
      for (const [at, run] of runs.entries()) {
        const before = new Set(linesOf(kept));
        kept = keepUnchanged(kept, withoutProcess(run));
        if (again) expect(linesOf(kept).filter((line) => !before.has(line)).length).toBeLessThanOrEqual(most);
        const { verdict } = judge(opened([names[at]!]), measuredProfiles(kept, { path: 'b.json', project: PROJECT }));
        expect(verdict).toBe('pass');
      }
    }
  });

  test('an updated baseline hides no growth of 3%', () => {
    const kept = ['p4_orm-r1', 'p4_orm-r2', 'p4_orm-none1-1'].map((name) => measured([name])).reduce(keepUnchanged);
    const { rules } = judge(opened(['p4_orm-buf3-1']), measuredProfiles(kept, { path: 'b.json', project: PROJECT }));
    expect(rules.find(({ verdict }) => verdict === 'fail')?.functions[0]?.name).toBe('remember');
  });

  test('1,000 comparisons of unchanged runs, taken by chance, raise no alarm', () => {
    const groups = [
      ...Object.keys(PACKAGES).flatMap((pair) =>
        ['base', 'head'].map((which) => [1, 2, 3].map((run) => `${pair}-${which}-${run}`)),
      ),
      [1, 2, 3, 4, 5].map((run) => `base-${run}`),
      ['p4_orm-r1', 'p4_orm-r2'],
      [1, 2, 3, 4].map((run) => `p6_threads-r${run}`),
    ];
    const kept = groups.map((names) =>
      names.map((name) => measuredProfiles(measured([name]), { path: name, project: PROJECT })[0]!),
    );
    const random = seededRandom(1);
    const alarms: string[] = [];
    for (let at = 0; at < 1000; at++) {
      const runs = kept[Math.floor(random() * kept.length)]!.slice();
      // A beginning of the shuffled runs is one side, what follows the other.
      for (let end = runs.length - 1; end > 0; end--) {
        const other = Math.floor(random() * (end + 1));
        [runs[end], runs[other]] = [runs[other]!, runs[end]!];
      }
      const of = 1 + Math.floor(random() * Math.floor(runs.length / 2));
      const [base, head] = [runs.slice(0, of), runs.slice(of, 2 * of)];
      const { verdict, summary } = judge(head, base);
      if (verdict !== 'pass') alarms.push(`${base.map(({ path }) => path).join()}: ${summary}`);
    }
    expect(alarms).toEqual([]);
  }, 120_000);
});

/** Numbers from 0 to 1, the same in every run (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
