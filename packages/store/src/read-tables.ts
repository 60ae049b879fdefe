/** The tables of an open profile → the model's columns, checked so that no row refers to one that does not exist. */
import {
  ALLOCATOR_NAMES,
  FRAME_SOURCES,
  NATIVE_FRAME,
  OWNER_KINDS,
  PYTHON_FRAME,
  type FrameTable,
  type ModuleTable,
  type OwnerTable,
  type SiteMeasure,
  type SiteTable,
  type SiteWeights,
  type SizeClassTable,
  type StackTable,
  type ThreadTable,
  type TickTable,
} from '@memscope/model';
import type { Locations, SiteUsage } from './fold-usage.js';
import { highHalf, lowHalf, type ColumnFill, type ColumnReader, type ColumnSource } from './read-columns.js';
import { FRAME_ENTRIES_KEY, FRAME_SOURCES_KEY } from './schema.js';

const [THREAD, MODULE, FRAME, STACK, SITE, TICK] = ['thread', 'module', 'frame', 'stack', 'site', 'tick'].map(
  (from): ColumnSource => ({ from, id: 'id', first: 0 }),
) as [ColumnSource, ColumnSource, ColumnSource, ColumnSource, ColumnSource, ColumnSource];
const OWN_PEAK: ColumnSource = { from: 'own_peak', id: 'owner', first: 0 };
const SIZE_CLASS: ColumnSource = { from: 'size_class', id: 'rowid', first: 1 };
const SITE_WITH_STACK: ColumnSource = {
  from: 'site LEFT JOIN stack AS innermost ON innermost.id = site.python_stack',
  id: 'site.id',
  first: 0,
};

const ALLOCATORS = new Map<unknown, number>(ALLOCATOR_NAMES.map((name, index) => [name, index] as const).slice(1));
const FRAME_KINDS = new Map<unknown, number>([
  ['python', PYTHON_FRAME],
  ['native', NATIVE_FRAME],
]);
const OWNERS = new Map<unknown, number>(OWNER_KINDS.map((name, index) => [name, index] as const));
const MAX_LINE = 2 ** 31;

/** Columns of `SiteTable` that say where from. */
export type SiteStacks = Pick<SiteTable, 'owner' | 'pythonStack' | 'nativeStack'>;
/** Columns of `SiteTable` that say who allocated and where. */
export type RecordedSiteKeys = SiteStacks & Pick<SiteTable, 'length' | 'thread' | 'allocator'>;

export function readThreads(reader: ColumnReader): ThreadTable {
  const length = reader.countRows(THREAD);
  const tid = new BigUint64Array(length);
  const name: (string | null)[] = [];
  reader.read(THREAD, length, {
    [highHalf('tid')]: reader.halves(tid, 'high'),
    [lowHalf('tid')]: reader.halves(tid, 'low'),
    name: reader.texts(name),
  });
  return { length, tid, name };
}

/** The native ones. Those of Python stand behind them and are for SQL: frames say by their files which module they are in. */
export function readModules(reader: ColumnReader): ModuleTable {
  const rows = reader.countRows(MODULE);
  const [path, name, buildId, kind, category]: (string | null)[][] = [[], [], [], [], []];
  reader.read(MODULE, rows, {
    "coalesce(path, '')": reader.texts(path!),
    "coalesce(name, '')": reader.texts(name!),
    build_id: reader.texts(buildId!),
    kind: reader.texts(kind!),
    category: reader.texts(category!),
  });
  const end = kind!.findIndex((each) => each !== 'native');
  const length = end < 0 ? rows : end;
  for (const column of [path, name, buildId, category]) column!.length = length;
  return { length, path: path as string[], name: name as string[], buildId: buildId!, category: category! };
}

/** Function, file and line of every frame. */
export function countFrames(reader: ColumnReader): number {
  return reader.countRows(FRAME);
}

/** Of the first `length` frames. */
export function readLocations(reader: ColumnReader, length: number): Locations {
  const functionName: (string | null)[] = [];
  const file: (string | null)[] = [];
  const line = new Int32Array(length);
  reader.read(FRAME, length, {
    function: reader.texts(functionName),
    file: reader.texts(file),
    line: reader.integers(line, MAX_LINE, 0),
  });
  return { length, functionName, file, line };
}

export function readFrames(reader: ColumnReader, modules: number): FrameTable {
  const locations = readLocations(reader, countFrames(reader));
  const kind = new Uint8Array(locations.length);
  const module = new Int32Array(locations.length);
  const ip = new BigUint64Array(locations.length);
  reader.read(FRAME, locations.length, {
    kind: reader.names(kind, FRAME_KINDS),
    module_id: reader.integers(module, reader.countRows(MODULE), -1),
    [highHalf('ip')]: reader.halves(ip, 'high'),
    [lowHalf('ip')]: reader.halves(ip, 'low'),
  });
  for (let row = 0; row < module.length; row++) {
    if (kind[row] !== NATIVE_FRAME) module[row] = -1;
    else if (module[row]! >= modules) throw reader.corrupt(`the native frame ${row} is in no native module`);
  }
  const source = reader.runs(FRAME_SOURCES_KEY, locations.length, FRAME_SOURCES.length);
  const entry = reader.runs(FRAME_ENTRIES_KEY, locations.length, 2);
  return {
    ...locations,
    kind,
    module,
    ip,
    source: source ?? new Uint8Array(locations.length),
    ...(entry === null ? {} : { entry }),
  };
}

