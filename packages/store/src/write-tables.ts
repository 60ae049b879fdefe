/** A capture's tables → rows of the profile's database, inside the writer's transaction. */
import {
  ALLOCATOR_NAMES,
  familyOfAllocator,
  NATIVE_FRAME,
  OWNER_KINDS,
  USAGE_COLUMNS,
  type AllocatorName,
  type CaptureRow,
  type CaptureTables,
  type StackTable,
} from '@memscope/model/recorded';
import type { Database } from 'better-sqlite3';
import { bound, exact, flag, ID, insertRows, unsigned64, type Cell } from './insert-rows.js';
import { insertPacked, type PackedTable } from './packed-columns.js';
import { pythonModules } from './python-modules.js';
import { snakeCase, snakeKeys } from './snake-case.js';
import { sumUsages, type NativeSiteKeys, type SiteGroups, type UsageColumns } from './sum-native-sites.js';

/** What is written at once: stacks may come before the other tables. */
export interface CaptureRows extends Omit<CaptureTables, 'stacks' | 'sites'> {
  readonly sites: SiteRows;
}

/** Of sites with native stacks the rest is written by `insertNativeSites`. */
export type SiteRows =
  | (CaptureTables['sites'] & { readonly nativeStack: null })
  | (Pick<CaptureTables['sites'], 'allocator' | 'objectCount'> & { readonly nativeStack: Uint32Array });

export function insertMeta(database: Database, meta: readonly (readonly [key: string, value: string])[]): void {
  insertRows(database, 'meta', bound(2), meta.length, (row, cells, at) => {
    [cells[at], cells[at + 1]] = meta[row]!;
  });
}

/** The first row is the empty stack. */
export function insertStacks(database: Database, { length, parent, frame }: StackTable): void {
  const fill = (row: number, cells: Cell[], at: number): void => {
    const isEmpty = row === 0;
    cells[at] = isEmpty ? null : parent[row]!;
    cells[at + 1] = isEmpty ? null : frame[row]!;
  };
  insertRows(database, 'stack', [ID, ...bound(2)], length, fill);
}

export function insertTables(database: Database, tables: CaptureRows): void {
  const { capture, threads, modules, frames, sites, owners, ticks, sizeClasses } = tables;
  const captureId = String(capture.id);
  const captureCells = captureCellsOf(capture);
  insertRows(database, 'capture', bound(captureCells.length), 1, (_, cells, at) => {
    for (const [index, cell] of captureCells.entries()) cells[at + index] = cell;
  });
  insertRows(database, 'thread', [ID, captureId, ...bound(2)], threads.length, (row, cells, at) => {
    cells[at] = unsigned64(threads.tid[row]!);
    cells[at + 1] = threads.name[row] ?? null;
  });
  const python = pythonModules(frames);
  insertRows(database, 'module', [ID, ...bound(5)], modules.length + python.rows.length, (row, cells, at) => {
    const native = row < modules.length;
    const { name, kind, category } = native
      ? { name: modules.name[row]!, kind: 'native', category: modules.category[row] ?? null }
      : python.rows[row - modules.length]!;
    cells[at] = native ? modules.path[row]! : null;
    cells[at + 1] = name;
    cells[at + 2] = native ? (modules.buildId[row] ?? null) : null;
    cells[at + 3] = kind;
    cells[at + 4] = category;
  });
  const texts = new FrameTexts();
  insertRows(database, 'frame_row', [ID, ...bound(6)], frames.length, (row, cells, at) => {
    const native = frames.kind[row] === NATIVE_FRAME;
    const module = native ? frames.module[row]! : modules.length + python.ofFile.get(frames.file[row] ?? null)!;
    cells[at] = flag(native);
    cells[at + 1] = texts.idOf(frames.functionName[row] ?? null);
    cells[at + 2] = texts.idOf(frames.file[row] ?? null);
    cells[at + 3] = frames.line[row]!;
    cells[at + 4] = module < 0 ? null : module;
    cells[at + 5] = native ? unsigned64(frames.ip[row]!) : null;
  });
  insertRows(database, 'frame_text', [ID, '?'], texts.list.length, (row, cells, at) => {
    cells[at] = texts.list[row]!;
  });
  insertRows(database, 'allocator', bound(4), ALLOCATOR_NAMES.length - 1, (row, cells, at) => {
    const name = ALLOCATOR_NAMES[row + 1] as AllocatorName;
    const family = familyOfAllocator(name);
    cells[at] = row + 1;
    cells[at + 1] = name;
    cells[at + 2] = family;
    cells[at + 3] = flag(family === 'mmap');
  });
  if (sites.nativeStack === null) {
    insertPackedSites(database, sites);
    // Few ask for temporary ones, which SQL has.
    if (sites.length >= MANY_ROWS)
      insertUsages(database, 'site', { ...sites, temporaryBytes: null, temporaryCount: null });
    insertSites(database, sites, captureId);
  } else insertPacked(database, 'native_site', 'native_stack', sites.nativeStack, true);
  const { objectCount = null } = sites;
  if (objectCount !== null) insertPacked(database, 'site_object', 'count', objectCount);
  insertRows(database, 'own_peak', [ID, ...bound(5)], owners.length, (row, cells, at) => {
    cells[at] = OWNER_KINDS[owners.kind[row]!]!;
    cells[at + 1] = owners.functionName[row] ?? null;
    cells[at + 2] = owners.file[row] ?? null;
    cells[at + 3] = exact(owners.peakBytes?.[row] ?? null);
    cells[at + 4] = owners.peakTick?.[row] ?? null;
  });
  insertRows(database, 'tick', [ID, captureId, ...bound(4)], ticks.length, (row, cells, at) => {
    cells[at] = exact(ticks.timeMs[row]!);
    cells[at + 1] = exact(ticks.rssBytes[row]!);
    cells[at + 2] = exact(ticks.heapBytes[row]!);
    cells[at + 3] = ticks.peakBytes === null ? null : exact(ticks.peakBytes[row]!);
  });
  if (sizeClasses !== null)
    insertRows(database, 'size_class', [captureId, ...bound(2)], sizeClasses.length, (row, cells, at) => {
      cells[at] = exact(sizeClasses.bytes[row]!);
      cells[at + 1] = exact(sizeClasses.count[row]!);
    });
}

