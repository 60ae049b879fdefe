/** What a stranger's JSON may hold is bounded before it is parsed. */
import { describe, expect, test } from 'vitest';

import { JsonBoundsError, parseBoundedJson } from '../../src/text/bounded-json.js';

const BOUNDS = { depth: 4, containers: 10, values: 100, members: 20 };
const parse = (text: string): unknown => parseBoundedJson(text, BOUNDS);

describe('JSON within bounds', () => {
  test.each(['1', '"a"', 'null', '[]', '{}', '[[[[1]]]]', '{"a":{"b":[1,2,{"c":"]]]]}}[[[["}]}}'])(
    'is what JSON.parse makes of it: %s',
    (text) => expect(parse(text)).toEqual(JSON.parse(text)),
  );

  test('may hold brackets, commas and quotes in its texts', () => {
    const value = { '[[[[[': '\\"[[[[[[{{{{{,,,,,"', b: '\\', c: '"' };
    expect(parse(JSON.stringify(value))).toEqual(value);
  });

  test('may be filled up to the last value', () => {
    expect(parse(`[${Array(99).fill(0).join()}]`)).toHaveLength(99);
  });
});

describe('refused is what', () => {
  test.each([
    ['nests deeper', '[[[[[]]]]]', /deeper than 4 at character 4/],
    ['has more lists', `[${Array(10).fill('[]').join()}]`, /more than 10 lists and objects/],
    ['has more objects', `[${Array(10).fill('{}').join()}]`, /more than 10 lists and objects/],
    ['has more members', `{${Array(21).fill('"a":1').join()}}`, /more than 20 members/],
    ['has more values', `[${Array(101).fill('0').join()}]`, /more than 100 values/],
  ])('%s than is allowed', (_, text, message) => {
    expect(() => parse(text)).toThrow(JsonBoundsError);
    expect(() => parse(text)).toThrow(message);
  });

  test.each(['', '[', '"', '"\\', ']', '[1,]', '{"a"}', '[1}'])('is no JSON: %j', (text) => {
    expect(() => parse(text)).toThrow(SyntaxError);
  });

  test('is a hundred megabytes of brackets, before any of them is parsed', () => {
    const brackets = '['.repeat(100 << 20);
    const before = process.memoryUsage().heapUsed;
    expect(() => parse(brackets)).toThrow(/deeper/);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200 << 20);
  });
});
