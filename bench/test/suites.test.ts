/** The benchmarks on tiny work: that every stage runs, that all agree, and the shape of what is reported; never times. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { describeMachine, type BenchResult } from '../src/bench-result.js';
import { runEndToEndSuite } from '../src/end-to-end-suite.js';
import { runKernelSuite } from '../src/kernel-suite.js';
import { renderResult } from '../src/render-result.js';
import { runStoreSuite } from '../src/store-suite.js';
import { makeSyntheticWork } from '../src/synthetic-work.js';
import { runViewsSuite } from '../src/views-suite.js';

const ONCE = { runs: 1, warmUps: 0 };
const ALLOCATIONS = 3000;
let folder = '';
let result: BenchResult;

/** Stands in for memray: counts as told, and fails at one command. */
const MEMRAY = `
  const [, command, ...parameters] = process.argv;
  if (parameters.includes('--temporal')) { console.error('first line\\nno temporal here'); process.exit(1); }
  if (command === 'stats') console.log('Total allocations:\\n\\t${ALLOCATIONS}');
`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'memscope-bench-test-'));
  const capture = join(folder, 'small.bin');
  writeFileSync(capture, makeSyntheticWork(13, 1, ALLOCATIONS).lz4);
  const kernel = await runKernelSuite({ ...ONCE, seed: 1, megabytes: 0.1, versions: [11, 13] });
  const store = await runStoreSuite({ ...ONCE, seed: 1, sites: 400, lifetimes: 1000 });
  const endToEnd = await runEndToEndSuite({
    runs: 1,
    captures: [capture],
    synthetic: { seed: 1, megabytes: 0.1 },
    memray: {
      command: [process.execPath, '-e', MEMRAY, '--'],
      pathPrefix: '',
      reports: ['stats', 'flamegraph', 'temporal'],
    },
  });
  const views = await runViewsSuite({ ...ONCE, seed: 1, sites: 400, lifetimes: 1000, commands: ['tree', 'timeline'] });
  result = {
    schema: 'memscope.bench/1',
    machine: describeMachine(),
    runs: 1,
    seed: 1,
    kernel,
    store,
    views,
    page: null,
    endToEnd,
  };
}, 60_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('every stage of the kernel is timed, and all agree on what they read', () => {
  for (const { stages, digests, records, allocations } of result.kernel!) {
    expect(stages.map(({ name, runs }) => [name, runs.length])).toEqual([
      ['inflate (LZ4 less raw)', 0],
      ['decode, raw', 1],
      ['inflate and decode, LZ4', 1],
      ['heap', 1],
      ['one thread, raw', 1],
      ['one thread, LZ4', 1],
      ['to a profile, one thread', 1],
      ['to a profile, two threads', 1],
    ]);
    expect(Object.keys(digests).toSorted()).toEqual(['heap', 'lifetimes', 'names', 'operations', 'profile', 'totals']);
    expect(records).toBeGreaterThan(allocations * 11.8);
  }
});

test('versions 11 and 13 of the same work hold the same', () => {
  const [eleven, thirteen] = result.kernel!;
  expect(eleven!.allocations).toBe(thirteen!.allocations);
  expect(eleven!.digests['totals']).toBe(thirteen!.digests['totals']);
  expect(eleven!.digests['heap']).toBe(thirteen!.digests['heap']);
});

test('a profile of synthetic sites answers every summary, and the answers add up', () => {
  const { answers, lifetimes, profileBytes } = result.store!;
  expect(lifetimes).toBe(1000);
  expect(profileBytes).toBeGreaterThan(0);
  expect(answers.map(({ name }) => name)).toEqual(expect.arrayContaining(['every summary', 'all tables as columns']));
  // Targets speak of 100,000 sites.
  expect(answers.every(({ verdict }) => verdict === null)).toBe(true);
});

test('views run on a large and on a small profile', () => {
  const { commands, stacks, ticks, lifetimes } = result.views!;
  expect([stacks, ticks, lifetimes]).toEqual([2000, 10_000, 1000]);
  expect(commands.map(({ command, runs, verdict }) => [command, runs.length, verdict.label])).toEqual([
    ['tree', 1, '1 s'],
    ['timeline', 1, '1 s'],
  ]);
});

test('whole runs are set against memray, whose failures are told instead of times', () => {
  const [capture] = result.endToEnd!.captures;
  expect(capture).toMatchObject({ formatVersion: 13, allocations: ALLOCATIONS, countedAlike: true });
  expect(capture!.commands.map(({ name, failure, runs }) => [name, failure, runs.length])).toEqual([
    ['memscope analyze', null, 1],
    ['memscope analyze, profile at hand', null, 1],
    ['memray stats', null, 1],
    ['memray flamegraph', null, 1],
    ['memray flamegraph --temporal', 'no temporal here', 0],
  ]);
  expect(capture!.commands[2]!.verdict).toMatchObject({ label: '1/3' });
});

test('without captures two synthetic ones are measured, the second with a native stack for each allocation', async () => {
  const { captures } = await runEndToEndSuite({
    runs: 1,
    captures: [],
    synthetic: { seed: 1, megabytes: 0.05 },
    memray: null,
  });
  expect(captures.map(({ nativeSites }) => nativeSites === null)).toEqual([true, false]);
  const { nativeSites, allocations, sizeVerdict } = captures[1]!;
  expect(nativeSites! / allocations!).toBeGreaterThan(0.8);
  expect(sizeVerdict.label).toBe('twice the capture');
}, 60_000);

test('the report holds a line for everything that was measured', () => {
  const text = renderResult(result);
  for (const { stages } of result.kernel!) for (const { name } of stages) expect(text).toContain(`  ${name} `);
  for (const { name } of result.store!.answers) expect(text).toContain(`  ${name} `);
  for (const { command } of result.views!.commands) expect(text).toContain(`  ${command} `);
  for (const { name } of result.endToEnd!.captures[0]!.commands) expect(text).toContain(`  ${name} `);
  expect(text).toContain(`${ALLOCATIONS.toLocaleString('en')} allocations (memray counts as many)`);
  expect(text).not.toMatch(/NaN|undefined|\u001b/);
  expect(text.split('\n').filter((line) => line.endsWith(' '))).toEqual([]);
});
