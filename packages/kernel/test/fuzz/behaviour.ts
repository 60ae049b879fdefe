/**
 * What a capture made the kernel do, as a set of words: how it ended, and the shape of each table. An input that brings
 * a word which none before it brought has led somewhere new. And what must hold of every input, whatever it is.
 */
import { KernelError } from '../../src/index.js';
import type { CaptureRead } from '../read-capture.js';
import { readCapture } from '../read-capture.js';
import { problemOf } from '../sane-read.js';

/** Time of the processor and memory that an input may cost: a little, and then by its size. LZ4 holds up to 255 times its size. */
const BASE_MS = 2_000;
const MS_PER_BYTE = 0.5;
const BASE_MEMORY = 48 << 20;
const MEMORY_PER_BYTE = 255 * 160;

export interface Behaviour {
  readonly words: readonly string[];
  /** What does not hold; null where all does. */
  readonly problem: string | null;
}

/** Reads whole and in chunks of `chunkBytes`. */
export function observe(bytes: Uint8Array, chunkBytes: number): Behaviour {
  const started = process.cpuUsage();
  const whole = attempt(bytes, bytes.length);
  const spent = process.cpuUsage(started);
  const took = (spent.user + spent.system) / 1000;
  const parts = attempt(bytes, chunkBytes);
  const words = wordsOf(whole);
  if (took > BASE_MS + MS_PER_BYTE * bytes.length) return { words, problem: `it took ${Math.round(took)} ms` };
  if (outlineOf(whole) !== outlineOf(parts)) return { words, problem: `chunks of ${chunkBytes} bytes say otherwise` };
  const cut = attempt(bytes.subarray(0, Math.min(chunkBytes, bytes.length)), bytes.length);
  if (!isPrefix(cut, whole))
    return { words, problem: `what is cut after ${chunkBytes} bytes says more than the whole` };
  return { words, problem: whole instanceof KernelError ? null : (problemIn(whole, bytes.length) ?? null) };
}

function attempt(bytes: Uint8Array, chunkBytes: number): CaptureRead | KernelError {
  try {
    return readCapture(bytes, { chunkBytes: Math.max(1, chunkBytes) });
  } catch (error) {
    if (error instanceof KernelError) return error;
    throw error;
  }
}

/** Whether a capture that was cut says no more than the whole one. */
function isPrefix(cut: CaptureRead | KernelError, whole: CaptureRead | KernelError): boolean {
  if (cut instanceof KernelError || whole instanceof KernelError) return true;
  // Of an LZ4 block that is not valid, what comes before its fault is only taken where the file ends in it.
  if (whole.decoded.compressed && whole.decoded.damage?.kind === 'corrupt') return true;
  return (
    cut.decoded.stacks.length <= whole.decoded.stacks.length &&
    cut.decoded.threads.length <= whole.decoded.threads.length &&
    cut.heap.memoryRecords <= whole.heap.memoryRecords &&
    cut.decoded.recordsByAllocator.every((count, allocator) => count <= whole.decoded.recordsByAllocator[allocator]!)
  );
}

function wordsOf(read: CaptureRead | KernelError): string[] {
  if (read instanceof KernelError) return [`error ${read.code} ${read.message.replace(/[\d"].*/s, '')}`];
  const { decoded, heap, lifetimes, merges } = read;
  const family = `v${decoded.header.version} ${decoded.header.layout} ${decoded.compressed ? 'lz4' : 'raw'}`;
  const ending = decoded.damage === null ? 'whole' : `${decoded.damage.kind}: ${decoded.damage.reason}`;
  const amount = (name: string, count: number): string =>
    `${name} ${count === 0 ? 'none' : Math.floor(Math.log2(count))}`;
  return [
    `${family} ${ending}`,
    amount('sites', decoded.sites.length),
    amount('stacks', decoded.stacks.length),
    amount('native', decoded.nativeStacks.length),
    amount('segments', decoded.segments.length),
    amount('threads', decoded.threads.length),
    amount('owners', decoded.owners.length),
    amount('strings', decoded.strings.length),
    amount('ticks', heap.ticks.length),
    amount('lifetimes', lifetimes.site.length),
    amount('replaced', heap.replacedCount),
    amount('padding', decoded.paddingBytes),
    amount('peak', heap.peakBytes),
    amount('steps of the clock', heap.clock.stepsBack + heap.clock.stepsForward),
    amount('objects', decoded.objects.surviving),
    amount('cut names', decoded.cutNames),
    ...decoded.recordsByAllocator.map((count, allocator) => amount(`allocator ${allocator}`, count)),
    ...(merges > 0 ? ['ticks merged'] : []),
  ];
}

/** Enough to tell two readings apart. */
function outlineOf(read: CaptureRead | KernelError): string {
  if (read instanceof KernelError) return read.code;
  const { decoded, heap, lifetimes } = read;
  return JSON.stringify([
    decoded.damage,
    decoded.paddingBytes,
    decoded.strings,
    decoded.objects,
    decoded.recordsByAllocator,
    [...decoded.stacks.parent],
    [...heap.usages.peakBytes],
    [...heap.usages.leakedCount],
    [...heap.usages.totalBytes],
    [...heap.ticks.timeMs],
    [...heap.ticks.peakBytes],
    lifetimes,
  ]);
}

function problemIn(read: CaptureRead, fileLength: number): string | null {
  const { decoded, heap, lifetimes, memoryBytes } = read;
  if (memoryBytes > BASE_MEMORY + MEMORY_PER_BYTE * fileLength) return `it took ${memoryBytes} bytes of memory`;
  const insane = problemOf(read, fileLength);
  if (insane !== null && insane !== 'memory') return `${insane} cannot be`;
  if (decoded.header.layout === 'aggregated' || heap.replacedCount > 0) return null;
  const sum = (column: ArrayLike<number>): number => Array.from(column).reduce((total, value) => total + value, 0);
  const { usages } = heap;
  // Doubles add up exactly to 2^53.
  if (sum(usages.totalBytes) > Number.MAX_SAFE_INTEGER) return null;
  if (sum(usages.peakBytes) !== heap.peakBytes) return 'sites do not add up to the peak';
  if (sum(usages.leakedBytes) !== heap.heapBytes) return 'sites do not add up to the heap at the end';
  const liveAt = (moment: number): number =>
    sum(lifetimes.bytes.filter((_, row) => lifetimes.born[row]! <= moment && moment < lifetimes.died[row]!));
  if (liveAt(2 * heap.peakTick) !== heap.peakBytes) return 'lifetimes do not add up to the peak';
  if (liveAt(2 * heap.ticks.length + 1) !== heap.heapBytes) return 'lifetimes do not add up to the end';
  for (const tick of heap.ticks.peakBytes.keys()) {
    if (liveAt(2 * tick) !== heap.ticks.peakBytes[tick]) return `lifetimes do not add up to the peak of tick ${tick}`;
    if (liveAt(2 * tick + 1) !== heap.ticks.heapBytes[tick])
      return `lifetimes do not add up to the end of tick ${tick}`;
  }
  return null;
}
