import { type CaptureScript, encodeCapture, parseCapture, randomBelow, seedRandom } from '@memscope/fixtures';
import { describe, expect, it } from 'vitest';
import { coarsen, foldLifetimes, liveBytes } from './coarse-time.js';
import { type CaptureRead, readCapture } from './read-capture.js';

const RECORDS = 500;
const ALL_TICKS = 100_000;

interface Clock {
  readonly name: string;
  /** Milliseconds of memory record `index`. */
  readonly at: (index: number) => number;
  readonly header: string;
}

const REGULAR = (index: number): number => 10 * index;

const CLOCKS: readonly Clock[] = [
  { name: 'a duration that the header knows', at: REGULAR, header: 'end=1700000005000' },
  { name: 'no known duration, as in a killed capture', at: REGULAR, header: 'killed=yes' },
  { name: 'a duration shorter than the time that passes', at: REGULAR, header: 'end=1700000000070' },
  { name: 'a duration far longer than the time that passes', at: REGULAR, header: 'end=1800000000000' },
  { name: 'an end before the start', at: REGULAR, header: 'end=1600000000000' },
  { name: 'all of it at one time', at: () => 77, header: 'killed=yes' },
  { name: 'all of it at the start', at: () => 0, header: 'end=1700000000100' },
  { name: 'a clock that runs backwards', at: (index) => 5000 - 10 * index, header: 'end=1700000005000' },
  { name: 'a clock that jumps to and fro', at: (index) => (index * 7919) % 5000, header: 'killed=yes' },
  { name: 'a long silence', at: (index) => (index < 400 ? index : 1e9 + index), header: 'killed=yes' },
  {
    name: 'times that grow ever faster',
    at: (index) => Math.floor(Math.min(1.08 ** index, 1e12 + index)),
    header: 'killed=yes',
  },
];

/** Allocations, frees, mappings and unmappings, no address twice at a time; each memory record has an RSS of its own. */
function makeScript(clock: Clock, seed: number, version: number): CaptureScript {
  const random = seedRandom(seed);
  const live = new Set<number>();
  const lines = [`capture start=1700000000000 ${clock.header}`, 'thread 1'];
  for (let index = 0; index < RECORDS; index++) {
    for (let left = randomBelow(random, 8); left > 0; left--) {
      const block = randomBelow(random, 40);
      if (live.delete(block)) {
        const rest = randomBelow(random, 2) * 4096;
        lines.push(block < 20 ? `free ${4096 + 16 * block}` : `munmap ${(block << 20) + rest} 8192`);
        if (block >= 20 && rest > 0) lines.push(`munmap ${block << 20} 4096`);
      } else {
        live.add(block);
        const size = 64 * (1 + randomBelow(random, 30));
        lines.push(`push f${randomBelow(random, 3)} a.py:${1 + randomBelow(random, 3)}`);
        lines.push(block < 20 ? `malloc ${4096 + 16 * block} ${size}` : `mmap ${block << 20} 8192`, 'pop');
      }
    }
    lines.push(`memory t=${clock.at(index)} rss=${1 + index}`);
  }
  lines.push('malloc 8 1', 'free 8');
  return parseCapture(lines.join('\n'), { version });
}

function ticksOf({ heap: { ticks } }: CaptureRead): number[][] {
  const columns = [ticks.timeMs, ticks.rssBytes, ticks.heapBytes, ticks.peakBytes];
  return Array.from(ticks.timeMs, (_, row) => columns.map((column) => column[row]!));
}

describe.each(CLOCKS)('more memory records than ticks, with $name', (clock) => {
  const limits = [2, 3, 7, 50, 100, 499];

  it.each([8, 13])('become ticks that say what the fine ones say together (version %i)', (version) => {
    const bytes = encodeCapture(makeScript(clock, version, version));
    const fine = readCapture(bytes, { maxTicks: ALL_TICKS });
    expect([fine.merges, fine.heap.ticks.length]).toEqual([0, RECORDS]);
    for (const maxTicks of limits) {
      const coarse = readCapture(bytes, { maxTicks });
      const expected = coarsen(fine, coarse.heap.ticks.rssBytes);
      expect(coarse.heap.ticks.length).toBeLessThanOrEqual(maxTicks);
      expect(coarse.merges).toBeGreaterThan(0);
      expect(ticksOf(coarse)).toEqual(expected.ticks);
      expect(coarse.heap).toMatchObject({ tailPeakBytes: expected.tailPeakBytes, peakTick: expected.peakTick });
      expect(foldLifetimes(coarse.lifetimes)).toEqual(expected.lifetimes);
      const { peakBytes, usages, memoryRecords, rssPeakBytes } = fine.heap;
      expect(coarse.heap).toMatchObject({ peakBytes, usages, memoryRecords, rssPeakBytes });
    }
  });

  it('have rows that add up to the greatest heap of each merged tick', () => {
    const bytes = encodeCapture(makeScript(clock, 3, 13));
    for (const maxTicks of limits) {
      const { heap, lifetimes } = readCapture(bytes, { maxTicks });
      const peaks = [...heap.ticks.peakBytes, heap.tailPeakBytes];
      expect(peaks.map((_, tick) => liveBytes(lifetimes, 2 * tick))).toEqual(peaks);
      const ends = [...heap.ticks.heapBytes, heap.heapBytes];
      expect(ends.map((_, tick) => liveBytes(lifetimes, 2 * tick + 1))).toEqual(ends);
    }
  });
});