export function readStacks(reader: ColumnReader, frames: number): StackTable {
  const length = reader.countRows(STACK);
  const parent = new Uint32Array(length);
  const frame = new Uint32Array(length);
  reader.read(STACK, length, {
    parent_id: reader.integers(parent, length, 0),
    frame_id: reader.integers(frame, Math.max(1, frames), 0),
  });
  for (let row = 1; row < length; row++)
    if (parent[row]! >= row) throw reader.corrupt(`stack ${row} has the parent ${parent[row]}`);
  return { length, parent, frame };
}

export function readSiteUsage(reader: ColumnReader, threads: number, aggregated: boolean): SiteUsage {
  const length = reader.countRows(SITE);
  const thread = new Uint32Array(length);
  const allocator = new Uint8Array(length);
  const column = () => new Float64Array(length);
  const [peakBytes, peakCount, leakedBytes, leakedCount] = [column(), column(), column(), column()];
  const totals = aggregated
    ? { totalBytes: null, totalCount: null, temporaryBytes: null, temporaryCount: null }
    : { totalBytes: column(), totalCount: column(), temporaryBytes: column(), temporaryCount: column() };
  const fills: Record<string, ColumnFill> = {
    thread_id: reader.integers(thread, threads),
    allocator: reader.names(allocator, ALLOCATORS),
    peak_bytes: reader.doubles(peakBytes),
    peak_count: reader.doubles(peakCount),
    leaked_bytes: reader.doubles(leakedBytes),
    leaked_count: reader.doubles(leakedCount),
  };
  if (totals.totalBytes !== null) {
    fills['total_bytes'] = reader.doubles(totals.totalBytes);
    fills['total_count'] = reader.doubles(totals.totalCount);
    fills['temporary_bytes'] = reader.doubles(totals.temporaryBytes);
    fills['temporary_count'] = reader.doubles(totals.temporaryCount);
  }
  reader.read(SITE, length, fills);
  return { length, thread, allocator, peakBytes, peakCount, leakedBytes, leakedCount, ...totals };
}

export function readSiteStacks(reader: ColumnReader, stacks: number): SiteStacks {
  const length = reader.countRows(SITE);
  const owner = new Uint32Array(length);
  const pythonStack = new Uint32Array(length);
  reader.read(SITE, length, {
    python_stack: reader.integers(pythonStack, stacks),
    owner: reader.integers(owner, reader.countRows(OWN_PEAK)),
  });
  return { owner, pythonStack, nativeStack: null };
}

export function readOwners(reader: ColumnReader, ticks: number, aggregated: boolean): OwnerTable {
  const length = reader.countRows(OWN_PEAK);
  const kind = new Uint8Array(length);
  const functionName: (string | null)[] = [];
  const file: (string | null)[] = [];
  const peakBytes = aggregated ? null : new Float64Array(length);
  const peakTick = aggregated ? null : new Uint32Array(length);
  reader.read(OWN_PEAK, length, {
    kind: reader.names(kind, OWNERS),
    function: reader.texts(functionName),
    file: reader.texts(file),
    ...(peakBytes ? { bytes: reader.doubles(peakBytes) } : {}),
    ...(peakTick ? { tick: reader.integers(peakTick, ticks + 1) } : {}),
  });
  return { length, kind, functionName, file, peakBytes, peakTick };
}

export function readSiteKeys(reader: ColumnReader, threads: number, stacks: number): RecordedSiteKeys {
  const length = reader.countRows(SITE);
  const thread = new Uint32Array(length);
  const allocator = new Uint8Array(length);
  reader.read(SITE, length, {
    thread_id: reader.integers(thread, threads),
    allocator: reader.names(allocator, ALLOCATORS),
  });
  return { length, thread, allocator, ...readSiteStacks(reader, stacks) };
}

export function readSiteWeights(reader: ColumnReader, measure: SiteMeasure): SiteWeights {
  const length = reader.countRows(SITE);
  const bytes = new Float64Array(length);
  const count = new Float64Array(length);
  reader.read(SITE, length, {
    [`${measure}_bytes`]: reader.doubles(bytes),
    [`${measure}_count`]: reader.doubles(count),
  });
  return { bytes, count };
}

/** The innermost Python frame of every site, or -1. */
export function readInnermostFrames(reader: ColumnReader, frames: number): Int32Array {
  const length = reader.countRows(SITE);
  const frame = new Int32Array(length);
  reader.read(SITE_WITH_STACK, length, { 'innermost.frame_id': reader.integers(frame, frames, -1) });
  return frame;
}

export function readTicks(reader: ColumnReader, aggregated: boolean): TickTable {
  const length = reader.countRows(TICK);
  const timeMs = new Float64Array(length);
  const rssBytes = new Float64Array(length);
  const heapBytes = new Float64Array(length);
  const peakBytes = aggregated ? null : new Float64Array(length);
  const fills: Record<string, ColumnFill> = {
    time_ms: reader.doubles(timeMs),
    rss_bytes: reader.doubles(rssBytes),
    heap_bytes: reader.doubles(heapBytes),
  };
  if (peakBytes !== null) fills['peak_bytes'] = reader.doubles(peakBytes);
  reader.read(TICK, length, fills);
  return { length, timeMs, rssBytes, heapBytes, peakBytes };
}

export function readSizeClasses(reader: ColumnReader): SizeClassTable {
  const length = reader.countRows(SIZE_CLASS);
  const bytes = new Float64Array(length);
  const count = new Float64Array(length);
  reader.read(SIZE_CLASS, length, { bytes: reader.doubles(bytes), count: reader.doubles(count) });
  return { length, bytes, count };
}

export function countSites(reader: ColumnReader): number {
  return reader.countRows(SITE);
}
