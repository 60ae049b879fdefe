/** Which sites of a small capture pass which filter. */
import { describe, expect, test } from 'vitest';

import { FilterError } from '../../src/filter/filter-error.js';
import { textTerm } from '../../src/filter/filter.js';
import { matchFrames } from '../../src/filter/match-frames.js';
import { matchSites, type FilterSubject } from '../../src/filter/match-sites.js';
import { parseFilter } from '../../src/filter/parse-filter.js';
import { testUnbounded } from '../../src/filter/pattern-tester.js';
import { parsePattern } from '../../src/filter/read-pattern.js';
import { SAMPLE, subjectOf, THREADS, stacksOf } from './sample-subject.js';

/** "0 2 5": rows that are 1. */
function rowsOf(mask: Uint8Array | undefined): string {
  return Array.from(mask ?? [], (hit, row) => (hit === 1 ? row : -1))
    .filter((row) => row >= 0)
    .join(' ');
}

describe('a filter', () => {
  test.each([
    ['', '0 1 2 3 4 5 6 7'],
    ['-()', ''],
    // Any frame of the stack, in any case.
    ['function:load', '0 1 2'],
    ['function:LOAD', '0 1 2'],
    ['function:/^load/', '0 1'],
    ['function:/^LOAD/', ''],
    ['function:/^LOAD/i', '0 1'],
    ['function:main', '0 1 2'],
    ['function:"gemm(int)"', '5'],
    ['function:""', '0 1 2 3 4 5'],
    ['file:threading.py', '3 4 5'],
    ['file:/^.app/', '0 1 2 3 4'],
    ['function:.py', ''],
    // Plain text is no regular expression.
    ['file:threading?py', ''],
    ['"("', '5'],
    // Function or file.
    ['load', '0 1 2'],
    ['serve', '3'],
    ['/^serve$/', '3'],
    ['pandas', '1'],
    ['libblas', ''],
    // Letters that differ by case in their own way.
    ['ἀλφα', '4'],
    ['ΟΔ', '4'],
    ['οδος', '4'],
    ['οδοσ', '4'],
    ['STRAßE', '4'],
    // The application's line that leads there: its file from a folder or a name on, with its number or its function.
    ['application:load.py:2', '0 1'],
    ['application:app/LOAD.py:2', '0 1'],
    ['application:oad.py:2', ''],
    ['application:load.py:load', '0 1'],
    ['application:load.py:load:2', '0 1'],
    ['application:load.py:main:2', ''],
    ['application:load', '0 1'],
    ['application:main.py:1', '2'],
    ['application:"main.py:1 imports"', '2'],
    ['application:"main.py:1 itself"', ''],
    ['application:serve.py', '3'],
    ['application:/serve\\.py:\\d+$/', '3'],
    // Modules: packages of Python files; libraries by name or path.
    ['module:pandas', '1'],
    ['module:application', '0 1 2 3 4'],
    ['module:"standard library"', '3 4 5'],
    ['module:"Import system"', '2'],
    ['module:libblas', '5 6'],
    ['module:/^libblas\\.so/', '5 6'],
    ['module:opt/lib', '5 6'],
    ['module:/site-packages/', ''],
    // Libraries and their categories, by the rules; categories by either of their names.
    ['library:pandas', '1'],
    ['library:blas', '5 6'],
    ['library:application', '0 1 2 3 4'],
    ['category:math', '5 6'],
    ['category:"standard library"', '3 4 5'],
    ['category:standardLibrary', '3 4 5'],
    ['category:/^package$/', '1'],
    ['library:/opt/', ''],
    // Lines: the end of the file from a folder or a name on, and the whole number.
    ['line:main.py:1', '0 1 2'],
    ['line:"/app/main.py:1"', '0 1 2'],
    ['line:app/load.py:2', '0 1'],
    ['line:ain.py:1', ''],
    ['line:main.py', ''],
    ['line:/load.py:\\d$/', '0 1'],
    // Owners: a whole name where there is one, else a part of names.
    ['owner:PyTorch', '0 3'],
    ['owner:pytorch', '0 3'],
    ['owner:torch', '0 1 3'],
    ['owner:framework', '0 1 3'],
    ['owner:"standard library"', '2'],
    ['owner:"<no Python frame>"', '4 5 6 7'],
    // Functions, where neither a library nor a category has the name.
    ['owner:load', '0 2'],
    ['owner:Torch_Loader', '1'],
    ['owner:loader', '1'],
    ['owner:libgomp.so.1', '4'],
    ['owner:/^load/', '0 2'],
    ['owner:nobody', ''],
    ['-owner:/orch/', '2 4 5 6 7'],
    // Threads: by name, or number as a whole.
    ['thread:mainthread', '0 1 2 7'],
    ['thread:1', '0 1 2 7'],
    ['thread:2', '3'],
    ['thread:12', '3 4 5'],
    ['thread:"Thread-12"', '3'],
    ['thread:/^1/', '0 1 2 7'],
    ['thread:/1./', '3 4 5'],
    ['thread:/^\\d+$/', '0 1 2 3 4 5 6 7'],
    ['thread:140000000000001', '6'],
    ['thread:serve', '3'],
    // Allocators: families and whole names; expressions match names.
    ['allocator:malloc', '0 2 4 5 7'],
    ['allocator:Malloc', '0 2 4 5 7'],
    ['allocator:/^malloc$/', '0 7'],
    ['allocator:/malloc/', '0 1 6 7'],
    ['allocator:/alloc$/', '0 1 2 4 6 7'],
    ['allocator:/^/', '0 1 2 3 4 5 6 7'],
    ['allocator:calloc', '2'],
    ['allocator:pymalloc', '1 6'],
    ['allocator:pymalloc_calloc', '6'],
    ['allocator:mmap', '3'],
    // Numbers, at and beside their bounds.
    ['size>=1MiB', '2 3'],
    ['size>1MiB', '3'],
    ['size<100', '4 6 7'],
    ['size<=100', '0 4 6 7'],
    ['size=2KiB', '1'],
    ['size=0', '7'],
    ['count>=20', '1 5'],
    ['count>20', '5'],
    // Combinations.
    ['load size>1KiB', '1 2'],
    ['pandas or serve', '1 3'],
    ['pandas or serve size>4MiB', '1'],
    ['(pandas or serve) size>4MiB', ''],
    ['-load', '3 4 5 6 7'],
    ['-load -thread:12', '6 7'],
    ['-(load or thread:12)', '6 7'],
    ['-(load size>1KiB)', '0 3 4 5 6 7'],
    ['function:load module:pandas', '1'],
    ['-function:/^/', '6 7'],
    ['-module:/^/', '7'],
  ])('%s passes sites %j', (text, rows) => {
    const { passes, lifetimeClassCount, classOfLifetime } = matchSites(parseFilter(text), SAMPLE);
    expect([lifetimeClassCount, passes.length, classOfLifetime(5), classOfLifetime(Infinity)]).toEqual([1, 1, 0, 0]);
    expect(rowsOf(passes[0])).toBe(rows);
  });

  test('on an allocator that does not exist passes nothing', () => {
    expect(rowsOf(matchSites(textTerm('allocator', parsePattern('none')), SAMPLE).passes[0])).toBe('');
  });
});

