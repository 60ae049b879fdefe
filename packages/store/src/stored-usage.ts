/**
 * Usage by thread, allocator and location ↔ JSON text in `meta`. With very many sites, reading them all takes longer
 * than a user should wait for a summary, so the writer, who has them in memory, folds them once and for all. Smaller
 * profiles do without: folding when asked is as fast, and the file stays small.
 */
import type { CaptureTables } from '@memscope/model';
import { foldByAllocator, foldByLocation, foldByThread, USAGE_COLUMNS, type UsageTable } from './fold-usage.js';

/** From so many sites on, the usage is stored. */
export const STORED_USAGE_SITES = 10_000;

export const USAGE_KEYS = {
  thread: 'usage_by_thread',
  allocator: 'usage_by_allocator',
  location: 'usage_by_location',
} as const;

/** Entries for `meta`: each a JSON object of equally long columns. */
export function storedUsageOf({ threads, frames, stacks, sites }: CaptureTables): [string, string][] {
  if (sites.length < STORED_USAGE_SITES) return [];
  const innermost = Int32Array.from(sites.pythonStack, (stack) => (stack === 0 ? -1 : stacks.frame[stack]!));
  return [
    [USAGE_KEYS.thread, toJson(foldByThread(sites, threads.length))],
    [USAGE_KEYS.allocator, toJson(foldByAllocator(sites))],
    [USAGE_KEYS.location, toJson(foldByLocation(sites, innermost, frames))],
  ];
}

/** Groups from `least` to below `limit`, all columns of one length; throws a `TypeError` for anything else. */
export function parseUsage(json: string, least: number, limit: number, aggregated: boolean): UsageTable {
  const parsed = JSON.parse(json) as Partial<Record<string, unknown>> | null;
  const group = parsed?.['group'];
  if (!isNumbers(group) || !group.every((row) => Number.isInteger(row) && row >= least && row < limit))
    throw new TypeError('usage of unknown groups');
  for (const name of USAGE_COLUMNS) {
    const column = parsed?.[name];
    const nullable = aggregated && /^(total|temporary)/.test(name);
    const proper = nullable ? column === null : isNumbers(column) && column.length === group.length;
    if (!proper) throw new TypeError(`usage without ${name}`);
  }
  return parsed as UsageTable;
}

function toJson(table: UsageTable): string {
  const columns = USAGE_COLUMNS.map((name) => [name, table[name] === null ? null : Array.from(table[name])]);
  return JSON.stringify({ group: table.group, ...Object.fromEntries(columns) });
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((cell) => typeof cell === 'number');
}
