/** What sites hold at the greatest heap of each tick → changes that add up to it, also where ticks become one. */
import { expect, test } from 'vitest';
import { PeakLevelsBuilder, type PeakLevels } from '../../src/index.js';

/** Of each tick, what sites hold; sites come one after the other. */
const HELD = [[5], [7, 1], [7, 2 ** 33], [0, 3, 9], [4, 3, 9]];

function build(held: readonly (readonly number[])[], mostCells?: number): PeakLevelsBuilder {
  const builder = new PeakLevelsBuilder(mostCells);
  for (const bytes of held) if (builder.isWanted(bytes.length, 1000)) builder.add(Float64Array.from(bytes));
  return builder;
}

/** By step, what each of three sites holds. */
function levels({ steps, changes }: PeakLevels): number[][] {
  const live = [0, 0, 0];
  return Array.from({ length: steps }, (_, step) =>
    live.map((_bytes, site) => (live[site]! += changes[site * steps + step]!)),
  );
}

const padded = (bytes: readonly number[]): number[] => [0, 1, 2].map((site) => bytes[site] ?? 0);

test('changes add up to what each site held, also those beyond 32 bits', () => {
  expect(levels(build(HELD).finish(3, 4)!)).toEqual(HELD.map(padded));
  const small = HELD.map((bytes) => bytes.map((each) => each % 100));
  const { changes } = build(small).finish(3, 4)!;
  expect(changes).toBeInstanceOf(Int32Array);
  expect(levels(build(small).finish(3, 4)!)).toEqual(small.map(padded));
});

test('of ticks that become one, the tick with the greatest heap tells', () => {
  const builder = build(HELD.slice(0, 4));
  // Ticks 0 to 2 with the heap of tick 1 at the greatest, and tick 3.
  builder.remap(Uint32Array.of(0, 0, 0, 1, 1, 1, 2, 3));
  builder.add(Float64Array.from(HELD[4]!));
  expect(levels(builder.finish(3, 2)!)).toEqual([HELD[1]!, HELD[3]!, HELD[4]!].map(padded));
});

test('nothing is kept of too many sites and ticks, nor where lifetimes are few', () => {
  expect(build(HELD, 8).finish(3, 4)).toBeNull();
  expect(build(HELD, 14).finish(3, 4)).toBeNull();
  expect(build(HELD).finish(3, 5)).toBeNull();
  const builder = new PeakLevelsBuilder();
  for (let tick = 0; tick < 256; tick++) builder.add(new Float64Array(10));
  expect(builder.isWanted(10, 10_000)).toBe(true);
  expect(builder.isWanted(10, 5_000)).toBe(false);
  expect(builder.isWanted(10, 10_000)).toBe(false);
});
