import { expect, test } from 'vitest';

import { median, medianDifference, medianRatio } from '../src/statistics.js';
import { runInTurns, type Variant } from '../src/turns.js';

function variantOf(name: string, calls: string[], digest = 'same'): Variant {
  return {
    name,
    run() {
      calls.push(name);
      return { memoryBytes: calls.length, digests: () => ({ answer: digest }) };
    },
  };
}

test('each turn runs every variant once, in changing order', async () => {
  const calls: string[] = [];
  const variants = ['a', 'b', 'c'].map((name) => variantOf(name, calls));
  const { times, digests } = await runInTurns(variants, { runs: 3, warmUps: 1 });
  expect(calls.join('')).toBe('abccbabcaacb');
  expect(times.map(({ name, seconds }) => [name, seconds.length])).toEqual([
    ['a', 3],
    ['b', 3],
    ['c', 3],
  ]);
  expect(times[0]!.memoryBytes).toBe(10);
  expect(digests).toEqual({ answer: 'same' });
});

test('variants that disagree are an error, not a time', async () => {
  const variants = [variantOf('right', []), variantOf('wrong', [], 'other')];
  await expect(runInTurns(variants, { runs: 1, warmUps: 0 })).rejects.toThrow(
    '"wrong" and "right" disagree on answer: other against same',
  );
});

test('medians of times, of differences and of ratios are taken turn by turn', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([])).toBeNaN();
  expect(medianDifference([11, 22, 33], [10, 20, 30])).toBe(2);
  expect(medianRatio([10, 40, 90], [10, 20, 30])).toBe(2);
});
