/** The kernel's raw tables of one capture → the tables of a profile. */
import { pythonVersionOf, type Decoded, type HeapTables, type RawNumbers } from '@memscope/kernel';
import {
  answersBut,
  type Answers,
  NO_HISTORY,
  OWNER_KINDS,
  type CaptureNotes,
  type CaptureRow,
  type CaptureTables,
  type ClockSteps,
  type OwnerTable,
  type SiteTable,
} from '@memscope/model/recorded';
import { endOf } from './recording-end.js';
import { CAPTURE_ID } from './native-sites.js';
import type { StackTables } from './stack-tables.js';
import { usedThreads } from './used-threads.js';

/** What the tables say beyond the capture's own bytes. */
export interface CaptureSource {
  /** Absolute path, `-` for standard input. */
  readonly path: string;
  /** Size of the file, or what came of standard input. */
  readonly totalBytes: number;
  readonly temporaryThreshold: number;
}

/** Allocators whose records are deallocations: pymalloc_free, free, munmap. */
const DEALLOCATORS = [1, 5, 15];
const FUNCTION = OWNER_KINDS.indexOf('function');

export function captureTables(
  decoded: Decoded,
  heap: HeapTables,
  source: CaptureSource,
  { frames, modules, stacks, symbols, join, sourceLines, ...siteStacks }: StackTables,
): CaptureTables {
  const { header, sizes } = decoded;
  const aggregated = header.layout === 'aggregated';
  const { totalBytes, totalCount } = heap.usages;
  const usages = aggregated ? decoded.sites : heap.usages;
  const { threads, siteThread, dropped } = usedThreads(decoded);
  const sites: SiteTable = {
    length: decoded.sites.length,
    thread: siteThread,
    allocator: decoded.sites.allocator,
    ...siteStacks,
    owner: decoded.sites.owner,
    totalBytes: aggregated ? null : doubles(totalBytes),
    totalCount: aggregated ? null : doubles(totalCount),
    peakBytes: doubles(usages.peakBytes),
    peakCount: doubles(usages.peakCount),
    leakedBytes: doubles(usages.leakedBytes),
    leakedCount: doubles(usages.leakedCount),
    temporaryBytes: aggregated ? null : doubles(decoded.sites.temporaryBytes),
    temporaryCount: aggregated ? null : doubles(decoded.sites.temporaryCount),
    ...(decoded.sites.objectCount === null ? {} : { objectCount: decoded.sites.objectCount }),
  };
  return {
    capture: captureRow(decoded, heap, source, sites),
    threads,
    modules,
    frames,
    stacks,
    sites,
    owners: ownerTable(decoded, heap),
    ticks: {
      length: heap.ticks.length,
      timeMs: heap.ticks.timeMs.map((time) => header.startMs + time),
      rssBytes: heap.ticks.rssBytes,
      heapBytes: heap.ticks.heapBytes,
      peakBytes: aggregated ? null : heap.ticks.peakBytes,
    },
    sizeClasses: aggregated ? null : { length: sizes.length, bytes: sizes.bytes, count: sizes.count },
    notes: {
      ...captureNotes(decoded, heap, source),
      symbols,
      join: join && { ...join, cutThread: rowWithout(join.cutThread, dropped) },
    },
    ...(sourceLines.size > 0 ? { sourceLines } : {}),
  };
}

function doubles(column: RawNumbers): Float64Array {
  return column instanceof Float64Array ? column : new Float64Array(column);
}

/** Null for a thread that was dropped: it has no site. */
function rowWithout(row: number | null, dropped: number): number | null {
  return row === null || row < dropped ? null : row - dropped;
}

function ownerTable({ header, owners, strings }: Decoded, { ownPeaks }: HeapTables): OwnerTable {
  const aggregated = header.layout === 'aggregated';
  const text = (row: number): string | null => (row === 0 ? null : strings[row]!);
  const names = Array.from(owners.functionName, text);
  return {
    length: owners.length,
    kind: owners.kind,
    // A function without a name is one, too.
    functionName: names.map((name, row) => (owners.kind[row] === FUNCTION ? (name ?? '') : null)),
    file: Array.from(owners.file, text),
    peakBytes: aggregated ? null : ownPeaks.bytes,
    peakTick: aggregated ? null : ownPeaks.tick,
  };
}

/** A profile gives answers back in this order, and documents keep it. */
const FIRST_ANSWER: Partial<Answers> = { objects: 'none' };