/** Functions and files, each once, in the order in which frames name them. */
class FrameTexts {
  readonly list: string[] = [];
  readonly #ids = new Map<string, number>();

  idOf(text: string | null): number | null {
    if (text === null) return null;
    let id = this.#ids.get(text);
    if (id === undefined) this.#ids.set(text, (id = this.list.push(text) - 1));
    return id;
  }
}

/** From so many rows on memscope reads stacks and sites from packed columns, in a tenth of the time. */
const MANY_ROWS = 1 << 16;

/** Python's stacks, beside their rows in SQL. */
export function insertPackedStacks(database: Database, { length, parent, frame }: StackTable): void {
  if (length < MANY_ROWS) return;
  insertPacked(database, 'stack', 'parent_id', parent.subarray(0, length), true);
  insertPacked(database, 'stack', 'frame_id', frame.subarray(0, length));
}

function insertPackedSites(
  database: Database,
  { length, thread, allocator, pythonStack, owner }: NativeSiteKeys,
): void {
  if (length < MANY_ROWS) return;
  insertPacked(database, 'site', 'thread_id', thread);
  insertPacked(database, 'site', 'allocator_id', allocator);
  insertPacked(database, 'site', 'python_stack', pythonStack, true);
  insertPacked(database, 'site', 'owner', owner);
}

/** Native stacks stand behind Python's: their rows and parents are counted with them. */
export function insertNativeStacks(database: Database, { parent, frame }: Pick<StackTable, 'parent' | 'frame'>): void {
  insertPacked(database, 'native_stack', 'parent', parent, true);
  insertPacked(database, 'native_stack', 'frame', frame);
}

/** Usage of native sites, by their rows. */
export function insertNativeUsages(database: Database, usages: Partial<UsageColumns>): void {
  insertUsages(database, 'native_site', usages);
}

function insertUsages(database: Database, table: PackedTable, usages: Partial<UsageColumns>): void {
  for (const name of USAGE_COLUMNS) {
    const column = usages[name] ?? null;
    if (column !== null) insertPacked(database, table, snakeCase(name), column);
  }
}

/** SQL has those of the same thread, allocator, Python stack and owner as one. `usages` are those of native sites. */
export function insertNativeSites(
  database: Database,
  groups: SiteGroups,
  usages: UsageColumns,
  captureId: number,
): void {
  insertPacked(database, 'native_site', 'site', groups.siteOfNative, true);
  insertPackedSites(database, groups.sites);
  insertSites(database, { ...groups.sites, ...sumUsages(usages, groups) }, String(captureId));
}

/** Columns that a capture does not have are not bound. */
function insertSites(database: Database, sites: NativeSiteKeys & UsageColumns, captureId: string): void {
  const { thread, allocator, pythonStack, owner } = sites;
  const stacks = [pythonStack, owner];
  const usages = [
    sites.totalBytes,
    sites.totalCount,
    sites.peakBytes,
    sites.peakCount,
    sites.leakedBytes,
    sites.leakedCount,
    sites.temporaryBytes,
    sites.temporaryCount,
  ];
  const boundOrNull = [...stacks, ...usages].map((column) => (column === null ? 'NULL' : '?'));
  const numbers = stacks.filter((column) => column !== null);
  const sums = usages.filter((column) => column !== null);
  insertRows(database, 'site', [ID, captureId, '?', '?', ...boundOrNull], sites.length, (row, cells, at) => {
    cells[at] = thread[row]!;
    cells[at + 1] = allocator[row]!;
    let cell = at + 2;
    // Iterators would take a tenth of the time: there are hundreds of thousands of sites.
    for (let each = 0; each < numbers.length; each++) cells[cell++] = numbers[each]![row]!;
    for (let each = 0; each < sums.length; each++) cells[cell++] = exact(sums[each]![row]!);
  });
}

/** What only memray's captures say. */
function detailsOf(capture: CaptureRow): Readonly<Record<string, unknown>> {
  const { layout, compression, nativeTraces, pythonVersion, pythonAllocator, tracePythonAllocators, mainThreadId } =
    capture;
  return snakeKeys({
    layout,
    compression,
    nativeTraces,
    pythonVersion,
    pythonAllocator,
    tracePythonAllocators,
    mainThreadId,
  });
}

function captureCellsOf(capture: CaptureRow): Cell[] {
  return [
    capture.id,
    capture.path,
    capture.format,
    capture.formatVersion,
    JSON.stringify(snakeKeys(capture.answers)),
    capture.samplingBytes,
    JSON.stringify(detailsOf(capture)),
    capture.commandLine,
    capture.pid,
    exact(capture.startMs),
    exact(capture.endMs),
    flag(capture.complete),
    exact(capture.readBytes),
    exact(capture.totalBytes),
    exact(capture.allocations),
    exact(capture.deallocations),
    exact(capture.bytesAllocated),
    exact(capture.peakBytes),
    exact(capture.peakTick),
    exact(capture.leakedBytes),
    exact(capture.leakedCount),
    exact(capture.temporaryBytes),
    exact(capture.temporaryCount),
  ];
}
