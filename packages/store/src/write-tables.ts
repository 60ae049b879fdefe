/**
 * A capture's tables → rows of the profile's database, inside the writer's transaction. Fifty rows go into one statement
 * where there are many: that halves the time.
 */
import { ALLOCATOR_NAMES, NATIVE_FRAME, type CaptureRow, type CaptureTables } from '@memscope/model';
import type { Database } from 'better-sqlite3';
import { packRuns } from './run-lengths.js';
import {
  FRAME_SOURCES_KEY,
  JOIN_METHODS_KEY,
  LIFETIME_COLUMN_MEANINGS,
  MEMSCOPE_VERSION,
  SCHEMA_VERSION,
  type TableName,
} from './schema.js';
import { formatSourceLines, SOURCE_LINES_KEY } from './source-line-text.js';
import type { SourceStamp } from './source-stamp.js';
import { symbolMeta, type SymbolStamp } from './symbol-stamp.js';
import { storedUsageOf } from './stored-usage.js';

type Cell = string | number | bigint | null;

const ROWS_PER_STATEMENT = 50;

export function writeTables(
  database: Database,
  tables: CaptureTables,
  stamp: SourceStamp | null,
  symbols: SymbolStamp | null,
): void {
  const { capture, threads, modules, frames, stacks, sites, ticks, sizeClasses } = tables;
  const meta = [...metaOf(tables, stamp), ...symbolMeta(symbols ?? {}), ...storedUsageOf(tables)];
  insertRows(database, 'meta', 2, meta.length, (row, cells, at) => {
    [cells[at], cells[at + 1]] = meta[row]!;
  });
  const captureCells = captureCellsOf(capture);
  insertRows(database, 'capture', captureCells.length, 1, (_, cells, at) => {
    for (const [index, cell] of captureCells.entries()) cells[at + index] = cell;
  });
  insertRows(database, 'thread', 4, threads.length, (row, cells, at) => {
    cells[at] = row;
    cells[at + 1] = capture.id;
    cells[at + 2] = unsigned64(threads.tid[row]!);
    cells[at + 3] = threads.name[row] ?? null;
  });
  insertRows(database, 'module', 5, modules.length, (row, cells, at) => {
    cells[at] = row;
    cells[at + 1] = modules.path[row]!;
    cells[at + 2] = modules.name[row]!;
    cells[at + 3] = modules.buildId[row] ?? null;
    cells[at + 4] = modules.category[row] ?? null;
  });
  insertRows(database, 'frame', 7, frames.length, (row, cells, at) => {
    const native = frames.kind[row] === NATIVE_FRAME;
    const module = frames.module[row]!;
    cells[at] = row;
    cells[at + 1] = native ? 'native' : 'python';
    cells[at + 2] = frames.functionName[row] ?? null;
    cells[at + 3] = frames.file[row] ?? null;
    cells[at + 4] = frames.line[row]!;
    cells[at + 5] = module < 0 ? null : module;
    cells[at + 6] = native ? unsigned64(frames.ip[row]!) : null;
  });
  insertRows(database, 'stack', 3, stacks.length, (row, cells, at) => {
    cells[at] = row;
    cells[at + 1] = row === 0 ? null : stacks.parent[row]!;
    cells[at + 2] = row === 0 ? null : stacks.frame[row]!;
  });
  const { totalBytes, totalCount, temporaryBytes, temporaryCount } = sites;
  insertRows(database, 'site', 15, sites.length, (row, cells, at) => {
    cells[at] = row;
    cells[at + 1] = capture.id;
    cells[at + 2] = sites.thread[row]!;
    cells[at + 3] = ALLOCATOR_NAMES[sites.allocator[row]!]!;
    cells[at + 4] = sites.pythonStack[row]!;
    cells[at + 5] = sites.nativeStack === null ? null : sites.nativeStack[row]!;
    cells[at + 6] = sites.stack === null ? null : sites.stack[row]!;
    cells[at + 7] = totalBytes === null ? null : exact(totalBytes[row]!);
    cells[at + 8] = totalCount === null ? null : exact(totalCount[row]!);
    cells[at + 9] = exact(sites.peakBytes[row]!);
    cells[at + 10] = exact(sites.peakCount[row]!);
    cells[at + 11] = exact(sites.leakedBytes[row]!);
    cells[at + 12] = exact(sites.leakedCount[row]!);
    cells[at + 13] = temporaryBytes === null ? null : exact(temporaryBytes[row]!);
    cells[at + 14] = temporaryCount === null ? null : exact(temporaryCount[row]!);
  });
  insertRows(database, 'tick', 6, ticks.length, (row, cells, at) => {
    cells[at] = row;
    cells[at + 1] = capture.id;
    cells[at + 2] = exact(ticks.timeMs[row]!);
    cells[at + 3] = exact(ticks.rssBytes[row]!);
    cells[at + 4] = exact(ticks.heapBytes[row]!);
    cells[at + 5] = ticks.peakBytes === null ? null : exact(ticks.peakBytes[row]!);
  });
  if (sizeClasses !== null)
    insertRows(database, 'size_class', 3, sizeClasses.length, (row, cells, at) => {
      cells[at] = capture.id;
      cells[at + 1] = exact(sizeClasses.bytes[row]!);
      cells[at + 2] = exact(sizeClasses.count[row]!);
    });
}

