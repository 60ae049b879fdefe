import { describe, expect, it } from 'vitest';
import { ALL_VERSIONS, expectText } from './expect-reference.js';
import { readCapture } from './read-capture.js';

const SINCE_10 = ALL_VERSIONS.filter((version) => version >= 10);
const BEFORE_10 = ALL_VERSIONS.filter((version) => version < 10);

describe('the peak', () => {
  it('is the last of equal ones', () => {
    const read = expectText(`
      thread 1
      push first a.py:1
      malloc 0x1000 100
      free 0x1000
      memory t=1 rss=1
      pop
      push second a.py:2
      malloc 0x1000 100
      free 0x1000
      memory t=2 rss=1
      push third a.py:3
      malloc 0x1000 99
    `);
    expect(read.heap).toMatchObject({ peakBytes: 100, peakTick: 1 });
    expect([...read.heap.usages.peakBytes]).toEqual([0, 100, 0]);
  });

  it('is the last of equal ones also where nothing falls in between', () => {
    expectText(
      'thread 1\npush a a.py:1\nmalloc 0x1000 64\nmemory t=1 rss=1\npush b a.py:2\nmalloc 0x2000 0\nmemory t=2 rss=1',
    );
  });

  it('is nothing in a capture without records', () => {
    // In versions 6 and 7 such a file is that of a killed process: nothing but its records could tell.
    expect(expectText('capture', [8, 10, 13]).heap).toMatchObject({ peakBytes: 0, peakTick: 0 });
  });

  it('is nothing where every allocation is of no bytes, and the last record counts', () => {
    expectText('thread 1\nmalloc 0x1000 0\nmalloc 0x2000 0\nfree 0x1000\nmemory t=1 rss=1\nmalloc 0x3000 0');
  });

  const FREED_AT_PEAK = `
    thread 1
    push empty a.py:1
    malloc 0x1000 0
    pop
    push full a.py:2
    malloc 0x2000 100
    free 0x1000
  `;

  it('is looked for after frees from version 10 on: an empty block that is freed at it is gone', () => {
    expect([...expectText(FREED_AT_PEAK, SINCE_10).heap.usages.peakCount]).toEqual([0, 1]);
  });

  it('is not looked for after frees before version 10: the empty block is part of it', () => {
    expect([...expectText(FREED_AT_PEAK, BEFORE_10).heap.usages.peakCount]).toEqual([1, 1]);
  });

  it('moves on with a free of an unknown address at its height only from version 10 on', () => {
    expectText(
      'thread 1\nmalloc 0x1000 8\nmemory t=1 rss=1\nfree 0x5000\nmemory t=2 rss=1\nmalloc 0x2000 0\nfree 0x2000',
    );
  });

  it('counts one that the heap never falls from', () => {
    expect(expectText('thread 1\nmalloc 0x1000 8\nfree 0x1000\nmalloc 0x1000 9').heap.peakBytes).toBe(9);
  });
});

describe('an allocation at a live address', () => {
  it('takes the place of the first one, whose bytes stay in the heap', () => {
    const read = expectText(`
      thread 1
      push first a.py:1
      malloc 0x1000 100
      pop
      push second a.py:2
      realloc 0x1000 7
      memory t=1 rss=1
      free 0x1000
      free 0x1000
    `);
    expect(read.heap).toMatchObject({ peakBytes: 107, heapBytes: 100, replacedCount: 1, replacedBytes: 100 });
    expect([...read.heap.usages.peakBytes]).toEqual([0, 7]);
    expect([...read.heap.usages.leakedBytes]).toEqual([0, 0]);
  });

  it('may be of the same site, of no bytes, and happen again and again', () => {
    const again = 'malloc 0x1000 0\nmalloc 0x1000 5\nmalloc 0x1000 5\nmemory t=1 rss=1\n';
    expectText(`thread 1\n${again.repeat(4)}free 0x1000\n${again}`);
  });
});

describe('frees of unknown addresses', () => {
  it('change nothing, also when the address was freed before or lies inside an allocation', () => {
    const read = expectText('thread 1\nfree 0x1000\nmalloc 0x1000 64\nfree 0x1008\nfree 0x1000\nfree 0x1000\nfree 0');
    expect(read.heap).toMatchObject({ peakBytes: 64, heapBytes: 0 });
  });
});

describe('temporary allocations', () => {
  const TEXT = `
    thread 1
    malloc 0x1000 1
    malloc 0x2000 2
    thread 2
    free 0x2000
    thread 1
    free 0x1000
    malloc 0x3000 3
    free 0x3000
    free 0x3000
    malloc 0x4000 0
    malloc 0x4000 5
    free 0x4000
    mmap 0x10000 0x2000
    munmap 0x10000 0x1000
    munmap 0x10000 0x2000
  `;

  it.each([0, 1, 2, 3, 5, 100])('are those that their own thread freed before %i further ones', (threshold) => {
    expectText(TEXT, ALL_VERSIONS, threshold);
  });

  it('are counted for each thread by itself', () => {
    const lines: string[] = [];
    for (let round = 0; round < 40; round++) {
      const address = 0x1000 + 16 * (round % 5);
      lines.push(`thread ${1 + (round % 3)}`, `malloc ${address} ${round}`, `thread ${1 + ((round >> 1) % 3)}`);
      lines.push(`free ${address}`);
    }
    for (const threshold of [0, 1, 4]) expectText(lines.join('\n'), ALL_VERSIONS, threshold);
  });
});

describe('a threshold of temporary allocations', () => {
  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2e6])('cannot be %d', (temporaryThreshold) => {
    expect(() => readCapture(new Uint8Array(0), { temporaryThreshold })).toThrow(RangeError);
  });
});

describe('addresses and sizes', () => {
  it('may be anything that 64 bits hold', () => {
    const read = expectText(`
      thread 1
      malloc 0 1
      malloc 0xfffffffffffffff8 2
      malloc 0x8000000000000000 3
      malloc 0x7ffffffffffffff8 4
      memory t=1 rss=1
      free 0
      free 0xfffffffffffffff8
      free 0x8000000000000000
      free 0x7ffffffffffffff8
      free 0xfffffffffffffff8
    `);
    expect(read.heap).toMatchObject({ peakBytes: 10, heapBytes: 0 });
  });

  it('are exact beyond 32 bits', () => {
    const read = expectText(
      'thread 1\nmalloc 0x1000 0x100000000\ncalloc 0x2000 0xfffffffff\nfree 0x1000\nmalloc 8 65536',
    );
    expect(read.decoded.sizes.exact).toBe(true);
    expect([...read.decoded.sizes.bytes]).toEqual([65536, 0x100000000, 0xfffffffff]);
  });

  it('may be of no bytes', () => {
    const read = expectText(
      'thread 1\nmalloc 0x1000 0\nmmap 0x10000 0\nmunmap 0x10000 0\nmemory t=1 rss=0\nfree 0x1000',
    );
    expect(read.heap).toMatchObject({ peakBytes: 0, heapBytes: 0 });
    expect([...read.heap.usages.totalCount].reduce((sum, count) => sum + count, 0)).toBe(2);
  });

  it('are found again in a table of many live allocations', () => {
    const lines = ['thread 1'];
    for (let block = 0; block < 1500; block++) lines.push(`malloc ${0x10000 + 8 * block} ${block % 50}`);
    for (let block = 0; block < 1500; block += 2) lines.push(`free ${0x10000 + 8 * block}`);
    expectText(lines.join('\n'), [9, 13]);
  });
});
