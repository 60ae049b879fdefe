/** The rows of `capture` and `meta` → `CaptureRow` and `CaptureNotes`, each value checked for its type. */
import {
  ANSWER_KINDS,
  MODULE_STATUSES,
  parseBoundedJson,
  QUESTIONS,
  SYMBOL_ORIGINS,
  type Answers,
  type CaptureNotes,
  type CaptureRow,
  type JsonBounds,
  type ModuleSymbols,
} from '@memscope/model/recorded';
import type { Database } from 'better-sqlite3';
import { camelKeys } from './snake-case.js';
import { asStoreError, StoreError } from './store-error.js';

/** Lists of allocators and of modules, each with a dozen facts. */
const NOTES_BOUNDS: JsonBounds = { depth: 8, containers: 1 << 18, values: 1 << 22 };

/** A record of texts, numbers and flags. */
const RECORD_BOUNDS: JsonBounds = { depth: 1, containers: 1, values: 64 };

/** What only memray's captures say. */
type CaptureDetails = Pick<
  CaptureRow,
  | 'layout'
  | 'compression'
  | 'nativeTraces'
  | 'pythonVersion'
  | 'pythonAllocator'
  | 'tracePythonAllocators'
  | 'mainThreadId'
>;

/** Throws `StoreError` (`corrupt`). */
export function readCapture(database: Database, path: string): CaptureRow {
  const rows = database.prepare<[], Record<string, unknown>>('SELECT * FROM capture LIMIT 2').all();
  const row = rows[0];
  if (row === undefined || rows.length > 1) throw fault(path, 'the table capture does not hold one row');
  const amount = (column: string) => check(path, column, row[column], isAmount);
  const time = (column: string) => check(path, column, row[column], nullable(isNumber));
  const optional = (column: string) => (row[column] === null ? null : amount(column));
  const text = (column: string) => check(path, column, row[column], isText);
  const flag = (column: string) => check(path, column, row[column], isFlag) === 1;
  const camel = (column: string): Record<string, unknown> =>
    asStoreError('corrupt', path, `is a damaged profile: ${column}`, () =>
      camelKeys(parseBoundedJson(text(column), RECORD_BOUNDS)),
    );
  return {
    id: amount('id'),
    path: text('path'),
    format: check(path, 'format', row['format'], isOneOf('memray')),
    formatVersion: amount('format_version'),
    // A profile of an earlier memscope does not say where objects were created.
    answers: checkRecord<Answers>(path, 'answers', { objects: 'none', ...camel('answers') }, answerChecks),
    samplingBytes: optional('sampling_bytes'),
    ...checkRecord<CaptureDetails>(path, 'details', camel('details'), {
      layout: isOneOf('all', 'aggregated'),
      compression: isOneOf('lz4', 'none'),
      nativeTraces: isBoolean,
      pythonVersion: nullable(isText),
      pythonAllocator: isText,
      tracePythonAllocators: nullable(isBoolean),
      mainThreadId: nullable(isNumber),
    }),
    commandLine: row['command_line'] === null ? null : text('command_line'),
    pid: optional('pid'),
    startMs: time('start_ms'),
    endMs: time('end_ms'),
    complete: flag('complete'),
    readBytes: amount('read_bytes'),
    totalBytes: amount('total_bytes'),
    allocations: optional('allocations'),
    deallocations: optional('deallocations'),
    bytesAllocated: optional('bytes_allocated'),
    peakBytes: amount('peak_bytes'),
    peakTick: optional('peak_tick'),
    leakedBytes: amount('leaked_bytes'),
    leakedCount: amount('leaked_count'),
    temporaryBytes: optional('temporary_bytes'),
    temporaryCount: optional('temporary_count'),
  };
}

/** The value of a key in `meta`, or null; also where it says to be longer than the file, before any of it is read. */
export function readMeta(database: Database, key: string): string | null {
  const value = database
    .prepare<[string]>(
      `SELECT value FROM meta, pragma_page_count, pragma_page_size
        WHERE key = ? AND octet_length(value) <= page_count * page_size`,
    )
    .pluck()
    .get(key);
  return typeof value === 'string' ? value : null;
}