describe('merged ticks', () => {
  const script = makeScript({ name: '', at: REGULAR, header: 'end=1700000005000' }, 5, 13);
  const bytes = encodeCapture(script);

  it('are of equal length where the header knows the duration, but for the first, the last and the one in which they were merged', () => {
    const { heap, merges } = readCapture(bytes, { maxTicks: 50 });
    const { timeMs } = heap.ticks;
    const lengths = [...timeMs].map((time, row) => time - (timeMs[row - 1] ?? 0)).slice(1, -1);
    const usual = Math.max(...lengths);
    expect(merges).toBe(1);
    expect(usual).toBeLessThanOrEqual(5000 / 49 + 10);
    expect(lengths.filter((length) => length < usual - 10).length).toBeLessThanOrEqual(2);
  });

  it('fill at least a quarter of the limit where it does not', () => {
    const killed = readCapture(
      encodeCapture({ ...script, header: { ...script.header, killed: true, endMs: script.header.startMs } }),
      {
        maxTicks: 50,
      },
    );
    expect(killed.heap.ticks.length).toBeGreaterThan(12);
  });

  it('are as many as there are memory records up to the limit, and not merged', () => {
    const { heap, merges } = readCapture(bytes, { maxTicks: RECORDS });
    expect([heap.ticks.length, merges]).toEqual([RECORDS, 0]);
  });

  it('are merged once, and early, where the header says that there will be far too many', () => {
    const { heap, merges, lifetimes } = readCapture(bytes, { maxTicks: 100 });
    const fine = readCapture(bytes, { maxTicks: ALL_TICKS });
    const expected = coarsen(fine, heap.ticks.rssBytes);
    expect(merges).toBe(1);
    // At the limit, the first hundred records would have become a tenth as many ticks, and the others a fifth.
    expect(heap.ticks.length).toBeGreaterThan(80);
    expect(foldLifetimes(lifetimes)).toEqual(expected.lifetimes);
  });

  it('are not foreseen for a process that slept most of its time', () => {
    const asleep = encodeCapture(makeScript({ name: '', at: REGULAR, header: 'end=1800000000000' }, 5, 13));
    expect(readCapture(asleep, { maxTicks: RECORDS }).merges).toBe(0);
  });

  it('never run backwards in time', () => {
    const backwards = encodeCapture(makeScript({ name: '', at: (index) => 5000 - index, header: '' }, 5, 13));
    for (const maxTicks of [10, ALL_TICKS]) {
      const { timeMs } = readCapture(backwards, { maxTicks }).heap.ticks;
      expect([...timeMs]).toEqual([...timeMs].sort((a, b) => a - b));
    }
  });

  it('are at least two, whatever limit is asked for', () => {
    for (const maxTicks of [1, 0, -5])
      expect(readCapture(bytes, { maxTicks }).heap.ticks.length).toBeLessThanOrEqual(2);
  });

  it('come out the same for aggregated captures, which have times and heaps only', () => {
    const lines = ['capture layout=aggregated start=1700000000000 end=1700000005000'];
    for (let index = 0; index < RECORDS; index++)
      lines.push(`snapshot t=${10 * index} rss=${1 + index} heap=${3 * index}`);
    const { heap } = readCapture(encodeCapture(parseCapture(lines.join('\n'))), { maxTicks: 20 });
    expect(heap.ticks.length).toBeLessThanOrEqual(20);
    expect([...heap.ticks.heapBytes]).toEqual([...heap.ticks.rssBytes].map((rss) => 3 * (rss - 1)));
  });
});
