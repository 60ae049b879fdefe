/** The most that each owner of memory held at once, against a slow model of it, and the owners themselves. */
import {
  ARENAS,
  type CaptureScript,
  computeOwnPeaks,
  encodeCapture,
  makeRandomCapture,
  NOBODY,
  parseCapture,
} from '@memscope/fixtures';
import { describe, expect, it, test } from 'vitest';
import { type CaptureRead, readCapture } from './read-capture.js';

const ALL_TICKS = 100_000;
const ARENA = 1 << 20;

function ownPeaksOf({ decoded: { owners, sites, strings }, heap }: CaptureRead): Record<string, [number, number]> {
  const nameOf = (row: number): string => {
    if (owners.kind[row] === 0) return NOBODY;
    if (owners.kind[row] === 1) return ARENAS;
    return `${strings[owners.functionName[row]!]} ${strings[owners.file[row]!]}`;
  };
  const used = new Set(sites.owner);
  return Object.fromEntries(
    [...used]
      .map((row): [string, [number, number]] => [nameOf(row), [heap.ownPeaks.bytes[row]!, heap.ownPeaks.tick[row]!]])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function modelOf(script: CaptureScript, arenaBytes = ARENA): Record<string, [number, number]> {
  const peaks = [...computeOwnPeaks(script, arenaBytes)];
  return Object.fromEntries(
    peaks
      .map(([name, { bytes, tick }]): [string, [number, number]] => [name, [bytes, tick]])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function read(script: CaptureScript, maxTicks = ALL_TICKS, arenaBytes = ARENA): CaptureRead {
  return readCapture(encodeCapture(script), { maxTicks, arenaBytesOf: () => arenaBytes });
}

describe.each([6, 7, 9, 11, 13])(
  'random captures of version %i give what the slow model of owners gives',
  (version) => {
    it.each([false, true])('with arenas and comprehensions: %s', (arenas) => {
      for (let seed = 1; seed <= 20; seed++) {
        const script = makeRandomCapture({
          seed: seed * 17 + version,
          records: 300,
          version,
          arenaBytes: arenas ? ARENA : 0,
        });
        const own = ownPeaksOf(read(script));
        const model = modelOf(script);
        // A site that only lost its last allocation to an arena is still there.
        for (const [name, peak] of Object.entries(own))
          if (!(name in model)) expect([seed, name, peak]).toEqual([seed, name, [0, 0]]);
        expect({ seed, ...own }).toMatchObject({ seed, ...model });
      }
    });
  },
);

test('what memory came with an arena is its own, and sums by site stay as they were', () => {
  const script = parseCapture(`
    push f app.py:1
    push <listcomp> app.py:2
    realloc 0x1000 3072
    mmap 0x7f0000000000 0x100000
    calloc 0x2000 0x20000
    calloc 0x3000 0x20000
    malloc 0x4000 5
    calloc 0x5000 0x20000
    free 0x1000
  `);
  const arena = ARENA + 2 * 0x20000 + 3072;
  const own = ownPeaksOf(read(script));
  expect(own).toEqual({ [ARENAS]: [arena, 0], 'f app.py': [0x20000 + 5, 0] });
  const apart = ownPeaksOf(read(script, ALL_TICKS, 0));
  expect(apart).toEqual({ 'f app.py': [arena + 0x20000 + 5, 0] });
  const { decoded, heap } = read(script);
  expect(decoded.sites.temporaryCount.every((count, site) => count <= heap.usages.totalCount[site]!)).toBe(true);
});

test('ticks that are merged carry the moment of an own peak with them', () => {
  const script = makeRandomCapture({ seed: 5, records: 3000 });
  const apart = read(script);
  const merged = read(script, 20);
  expect(merged.merges).toBeGreaterThan(0);
  const times = apart.heap.ticks.timeMs;
  for (const [owner, bytes] of apart.heap.ownPeaks.bytes.entries()) {
    expect(merged.heap.ownPeaks.bytes[owner]).toBe(bytes);
    const tick = merged.heap.ownPeaks.tick[owner]!;
    const from = tick === 0 ? 0 : merged.heap.ticks.timeMs[tick - 1]!;
    const to = merged.heap.ticks.timeMs[tick] ?? Number.POSITIVE_INFINITY;
    const time = times[apart.heap.ownPeaks.tick[owner]!] ?? to;
    expect([owner, time >= from && time <= to]).toEqual([owner, true]);
  }
});

test('without a Python frame, memory belongs to the file of the innermost native frame', () => {
  const { decoded, heap } = read(
    parseCapture(`
      capture native=yes
      maps
      segments /lib/libblas.so load=0x7f0000000000 0:0x1000
      segments /lib/libc.so load=0x7e0000000000 0x1000:0x500
      native 1 ip=0x7f0000000010
      native 2 ip=0x7e0000001500 parent=1
      native 3 ip=0x7e0000001501 parent=1
      malloc 0x1000 100 native=1
      malloc 0x2000 20 native=2
      malloc 0x3000 3 native=3
      maps
      native 4 ip=0x7f0000000010
      malloc 0x4000 4000 native=4
      free 0x1000
      malloc 0x5000 1 native=1
    `),
  );
  const { owners, strings } = decoded;
  const own = Array.from(owners.kind, (kind, row) => [kind, strings[owners.file[row]!], heap.ownPeaks.bytes[row]]);
  expect(own).toEqual([
    [0, '', 4003],
    [1, '', 0],
    [3, '/lib/libblas.so', 100],
    [3, '/lib/libc.so', 20],
  ]);
});
