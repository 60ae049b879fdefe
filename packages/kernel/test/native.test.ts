import { encodeCapture, parseCapture } from '@memscope/fixtures';
import { describe, expect, it } from 'vitest';
import { ALL_VERSIONS, expectText } from './expect-reference.js';
import { type CaptureRead, readCapture } from './read-capture.js';

function readText(text: string, version: number): CaptureRead {
  return readCapture(encodeCapture(parseCapture(text, { version })));
}

/** "IP < PARENT @ GENERATION" of each native node, the empty one left out. */
function nodesOf({ decoded: { nativeStacks } }: CaptureRead): string[] {
  const rows = Array.from(nativeStacks.ip, (ip, row) => {
    return `${ip.toString(16)} < ${nativeStacks.parent[row]} @ ${nativeStacks.generation[row]}`;
  });
  return rows.slice(1);
}

function segmentsOf({ decoded: { segments, strings } }: CaptureRead): string[] {
  return Array.from(segments.file, (file, row) => {
    const [load, address, size] = [segments.loadAddress, segments.virtualAddress, segments.size].map((column) =>
      column[row]!.toString(16),
    );
    return `${strings[file]} ${load} ${address}+${size} @ ${segments.generation[row]}`;
  });
}

const TEXT = `
  capture native=yes
  maps
  segments /lib/libc.so load=0x7f0000000000 0:0x1000 0x2000:0x500
  segments "" load=0 0xffffffffffffffff:0xffffffffffff
  segments /lib/empty.so load=1
  native 1 ip=0x7f0000000010
  thread 1
  push a a.py:1
  malloc 0x1000 1 native=1
  native 2 ip=0xffffffffffffffff parent=1
  malloc 0x2000 1 native=2
  maps
  maps
  segments /lib/libc.so load=0x7e0000000000 0:0x1000
  native 3 ip=0 parent=1
  malloc 0x3000 1 native=3
  calloc 0x4000 1
  mmap 0x10000 4096 native=2
  munmap 0x10000 4096
  free 0x1000
`;

describe('native stacks', () => {
  it('number themselves in the order of the file, each with the memory maps of its time', () => {
    for (const version of ALL_VERSIONS) {
      const read = readText(TEXT, version);
      expect(nodesOf(read)).toEqual(['7f0000000010 < 0 @ 1', 'ffffffffffffffff < 1 @ 1', '0 < 1 @ 3']);
      expect(segmentsOf(read)).toEqual([
        '/lib/libc.so 7f0000000000 0+1000 @ 1',
        '/lib/libc.so 7f0000000000 2000+500 @ 1',
        ' 0 ffffffffffffffff+ffffffffffff @ 1',
        '/lib/libc.so 7e0000000000 0+1000 @ 3',
      ]);
    }
  });

  it('tell allocation sites apart', () => {
    const read = expectText(TEXT);
    expect([...read.decoded.sites.nativeStack]).toEqual([1, 2, 3, 0, 2]);
  });

  it('belong to no memory maps before the first ones', () => {
    expect(nodesOf(readText('capture native=yes\nnative ip=5', 13))).toEqual(['5 < 0 @ 0']);
  });

  it('that a capture never defined are none; a parent that does not come before its node is none', () => {
    const text =
      'capture native=yes\nthread 1\nnative ip=5 parent=1\nnative ip=6 parent=99\nmalloc 8 1 native=2\nmalloc 16 1 native=3';
    for (const version of ALL_VERSIONS) {
      const read = readText(text, version);
      expect(nodesOf(read)).toEqual(['5 < 0 @ 0', '6 < 0 @ 0']);
      expect([...read.decoded.sites.nativeStack]).toEqual([2, 0]);
    }
  });
});
