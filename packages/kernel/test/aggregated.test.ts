import { encodeCapture, parseCapture } from '@memscope/fixtures';
import { describe, expect, it } from 'vitest';
import { siteKeys } from './capture-summary.js';
import { type CaptureRead, readCapture } from './read-capture.js';

const VERSIONS = [10, 11, 12, 13];

function readText(text: string, version: number): CaptureRead {
  const script = parseCapture(text, { version, layout: 'aggregated' });
  const raw = readCapture(encodeCapture(script, { seed: version }));
  const compressed = readCapture(encodeCapture(script, { seed: version, compression: 'lz4' }));
  expect(raw.decoded.damage).toBeNull();
  expect(compressed.decoded).toEqual({ ...raw.decoded, compressed: true });
  expect(compressed.heap).toEqual(raw.heap);
  return raw;
}

/** "THREAD ALLOCATOR NATIVE FRAMES: PEAK COUNT:BYTES LEAKED COUNT:BYTES" of each site. */
function sitesOf({ decoded }: CaptureRead): string[] {
  const { peakBytes, peakCount, leakedBytes, leakedCount } = decoded.sites;
  return siteKeys(decoded).map((key, row) => {
    const [tid, allocator, native, ...frames] = JSON.parse(key) as [string, string, number, ...string[]];
    const held = `${peakCount[row]}:${peakBytes[row]} ${leakedCount[row]}:${leakedBytes[row]}`;
    return `${tid} ${allocator} ${native} ${frames.join(' > ')}: ${held}`;
  });
}

const TEXT = `
  capture skip=2 start=1700000000000
  snapshot t=0 rss=1000 heap=10
  snapshot t=10 rss=3000 heap=500
  snapshot t=20 rss=2000 heap=0x100000000
  thread 1 "main"
  site malloc peak=1:10
  push tracker a.py:1
  push runpy a.py:2
  site mmap leaked=2:8192
  push app a.py:3 entry
  site malloc peak=3:300 leaked=1:100
  site pymalloc_malloc peak=7:70
  push work a.py:4
  site posix_memalign peak=1:0x200000000 leaked=1:0x200000000
  thread 2 "worker"
  push app a.py:3 entry
  site malloc peak=1:1
  site malloc peak=2:2 leaked=3:3
`;

