/** A capture that does not fit into memory is read again up to where it did: what comes before is as in a shorter one. */
import { describe, expect, it } from 'vitest';
import { encodeCapture, makeRandomCapture, parseCapture } from '@memscope/fixtures';

import { Decoder, KernelError, nearerStop, type StopPoint } from '../src/index.js';
import { ENTRY_SIZE } from '../src/decoder.js';
import { summarizeRead } from './capture-summary.js';
import { readCapture } from './read-capture.js';

const ALL_TICKS = 10_000;

/** Entries of operations that a capture makes. */
function entriesOf(bytes: Uint8Array, stopAt: StopPoint): { entries: number; recordOffset: number } {
  let entries = 0;
  const decoder = new Decoder({
    stopAt,
    onOperations: ({ bytes: block }) => (entries += block.length / ENTRY_SIZE),
  });
  decoder.feed(bytes);
  return { entries, recordOffset: decoder.finish().damage?.recordOffset ?? 0 };
}

describe.each([6, 7, 11, 13])('a capture of version %i that is read up to a place', (version) => {
  const script = makeRandomCapture({ seed: 30 + version, records: 6000, version });
  const bytes = encodeCapture({ ...script, header: { ...script.header, killed: true } });
  const compressed = encodeCapture({ ...script, header: { ...script.header, killed: true } }, { compression: 'lz4' });

  it('says what a file says that ends there', () => {
    for (const share of [0.1, 0.5, 0.93]) {
      // The start of a record: where one of half the size would have to stop.
      const half = readCapture(bytes.subarray(0, Math.floor(bytes.length * share)), { maxTicks: ALL_TICKS });
      const { recordOffset } = half.decoded.damage!;
      for (const file of [bytes, compressed]) {
        const read = readCapture(file, { maxTicks: ALL_TICKS, stopAt: { recordOffset } });
        expect(summarizeRead(read)).toEqual(summarizeRead(half));
        expect(read.decoded.damage).toMatchObject({ kind: 'limit', recordOffset });
      }
    }
  });

  it('makes at most as many entries as there is room for, and hardly less', () => {
    const { entries: all } = entriesOf(bytes, {});
    for (const entries of [1, 2, 100, 101, 3000, all + 10]) {
      const stopped = entriesOf(bytes, { entries });
      expect(stopped.entries).toBeLessThanOrEqual(entries);
      expect(stopped.entries).toBeGreaterThanOrEqual(Math.min(all, entries - 2));
    }
  });
});

it('mappings that are cut more often than any program does say up to where they were not', () => {
  const lines = ['thread 1'];
  for (let mapping = 0; mapping < 2500; mapping++) lines.push('mmap 0x10000 0x10000000');
  for (let cut = 0; cut < 2500; cut++) lines.push(`munmap ${0x20000 + 4096 * cut} 2048`);
  const bytes = encodeCapture(parseCapture(lines.join('\n')));
  let error: unknown = null;
  try {
    readCapture(bytes);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(KernelError);
  const { entries } = (error as KernelError).stop;
  expect(entries).toBeGreaterThan(5000);
  expect(readCapture(bytes, { stopAt: { entries: entries! } }).decoded.damage?.kind).toBe('limit');
});

it('a nearer place is before the other', () => {
  expect(nearerStop({ entries: 800 })).toEqual({ entries: 700 });
  expect(nearerStop({ recordOffset: 16, entries: 8 })).toEqual({ recordOffset: 14, entries: 7 });
});
