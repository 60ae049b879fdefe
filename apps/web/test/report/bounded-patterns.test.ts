/** Patterns of a report are tested outside, each once, and one that takes too long is an error of the question. */
import { FilterError, slowPattern, testUnbounded } from '@memscope/model';
import { describe, expect, test } from 'vitest';

import { BoundedPatterns } from '../../src/report/bounded-patterns.js';

const TEXTS = ['alpha', 'beta', 'gamma'];

describe('patterns of a report', () => {
  test('are tested before a question is answered, and only once for the same texts', async () => {
    const asked: string[] = [];
    const patterns = new BoundedPatterns(async (expression, texts) => {
      asked.push(`${expression} ${texts.length}`);
      return testUnbounded(expression, texts);
    });
    const ask = (): number[][] => [/^a/, /m/].map((expression) => [...patterns.test(expression, [...TEXTS])]);
    const expected = [
      [1, 0, 0],
      [0, 0, 1],
    ];
    expect(await patterns.answer(ask)).toEqual(expected);
    expect(await patterns.answer(ask)).toEqual(expected);
    expect(asked).toEqual(['/^a/ 3', '/m/ 3']);
    expect([...(await patterns.answer(() => patterns.test(/m/, ['m'])))]).toEqual([1]);
  });

  test('that are stopped, or that the engine refuses, fail the question in their own words', async () => {
    const patterns = new BoundedPatterns(async (expression) => {
      if (expression.source === 'late') throw new RangeError('too large');
      throw slowPattern(expression, 2_000);
    });
    const error = await patterns.answer(() => patterns.test(/(a+)+$/, TEXTS)).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(FilterError);
    expect(error).toMatchObject({ code: 'slow', message: expect.stringContaining('longer than 2 s') as string });
    await expect(patterns.answer(() => patterns.test(/late/, TEXTS))).rejects.toThrow(RangeError);
    await expect(patterns.answer(() => Promise.reject(new Error('other')))).rejects.toThrow('other');
  });
});
