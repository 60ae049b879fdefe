/**
 * Rows of functions → what is known of the allocations that they hold more or less of: below which direct callers, by
 * which allocators, how many, and on which sides the function is on any stack at all.
 */
import type { SiteWeights } from '../profile.js';
import { ALLOCATOR_NAMES } from '../tables.js';
import { comprehensionsOf } from '../view/shown-stacks.js';
import type { Selection } from '../view/selection.js';
import { sidesOfFunctions } from './renamed-functions.js';
import type { SitesOfRows } from './sites-of-rows.js';

/** What a row holds more of in the head than in the base, of repetitions on average. */
export interface RowPart {
  /** Number of the function that directly calls the row's; -1 = nothing does. */
  readonly caller: number;
  readonly allocator: number;
  readonly bytes: number;
  readonly count: number;
}

export interface RowTrace {
  /** Its number among the functions. */
  readonly function: number;
  /** On whose stacks it is. */
  readonly side: 'head' | 'base' | 'both';
  /** Those that changed. */
  readonly parts: readonly RowPart[];
}

/** Null of rows that are no function, and where no stack is known. */
export type TraceOf = (row: number) => RowTrace | null;

const SIDES = [null, 'head', 'base', 'both'] as const;

interface TracedRows {
  readonly rows: readonly { readonly kind: string }[];
  readonly sitesOfRows: SitesOfRows;
}

/** `repetitions`: what the sums of a side are divided by. */
export function traceRows(
  selection: Selection,
  { rows, sitesOfRows }: TracedRows,
  { bytes, count }: SiteWeights,
  repetitions: { readonly base: number; readonly head: number },
): TraceOf {
  const { runs, sites, groups, stackTables } = selection;
  const { frames, stacks } = stackTables;
  const { functionOf } = groups;
  const firstBase = runs.find(({ side }) => side === 'base')?.firstSite ?? sites.length;
  const folded = comprehensionsOf(frames);
  const isFolded = (stack: number): boolean => folded !== null && folded[stacks.frame[stack]!] === 1;
  let sides: Uint8Array | null = null;
  return (row) => {
    if (rows[row]!.kind !== 'function') return null;
    let own = -1;
    const parts = new Map<number, { caller: number; allocator: number; bytes: number; count: number }>();
    for (let at = sitesOfRows.starts[row]!; at < sitesOfRows.starts[row + 1]!; at++) {
      const site = sitesOfRows.sites[at]!;
      if (bytes[site] === 0) continue;
      let stack = sites.pythonStack[site]!;
      while (stack !== 0 && isFolded(stack)) stack = stacks.parent[stack]!;
      if (stack === 0) return null;
      own = functionOf[stacks.frame[stack]!]!;
      while (stack !== 0 && (functionOf[stacks.frame[stack]!] === own || isFolded(stack)))
        stack = stacks.parent[stack]!;
      const caller = stack === 0 ? -1 : functionOf[stacks.frame[stack]!]!;
      const allocator = sites.allocator[site]!;
      const key = (caller + 1) * ALLOCATOR_NAMES.length + allocator;
      let part = parts.get(key);
      if (part === undefined) parts.set(key, (part = { caller, allocator, bytes: 0, count: 0 }));
      const share = site < firstBase ? 1 / repetitions.head : -1 / repetitions.base;
      part.bytes += bytes[site]! * share;
      part.count += count[site]! * share;
    }
    if (own < 0) return null;
    const side = SIDES[(sides ??= sidesOfFunctions(selection))[own]!] ?? null;
    if (side === null) return null;
    return { function: own, side, parts: [...parts.values()].filter((part) => part.bytes !== 0) };
  };
}
