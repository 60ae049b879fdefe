/**
 * What a reader says of a capture, and what the reference model says of the same records, as plain data of one shape
 * with names in place of row numbers, so that one comparison covers every number and every row.
 */
import { ALLOCATORS, type Allocator, type Reference, siteKey, type Word } from '@memscope/fixtures';
import type { Decoded, RawObjects } from '../src/index.js';
import type { CaptureRead } from './read-capture.js';

export interface CaptureSummary {
  /** By `siteKey`: "COUNT:BYTES" of total, peak, leaked and temporary. */
  readonly sites: Readonly<Record<string, string>>;
  readonly peak: readonly [bytes: number, tick: number];
  /** [ms since the start, RSS, heap, greatest heap]; what follows the last memory record has no time and no RSS. */
  readonly ticks: readonly (readonly (number | null)[])[];
  /** "SITE BORN..DIED COUNT:BYTES", equal rows merged, sorted. */
  readonly lifetimes: readonly string[];
  /** Records and bytes. */
  readonly allocators: Readonly<Record<string, readonly [records: number, bytes: number]>>;
  readonly sizes: Readonly<Record<string, number>>;
  readonly replaced: readonly [count: number, bytes: number];
  readonly threadNames: Readonly<Record<string, string>>;
  readonly objects: RawObjects;
  /** Surviving objects by `siteKey`, with the allocator `none`. */
  readonly survivors: Readonly<Record<string, number>>;
}

export function summarizeRead({ decoded, heap, lifetimes }: CaptureRead): CaptureSummary {
  const keys = siteKeys(decoded);
  const { sites } = decoded;
  const { usages } = heap;
  const sums = new Map<string, number[]>();
  const survivors: [string, number][] = [];
  for (const [row, key] of keys.entries()) {
    if (sites.allocator[row] === 0) {
      survivors.push([key, sites.objectCount![row]!]);
      continue;
    }
    const cells = [
      [usages.totalCount, usages.totalBytes],
      [usages.peakCount, usages.peakBytes],
      [usages.leakedCount, usages.leakedBytes],
      [sites.temporaryCount, sites.temporaryBytes],
    ].flatMap((columns) => columns.map((column) => column[row]!));
    const known = sums.get(key);
    sums.set(key, known ? cells.map((cell, index) => cell + known[index]!) : cells);
  }
  const ticks: (number | null)[][] = [...heap.ticks.timeMs].map((timeMs, row) => [
    timeMs,
    heap.ticks.rssBytes[row]!,
    heap.ticks.heapBytes[row]!,
    heap.ticks.peakBytes[row]!,
  ]);
  return {
    sites: sorted([...sums].map(([key, cells]) => [key, pairs(cells)])),
    peak: [heap.peakBytes, heap.peakTick],
    ticks: [...ticks, [null, null, heap.heapBytes, heap.tailPeakBytes]],
    lifetimes: foldRows(
      lifetimes.site.map((site, row) => ({
        name: `${keys[site]} ${lifetimes.born[row]}..${lifetimes.died[row] === Number.POSITIVE_INFINITY ? 'never' : lifetimes.died[row]}`,
        count: lifetimes.count[row]!,
        bytes: lifetimes.bytes[row]!,
      })),
    ),
    allocators: allocatorSums(decoded),
    sizes: Object.fromEntries([...decoded.sizes.bytes].map((bytes, row) => [bytes, decoded.sizes.count[row]!])),
    replaced: [heap.replacedCount, heap.replacedBytes],
    threadNames: sorted(
      [...decoded.threads.tid].flatMap((tid, row): [string, string][] => {
        const name = decoded.threads.name[row]!;
        return name < 0 ? [] : [[String(tid), decoded.strings[name]!]];
      }),
    ),
    objects: decoded.objects,
    survivors: sorted(survivors),
  };
}

export function summarizeReference(reference: Reference, startMs: Word): CaptureSummary {
  const { recordsByAllocator, bytesByAllocator, objects, survivors } = reference;
  return {
    sites: sorted(
      reference.sites.map(({ key, total, peak, leaked, temporary }) => [
        key,
        pairs([total, peak, leaked, temporary].flatMap(({ count, bytes }) => [count, bytes])),
      ]),
    ),
    peak: [reference.peakBytes, reference.peakTick],
    ticks: reference.ticks.map(({ timeMs, rssBytes, heapBytes, peakBytes }) => [
      timeMs === null ? null : timeMs - Number(startMs),
      rssBytes,
      heapBytes,
      peakBytes,
    ]),
    lifetimes: foldRows(
      reference.lifetimes.map(({ site, born, died, count, bytes }) => ({
        name: `${site} ${born}..${died ?? 'never'}`,
        count,
        bytes,
      })),
    ),
    allocators: sorted(
      [...recordsByAllocator].map(([name, records]) => [name, [records, bytesByAllocator.get(name) ?? 0] as const]),
    ),
    sizes: Object.fromEntries(reference.sizes),
    replaced: [reference.replacedCount, reference.replacedBytes],
    threadNames: sorted(
      [...reference.threadNames].map(([tid, name]) => [BigInt.asUintN(64, BigInt(tid)).toString(), name]),
    ),
    objects,
    survivors: sorted([...survivors]),
  };
}

/** Records and bytes by allocator name; allocators without records are left out. */
export function allocatorSums(decoded: Decoded): Record<string, readonly [records: number, bytes: number]> {
  return sorted(
    decoded.recordsByAllocator.flatMap((records, number): [string, readonly [number, number]][] =>
      records === 0 ? [] : [[ALLOCATORS[number]!, [records, decoded.bytesByAllocator[number]!]]],
    ),
  );
}

/** The key of each site as the reference model writes it: thread, allocator, native node, Python stack by name. */
export function siteKeys({ sites, threads, stacks, frames, strings }: Decoded): string[] {
  const labels = Array.from(
    frames.functionName,
    (name, row) => `${strings[name]} ${strings[frames.file[row]!]}:${frames.line[row]}`,
  );
  const framesOf = (stack: number): string[] => {
    const path: string[] = [];
    for (let at = stack; at !== 0; at = stacks.parent[at]!) path.push(labels[stacks.frame[at]!]!);
    return path.reverse();
  };
  return Array.from(sites.pythonStack, (stack, row) =>
    siteKey({
      thread: threads.tid[sites.thread[row]!]!,
      allocator: ALLOCATORS[sites.allocator[row]!] as Allocator,
      native: sites.nativeStack[row]!,
      stack: framesOf(stack),
    }),
  );
}

function pairs(cells: readonly number[]): string {
  return cells.flatMap((cell, at) => (at % 2 === 0 ? [`${cell}:${cells[at + 1]}`] : [])).join(' ');
}

function foldRows(rows: readonly { name: string; count: number; bytes: number }[]): string[] {
  const sums = new Map<string, { count: number; bytes: number }>();
  for (const { name, count, bytes } of rows) {
    const sum = sums.get(name);
    if (sum) {
      sum.count += count;
      sum.bytes += bytes;
    } else {
      sums.set(name, { count, bytes });
    }
  }
  return [...sums].map(([name, { count, bytes }]) => `${name} ${count}:${bytes}`).sort();
}

function sorted<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
