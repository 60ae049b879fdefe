/** Where no stack is known, all that a function measures has to go over to another one. */
import { expect, test } from 'vitest';

import { findTwins } from '../../src/diff/find-twins.js';
import { compareColumns, type ComparedColumn } from '../../src/diff/side-columns.js';

const MIB = 2 ** 20;
/** By measure: bytes, and last the number of allocations. */
type Numbers = readonly [peak: number, total: number, count: number];
interface Function {
  readonly base: Numbers;
  readonly head: Numbers;
  readonly pool?: string;
}

function twins(functions: readonly Function[]): string[] {
  const side = (of: 'base' | 'head', measure: number): Float64Array[] => [
    Float64Array.from(functions, (each) => each[of][measure]!),
  ];
  const measures = [0, 1, 2].map((at): ComparedColumn =>
    compareColumns({ base: side('base', at), head: side('head', at) }, false),
  );
  const rows = functions.map(({ pool = 'app' }) => ({ kind: 'function', file: 'a.py', pool }));
  const changes = functions.map(({ base, head }, row) => ({ row, change: head[0] - base[0], aboveNoise: true }));
  const [peak, total, count] = measures as [ComparedColumn, ComparedColumn, ComparedColumn];
  return findTwins(rows, changes, { measures: [peak], total, count }).map(
    ({ from, to, amount, basis }) => `${from.row} to ${to.row} ${amount / MIB} ${basis}`,
  );
}

const NOTHING: Numbers = [0, 0, 0];
const held = (mib: number, total: number, count: number): Numbers => [mib * MIB, total * MIB, count];
const gone: Function = { base: held(5, 5, 1), head: NOTHING };

test('a function that has as much more by each measure holds what another one did', () => {
  expect(twins([gone, { base: held(10, 10, 1), head: held(15, 15, 2) }])).toEqual(['0 to 1 5 measures']);
});

test('a function has grown where its allocations became larger, or one measure says otherwise', () => {
  expect(twins([gone, { base: held(10, 10, 1), head: held(15, 15, 1) }])).toEqual([]);
  expect(twins([gone, { base: held(10, 10, 1), head: held(15, 400, 2) }])).toEqual([]);
  expect(twins([gone, { base: held(10, 10, 1), head: held(15, 15, 2), pool: 'lib' }])).toEqual([]);
});

test('a function has grown where the other one stays, or two could hold it', () => {
  const more: Function = { base: held(10, 10, 1), head: held(15, 15, 2) };
  expect(twins([{ base: held(15, 15, 2), head: held(10, 10, 1) }, more])).toEqual([]);
  expect(twins([gone, more, more])).toEqual([]);
});

test('a new function in the file of one that has gone has grown by the difference, if its allocations are as many or as large', () => {
  const came = (count: number, total = 8): Function => ({ base: NOTHING, head: held(8, total, count) });
  expect(twins([gone, came(1)])).toEqual(['0 to 1 5 file']);
  expect(twins([{ base: held(10, 10, 10), head: NOTHING }, came(8)])).toEqual(['0 to 1 8 file']);
  expect(twins([gone, came(2)])).toEqual([]);
  expect(twins([gone, came(1), came(1)])).toEqual([]);
});

test('functions that are split, merged, or put into one that stays hold what was there, if they make as many allocations', () => {
  const came = (mib: number): Function => ({ base: NOTHING, head: held(mib, mib, mib) });
  const went = (mib: number): Function => ({ base: held(mib, mib, mib), head: NOTHING });
  expect(twins([went(10), came(6), came(4)])).toEqual(['0 to 1 6 file', '0 to 2 4 file']);
  expect(twins([went(6), went(4), came(10)])).toEqual(['0 to 2 6 file', '1 to 2 4 file']);
  const rises = (mib: number): Function => ({ base: held(1, 1, 1), head: held(1 + mib, 1 + mib, 1 + mib) });
  expect(twins([went(14), rises(10), rises(4)])).toEqual(['0 to 1 10 file', '0 to 2 4 file']);
  expect(twins([came(11), { base: held(12, 12, 12), head: held(2, 2, 2) }])).toEqual(['1 to 0 10 file']);
});
