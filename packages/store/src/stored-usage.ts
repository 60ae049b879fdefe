/**
 * Usage by thread, allocator, location and library ↔ JSON text in `meta`. With very many sites, reading them all takes
 * longer than a user should wait for a summary, so the writer, who has them in memory, folds them once and for all.
 * Smaller profiles do without: folding when asked is as fast, and the file stays small. Usage by library needs all
 * stacks and has few rows: it always stands there.
 */
import {
  findSiteOwners,
  joinSites,
  parseBoundedJson,
  recordedSites,
  USAGE_COLUMNS,
  usageByLibrary,
  type CaptureTables,
  type JoinNotes,
  type JsonBounds,
  type LibraryRule,
  type LibraryUsage,
  type OwnerTable,
  type SiteKeys,
  type SiteTable,
  type StackTables,
  type Usage,
} from '@memscope/model';
import type { RecordedSiteKeys } from './read-tables.js';
import { foldByAllocator, foldByLocation, foldByThread, type UsageTable } from './fold-usage.js';

/** From so many sites on, the usage by thread, allocator and location is stored. */
export const STORED_USAGE_SITES = 10_000;

export const USAGE_KEYS = {
  thread: 'usage_by_thread',
  allocator: 'usage_by_allocator',
  location: 'usage_by_location',
  // Renamed whenever memscope's rules change whose memory is whose.
  library: 'usage_by_library_2',
} as const;

/** A column each of as many numbers as there can be frames. */
const USAGE_BOUNDS: JsonBounds = { depth: 2, containers: 64, values: 1 << 27 };
/** A list of libraries, each with its usage and perhaps a place of the application. */
const LIBRARY_BOUNDS: JsonBounds = { depth: 3, containers: 1 << 20, values: 1 << 25 };

/** Entries for `meta`: each a JSON object of equally long columns. */
export function storedUsageOf(tables: CaptureTables): [string, string][] {
  const { threads, modules, frames, stacks, sites, owners, notes } = tables;
  const joined = joinKeys({ modules, frames, stacks }, sites, notes.join);
  const subject = { owners, tables: joined.stackTables, sites: joined.siteKeys, usage: sites };
  const byLibrary: [string, string] = [USAGE_KEYS.library, JSON.stringify(foldByLibrary(subject))];
  if (sites.length < STORED_USAGE_SITES) return [byLibrary];
  const innermost = new Int32Array(sites.length);
  for (let site = 0; site < sites.length; site++) {
    const stack = sites.pythonStack[site]!;
    innermost[site] = stack === 0 ? -1 : stacks.frame[stack]!;
  }
  return [
    [USAGE_KEYS.thread, toJson(foldByThread(sites, threads.length))],
    [USAGE_KEYS.allocator, toJson(foldByAllocator(sites))],
    [USAGE_KEYS.location, toJson(foldByLocation(sites, innermost, frames))],
    byLibrary,
  ];
}

/** By memscope's own rules, or a user's before them. */
export function foldByLibrary(
  { owners, tables, sites, usage }: LibrarySubject,
  rules: readonly LibraryRule[] = [],
): LibraryUsage[] {
  return usageByLibrary({
    tables,
    owners: findSiteOwners({ tables, sites, owners }, rules),
    stack: sites.stack,
    allocator: sites.allocator,
    usage,
  });
}

export interface LibrarySubject {
  readonly owners: OwnerTable;
  readonly tables: StackTables;
  readonly sites: SiteKeys;
  readonly usage: Pick<SiteTable, keyof Usage>;
}

/** Recorded stacks and sites → with their joined stacks, where there are native ones. */
export function joinKeys(
  stackTables: StackTables,
  keys: RecordedSiteKeys,
  notes: JoinNotes | null,
): { readonly stackTables: StackTables; readonly siteKeys: SiteKeys } {
  const recorded = recordedSites(keys);
  if (recorded === null || notes === null) {
    return { stackTables, siteKeys: { ...keys, stack: keys.pythonStack, joinMethod: null } };
  }
  const { stacks, ...joined } = joinSites(stackTables, recorded, notes);
  return { stackTables: { ...stackTables, stacks }, siteKeys: { ...keys, ...joined } };
}

/** Throws a `TypeError` for anything else than what `foldByLibrary` gives. */
export function parseLibraryUsage(json: string, aggregated: boolean): LibraryUsage[] {
  const rows = parseBoundedJson(json, LIBRARY_BOUNDS);
  if (!Array.isArray(rows)) throw new TypeError('usage by library is no list');
  for (const row of rows as unknown[]) if (!isLibraryUsage(row, aggregated)) throw new TypeError('usage of no library');
  return rows as LibraryUsage[];
}

function isLibraryUsage(row: unknown, aggregated: boolean): boolean {
  if (!isRecord(row)) return false;
  const { application, mappedBytes, mappedCount } = row;
  return (
    [row['category'], row['library'], row['through']].every(isTextOrNull) &&
    isAmount(mappedBytes) &&
    isAmount(mappedCount) &&
    USAGE_COLUMNS.every((name) => (isNullable(name, aggregated) ? row[name] === null : isAmount(row[name]))) &&
    (application === null ||
      (isRecord(application) &&
        isTextOrNull(application['functionName']) &&
        isTextOrNull(application['file']) &&
        isAmount(application['line'])))
  );
}

/** An aggregated capture cannot answer for these. */
function isNullable(column: string, aggregated: boolean): boolean {
  return aggregated && /^(total|temporary)/.test(column);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** JSON knows no infinity, but 1e999 becomes one. */
function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value);
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

/** Groups from `least` to below `limit`, all columns of one length; throws a `TypeError` for anything else. */
export function parseUsage(json: string, least: number, limit: number, aggregated: boolean): UsageTable {
  const parsed = parseBoundedJson(json, USAGE_BOUNDS) as Partial<Record<string, unknown>> | null;
  const group = parsed?.['group'];
  if (!Array.isArray(group) || !group.every((row) => Number.isInteger(row) && row >= least && row < limit))
    throw new TypeError('usage of unknown groups');
  for (const name of USAGE_COLUMNS) {
    const column = parsed?.[name];
    const proper = isNullable(name, aggregated) ? column === null : isAmounts(column) && column.length === group.length;
    if (!proper) throw new TypeError(`usage without ${name}`);
  }
  return parsed as UsageTable;
}

function toJson(table: UsageTable): string {
  const columns = USAGE_COLUMNS.map((name) => [name, table[name] === null ? null : Array.from(table[name])]);
  return JSON.stringify({ group: table.group, ...Object.fromEntries(columns) });
}

function isAmounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isAmount);
}