function metaOf(tables: CaptureTables, stamp: SourceStamp | null): Map<string, string> {
  const { capture, notes, frames, sites, sourceLines } = tables;
  const meta = new Map([
    ['schema_version', String(SCHEMA_VERSION)],
    ['memscope_version', MEMSCOPE_VERSION],
    ['capture_path', capture.path],
    ['temporary_threshold', String(notes.temporaryThreshold)],
    ['lifetime_columns', JSON.stringify(LIFETIME_COLUMN_MEANINGS)],
    ['notes', JSON.stringify(notes)],
  ]);
  if (frames.source.some((source) => source !== 0)) meta.set(FRAME_SOURCES_KEY, packRuns(frames.source));
  if (sites.joinMethod !== null) meta.set(JOIN_METHODS_KEY, packRuns(sites.joinMethod));
  if (sourceLines && sourceLines.size > 0) meta.set(SOURCE_LINES_KEY, formatSourceLines(sourceLines));
  if (stamp !== null) {
    meta.set('capture_size', String(stamp.size));
    meta.set('capture_mtime_ns', String(stamp.mtimeNs));
    meta.set('capture_digest', stamp.digest);
  }
  return meta;
}

function captureCellsOf(capture: CaptureRow): Cell[] {
  return [
    capture.id,
    capture.path,
    capture.format,
    capture.formatVersion,
    capture.layout,
    capture.compression,
    flag(capture.nativeTraces),
    capture.pythonVersion,
    capture.pythonAllocator,
    flag(capture.tracePythonAllocators),
    capture.commandLine,
    capture.pid,
    exact(capture.mainThreadId),
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

/** Inserts `rows` rows; `fill` writes the cells of one of them, starting at `at`. */
function insertRows(
  database: Database,
  table: TableName,
  columns: number,
  rows: number,
  fill: (row: number, cells: Cell[], at: number) => void,
): void {
  const values = `(${Array(columns).fill('?').join(',')})`;
  let row = 0;
  if (rows >= ROWS_PER_STATEMENT) {
    const many = Array(ROWS_PER_STATEMENT).fill(values).join(',');
    const statement = database.prepare<[Cell[]]>(`INSERT INTO ${table} VALUES ${many}`);
    const cells = Array<Cell>(ROWS_PER_STATEMENT * columns).fill(null);
    for (; row + ROWS_PER_STATEMENT <= rows; row += ROWS_PER_STATEMENT) {
      for (let i = 0; i < ROWS_PER_STATEMENT; i++) fill(row + i, cells, i * columns);
      statement.run(cells);
    }
  }
  const statement = database.prepare<[Cell[]]>(`INSERT INTO ${table} VALUES ${values}`);
  const cells = Array<Cell>(columns).fill(null);
  for (; row < rows; row++) {
    fill(row, cells, 0);
    statement.run(cells);
  }
}

/** Numbers are bound as doubles, of which SQLite turns only those below 2^51 into integers by itself. */
function exact(value: number | null): Cell {
  return value !== null && Math.abs(value) >= 2 ** 51 && Number.isInteger(value) ? BigInt(value) : value;
}

/** An unsigned 64-bit number as SQLite's signed one with the same bits. */
function unsigned64(value: bigint): Cell {
  return value < 2n ** 51n ? Number(value) : BigInt.asIntN(64, value);
}

function flag(value: boolean | null): Cell {
  return value === null ? null : value ? 1 : 0;
}
