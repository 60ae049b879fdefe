/** Expressions of users cannot hold the program up. */
import * as vm from 'node:vm';
import { subjectOf } from './sample-subject.js';
import { describe, expect, test } from 'vitest';

import { boundedPatternTester, FilterError, matchSites, parseFilter, type FilterSubject } from '../../src/index.js';

const LIMIT_MS = 50;

function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a bounded tester', () => {
  const testBriefly = boundedPatternTester(vm, LIMIT_MS);
  /** Long enough for what is sane on a machine that is busy. */
  const testPatiently = boundedPatternTester(vm, 20_000);

  test.each([
    ['(a+)+$', `${'a'.repeat(60)}b`],
    ['(a|a)*$', `${'a'.repeat(60)}b`],
    ['^(\\w+\\s?)*$', `${'word '.repeat(20)}!`],
    ['(.*)*x(.*)*y', 'z'.repeat(200)],
  ])('stops /%s/', (source, text) => {
    for (const flags of ['', 'u', 'iu']) {
      const error = errorOf(() => testBriefly(new RegExp(source, flags), ['sane', text]));
      expect(error).toBeInstanceOf(FilterError);
      expect(error).toMatchObject({ code: 'slow', message: expect.stringContaining('0.05 s') });
    }
  });

  test('stops what is slow only by the number of texts', () => {
    const texts = Array.from({ length: 100_000 }, () => `${'a'.repeat(18)}b`);
    expect(errorOf(() => testBriefly(/(a+)+$/, texts))).toMatchObject({ code: 'slow' });
  });

  test('tells which texts match, before and after it has stopped one', () => {
    const texts = ['load', '', 'reload', 'Load', 'save'];
    const answer = [1, 0, 1, 0, 0];
    expect([...testPatiently(/load/u, texts)]).toEqual(answer);
    expect(errorOf(() => testBriefly(/(a+)+$/, [`${'a'.repeat(60)}b`]))).toMatchObject({ code: 'slow' });
    expect([...testPatiently(/load/u, texts)]).toEqual(answer);
    expect([...testPatiently(/load/u, [])]).toEqual([]);
  });

  test('passes other errors on', () => {
    const broken = {
      test: () => {
        throw new RangeError('out of stack');
      },
    };
    expect(() => testPatiently(broken as unknown as RegExp, ['a'])).toThrow(RangeError);
  });

  test('has the pattern of a filter pointed at', () => {
    const subject: FilterSubject = {
      ...subjectOf(`${'a'.repeat(60)}b@x.py | 1 | malloc | 1 | 1`, [{ tid: 1n, name: null }]),
    };
    expect(matchSites(parseFilter('/^a+b$/'), subject, testPatiently).passes).toEqual([Uint8Array.of(1)]);
    const error = errorOf(() => matchSites(parseFilter('thread:1 /(a+)+$/i'), subject, testBriefly));
    expect(error).toMatchObject({ code: 'slow', filter: '/(a+)+$/i', position: 0, length: 9 });
  });
});
