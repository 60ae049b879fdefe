/** Questions survive the way through a query string, and what is none is refused. */
import { describe, expect, test } from 'vitest';

import {
  encodeTransforms,
  encodeViewQuery,
  readTransform,
  readViewQuery,
  readWhole,
  ViewError,
  WHOLE_VIEW,
  type Transform,
  type ViewQuery,
} from '../src/index.js';

const reread = (text: string): ViewQuery => {
  const parameters = new URLSearchParams(text);
  return readViewQuery((name) => parameters.get(name));
};

describe('a view in a query string', () => {
  test('is empty for the whole recording at its peak', () => {
    expect(encodeViewQuery(WHOLE_VIEW)).toBe('');
    expect(reread('')).toEqual(WHOLE_VIEW);
  });

  test('comes back as it was, whatever its texts hold', () => {
    const view: ViewQuery = {
      measure: 'leaked',
      counts: true,
      window: '10%..#5',
      filter: 'function:/a&b=c#?/ "ü\n\u202e"',
      stacks: 'native',
      frames: 'all',
      splitThreads: true,
      mergeRecursion: true,
      interpreterFrames: true,
      rules: '{ "rules": [] }',
    };
    expect(reread(encodeViewQuery(view))).toEqual(view);
  });

  test.each(['measure=most', 'counts=yes', 'stacks=', 'splitThreads=2'])('is refused for %s', (text) => {
    expect(() => reread(text)).toThrow(ViewError);
  });
});

describe('transforms in a query string', () => {
  test('keep their order and their targets', () => {
    const transforms: Transform[] = [
      { kind: 'hide', target: 'run:all\nsrc/a b.py' },
      { kind: 'focus', target: 'main\n' },
      { kind: 'collapse', target: 'numpy' },
    ];
    const texts = new URLSearchParams(encodeTransforms(transforms)).getAll('transform');
    expect(texts.map(readTransform)).toEqual(transforms);
  });

  test.each(['', 'focus', 'focus:', 'zoom:main\n', ':main'])('are refused for "%s"', (text) => {
    expect(() => readTransform(text)).toThrow(ViewError);
  });
});

test('a number is whole, in decimal digits and within its bounds', () => {
  const bounds = { least: 1, most: 100, fallback: 7 };
  expect(readWhole('width', null, bounds)).toBe(7);
  expect(readWhole('width', '100', bounds)).toBe(100);
  for (const text of ['', '0', '101', '-1', '1e2', '0x10', ' 5', '5.0', '9'.repeat(20)]) {
    expect(() => readWhole('width', text, bounds)).toThrow(ViewError);
  }
});
