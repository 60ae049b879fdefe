/** What every batch of the bulk table must say of its own columns. */
import { expect } from 'vitest';
import type { RawLifetimes } from '../src/index.js';

const NEVER = 0xffffffff;

/** The ranges are those of the rows, found one by one. */
export function expectRanges(batch: RawLifetimes): void {
  const range = (values: Iterable<number>): { least: number; greatest: number } => {
    let [least, greatest] = [Infinity, -Infinity];
    for (const value of values) {
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
    return { least, greatest };
  };
  const deaths = batch.died.filter((moment) => moment !== NEVER);
  expect(batch.ranges).toEqual({
    site: range(batch.site),
    born: range(batch.born),
    never: batch.rows - deaths.length,
    lastDeath: deaths.length === 0 ? 0 : range(deaths).greatest,
    count: range(batch.count),
    bytes: range(batch.bytes),
  });
}
