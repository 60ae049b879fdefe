/** Transforms change the tree as they say, one after the other, and no byte is lost unnoticed. */
import { describe, expect, it } from 'vitest';

import { ViewError, type Transform } from '../../../src/index.js';
import { profileOf } from '../profile-text.js';
import { draw } from './draw-text.js';

const named = (name: string): string => `${name}\n/srv/app.py`;
const focus = (name: string): Transform => ({ kind: 'focus', target: named(name) });
const hide = (name: string): Transform => ({ kind: 'hide', target: named(name) });
const callers = (name: string): Transform => ({ kind: 'callers', target: named(name) });
const callees = (name: string): Transform => ({ kind: 'callees', target: named(name) });
const collapse = (target: string): Transform => ({ kind: 'collapse', target });

const LIB = '/v/lib/python3.13/site-packages/lib/core.py';
const PROFILE = profileOf(
  `main malloc a>b>c       0.. 10/1
   main malloc a>b         0.. 20/1
   main malloc a>d>b>b:2>e 0.. 40/1
   main malloc a           0.. 80/1
   pool malloc b>c         0.. 160/1
   main malloc a>${LIB}/x>${LIB}/y>c     0.. 320/1
   main malloc a>${LIB}/x>b>${LIB}/y     0.. 640/1`,
  2,
);

const shown = (...transforms: Transform[]): string[] => draw(PROFILE, { transforms }).lines;

describe('focus', () => {
  it('keeps paths through the function, from its outermost call on, whoever called it', () => {
    expect(shown(focus('b'))).toEqual([
      '. 870/5',
      '  b:1 870/5 (self 20/1)',
      '    y:1 640/1 (self 640/1)',
      '    c:1 170/2 (self 170/2)',
      '    b:2 40/1',
      '      e:1 40/1 (self 40/1)',
    ]);
  });

  it('keeps threads apart where they are', () => {
    expect(draw(PROFILE, { transforms: [focus('c')], request: { splitThreads: true } }).lines).toEqual([
      '. 490/3',
      '  [main] 330/2',
      '    c:1 330/2 (self 330/2)',
      '  [pool] 160/1',
      '    c:1 160/1 (self 160/1)',
    ]);
  });
});

describe('callees', () => {
  it('are what the function calls; its own bytes stay with the root', () => {
    expect(shown(callees('b'))).toEqual([
      '. 870/5 (self 20/1)',
      '  y:1 640/1 (self 640/1)',
      '  c:1 170/2 (self 170/2)',
      '  b:2 40/1',
      '    e:1 40/1 (self 40/1)',
    ]);
  });
});

describe('callers', () => {
  it('are paths to the outermost call, which takes what is below it', () => {
    expect(shown(callers('b'))).toEqual([
      '. 870/5',
      '  a:1 710/4',
      '    x:1 640/1',
      '      b:1 640/1 (self 640/1)',
      '    d:1 40/1',
      '      b:1 40/1 (self 40/1)',
      '    b:1 30/2 (self 30/2)',
      '  b:1 160/1 (self 160/1)',
    ]);
  });

  it('start with the function when the tree is inverted', () => {
    expect(draw(PROFILE, { transforms: [callers('b')], inverted: true }).lines.slice(0, 3)).toEqual([
      '. 870/5',
      '  b:1 870/5 (self 160/1)',
      '    x:1 640/1',
    ]);
  });
});

describe('hide', () => {
  it('gives the bytes to the caller and joins what then looks the same', () => {
    expect(shown(hide('b'))).toEqual([
      '. 1270/7',
      '  a:1 1110/6 (self 100/2)',
      '    x:1 960/2',
      '      y:1 960/2 (self 640/1)',
      '        c:1 320/1 (self 320/1)',
      '    d:1 40/1',
      '      e:1 40/1 (self 40/1)',
      '    c:1 10/1 (self 10/1)',
      '  c:1 160/1 (self 160/1)',
    ]);
  });
});

describe('collapse', () => {
  it('makes neighbouring frames of a module one, and leaves others between them', () => {
    expect(shown(collapse('lib'), focus('a')).slice(0, 7)).toEqual([
      '. 1110/6',
      '  a:1 1110/6 (self 80/1)',
      '    lib 960/2',
      '      b:1 640/1',
      '        lib 640/1 (self 640/1)',
      '      c:1 320/1 (self 320/1)',
      '    d:1 40/1',
    ]);
  });

  it('has neighbours where a hidden frame was between them', () => {
    expect(shown(hide('b'), collapse('lib'))).toContain('    lib 960/2 (self 640/1)');
  });
});

describe('transforms', () => {
  it('work in the order in which they are given', () => {
    expect(shown(hide('d'), callers('b'))[2]).toBe('    x:1 640/1');
    expect(shown(callers('c'), focus('b'))).toEqual(['. 170/2', '  b:1 170/2', '    c:1 170/2 (self 170/2)']);
    expect(shown(focus('b'), callers('e'))).toEqual([
      '. 40/1',
      '  b:1 40/1',
      '    b:2 40/1',
      '      e:1 40/1 (self 40/1)',
    ]);
    expect(shown(focus('d'), focus('c'))).toEqual(['. 0/0']);
  });

  it.each([focus('z'), { kind: 'hide', target: 'b' } as const, collapse('z')])(
    'of what there is not are refused: %o',
    (each) => {
      expect(() => shown(each)).toThrow(ViewError);
    },
  );
});
