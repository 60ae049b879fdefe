/** Timelines, bands and windows over HTTP: their numbers are those of the memory records and of memray's temporal views. */
import { describe, expect, test } from 'vitest';
import { findCapture, oracleFrames, readOracle, type OracleTemporalRow } from '@memscope/fixtures';
import type { BandsHead, TimelineColumn, TimelineHead } from '@memscope/model';

import { askFlame, sum, useCapture } from './serve-capture.js';
import { askArrow } from './serving.js';

describe('over time, a capture', () => {
  const served = useCapture('mixed-v13');
  const oracle = readOracle(findCapture('mixed-v13').path);

  test('has a timeline of its memory records', async () => {
    const { columns, head } = await askArrow<TimelineColumn, TimelineHead>(served.server, 'timeline?width=10000');
    const ticks = served.profile.ticks();
    expect(head).toMatchObject({
      ticks: ticks.length,
      fromTick: 0,
      toTick: ticks.length,
      peakTick: served.profile.capture.peakTick,
      peakBytes: served.profile.capture.peakBytes,
      rssPeakBytes: Math.max(...ticks.rssBytes),
    });
    expect(columns.timeMs.slice(0, ticks.length)).toEqual([...ticks.timeMs]);
    expect(columns.tick).toEqual(columns.timeMs.map((_, row) => row));
    expect(columns.heapLeast.slice(0, ticks.length)).toEqual([...ticks.heapBytes]);
    expect(columns.heapMost.slice(0, ticks.length)).toEqual([...ticks.peakBytes!]);
    expect(columns.rssMost.slice(0, ticks.length)).toEqual([...ticks.rssBytes]);
    // What follows the last record: its RSS is not known.
    expect(columns.rssMost.slice(ticks.length)).toEqual([NaN]);
    expect(columns.heapLeast.at(-1)).toBe(served.profile.notes.tailHeapBytes);
  });

  test.each([1, 2, 3])('loses no spike in a timeline of %i pixels', async (width) => {
    const { columns } = await askArrow<TimelineColumn, TimelineHead>(served.server, `timeline?width=${width}`);
    expect(columns.timeMs.length).toBeLessThanOrEqual(width);
    expect(columns.tick.at(-1)).toBe(served.profile.ticks().length);
    expect(Math.max(...columns.heapMost)).toBe(served.profile.capture.peakBytes);
    expect(Math.max(...columns.rssMost.filter((rss) => !Number.isNaN(rss)))).toBe(
      Math.max(...served.profile.ticks().rssBytes),
    );
    expect(Math.min(...columns.heapLeast)).toBe(
      Math.min(...served.profile.ticks().heapBytes, served.profile.notes.tailHeapBytes!),
    );
  });

  test.each(['category', 'library', 'module', 'thread', 'allocator'])(
    'has bands by %s that add up to the heap',
    async (by) => {
      const { columns, head } = await askArrow<string, BandsHead>(served.server, `bands?by=${by}&width=10000&top=2`);
      const ticks = served.profile.ticks();
      const { tick, timeMs, ...bands } = columns as Record<string, number[]>;
      expect(timeMs!.slice(0, ticks.length)).toEqual([...ticks.timeMs]);
      expect(Object.keys(bands)).toEqual(head.bands.map((_, index) => `b${index}`));
      expect(head.bands.filter(({ rest }) => rest).length).toBeLessThanOrEqual(1);
      const heap = tick!.map((_, row) => sum(Object.values(bands).map((band) => band[row]!)));
      expect(heap).toEqual(tick!.map((at) => ticks.peakBytes![at] ?? served.profile.notes.tailPeakBytes));
    },
  );

  /** "function|file|line<caller" of every node that holds something itself → "bytes/count". */
  type Sums = Map<string, [bytes: number, count: number]>;

  function add(sums: Sums, key: string, bytes: number, count: number): void {
    const [bytesBefore, countBefore] = sums.get(key) ?? [0, 0];
    sums.set(key, [bytesBefore + bytes, countBefore + count]);
  }

  /** What has no bytes is not drawn. */
  function settle(sums: Sums): Record<string, string> {
    return Object.fromEntries(
      [...sums].flatMap(([key, [bytes, count]]) => (bytes > 0 ? [[key, `${bytes}/${count}`]] : [])),
    );
  }

  /** "function|file|line<caller<thread" of what allocated → "bytes/count". */
  async function rowsOf(query: string): Promise<Record<string, string>> {
    const sums: Sums = new Map();
    // So that nothing is narrower than a pixel beside what is a thousand times as large.
    for (const part of ['size<=500', 'size>500 size<=100KiB', 'size>100KiB']) {
      const { columns, head } = await askFlame(
        served.server,
        `${query}&frames=all&splitThreads=1&filter=${encodeURIComponent(part)}`,
      );
      expect(head.foldedNodes).toBe(0);
      const names: string[] = [];
      for (let node = 0; node < columns.id.length; node++) {
        const { kind, name, file, line } = head.labels[columns.label[node]!]!;
        const above = node === 0 ? '' : names[columns.parent[node]!]!;
        names[node] = kind === 'all' ? '' : kind === 'thread' ? `${name}@` : `${name}|${file}|${line ?? 0}<${above}`;
        add(sums, names[node]!, columns.selfBytes[node]!, columns.selfCount[node]!);
      }
    }
    return settle(sums);
  }

  function rowsOfOracle(rows: readonly OracleTemporalRow[], counts: (from: number, to: number | null) => boolean) {
    const sums: Sums = new Map();
    for (const [tid, , stack, intervals] of rows) {
      const thread = [...served.profile.threads().tid].indexOf(BigInt(tid));
      const title = served.profile.threads().name[thread];
      const top = `${title ? `${title} (thread ${tid})` : `thread ${tid}`}@`;
      const key = oracleFrames(oracle, stack).reduce((outer, frame) => `${frame.join('|')}<${outer}`, top);
      for (const [from, to, count, bytes] of intervals) {
        if (counts(from, to)) add(sums, key, bytes, count);
      }
    }
    return settle(sums);
  }

  test.each([
    [0, 4],
    [1, 2],
    [2, 2],
    [0, 1],
    [3, 4],
  ])('holds memray’s temporal rows in the window #%i..#%i', async (from, to) => {
    const window = encodeURIComponent(`#${from}..#${to}`);
    expect(await rowsOf(`measure=leaked&window=${window}`)).toEqual(
      rowsOfOracle(oracle.temporal_leaks!, (born, died) => born >= from && born <= to && (died === null || died > to)),
    );
    const heap = (tick: number): number =>
      served.profile.ticks().peakBytes![tick] ?? served.profile.notes.tailPeakBytes!;
    let peakTick = from;
    for (let tick = from; tick <= to; tick++) if (heap(tick) >= heap(peakTick)) peakTick = tick;
    expect(await rowsOf(`measure=peak&window=${window}`)).toEqual(
      rowsOfOracle(
        oracle.temporal_high_water_mark!,
        (born, end) => born <= peakTick && (end === null || end > peakTick),
      ),
    );
  });
});
