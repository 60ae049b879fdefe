import { readFileSync } from 'node:fs';
import { type CaptureFile, listCaptures } from '@memscope/fixtures';
import { describe, expect, it, test } from 'vitest';
import { CaptureReader } from '../src/index.js';
import type { CaptureRead } from './read-capture.js';
import { ALL_TICKS, readReal } from './real-captures.js';

const captures = listCaptures().filter(({ name }) => !name.includes('-agg-'));

/** The one real capture in which an allocation comes at an address that is still live, once. */
const REPLACES_ONE = 'ort-native-v11';

/** Bytes and count that each site holds at a moment, by the bulk table. */
function holdings({ decoded, lifetimes }: CaptureRead, moment: number): { bytes: Float64Array; count: Float64Array } {
  const bytes = new Float64Array(decoded.sites.length);
  const count = new Float64Array(decoded.sites.length);
  for (let row = 0; row < lifetimes.site.length; row++) {
    if (lifetimes.born[row]! > moment || lifetimes.died[row]! <= moment) continue;
    bytes[lifetimes.site[row]!]! += lifetimes.bytes[row]!;
    count[lifetimes.site[row]!]! += lifetimes.count[row]!;
  }
  return { bytes, count };
}

/** Bytes that are live at each moment, in one pass. */
function bytesByMoment({ lifetimes }: CaptureRead, moments: number): Float64Array {
  const live = new Float64Array(moments + 1);
  for (let row = 0; row < lifetimes.site.length; row++) {
    live[lifetimes.born[row]!]! += lifetimes.bytes[row]!;
    live[Math.min(lifetimes.died[row]!, moments)]! -= lifetimes.bytes[row]!;
  }
  for (let moment = 1; moment <= moments; moment++) live[moment]! += live[moment - 1]!;
  return live;
}

describe.each(captures.map((capture): [string, CaptureFile] => [capture.name, capture]))(
  'the bulk table of %s',
  (_, capture) => {
    it('adds up to the greatest heap of each tick and to the heap at its end', () => {
      const read = readReal(capture);
      const { ticks, tailPeakBytes, heapBytes, replacedBytes } = read.heap;
      const live = bytesByMoment(read, 2 * ticks.length + 2);
      const peaks = [...ticks.peakBytes, tailPeakBytes];
      const ends = [...ticks.heapBytes, heapBytes];
      // memray's running heap keeps what a second allocation at a live address replaces, so from then on it is higher.
      const excess = peaks.flatMap((peak, tick) => [peak - live[2 * tick]!, ends[tick]! - live[2 * tick + 1]!]);
      const replaced = excess.filter((bytes) => bytes !== 0);
      expect(excess).toEqual([...excess.filter((bytes) => bytes === 0), ...replaced]);
      expect([...new Set(replaced)]).toEqual(capture.name === REPLACES_ONE ? [replacedBytes] : []);
      expect(read.heap.replacedCount).toBe(capture.name === REPLACES_ONE ? 1 : 0);
    });

    it('holds the peak of each site at the peak, and what leaked at the end', () => {
      const read = readReal(capture);
      const { usages, peakTick, peakBytes, ticks, tailPeakBytes } = read.heap;
      expect([...ticks.peakBytes, tailPeakBytes][peakTick]).toBe(peakBytes);
      expect(holdings(read, 2 * peakTick)).toEqual({
        bytes: Float64Array.from(usages.peakBytes),
        count: Float64Array.from(usages.peakCount),
      });
      expect(holdings(read, Number.MAX_SAFE_INTEGER)).toEqual({
        bytes: Float64Array.from(usages.leakedBytes),
        count: Float64Array.from(usages.leakedCount),
      });
    });

    it('has only rows that live through a moment', () => {
      const { lifetimes } = readReal(capture);
      const empty = lifetimes.born.filter((born, row) => born >= lifetimes.died[row]!);
      expect(empty).toEqual([]);
    });
  },
);

const HELD = new Set(['pandas-v13', 'munmap-v13', 'mixed-native-v13', 'killed-v11']);

test.each(
  captures.filter(({ name }) => HELD.has(name)).map((capture): [string, CaptureFile] => [capture.name, capture]),
)('sites of %s hold at the end of a tick what the bulk table says', (_, capture) => {
  const read = readReal(capture);
  const every = Math.max(1, read.heap.ticks.length >> 2);
  let ended = 0;
  const reader = new CaptureReader({
    maxTicks: ALL_TICKS,
    onTickEnded: (tick, sites, held) => {
      expect(tick).toBe(ended++);
      if (tick % every !== 0) return;
      const { bytes, count } = held();
      const rows = holdings(read, 2 * tick + 1);
      expect(bytes).toEqual(rows.bytes.subarray(0, sites));
      expect(Float64Array.from(count)).toEqual(rows.count.subarray(0, sites));
      expect(rows.bytes.subarray(sites).every((each) => each === 0)).toBe(true);
    },
  });
  reader.feed(readFileSync(capture.path));
  reader.read();
  expect(ended).toBe(read.heap.ticks.length);
});

test.each(
  captures.filter(({ name }) => HELD.has(name)).map((capture): [string, CaptureFile] => [capture.name, capture]),
)(
  'sites of %s hold at the greatest heap of a tick what the bulk table says, and so behind the last one',
  (_, capture) => {
    const read = readReal(capture);
    const { length } = read.heap.ticks;
    const every = Math.max(1, length >> 2);
    let told = 0;
    const reader = new CaptureReader({
      maxTicks: ALL_TICKS,
      onTickPeak: (tick, sites, held) => {
        expect(tick).toBe(told++);
        if (tick % every !== 0 && tick !== length) return;
        expect(held()).toEqual(holdings(read, 2 * tick).bytes.subarray(0, sites));
      },
    });
    reader.feed(readFileSync(capture.path));
    reader.read();
    expect(told).toBe(length + 1);
  },
);
