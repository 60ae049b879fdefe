import { CaptureWriter } from '@memscope/fixtures';
import { describe, expect, it } from 'vitest';
import { readCapture } from './read-capture.js';

/** A capture with `distinct` sizes from 4,096 on, and three small allocations. */
function sizesOf(distinct: number): { bytes: number[]; count: number[]; exact: boolean } {
  const writer = new CaptureWriter({}, 1, 8 * distinct);
  writer.thread(1);
  for (const size of [0, 4095, 4095]) {
    writer.allocation('malloc', 8, size);
    writer.allocation('free', 8, 0);
  }
  for (let index = 0; index < distinct; index++) {
    writer.allocation('malloc', 8, 4096 + 3 * index);
    writer.allocation('free', 8, 0);
  }
  const { bytes, count, exact } = readCapture(writer.finish()).decoded.sizes;
  return { bytes: [...bytes], count: [...count], exact };
}

describe('allocations by size', () => {
  it('are exact up to 131,072 distinct large sizes', () => {
    const { bytes, count, exact } = sizesOf(131_072);
    expect(exact).toBe(true);
    expect(bytes.slice(0, 4)).toEqual([0, 4095, 4096, 4099]);
    expect(count.slice(0, 4)).toEqual([1, 2, 1, 1]);
    expect(bytes.length).toBe(131_074);
  });

  it('are counted by their four highest bits beyond that, small ones still one by one', () => {
    const { bytes, count, exact } = sizesOf(150_000);
    expect(exact).toBe(false);
    const expected = new Map<number, number>();
    for (let index = 0; index < 150_000; index++) {
      const size = 4096 + 3 * index;
      const unit = 2 ** (Math.floor(Math.log2(size)) - 3);
      const bound = Math.floor(size / unit) * unit;
      expected.set(bound, (expected.get(bound) ?? 0) + 1);
    }
    expect(bytes.map((size, row) => [size, count[row]])).toEqual([[0, 1], [4095, 2], ...expected]);
  });
});
