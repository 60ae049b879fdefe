/** The tables of an open profile → the model's columns, checked so that no row refers to one that does not exist. */
import {
  ALLOCATOR_NAMES,
  FRAME_SOURCES,
  NATIVE_FRAME,
  OWNER_KINDS,
  PYTHON_FRAME,
  type FrameTable,
  type MemoryMeasure,
  type ModuleTable,
  type OwnerTable,
  type SiteKeys,
  type SiteWeights,
  type SizeClassTable,
  type StackTable,
  type ThreadTable,
  type TickTable,
} from '@memscope/model/recorded';
import { highHalf, lowHalf, type ColumnFill, type ColumnReader, type ColumnSource } from './read-columns.js';
import { FRAME_ENTRIES_KEY, FRAME_SOURCES_KEY } from './schema.js';

const [THREAD, MODULE, FRAME, STACK, SITE, TICK] = ['thread', 'module', 'frame_row', 'stack', 'site', 'tick'].map(
  (from): ColumnSource => ({ from, id: 'id', first: 0 }),
) as [ColumnSource, ColumnSource, ColumnSource, ColumnSource, ColumnSource, ColumnSource];
const OWN_PEAK: ColumnSource = { from: 'own_peak', id: 'owner', first: 0 };
const FRAME_TEXT: ColumnSource = { from: 'frame_text', id: 'id', first: 0 };
const SIZE_CLASS: ColumnSource = { from: 'size_class', id: 'rowid', first: 1 };

const OWNERS = new Map<unknown, number>(OWNER_KINDS.map((name, index) => [name, index] as const));
const MAX_LINE = 2 ** 31;

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

export function readFrames(reader: ColumnReader, modules: number): FrameTable {
  const texts: (string | null)[] = [];
  reader.read(FRAME_TEXT, reader.countRows(FRAME_TEXT), { text: reader.texts(texts) });
  const length = reader.countRows(FRAME);
  const functionName = new Int32Array(length);
  const file = new Int32Array(length);
  const line = new Int32Array(length);
  const native = new Uint8Array(length);
  const module = new Int32Array(length);
  const ip = new BigUint64Array(length);
  reader.read(FRAME, length, {
    function_id: reader.integers(functionName, texts.length, -1),
    file_id: reader.integers(file, texts.length, -1),
    line: reader.integers(line, MAX_LINE, 0),
    native: reader.integers(native, 2),
    module_id: reader.integers(module, reader.countRows(MODULE), -1),
    [highHalf('ip')]: reader.halves(ip, 'high'),
    [lowHalf('ip')]: reader.halves(ip, 'low'),
  });
  const kind = native.map((each) => (each === 1 ? NATIVE_FRAME : PYTHON_FRAME));
  for (let row = 0; row < module.length; row++) {
    if (kind[row] !== NATIVE_FRAME) module[row] = -1;
    else if (module[row]! >= modules) throw reader.corrupt(`the native frame ${row} is in no native module`);
  }
  const source = reader.runs(FRAME_SOURCES_KEY, length, FRAME_SOURCES.length);
  const entry = reader.runs(FRAME_ENTRIES_KEY, length, 2);
  return {
    length,
    kind,
    functionName: textsOf(functionName, texts),
    file: textsOf(file, texts),
    line,
    module,
    ip,
    source: source ?? new Uint8Array(length),
    ...(entry === null ? {} : { entry }),
  };
}

function textsOf(ids: Int32Array, texts: readonly (string | null)[]): (string | null)[] {
  const column = Array<string | null>(ids.length).fill(null);
  for (let row = 0; row < ids.length; row++) column[row] = texts[ids[row]!] ?? null;
  return column;
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

/** Without native stacks, which stand elsewhere. */
export function readSiteKeys(reader: ColumnReader, threads: number, stacks: number): SiteKeys {
  const length = reader.countRows(SITE);
  const thread = new Uint32Array(length);
  const allocator = new Uint8Array(length);
  const owner = new Uint32Array(length);
  const pythonStack = new Uint32Array(length);
  reader.read(SITE, length, {
    thread_id: reader.integers(thread, threads),
    allocator_id: reader.integers(allocator, ALLOCATOR_NAMES.length),
    python_stack: reader.integers(pythonStack, stacks),
    owner: reader.integers(owner, countOwners(reader)),
  });
  return { length, thread, allocator, owner, pythonStack, nativeStack: null };
}

export function readSiteWeights(reader: ColumnReader, measure: MemoryMeasure): SiteWeights {
  const length = reader.countRows(SITE);
  const bytes = new Float64Array(length);
  const count = new Float64Array(length);
  reader.read(SITE, length, {
    [`${measure}_bytes`]: reader.doubles(bytes),
    [`${measure}_count`]: reader.doubles(count),
  });
  return { bytes, count };
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

export function countOwners(reader: ColumnReader): number {
  return reader.countRows(OWN_PEAK);
}

export function countSites(reader: ColumnReader): number {
  return reader.countRows(SITE);
}