describe.each(VERSIONS)('an aggregated capture of version %i', (version) => {
  it("holds what each site held, without the tracker's frames on the main thread", () => {
    expect(sitesOf(readText(TEXT, version))).toEqual([
      '1 malloc 0 : 1:10 0:0',
      '1 mmap 0 : 0:0 2:8192',
      '1 malloc 0 app a.py:3: 3:300 1:100',
      '1 pymalloc_malloc 0 app a.py:3: 7:70 0:0',
      '1 posix_memalign 0 app a.py:3 > work a.py:4: 1:8589934592 1:8589934592',
      '2 malloc 0 app a.py:3: 3:3 3:3',
    ]);
  });

  it('has ticks from its snapshots, thread names, and nothing that it cannot know', () => {
    const { decoded, heap, lifetimes } = readText(TEXT, version);
    expect([...heap.ticks.timeMs]).toEqual([0, 10, 20]);
    expect([...heap.ticks.rssBytes]).toEqual([1000, 3000, 2000]);
    expect([...heap.ticks.heapBytes]).toEqual([10, 500, 0x100000000]);
    expect(heap).toMatchObject({ memoryRecords: 3, rssPeakBytes: 3000, rssPeakMs: 10 });
    expect(lifetimes.site).toEqual([]);
    expect(Array.from(decoded.threads.name, (name) => decoded.strings[name])).toEqual(['main', 'worker']);
    expect(decoded.recordsByAllocator.every((count) => count === 0)).toBe(true);
    expect(decoded.sizes.length).toBe(0);
  });

  it("tells mappings of an arena's size from others, where arenas can be seen", () => {
    const arena = 1 << 20;
    const text = `
      capture start=1700000000000
      thread 1 "main"
      push parse a.py:3 entry
      site mmap peak=34:${34 * arena} leaked=15:${15 * arena}
      push load a.py:4
      site mmap peak=2:${2 * arena + 4096}
      push keep a.py:5
      site malloc peak=1:${arena}`;
    const kinds = (arenaBytes: number): string[] => {
      const capture = encodeCapture(parseCapture(text, { version, layout: 'aggregated' }));
      const { owners, sites } = readCapture(capture, { arenaBytesOf: () => arenaBytes }).decoded;
      return Array.from(sites.owner, (owner) => (owners.kind[owner] === 1 ? 'arenas' : 'other'));
    };
    expect(kinds(arena)).toEqual(['arenas', 'other', 'other']);
    expect(kinds(0)).toEqual(['other', 'other', 'other']);
  });

  it('keeps native stacks and their memory maps', () => {
    const read = readText(
      `
      capture native=yes
      maps
      segments /lib/libc.so load=0x7f0000000000 0:0x1000
      native 1 ip=0x7f0000000010
      native 2 ip=0x7f0000000020 parent=1
      thread 1 "main"
      push app a.py:3 entry
      site malloc native=2 peak=1:1
      push app a.py:3
      site malloc native=1 peak=1:1
      site malloc native=77 peak=1:1
    `,
      version,
    );
    expect(sitesOf(read)).toEqual([
      '1 malloc 2 app a.py:3: 1:1 0:0',
      '1 malloc 1 app a.py:3 > app a.py:3: 1:1 0:0',
      '1 malloc 0 app a.py:3 > app a.py:3: 1:1 0:0',
    ]);
    expect([...read.decoded.frames.entry]).toEqual([1, 0]);
    expect([...read.decoded.nativeStacks.parent]).toEqual([0, 0, 1]);
    expect([...read.decoded.segments.size]).toEqual([0x1000n]);
  });

  it('may hold hundreds of traces on one another, all of the main thread', () => {
    const lines = ['capture skip=3', 'thread 1'];
    for (let depth = 0; depth < 800; depth++) lines.push(`push f a.py:${depth % 50}`, `site malloc peak=1:${depth}`);
    const { decoded } = readText(lines.join('\n'), version);
    const depths = new Uint32Array(decoded.stacks.length);
    for (let row = 1; row < depths.length; row++) depths[row] = depths[decoded.stacks.parent[row]!]! + 1;
    expect(Array.from(decoded.sites.pythonStack, (stack) => depths[stack])).toEqual(
      Array.from({ length: 798 }, (_, depth) => depth),
    );
    expect(decoded.sites.peakBytes[0]).toBe(0 + 1 + 2);
  });
});

describe('aggregated captures of version 12 and 13', () => {
  it.each([12, 13])('count the objects that survived (version %i)', (version) => {
    const text = 'capture native=yes objects=yes\nsurviving 0x1000 native=3\nsurviving 0xfffffffffffffff8\nsurviving 0';
    expect(readText(text, version).decoded.objects).toEqual({
      created: null,
      destroyed: null,
      fromBefore: null,
      surviving: 3,
    });
  });
});

describe('an aggregated capture that is damaged', () => {
  it.each(VERSIONS)('keeps what came before (version %i)', (version) => {
    const bytes = encodeCapture(parseCapture(TEXT, { version, layout: 'aggregated' }));
    const read = readCapture(bytes.subarray(0, bytes.length - 2));
    expect(read.decoded.damage).toMatchObject({
      kind: 'cut',
      fileOffset: bytes.length - 1 - 73,
      reason: 'the file ends in the middle of a record',
    });
    expect(sitesOf(read).at(-1)).toBe('2 malloc 0 app a.py:3: 1:1 0:0');
  });

  it('may name allocators and sums that cannot be', () => {
    const row = (allocator: number, high: number): string => {
      const bytes = new Uint8Array(73);
      bytes.set([2]);
      bytes.set([allocator], 9);
      bytes.set([high], 72);
      return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    };
    const damageOf = (line: string): string | undefined =>
      readCapture(encodeCapture(parseCapture(`bytes ${line}`, { version: 13, layout: 'aggregated' }))).decoded.damage
        ?.reason;
    expect(damageOf(row(6, 0))).toBeUndefined();
    expect(damageOf(Array.from({ length: 80 }, () => row(6, 1)).join(' '))).toContain('sizes of 2^62 in all');
    for (const allocator of [0, 1, 5, 15, 16, 255]) {
      expect(damageOf(row(allocator, 0))).toBe('an allocator that does not exist, in the records');
    }
    expect(damageOf(row(6, 0x80))).toBe(
      'a size of 2^57 bytes or more, or sizes of 2^62 in all: larger than any address space, in the records',
    );
  });
});
