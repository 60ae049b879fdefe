import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareOwners } from '../../src/diff/compare-owners.js';
import { judgeChanges, type OwnerChange, type OwnerChanges } from '../../src/diff/judge-changes.js';
import type { OwnUsage } from '../../src/owners/own-usage.js';
import { OWNER_KINDS } from '../../src/tables.js';

/** By function, `FILE:FUNCTION`: bytes at the peak, and the most it held, if that is more. */
type Functions = Readonly<Record<string, number | readonly [peak: number, ownPeak: number]>>;

function usage(functions: Functions, threads = 1): OwnUsage {
  const names = Object.keys(functions);
  const peakBytes = Float64Array.from(names, (name) => [functions[name]!].flat()[0]!);
  const ownPeakBytes = Float64Array.from(names, (name) => [functions[name]!].flat().at(-1)!);
  const { length } = names;
  const counts = new Float64Array(length).fill(1);
  return {
    owners: {
      length,
      kind: new Uint8Array(length).fill(OWNER_KINDS.indexOf('function')),
      functionName: names.map((name) => name.split(':')[1]!),
      file: names.map((name) => name.split(':')[0]!),
      peakBytes: ownPeakBytes,
      peakTick: new Uint32Array(length),
    },
    peakBytes,
    peakCount: counts,
    leakedBytes: peakBytes,
    leakedCount: counts,
    totalBytes: null,
    totalCount: null,
    temporaryBytes: null,
    temporaryCount: null,
    ownPeakBytes,
    threads: new Uint32Array(length).fill(threads),
  };
}

function changesAtPeak(base: readonly Functions[], head: readonly Functions[]): OwnerChanges & { text: string[] } {
  const comparison = compareOwners(
    base.map((each) => usage(each)),
    head.map((each) => usage(each)),
  );
  const changes = judgeChanges(comparison, 'peak')!;
  const line = ({ owner, status, change, apart }: OwnerChange): string =>
    `${status} ${comparison.owners[owner]!.functionName} ${change}${apart ? '' : ' ~'}`;
  const { grew, shrank, moved, peakMoved } = changes;
  return {
    ...changes,
    text: [
      ...grew.map(line),
      ...shrank.map(line),
      ...moved.map(({ from, to }) => `${line(from)} to ${line(to)}`),
      ...peakMoved.map(line),
    ],
  };
}

const MIB = 2 ** 20;

describe('what changed between two runs', () => {
  it('is grown and shrunk apart, largest first', () => {
    const { text } = changesAtPeak(
      [{ 'a.py:load': 10 * MIB, 'a.py:parse': 20 * MIB, 'a.py:same': MIB }],
      [{ 'a.py:load': 19 * MIB, 'a.py:parse': 12 * MIB, 'a.py:same': MIB, 'a.py:keep': MIB }],
    );
    expect(text).toEqual([`grew load ${9 * MIB}`, `new keep ${MIB}`, `shrank parse ${-8 * MIB}`]);
  });

  it('is no growth of what only lives at another moment than before', () => {
    const { text } = changesAtPeak(
      [{ 'a.py:imports': [MIB, 5 * MIB], 'a.py:work': 30 * MIB }],
      [{ 'a.py:imports': [5 * MIB, 5 * MIB], 'a.py:work': 4 * MIB }],
    );
    expect(text).toEqual([`shrank work ${-26 * MIB}`, 'peakMoved imports 0']);
  });

  it('is at the peak no more than what the owner itself ever held more', () => {
    const { text } = changesAtPeak([{ 'a.py:f': [MIB, 5 * MIB] }], [{ 'a.py:f': [6 * MIB, 6 * MIB] }]);
    expect(text).toEqual([`grew f ${MIB}`]);
  });

  it('has moved where a function of one library went and another came with the same bytes', () => {
    const { text } = changesAtPeak(
      [{ '/v/site-packages/numpy/core/numeric.py:full': 8 * MIB, 'a.py:make': 4 * MIB }],
      [{ '/v/site-packages/numpy/_core/numeric.py:full': 8 * MIB, '/v/site-packages/other/x.py:make': 4 * MIB }],
    );
    expect(text).toEqual([
      `new make ${4 * MIB}`,
      `gone make ${-4 * MIB}`,
      `moved full ${-8 * MIB} to moved full ${8 * MIB}`,
    ]);
  });

  it('has not moved because small sizes agree by chance', () => {
    const { text } = changesAtPeak([{ 'a.py:f': 578 }], [{ 'a.py:g': 578 }]);
    expect(text).toEqual(['new g 578', 'gone f -578']);
  });

  it('is told by medians, with a mark where the runs of both sides overlap', () => {
    const { text } = changesAtPeak(
      [{ 'a.py:f': 100 }, { 'a.py:f': 300 }, { 'a.py:f': 200 }],
      [{ 'a.py:f': 400 }, { 'a.py:f': 250 }, { 'a.py:f': 500 }],
    );
    expect(text).toEqual(['grew f 200 ~']);
  });

  it('is nothing between a run and itself', () => {
    const functions = { 'a.py:f': 100, 'a.py:g': [5, 50] as const };
    expect(changesAtPeak([functions], [functions]).text).toEqual([]);
  });

  const functionsArbitrary = fc.dictionary(
    fc.constantFrom('a.py:f', 'a.py:g', 'b.py:f', '/x/site-packages/lib/c.py:h', '/x/site-packages/lib/d.py:i'),
    fc.tuple(fc.nat(1000), fc.nat(1000)).map(([peak, more]): [number, number] => [peak * 64, (peak + more) * 64]),
  );

  it('adds up to the difference of the totals, and is mirrored when the sides are swapped', () => {
    fc.assert(
      fc.property(functionsArbitrary, functionsArbitrary, (base, head) => {
        const sum = (functions: Functions): number =>
          Object.values(functions).reduce((all: number, each) => all + [each].flat()[0]!, 0);
        const { grew, shrank, moved, peakMoved } = changesAtPeak([base], [head]);
        const all = [...grew, ...shrank, ...peakMoved, ...moved.flatMap(({ from, to }) => [from, to])];
        expect(all.reduce((sum, change) => sum + change.head - change.base, 0)).toBe(sum(head) - sum(base));
        const swapped = changesAtPeak([head], [base]);
        const bytes = (changes: readonly OwnerChange[]): number[] => changes.map(({ change }) => Math.abs(change));
        expect(bytes(swapped.shrank)).toEqual(bytes(grew));
        expect(bytes(swapped.grew)).toEqual(bytes(shrank));
        expect(swapped.moved).toHaveLength(moved.length);
      }),
    );
  });
});
