/** A small capture as tables, and batches of lifetimes from readable rows; tests change what they are about. */
import {
  answersBut,
  NO_HISTORY,
  NATIVE_FRAME,
  NEVER,
  PYTHON_FRAME,
  type CaptureNotes,
  type CaptureRow,
  type CaptureTables,
  type LifetimeBatch,
  type SiteTable,
} from '@memscope/model';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const capture: CaptureRow = {
  id: 1,
  path: '/captures/service.bin',
  format: 'memray',
  formatVersion: 13,
  answers: answersBut({ sizes: 'estimated' }),
  samplingBytes: null,
  layout: 'all',
  compression: 'lz4',
  nativeTraces: true,
  pythonVersion: '3.13.5',
  pythonAllocator: 'pymalloc',
  tracePythonAllocators: false,
  commandLine: 'serve.py --port 80',
  pid: 4711,
  mainThreadId: 1,
  startMs: 1_700_000_000_000,
  endMs: 1_700_000_002_500,
  complete: true,
  readBytes: 9000,
  totalBytes: 9000,
  allocations: 60,
  deallocations: 40,
  bytesAllocated: 123_456,
  peakBytes: 5000,
  peakTick: 1,
  leakedBytes: 700,
  leakedCount: 7,
  temporaryBytes: 300,
  temporaryCount: 3,
};

const notes: CaptureNotes = {
  recordsByAllocator: [0, 0, 0, 0, 0, 40, 55, 0, 5],
  bytesByAllocator: [0, 0, 0, 0, 0, 0, 120_000, 0, 3456],
  temporaryThreshold: 1,
  memoryRecords: 3,
  rssPeakBytes: 40_000,
  rssPeakMs: 1_700_000_001_000,
  tailPeakBytes: 4000,
  tailHeapBytes: 700,
  sizesExact: true,
  objects: { created: 9, destroyed: 8, surviving: 1 },
  replacedCount: 0,
  replacedBytes: 0,
  damage: null,
  symbols: {
    modules: [
      {
        path: '/usr/lib/libc.so.6',
        name: 'libc.so.6',
        buildId: 'a1b2',
        status: 'found',
        from: 'files',
        positions: 1,
        resolved: 1,
        reason: null,
        warning: null,
      },
    ],
    symbolizer: null,
    joined: { asMemray: 2, byModule: 0, pythonOnly: 1 },
    warnings: [],
  },
  join: { inwards: true, cutThread: 1, cutLoops: 2 },
};

const sites: SiteTable = {
  length: 3,
  thread: Uint32Array.of(0, 0, 1),
  allocator: Uint8Array.of(6, 8, 14),
  pythonStack: Uint32Array.of(2, 1, 0),
  nativeStack: Uint32Array.of(3, 0, 3),
  owner: Uint32Array.of(2, 3, 1),
  totalBytes: Float64Array.of(100_000, 20_000, 3456),
  totalCount: Float64Array.of(50, 5, 5),
  peakBytes: Float64Array.of(4000, 1000, 0),
  peakCount: Float64Array.of(4, 1, 0),
  leakedBytes: Float64Array.of(0, 700, 0),
  leakedCount: Float64Array.of(0, 7, 0),
  temporaryBytes: Float64Array.of(300, 0, 0),
  temporaryCount: Float64Array.of(3, 0, 0),
};

/** Two threads, three sites on the stacks main > load and main, and without one; one native frame. */
export function sampleTables(): CaptureTables {
  return {
    capture,
    threads: { length: 2, tid: BigUint64Array.of(1n, 2n), name: ['MainThread', null] },
    modules: {
      length: 1,
      path: ['/usr/lib/libc.so.6'],
      name: ['libc.so.6'],
      buildId: ['a1b2'],
      category: [null],
    },
    frames: {
      length: 3,
      kind: Uint8Array.of(PYTHON_FRAME, PYTHON_FRAME, NATIVE_FRAME),
      functionName: ['main', 'load', 'malloc'],
      file: ['/app/serve.py', '/app/model.py', null],
      line: Int32Array.of(10, 20, 0),
      module: Int32Array.of(-1, -1, 0),
      ip: BigUint64Array.of(0n, 0n, 0x7f12_3456_789an),
      source: Uint8Array.of(0, 0, 3),
      entry: Uint8Array.of(1, 0, 0),
    },
    stacks: { length: 4, parent: Uint32Array.of(0, 0, 1, 0), frame: Uint32Array.of(0, 0, 1, 2) },
    sites,
    owners: {
      length: 5,
      kind: Uint8Array.of(0, 1, 2, 2, 3),
      functionName: [null, null, 'load', 'main', null],
      file: [null, null, '/app/model.py', '/app/serve.py', '/usr/lib/libc.so.6'],
      peakBytes: Float64Array.of(0, 3456, 4000, 2 ** 52 + 1, 8),
      peakTick: Uint32Array.of(0, 1, 1, 2, 3),
    },
    ticks: {
      length: 3,
      timeMs: Float64Array.of(1_700_000_000_000, 1_700_000_001_000, 1_700_000_002_000),
      rssBytes: Float64Array.of(30_000, 40_000, 35_000),
      heapBytes: Float64Array.of(1000, 4500, 900),
      peakBytes: Float64Array.of(1500, 5000, 4600),
    },
    sizeClasses: { length: 2, bytes: Float64Array.of(16, 4096), count: Float64Array.of(40, 20) },
    notes,
  };
}

/** The same capture in the aggregated layout, without native traces: no totals, temporaries or lifetimes. */
export function aggregatedTables(): CaptureTables {
  const tables = sampleTables();
  return {
    ...tables,
    capture: {
      ...capture,
      answers: answersBut({ ...NO_HISTORY, nativeStacks: 'none' }),
      layout: 'aggregated',
      nativeTraces: false,
      pythonVersion: null,
      tracePythonAllocators: null,
      mainThreadId: null,
      allocations: null,
      deallocations: null,
      bytesAllocated: null,
      peakTick: null,
      temporaryBytes: null,
      temporaryCount: null,
    },
    owners: { ...tables.owners, peakBytes: null, peakTick: null },
    sites: {
      ...sites,
      nativeStack: null,
      totalBytes: null,
      totalCount: null,
      temporaryBytes: null,
      temporaryCount: null,
    },
    ticks: { ...tables.ticks, peakBytes: null },
    sizeClasses: null,
    notes: { ...notes, recordsByAllocator: null, bytesByAllocator: null, objects: null, symbols: null, join: null },
  };
}

/** Rows of site, born, died (null = never), count, bytes. */
export type LifetimeRow = readonly [site: number, born: number, died: number | null, count: number, bytes: number];

export function batchOf(rows: readonly LifetimeRow[]): LifetimeBatch {
  return {
    rows: rows.length,
    site: Uint32Array.from(rows, (row) => row[0]),
    born: Uint32Array.from(rows, (row) => row[1]),
    died: Uint32Array.from(rows, (row) => row[2] ?? NEVER),
    count: Float64Array.from(rows, (row) => row[3]),
    bytes: Float64Array.from(rows, (row) => row[4]),
  };
}

export function rowsOf(batch: LifetimeBatch): LifetimeRow[] {
  return Array.from({ length: batch.rows }, (_, row) => [
    batch.site[row]!,
    batch.born[row]!,
    batch.died[row] === NEVER ? null : batch.died[row]!,
    batch.count[row]!,
    batch.bytes[row]!,
  ]);
}

/** A folder that goes away with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'memscope-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Numbers from 0 up to below `limit`, the same in every run. */
export function seededRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
