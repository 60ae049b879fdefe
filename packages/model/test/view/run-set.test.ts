/** Several runs asked as one: every number is the sum of theirs, and what is the same function in them is one. */
import { describe, expect, it } from 'vitest';

import {
  groupSites,
  nameRuns,
  select,
  selectRuns,
  sumByGroup,
  ViewError,
  weighPaths,
  weightsOfRuns,
  type Profile,
  type RunSet,
  type SelectionRequest,
} from '../../src/index.js';
import { drawSelection, pathsOf } from './paths/draw-text.js';
import { profileOf, shiftTime } from './profile-text.js';
import { ALL_LEAKED } from './selection-requests.js';

const FIRST = profileOf(
  `main malloc a>/venv/lib/python3.12/site-packages/numpy/core.py/f 0.. 10/1
   pool malloc b                                                    0.. 4/1`,
  2,
);
const SECOND = profileOf(
  `main malloc c                                                      0.. 1/1
   main mmap   a>/other/lib/python3.13/site-packages/numpy/core.py/f 0.. 20/2
   main malloc a>/other/lib/python3.13/site-packages/numpy/core.py/f 0..1 7/7`,
  3,
);
const SET: RunSet = { head: [FIRST, SECOND], base: [] };

const linesOf = (set: RunSet, request: Partial<SelectionRequest> = {}): string[] =>
  drawSelection(selectRuns(set, { ...ALL_LEAKED, ...request })).lines;

describe('a set of several runs', () => {
  it('is one tree, in which the same function of another environment is the same node', () => {
    expect(linesOf(SET)).toEqual([
      '. 35/5',
      '  a:1 30/3',
      '    f:1 30/3 (self 30/3)',
      '  b:1 4/1 (self 4/1)',
      '  c:1 1/1 (self 1/1)',
    ]);
  });

  it('tells threads apart by number and name, whichever run they are of', () => {
    expect(linesOf(SET, { splitThreads: true })).toEqual([
      '. 35/5',
      '  [main] 31/4',
      '    a:1 30/3',
      '      f:1 30/3 (self 30/3)',
      '    c:1 1/1 (self 1/1)',
      '  [pool] 4/1',
      '    b:1 4/1 (self 4/1)',
    ]);
  });

  it('has a column of weights for each run over the same paths', () => {
    const selection = selectRuns(SET, ALL_LEAKED);
    const table = pathsOf(selection, {});
    const bytesOfRows = (runs: readonly number[]): number[] => {
      const { bytes, placeOf } = weighPaths(table, weightsOfRuns(selection, runs));
      return Array.from({ length: table.length }, (_, row) => bytes[placeOf(row)]!);
    };
    const columns = selection.runs.map((_, run) => bytesOfRows([run]));
    expect(columns.map(([root]) => root)).toEqual([14, 21]);
    expect(bytesOfRows([0, 1])).toEqual(columns[0]!.map((bytes, row) => bytes + columns[1]![row]!));
    expect(selection.runs.map(({ bytes, count }) => [bytes, count])).toEqual([
      [14, 2],
      [21, 3],
    ]);
  });

  it('groups sites over all runs, and by run', () => {
    const selection = selectRuns(SET, ALL_LEAKED);
    const sums = (by: 'run' | 'allocator'): number[] =>
      [...sumByGroup(selection.weights.bytes, groupSites(selection, by))].sort((a, b) => b - a);
    expect(sums('run')).toEqual([21, 14]);
    expect(sums('allocator')).toEqual([20, 15]);
  });

  it('takes filters of each run by itself, and windows on the clock that they share', () => {
    const late = shiftTime(SECOND, 20);
    const set: RunSet = { head: [FIRST, late], base: [] };
    const request = { ...ALL_LEAKED, measure: 'peak', window: '0ms..10ms' } as const;
    const { runs, bytes } = selectRuns(set, request);
    expect(runs.map((run) => run.bytes)).toEqual([select(FIRST, request).bytes, 0]);
    expect(bytes).toBe(14);
    const both = selectRuns(set, { ...request, window: '25ms..30ms' });
    expect(both.runs.map((run) => run.window && [run.window.fromTick, run.window.toTick])).toEqual([
      [2, 2],
      [0, 0],
    ]);
    expect(() => selectRuns(set, { ...ALL_LEAKED, window: '#30..#30' })).toThrow(ViewError);
  });

  it('knows the runs of a base behind those of the head', () => {
    const { runs } = selectRuns({ head: [SECOND], base: [FIRST] }, ALL_LEAKED);
    expect(runs.map(({ bytes }) => bytes)).toEqual([21, 14]);
  });
});

describe('a set of one run', () => {
  it('is that run’s own selection, over its own tables', () => {
    const own = selectRuns({ head: [FIRST], base: [] }, ALL_LEAKED);
    expect([own.sites, own.stackTables]).toEqual([FIRST.siteKeys(), FIRST.stackTables()]);
    expect(linesOf({ head: [FIRST], base: [] })).toEqual(drawSelection(select(FIRST, ALL_LEAKED)).lines);
  });
});

it('runs are called by as much of their path as tells them apart', () => {
  const run = (path: string): { profile: Profile } => ({ profile: { ...FIRST, capture: { ...FIRST.capture, path } } });
  const names = ['/a/x/run.bin', '/a/y/run.bin', '/b/other.bin'].map((path) => run(path));
  expect(nameRuns(names as never)).toEqual(['x/run.bin', 'y/run.bin', 'other.bin']);
});
