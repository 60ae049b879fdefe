import { describe, expect, it } from 'vitest';

import type { Profile } from '../../src/index.js';
import { profileOf } from './profile-text.js';
import { draw, type Question } from './paths/draw-text.js';

function treeOf(profile: Profile, request: NonNullable<Question['request']> = {}): string[] {
  return draw(profile, { request }).lines;
}

describe('the call tree', () => {
  it('goes no deeper than asked, and says what is folded there', () => {
    const profile = profileOf('main malloc a>b>c 0.. 10/1\n main malloc a>d 0.. 5/2', 2);
    expect(draw(profile, { options: { maxDepth: 1 } }).lines).toEqual(['. 15/3', '  a:1 15/3 +2 of 15']);
  });

  it('adds up what was allocated in a frame and below it', () => {
    const profile = profileOf(
      `main malloc a>b    0.. 10/1
       main malloc a>b>c  0.. 20/2
       main mmap   a>d    0.. 5/1
       main malloc a>b>c  0.. 1/1
       main malloc e      0..3 99/9`,
      2,
    );
    expect(treeOf(profile)).toEqual([
      '. 36/5',
      '  a:1 36/5',
      '    b:1 31/4 (self 10/1)',
      '      c:1 21/3 (self 21/3)',
      '    d:1 5/1 (self 5/1)',
    ]);
  });

  it('tells threads apart above everything else, and merges them when asked', () => {
    const profile = profileOf(
      `main malloc a>b 0.. 10/1
       pool malloc a>b 0.. 20/1
       pool malloc -   0.. 1/1`,
      2,
    );
    expect(treeOf(profile, { splitThreads: true })).toEqual([
      '. 31/3',
      '  [pool] 21/2 (self 1/1)',
      '    a:1 20/1',
      '      b:1 20/1 (self 20/1)',
      '  [main] 10/1',
      '    a:1 10/1',
      '      b:1 10/1 (self 10/1)',
    ]);
    expect(treeOf(profile)).toEqual(['. 31/3 (self 1/1)', '  a:1 30/2', '    b:1 30/2 (self 30/2)']);
  });

  it('keeps lines of one function apart, and joins frames that look the same', () => {
    const profile = profileOf(
      'main malloc a:1>b:7 0.. 1/1\n main malloc a:2>b:7 0.. 2/1\n main malloc a:1>b:7>c 0.. 4/1',
      2,
    );
    expect(treeOf(profile)).toEqual([
      '. 7/3',
      '  a:1 5/2',
      '    b:7 5/2 (self 1/1)',
      '      c:1 4/1 (self 4/1)',
      '  a:2 2/1',
      '    b:7 2/1 (self 2/1)',
    ]);
  });

  it('leaves the bytes of hidden frames with the nearest caller that is shown', () => {
    const lib = '/usr/lib/python3.13';
    const profile = profileOf(
      `main malloc a>${lib}/json/__init__.py/loads>b            0.. 10/1
       main malloc a>${lib}/json/__init__.py/loads              0.. 3/1
       main malloc a>b                                          0.. 20/1
       main malloc ${lib}/runpy.py/run>a                        0.. 1/1
       main malloc a>‹frozen·importlib._bootstrap›/find>${lib}/json/__init__.py/top 0.. 5/1`,
      2,
    );
    expect(treeOf(profile, { frames: 'no-standard-library' })).toEqual([
      '. 39/5',
      '  a:1 39/5 (self 9/3)',
      '    b:1 30/2 (self 30/2)',
    ]);
    expect(treeOf(profile, { frames: 'program' })).toEqual([
      '. 39/5',
      '  a:1 39/5 (self 1/1)',
      '    b:1 20/1 (self 20/1)',
      '    loads:1 13/2 (self 3/1)',
      '      b:1 10/1 (self 10/1)',
      '    top:1 5/1 (self 5/1)',
    ]);
  });

  it('goes on in the first call of a function that calls itself, directly or not, when recursion is merged', () => {
    const profile = profileOf(
      `main malloc a>f:1>f:2>f:1>b  0.. 10/1
       main malloc a>f:1>g>f:3>c    0.. 5/1
       main malloc a>f:1            0.. 1/1`,
      2,
    );
    expect(treeOf(profile, { mergeRecursion: true })).toEqual([
      '. 16/3',
      '  a:1 16/3',
      '    f:1 16/3 (self 1/1)',
      '      b:1 10/1 (self 10/1)',
      '      c:1 5/1 (self 5/1)',
    ]);
  });
});

describe('the inverted call tree', () => {
  const profile = profileOf(
    `main malloc a>b>c 0.. 10/1
     main malloc d>c   0.. 20/1
     main malloc a>b   0.. 5/1
     main malloc -     0.. 1/1`,
    2,
  );
  const inverted = (width: number, maxDepth = Infinity): string[] =>
    draw(profile, { inverted: true, options: { width, maxDepth } }).lines;

  it('starts with the frames that allocated and goes on with their callers', () => {
    expect(inverted(1e9)).toEqual([
      '. 36/4 (self 1/1)',
      '  c:1 30/2',
      '    d:1 20/1 (self 20/1)',
      '    b:1 10/1',
      '      a:1 10/1 (self 10/1)',
      '  b:1 5/1',
      '    a:1 5/1 (self 5/1)',
    ]);
  });

  it('ends at nodes that weigh too little, and at the greatest depth, and says what is folded there', () => {
    expect(inverted(2.4)).toEqual(['. 36/4 (self 1/1) +1 of 5', '  c:1 30/2 +1 of 10', '    d:1 20/1 (self 20/1)']);
    expect(inverted(1e9, 1)).toEqual(['. 36/4 (self 1/1)', '  c:1 30/2 +2 of 30', '  b:1 5/1 +1 of 5']);
  });

  it('has threads as the outermost callers', () => {
    const threads = profileOf('main malloc a>b 0.. 1/1\n pool malloc b 0.. 2/1', 2);
    const { lines } = draw(threads, { inverted: true, request: { splitThreads: true } });
    expect(lines).toEqual([
      '. 3/2',
      '  b:1 3/2',
      '    [pool] 2/1 (self 2/1)',
      '    a:1 1/1',
      '      [main] 1/1 (self 1/1)',
    ]);
  });
});
