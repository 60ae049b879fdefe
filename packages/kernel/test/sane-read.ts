/**
 * What must hold of any result, whatever the bytes were: every row refers to rows that are there, in the order that is
 * promised, memory is bounded, and damage lies inside the file. Bytes that are no capture end in a `KernelError`.
 */
import { expect } from 'vitest';
import { KernelError } from '../src/index.js';
import { type CaptureRead, readCapture, type ReadOptions } from './read-capture.js';

/** Far above what a reader starts with (8 MiB), far below what a hostile number could ask for. */
const MEMORY_LIMIT = 64 << 20;

/** The result, or the error where the bytes are no capture at all. Any other outcome fails the test. */
export function readSanely(bytes: Uint8Array, options: ReadOptions = {}): CaptureRead | KernelError {
  try {
    const read = readCapture(bytes, options);
    const problem = problemOf(read, bytes.length);
    if (problem) expect.fail(problem);
    return read;
  } catch (error) {
    if (error instanceof KernelError && error.code !== 'limit') return error;
    throw error;
  }
}

/** Null, or the first thing that is wrong. Plain comparisons: this runs tens of thousands of times. */
export function problemOf({ decoded, heap, lifetimes, memoryBytes }: CaptureRead, fileLength: number): string | null {
  const { strings, frames, stacks, nativeStacks, segments, threads, sites, damage } = decoded;
  const below = (column: ArrayLike<number>, limit: number): boolean => {
    for (let row = 0; row < column.length; row++) if (column[row]! >= limit) return false;
    return true;
  };
  const parentsFirst = (parents: ArrayLike<number>): boolean => {
    for (let row = 1; row < parents.length; row++) if (parents[row]! >= row) return false;
    return parents.length > 0 && parents[0] === 0;
  };
  const ascending = (column: ArrayLike<number>): boolean => {
    for (let row = 1; row < column.length; row++) if (column[row]! < column[row - 1]!) return false;
    return true;
  };
  const checks: [string, boolean][] = [
    ['memory', memoryBytes < MEMORY_LIMIT],
    ['names of frames', below(frames.functionName, strings.length) && below(frames.file, strings.length)],
    ['stacks', parentsFirst(stacks.parent) && below(stacks.frame.subarray(1), frames.length)],
    ['native stacks', parentsFirst(nativeStacks.parent)],
    ['segments', below(segments.file, strings.length) && ascending(segments.generation)],
    ['threads', below(threads.name, strings.length)],
    ['threads of sites', below(sites.thread, threads.length)],
    ['stacks of sites', below(sites.pythonStack, stacks.length) && below(sites.nativeStack, nativeStacks.length)],
    ['allocators of sites', below(sites.allocator, 15)],
    ['objects of sites', sites.objectCount === null || sum(sites.objectCount) === decoded.objects.surviving],
    ['times of ticks', ascending(heap.ticks.timeMs)],
    ['tick of the peak', heap.peakTick <= heap.ticks.length],
    ['sites of lifetimes', below(lifetimes.site, sites.length)],
    ['births', below(lifetimes.born, 2 * heap.ticks.length + 2)],
    ['deaths', lifetimes.died.every((died, row) => died > lifetimes.born[row]!)],
    ['place of damage', !damage || (damage.fileOffset >= 0 && damage.fileOffset + decoded.paddingBytes <= fileLength)],
    ['words for damage', !damage || !damage.reason.startsWith('reason')],
  ];
  return checks.find(([, holds]) => !holds)?.[0] ?? null;
}

function sum(column: Float64Array): number {
  return column.reduce((total, each) => total + each, 0);
}
