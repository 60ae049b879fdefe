import { encodeCapture, parseCapture } from '@memscope/fixtures';
import { describe, expect, it } from 'vitest';
import { expectText } from './expect-reference.js';
import { readCapture, type CaptureRead } from './read-capture.js';

/** Bytes and pieces that the one site of a capture holds at its end. */
function held({ heap }: CaptureRead): [bytes: number, pieces: number] {
  return [heap.usages.leakedBytes[0]!, heap.usages.leakedCount[0]!];
}

const MAPPING = 'thread 1\npush map a.py:1\nmmap 0x10000 0x4000\nmemory t=1 rss=1\n';

describe('a munmap', () => {
  it.each([
    ['of the whole', 'munmap 0x10000 0x4000', 0, 0],
    ['of the start', 'munmap 0x10000 0x1000', 0x3000, 1],
    ['of the end', 'munmap 0x13000 0x1000', 0x3000, 1],
    ['of the middle', 'munmap 0x11000 0x1000', 0x3000, 2],
    ['across the start', 'munmap 0xf000 0x2000', 0x3000, 1],
    ['across the end', 'munmap 0x13000 0x5000', 0x3000, 1],
    ['of more than the whole', 'munmap 0x8000 0x100000', 0, 0],
    ['right before the start', 'munmap 0xf000 0x1000', 0x4000, 1],
    ['right behind the end', 'munmap 0x14000 0x1000', 0x4000, 1],
    ['of no bytes', 'munmap 0x11000 0', 0x4000, 1],
    ['of one byte in the middle', 'munmap 0x11001 1', 0x3fff, 2],
  ])('%s leaves what it does not cover', (_, line, bytes, pieces) => {
    // Only versions up to 11 can write addresses that are no multiples of 8.
    const versions = line.includes('0x11001') ? [6, 8, 9, 10, 11] : undefined;
    expect(held(expectText(MAPPING + line, versions))).toEqual([bytes, pieces]);
  });

  it('is kept wherever in a block of operations it comes', () => {
    for (const before of [0, 1]) {
      const frees = Array.from({ length: before }, () => 'free 8');
      const pairs = Array.from({ length: 9000 }, (_, at) => [
        `mmap ${(at + 1) << 16} 0x3000`,
        `munmap ${(at + 1) << 16} 0x1000`,
      ]);
      const text = ['thread 1', 'push map a.py:1', ...frees, ...pairs.flat(), 'memory t=1 rss=1'].join('\n');
      expect(held(readCapture(encodeCapture(parseCapture(text))))).toEqual([9000 * 0x2000, 9000]);
    }
  });

  it('cuts every mapping that it overlaps', () => {
    const read = expectText(`
      thread 1
      push map a.py:1
      mmap 0x10000 0x4000
      mmap 0x14000 0x4000
      mmap 0x18000 0x4000
      memory t=1 rss=1
      munmap 0x12000 0x8000
      memory t=2 rss=1
      munmap 0x10000 0x10000
    `);
    expect(held(read)).toEqual([0, 0]);
  });

  it('cuts mappings that lie upon each other, each by itself', () => {
    const read = expectText(`
      thread 1
      push map a.py:1
      mmap 0x10000 0x4000
      mmap 0x11000 0x1000
      mmap 0x11000 0x5000
      mmap 0x10000 0x4000
      munmap 0x11800 0x1000
      memory t=1 rss=1
      munmap 0x10000 0x1800
    `);
    expect(read.heap.heapBytes).toBe(0x1800 + 0x3800 + 0x1800);
  });

  it('may reach up to the end of the address space', () => {
    const text =
      'thread 1\nmmap 0xffffffffffff0000 0x8000\nmmap 0 0x1000\nmunmap 0xffffffffffff4000 0x4000\nmunmap 0 0x800';
    expect(expectText(text).heap.heapBytes).toBe(0x4000 + 0x800);
  });

  it('frees a mapping piece by piece, over ticks: the first piece is the last to count', () => {
    const read = expectText(`
      ${MAPPING}
      munmap 0x11000 0x800
      memory t=2 rss=1
      munmap 0x12000 0x800
      memory t=3 rss=1
      munmap 0x13000 0x800
      memory t=4 rss=1
      munmap 0x11800 0x800
      memory t=5 rss=1
      munmap 0x10000 0x1000
      memory t=6 rss=1
      munmap 0x13800 0x800
      memory t=7 rss=1
      munmap 0x12800 0x800
      memory t=8 rss=1
    `);
    expect(held(read)).toEqual([0, 0]);
    expect([...read.heap.ticks.heapBytes]).toEqual([0x4000, 0x3800, 0x3000, 0x2800, 0x2000, 0x1000, 0x800, 0]);
  });

  it('frees pieces that are left at the end of the capture in part', () => {
    expect(held(expectText(`${MAPPING}munmap 0x11000 0x800\nmemory t=2 rss=1\nmunmap 0x12000 0x800`))).toEqual([
      0x3000, 3,
    ]);
  });

  it('cuts at the peak, before it and behind it', () => {
    expectText(`
      ${MAPPING}
      malloc 0x1000 0x1000
      munmap 0x11000 0x1000
      malloc 0x2000 0x1000
      munmap 0x12000 0x1000
      malloc 0x3000 0x3000
      munmap 0x10000 0x4000
      memory t=2 rss=1
    `);
  });

  it('of what malloc returned frees nothing, and free of a mapping neither', () => {
    const read = expectText(
      'thread 1\nmalloc 0x10000 0x1000\nmunmap 0x10000 0x1000\nmmap 0x20000 0x1000\nfree 0x20000',
    );
    expect(read.heap.heapBytes).toBe(0x2000);
  });

  it('gives the same for thousands of mappings', () => {
    const lines = ['thread 1'];
    for (let page = 0; page < 1200; page++) lines.push(`mmap ${0x100000 + 4096 * ((page * 7) % 1200)} 4096`);
    for (let page = 0; page < 1200; page += 3) lines.push(`munmap ${0x100000 + 4096 * page + 2048} 4096`);
    lines.push('memory t=1 rss=1', 'munmap 0x180000 0x100000');
    expectText(lines.join('\n'), [13]);
  });
});