describe('lifetimes', () => {
  const moments = [0, 0.5, 1, 1999, 2000, 2000.0000000001, 4999, 5000, 1e300, Infinity];

  test.each([
    ['lifetime<2s', '0 0.5 1 1999'],
    ['lifetime<=2s', '0 0.5 1 1999 2000'],
    ['lifetime=2s', '2000'],
    ['lifetime>=2s', '2000 2000.0000000001 4999 5000 1e+300 Infinity'],
    ['lifetime>2s', '2000.0000000001 4999 5000 1e+300 Infinity'],
    ['-lifetime>2s', '0 0.5 1 1999 2000'],
    ['lifetime>2s lifetime<5s', '2000.0000000001 4999'],
    ['lifetime<1ms or lifetime>=5s', '0 0.5 5000 1e+300 Infinity'],
    ['lifetime=0ms', '0'],
    ['lifetime<0ms', ''],
    ['lifetime>0ms', '0.5 1 1999 2000 2000.0000000001 4999 5000 1e+300 Infinity'],
    ['lifetime>2s lifetime<1s', ''],
  ])('%s passes allocations that lived %s', (text, passing) => {
    const { passes, classOfLifetime, lifetimeClassCount } = matchSites(parseFilter(text), SAMPLE);
    expect(passes).toHaveLength(lifetimeClassCount);
    for (const mask of passes) expect(new Set(mask).size).toBe(1);
    expect(moments.filter((ms) => passes[classOfLifetime(ms)]![0] === 1).join(' ')).toBe(passing);
  });

  test('are classes in ascending order, as many as bounds tell apart', () => {
    const { lifetimeClassCount, classOfLifetime } = matchSites(
      parseFilter('lifetime<2s or lifetime>=2s or lifetime>2s or -lifetime<=5s'),
      SAMPLE,
    );
    expect(lifetimeClassCount).toBe(4);
    expect(moments.map(classOfLifetime)).toEqual([0, 0, 0, 0, 1, 2, 2, 2, 3, 3]);
  });

  test('go together with sites', () => {
    const { passes, classOfLifetime } = matchSites(parseFilter('load lifetime<2s or serve'), SAMPLE);
    expect(rowsOf(passes[classOfLifetime(1)])).toBe('0 1 2 3');
    expect(rowsOf(passes[classOfLifetime(2_000)])).toBe('3');
  });
});

