/** No more memory for WebAssembly, wherever that comes: everything before it stays, in the way of a limit. */
import { readFileSync } from 'node:fs';
import { makeSyntheticCapture } from '@memscope/fixtures';
import { afterEach, expect, it } from 'vitest';
import { KernelError, nearerStop, type StopPoint } from '../src/index.js';
import { takeModules } from '../src/wasm.js';
import { fingerprint } from './fingerprint.js';
import { type CaptureRead, readCapture } from './read-capture.js';

const PAGE_BYTES = 1 << 16;
const MEMORY_SECTION = 5;
/** As often as an ingest reads a capture again. */
const MOST_READINGS = 6;

/** A module of the kernel whose memory cannot grow beyond `pages` pages. */
function limited(name: string, pages: number): WebAssembly.Module {
  const bytes = readFileSync(new URL(`../dist/${name}.wasm`, import.meta.url));
  for (let at = 8; at < bytes.length;) {
    const [length, start] = varint(bytes, at + 1);
    if (bytes[at] !== MEMORY_SECTION) {
      at = start + length;
      continue;
    }
    // One memory, without a maximum.
    expect([...bytes.subarray(start, start + 2)]).toEqual([1, 0]);
    const section = [1, 1, ...bytes.subarray(start + 2, start + length), ...encoded(pages)];
    const rest = bytes.subarray(start + length);
    return new WebAssembly.Module(
      Uint8Array.from([...bytes.subarray(0, at), MEMORY_SECTION, ...encoded(section.length), ...section, ...rest]),
    );
  }
  throw new Error('a module without a memory');
}

function varint(bytes: Uint8Array, at: number): [value: number, end: number] {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]!;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, at];
  }
}

function encoded(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...encoded(value >>> 7)];
}

/** Reads, and reads again up to where it did fit. */
function readWithin(bytes: Uint8Array): CaptureRead {
  let stopAt: StopPoint = {};
  for (let readings = 1; ; readings++) {
    try {
      return readCapture(bytes, { stopAt, chunkBytes: 1 << 15 });
    } catch (error) {
      if (!(error instanceof KernelError) || error.code !== 'limit' || readings === MOST_READINGS) throw error;
      stopAt = readings === 1 ? error.stop : nearerStop({ ...stopAt, ...error.stop });
    }
  }
}

afterEach(() => takeModules(undefined, undefined));

it.each([
  ['the decoder', 'decode'],
  ['the heap', 'heap'],
])('where %s gets no more, what fits is read, the more the later', (_, scarce) => {
  const bytes = makeSyntheticCapture({ seed: 3, allocations: 30_000, live: 20_000, linesPerFrame: 24 });
  const whole = fingerprint(readCapture(bytes));
  const usual = (name: string): WebAssembly.Module => limited(name, 1 << 16);
  const reached: number[] = [];
  for (let pages = 16; reached.at(-1) !== Infinity; pages += 8) {
    const few = limited(scarce, pages);
    takeModules(scarce === 'decode' ? few : usual('decode'), scarce === 'heap' ? few : usual('heap'));
    let read: CaptureRead;
    try {
      read = readWithin(bytes);
    } catch (error) {
      // Not even what it begins with has room.
      expect(error).toMatchObject({ name: 'KernelError', code: 'limit' });
      expect(reached).toEqual([]);
      continue;
    }
    const { damage } = read.decoded;
    if (damage === null) expect(fingerprint(read)).toBe(whole);
    else expect(damage.kind).toBe('limit');
    reached.push(damage === null ? Infinity : damage.recordOffset);
    expect(read.memoryBytes).toBeLessThan((1 << 16) * PAGE_BYTES);
  }
  expect(reached.length).toBeGreaterThan(2);
  expect(reached).toEqual(reached.toSorted((a, b) => a - b));
});
