import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeChanges, type JudgedRow, type RowChange, type RowChanges } from '../../src/diff/judge-changes.js';
import { compareColumns, type ComparedColumn } from '../../src/diff/side-columns.js';
import { moduleOfFile } from '../../src/analysis/module-of-file.js';

/** By function, `FILE:FUNCTION`: bytes at the peak, and the most it held, if that is more. */
type Functions = Readonly<Record<string, number | readonly [peak: number, ownPeak: number]>>;

function changesAtPeak(base: readonly Functions[], head: readonly Functions[]): RowChanges & { text: string[] } {
  const names = [...new Set([...base, ...head].flatMap((functions) => Object.keys(functions)))];
  const rows = names.map((name): JudgedRow => {
    const [file, functionName] = name.split(':') as [string, string];
    return { kind: 'function', functionName, file, pool: moduleOfFile(file).name };
  });
  const side = (runs: readonly Functions[], at: number): Float64Array[] =>
    runs.map((run) => Float64Array.from(names, (name) => [run[name] ?? 0].flat().at(at)!));
  const column = (at: number): ComparedColumn => compareColumns({ base: side(base, at), head: side(head, at) }, false);
  const repetitions = Math.min(base.length, head.length);
  const ownPeak = column(-1);
  const noise = { measure: 'peak', peak: 0, total: 0, repetitions } as const;
  const threads = new Uint32Array(rows.length).fill(1);
  const changes = judgeChanges({ rows, threads }, column(0), { ownPeak, leaked: null, total: null }, noise);
  const line = ({ row, from, status, head: bytes, change, apart }: RowChange): string =>
    from === null || status !== 'moved'
      ? `${status} ${rows[row]!.functionName} ${change}${apart === false ? ' ~' : ''}`
      : `moved ${rows[from]!.functionName} to ${rows[row]!.functionName} ${bytes}`;
  const { grew, shrank, moved, peakMoved } = changes;
  return { ...changes, text: [...grew, ...shrank, ...moved, ...peakMoved].map(line) };
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
    expect(text).toEqual([`shrank work ${-26 * MIB}`, `peakMoved imports ${4 * MIB}`]);
  });

  it('is no growth at the peak where what it held at most grew by too little to speak of', () => {
    const { text } = changesAtPeak([{ 'a.py:f': [MIB, 5 * MIB] }], [{ 'a.py:f': [6 * MIB, 5 * MIB + 6000] }]);
    expect(text).toEqual([`peakMoved f ${5 * MIB}`]);
    expect(changesAtPeak([{ 'a.py:f': [MIB, 5 * MIB] }], [{ 'a.py:f': [6 * MIB, 6 * MIB] }]).text).toEqual([
      `grew f ${5 * MIB}`,
    ]);
  });

  it('has moved where a function of one library went and another came with the same bytes', () => {
    const { text } = changesAtPeak(
      [{ '/v/site-packages/numpy/core/numeric.py:full': 8 * MIB, 'a.py:make': 4 * MIB }],
      [{ '/v/site-packages/numpy/_core/numeric.py:full': 8 * MIB, '/v/site-packages/other/x.py:make': 4 * MIB }],
    );
    expect(text).toEqual([`new make ${4 * MIB}`, `gone make ${-4 * MIB}`, `moved full to full ${8 * MIB}`]);
  });

  it('has grown by what came with the memory that moved', () => {
    const { text, moved } = changesAtPeak([{ 'a.py:f': 8 * MIB }], [{ 'a.py:g': 8 * MIB + 100 }]);
    expect(text).toEqual(['grew g 100', `moved f to g ${8 * MIB}`]);
    expect(moved[0]).toMatchObject({ base: 8 * MIB, head: 8 * MIB, change: 0 });
  });

  it('moves where the nearest sizes are, from the inside out, however many rows lie beside each other', () => {
    const count = 20_000;
    const sizes = Array.from({ length: count }, (_, at) => at);
    // All that went lies below all that came, so that only the innermost two are neighbours.
    const gone = Object.fromEntries(sizes.map((at) => [`a.py:old${at}`, 8 * MIB + at]));
    const came = Object.fromEntries(sizes.map((at) => [`a.py:new${at}`, 8 * MIB + count + at]));
    const { moved, text } = changesAtPeak([gone], [came]);
    expect(moved).toHaveLength(count);
    expect(text).toContain(`moved old${count - 1} to new0 ${8 * MIB + count - 1}`);
    expect(text).toContain(`moved old0 to new${count - 1} ${8 * MIB}`);
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

  it('is told as noise where a function that was renamed differs by no more than its repetitions', () => {
    const runs = (name: string, ...sizes: readonly number[]): Functions[] =>
      sizes.map((mib) => ({ [name]: mib * MIB }));
    const renamed = (...sizes: readonly number[]): string[] =>
      changesAtPeak(runs('a.py:f', 1000, 1004, 1008), runs('a.py:g', ...sizes)).text;
    expect(renamed(1005, 1007, 1011)).toEqual([`grew g ${3 * MIB} ~`, `moved f to g ${1004 * MIB}`]);
    expect(renamed(1009, 1010, 1011)).toEqual([`grew g ${6 * MIB}`, `moved f to g ${1004 * MIB}`]);
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
        const all = [...grew, ...shrank, ...moved, ...peakMoved];
        expect(all.reduce((sum, { change }) => sum + change, 0)).toBe(sum(head) - sum(base));
        const swapped = changesAtPeak([head], [base]);
        const bytes = (changes: readonly RowChange[]): number[] => changes.map(({ change }) => Math.abs(change));
        expect(bytes(swapped.shrank)).toEqual(bytes(grew));
        expect(bytes(swapped.grew)).toEqual(bytes(shrank));
        expect(swapped.moved).toHaveLength(moved.length);
      }),
    );
  });
});