describe('frames', () => {
  test.each([
    ['function', 'load', 'load _find_and_load'],
    ['file', '/^.app/', 'main load serve Ἀλφα ΟΔΟΣ'],
    ['module', 'libblas', 'gemm(int) null'],
    ['name', '/^run$/', 'run'],
    ['name', 'threading.py', 'run'],
  ] as const)('by %s:%s are %s', (field, pattern, names) => {
    const { frames, modules } = SAMPLE.stacks.tables;
    const mask = matchFrames(field, parsePattern(pattern), frames, modules);
    expect(mask).toHaveLength(frames.length);
    expect(
      frames.functionName
        .filter((_, frame) => mask[frame] === 1)
        .join(' ')
        .replace(/ $/, ' null'),
    ).toBe(names);
  });
});

describe('a tester of expressions', () => {
  test('is given each text of a column once, and flags that keep no state', () => {
    const calls: string[] = [];
    const subject = subjectOf('f@a.py > f@b.py > g@a.py > h@c.py | 1 | malloc | 1 | 1', THREADS);
    matchSites(parseFilter('/x/i'), subject, (expression, texts) => {
      calls.push(`${String(expression)} ${texts.join()}`);
      return testUnbounded(expression, texts);
    });
    expect(calls).toEqual(['/x/iu f,g,h', '/x/iu a.py,b.py,c.py']);
  });

  test('that stops has the pattern pointed at', () => {
    const stop = (): never => {
      throw new FilterError('slow', 'stopped', { filter: 'internal', position: 3, length: 1 });
    };
    const run = () => matchSites(parseFilter('a thread:/(b+)+c/i'), SAMPLE, stop);
    expect(run).toThrow(expect.objectContaining({ code: 'slow', filter: '/(b+)+c/i', position: 0, length: 9 }));
  });

  test('that finds the expression too large has the pattern refused', () => {
    const refuse = (): never => {
      throw new SyntaxError('Invalid regular expression: /a/u: Regular expression too large');
    };
    const run = () => matchSites(parseFilter('/a/'), SAMPLE, refuse);
    expect(run).toThrow(expect.objectContaining({ code: 'pattern', filter: '/a/' }));
    expect(run).toThrow('too large');
  });

  test('that fails otherwise is not explained away', () => {
    const fail = (): never => {
      throw new TypeError('a fault');
    };
    expect(() => matchSites(parseFilter('/a/'), SAMPLE, fail)).toThrow(TypeError);
  });
});