function captureRow(decoded: Decoded, heap: HeapTables, source: CaptureSource, sites: SiteTable): CaptureRow {
  const { header, sizes } = decoded;
  const { endMs, damage } = endOf(decoded, heap, source.path);
  const aggregated = header.layout === 'aggregated';
  const unread = unreadBytes(decoded, source);
  const records = decoded.recordsByAllocator;
  const deallocations = DEALLOCATORS.reduce((count, allocator) => count + records[allocator]!, 0);
  return {
    id: CAPTURE_ID,
    path: source.path,
    format: 'memray',
    formatVersion: header.version,
    answers: {
      ...FIRST_ANSWER,
      ...answersBut({
        ...(aggregated ? NO_HISTORY : sizes.exact ? {} : { sizes: 'estimated' }),
        ...(heap.memoryRecords === 0 ? { rss: 'none' } : {}),
        ...(header.nativeTraces ? {} : { nativeStacks: 'none' }),
        ...(decoded.sites.objectCount === null ? {} : { objects: 'exact' }),
      }),
    },
    samplingBytes: null,
    layout: header.layout,
    compression: decoded.compressed ? 'lz4' : 'none',
    nativeTraces: header.nativeTraces,
    pythonVersion: header.pythonVersionHex === null ? null : pythonVersionOf(header.pythonVersionHex),
    pythonAllocator: header.pythonAllocator,
    tracePythonAllocators: header.tracePythonAllocators,
    mainThreadId: header.mainThreadId === null ? null : Number(header.mainThreadId),
    commandLine: header.commandLine,
    pid: header.pid,
    startMs: header.startMs,
    endMs,
    complete: damage === null,
    readBytes: source.totalBytes - unread,
    totalBytes: source.totalBytes,
    allocations: aggregated ? null : sum(records) - deallocations,
    deallocations: aggregated ? null : deallocations,
    bytesAllocated: sites.totalBytes && sum(sites.totalBytes),
    peakBytes: aggregated ? sum(sites.peakBytes) : heap.peakBytes,
    peakTick: aggregated ? null : heap.peakTick,
    leakedBytes: sum(sites.leakedBytes),
    leakedCount: sum(sites.leakedCount),
    temporaryBytes: sites.temporaryBytes && sum(sites.temporaryBytes),
    temporaryCount: sites.temporaryCount && sum(sites.temporaryCount),
  };
}

function captureNotes(
  decoded: Decoded,
  heap: HeapTables,
  source: CaptureSource,
): Omit<CaptureNotes, 'symbols' | 'join'> {
  const { header } = decoded;
  const aggregated = header.layout === 'aggregated';
  const { damage } = endOf(decoded, heap, source.path);
  return {
    recordsByAllocator: aggregated ? null : decoded.recordsByAllocator,
    bytesByAllocator: aggregated ? null : decoded.bytesByAllocator,
    temporaryThreshold: source.temporaryThreshold,
    memoryRecords: heap.memoryRecords,
    rssPeakBytes: heap.memoryRecords ? heap.rssPeakBytes : null,
    rssPeakMs: heap.memoryRecords ? header.startMs + heap.rssPeakMs : null,
    tailPeakBytes: aggregated ? null : heap.tailPeakBytes,
    tailHeapBytes: aggregated ? null : heap.heapBytes,
    sizesExact: decoded.sizes.exact,
    objects: header.trackObjects ? decoded.objects : null,
    replacedCount: heap.replacedCount,
    replacedBytes: heap.replacedBytes,
    damage: damage && { ...damage, unreadBytes: unreadBytes(decoded, source) },
    clock: clockNote(heap),
    cutNames: decoded.cutNames,
    commandLineCut: header.commandLineCut,
  };
}

function unreadBytes({ damage, paddingBytes }: Decoded, { totalBytes }: CaptureSource): number {
  return damage ? Math.max(0, totalBytes - damage.fileOffset - paddingBytes) : 0;
}

function clockNote({ clock }: HeapTables): ClockSteps | null {
  const { stepsBack, backMs, stepsForward, forwardMs } = clock;
  return stepsBack + stepsForward === 0 ? null : { stepsBack, backMs, stepsForward, forwardMs };
}

function sum(column: ArrayLike<number>): number {
  let total = 0;
  for (let row = 0; row < column.length; row++) total += column[row]!;
  return total;
}