/** Throws `StoreError` (`corrupt`). */
export function readNotes(database: Database, path: string): CaptureNotes {
  const text = readMeta(database, 'notes') ?? 'null';
  const parsed = asStoreError('corrupt', path, 'is a damaged profile: notes', () =>
    parseBoundedJson(text, NOTES_BOUNDS),
  );
  return checkRecord<CaptureNotes>(path, 'notes', parsed, {
    recordsByAllocator: nullable(isAmounts),
    bytesByAllocator: nullable(isAmounts),
    temporaryThreshold: isAmount,
    memoryRecords: isAmount,
    rssPeakBytes: nullable(isAmount),
    rssPeakMs: nullable(isNumber),
    tailPeakBytes: nullable(isAmount),
    tailHeapBytes: nullable(isAmount),
    sizesExact: isBoolean,
    objects: nullable(
      isRecordOf({
        created: nullable(isAmount),
        destroyed: nullable(isAmount),
        fromBefore: optional(nullable(isAmount)),
        surviving: isAmount,
      }),
    ),
    replacedCount: isAmount,
    replacedBytes: isAmount,
    damage: nullable(
      isRecordOf({
        kind: isOneOf('killed', 'cut', 'corrupt', 'limit'),
        fileOffset: isAmount,
        recordOffset: isAmount,
        unreadBytes: isAmount,
        reason: isText,
      }),
    ),
    clock: optional(
      nullable(isRecordOf({ stepsBack: isAmount, backMs: isAmount, stepsForward: isAmount, forwardMs: isAmount })),
    ),
    cutNames: optional(isAmount),
    commandLineCut: optional(isAmount),
    symbols: nullable(
      isRecordOf({
        modules: isListOf(isModuleSymbols),
        symbolizer: nullable(isText),
        joined: isRecordOf({ asMemray: isAmount, byModule: isAmount, pythonOnly: isAmount }),
        warnings: isListOf(isText),
      }),
    ),
    join: nullable(isRecordOf({ inwards: isBoolean, cutThread: nullable(isAmount), cutLoops: isAmount })),
  });
}

type Check<T> = (value: unknown) => value is T;
type Checks<T> = { readonly [Key in keyof T]-?: Check<Exclude<T[Key], undefined>> };

const isNumber: Check<number> = (value): value is number => typeof value === 'number' && Number.isFinite(value);
/** Bytes, counts, offsets: what no capture has less than nothing of. */
const isAmount: Check<number> = (value): value is number => isNumber(value) && value >= 0;
const isText: Check<string> = (value): value is string => typeof value === 'string';
const isBoolean: Check<boolean> = (value): value is boolean => typeof value === 'boolean';
const isFlag: Check<0 | 1> = (value): value is 0 | 1 => value === 0 || value === 1;
const isAmounts = isListOf(isAmount);
const isModuleSymbols: Check<ModuleSymbols> = isRecordOf({
  path: isText,
  name: isText,
  buildId: nullable(isText),
  status: isOneOf(...MODULE_STATUSES),
  from: isOneOf(...SYMBOL_ORIGINS),
  positions: isAmount,
  resolved: isAmount,
  reason: nullable(isText),
  warning: nullable(isText),
});

const answerChecks = Object.fromEntries(
  QUESTIONS.map((question) => [question, isOneOf(...ANSWER_KINDS)]),
) as unknown as Checks<Answers>;

function isListOf<T>(holds: Check<T>): Check<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(holds);
}

function isOneOf<const T extends string>(...names: T[]): Check<T> {
  return (value): value is T => (names as unknown[]).includes(value);
}

function nullable<T>(check: Check<T>): Check<T | null> {
  return (value): value is T | null => value === null || check(value);
}

/** Of what a profile of an earlier memscope lacks. */
function optional<T>(check: Check<T>): Check<T> {
  return (value): value is T => value === undefined || check(value);
}

function isRecordOf<T>(checks: Checks<T>): Check<T> {
  return (value): value is T => failingKey(value, checks) === null;
}

function failingKey<T>(value: unknown, checks: Checks<T>): string | null {
  if (typeof value !== 'object' || value === null) return 'all';
  const fields = value as Record<string, unknown>;
  return Object.entries<Check<unknown>>(checks).find(([key, holds]) => !holds(fields[key]))?.[0] ?? null;
}

function checkRecord<T>(path: string, name: string, value: unknown, checks: Checks<T>): T {
  const key = failingKey(value, checks);
  if (key !== null) throw fault(path, `${name} has no proper ${key}`);
  return value as T;
}

function check<T>(path: string, column: string, value: unknown, holds: Check<T>): T {
  if (!holds(value)) throw fault(path, `capture.${column} is ${String(value).slice(0, 40)}`);
  return value;
}

function fault(path: string, sentence: string): StoreError {
  return new StoreError('corrupt', path, `is a damaged profile: ${sentence}`);
}