describe('hostile tables', () => {
  test('with names of 100 kB are matched', () => {
    const name = 'İ'.repeat(100_000);
    const subject = subjectOf(`${name}X@/app/x.py | 1 | malloc | 1 | 1`, THREADS);
    for (const text of ['function:x', 'function:/X$/', `function:${'İ'.repeat(5_000)}x`]) {
      expect(rowsOf(matchSites(parseFilter(text), subject).passes[0])).toBe('0');
    }
  });

  test('with rows that do not exist hit nothing', () => {
    const { tables, sites } = SAMPLE.stacks;
    const { thread, pythonStack } = sites;
    const subject: FilterSubject = {
      ...SAMPLE,
      stacks: stacksOf(
        tables,
        pythonStack.map((stack, site) => (site === 0 ? stack : 0xffffffff)),
        thread.map(() => 0xffffffff),
      ),
      allocator: SAMPLE.allocator.map(() => 255),
    };
    expect(rowsOf(matchSites(parseFilter('/^/'), subject).passes[0])).toBe('0');
    expect(rowsOf(matchSites(parseFilter('thread:/^/ or allocator:/^/'), subject).passes[0])).toBe('');
    const frame = tables.stacks.frame.map(() => 0xffffffff);
    const stacks = stacksOf({ ...tables, stacks: { ...tables.stacks, frame } }, pythonStack, thread);
    expect(rowsOf(matchSites(parseFilter('/^/'), { ...SAMPLE, stacks }).passes[0])).toBe('');
  });

  test('with stacks deeper than any call stack of the engine are matched', () => {
    const length = 200_000;
    const parent = Uint32Array.from({ length }, (_, stack) => Math.max(0, stack - 1));
    const frame = new Uint32Array(length).fill(1);
    frame[1] = 0;
    const { tables, sites } = SAMPLE.stacks;
    const stack = sites.pythonStack.map((_, site) => (site === 0 ? length - 1 : 0));
    const deep = { ...tables, stacks: { length, parent, frame } };
    const subject = { ...SAMPLE, stacks: stacksOf(deep, stack, sites.thread) };
    expect(rowsOf(matchSites(parseFilter('main'), subject).passes[0])).toBe('0');
  });
});

test('threads are found by every name that views show', () => {
  const threads = [
    { tid: 1n, name: 'main thread' },
    { tid: 2n, name: 'worker-1' },
    { tid: 3n, name: 'worker-17' },
    { tid: 4n, name: 'worker' },
    { tid: 5n, name: null },
  ];
  const lines = threads.map(({ tid }) => `run@/app/w.py | ${tid} | malloc | 1 | 1`);
  const subject = subjectOf(lines.join('\n'), threads);
  const rows = (text: string): string => rowsOf(matchSites(parseFilter(text), subject).passes[0]);
  expect(rows('thread:"main thread"')).toBe('0');
  expect(rows('thread:MainThread')).toBe('0');
  // A group, one of it, and a name that is a part of others.
  expect(rows('thread:worker-*')).toBe('1 2');
  expect(rows('thread:Worker-17')).toBe('2');
  expect(rows('thread:worker')).toBe('3');
  expect(rows('thread:orke')).toBe('1 2 3');
  // As trees call them.
  expect(rows('thread:"worker-17 (thread 3)"')).toBe('2');
  expect(rows('thread:"worker-* (2 threads)"')).toBe('1 2');
  expect(rows('thread:"thread 5"')).toBe('4');
  expect(rows('thread:5')).toBe('4');
});
