/** Rows of functions and of allocation sites → which of them call a site: what a change may merely have gone over from. */
import { ALLOCATOR_NAMES } from '../tables.js';
import { matchStacks } from '../view/match-stacks.js';
import type { Selection } from '../view/selection.js';
import { comprehensionsOf } from '../view/shown-stacks.js';
import type { ComparedGrouping } from './compared-measures.js';

/** The nearest row outwards on a site's stack that is taken; -1 where none is. */
export type FindCaller = (site: number, isTaken: (row: number) => boolean) => number;

interface RowsOfSites {
  readonly rowOfSite: Uint32Array;
  readonly rows: readonly { readonly kind: string }[];
}

/** Null where rows call nothing. */
export function findCallers(
  selection: Selection,
  by: ComparedGrouping,
  lines: boolean,
  groups: RowsOfSites,
): FindCaller | null {
  if (by === 'site') return callersOfSites(selection, lines, groups);
  return by === 'function' && !lines ? callersOfOwners(selection, groups) : null;
}

/** By row of the shown stacks: a number of its path, the same on both sides. */
export function pathsOfStacks({ shownStacks, groups, shown }: Selection, lines: boolean): Uint32Array {
  return matchStacks(shownStacks().stacks, lines ? groups.canonical : groups.functionOf, shown);
}

/** Of the row of a path and an allocator. */
export function keyOfPath(path: number, allocator: number): number {
  return path * ALLOCATOR_NAMES.length + allocator;
}

/** Functions that own nothing are passed by; rows of functions are found when the first one is asked for. */
function callersOfOwners(
  { sites, stackTables: { frames, stacks }, groups }: Selection,
  { rowOfSite, rows }: RowsOfSites,
): FindCaller {
  const find = (): Int32Array => {
    const found = new Int32Array(groups.functions.length).fill(-1);
    const folded = comprehensionsOf(frames);
    for (let site = 0; site < sites.length; site++) {
      const row = rowOfSite[site]!;
      let stack = rows[row]!.kind === 'function' ? sites.pythonStack[site]! : 0;
      if (folded !== null) while (stack !== 0 && folded[stacks.frame[stack]!] === 1) stack = stacks.parent[stack]!;
      if (stack !== 0) found[groups.functionOf[stacks.frame[stack]!]!] = row;
    }
    return found;
  };
  let known: Int32Array | null = null;
  return (site, isTaken) => {
    const rowOfFunction = (known ??= find());
    for (let stack = sites.pythonStack[site]!; stack !== 0; stack = stacks.parent[stack]!) {
      const row = rowOfFunction[groups.functionOf[stacks.frame[stack]!]!]!;
      if (row >= 0 && isTaken(row)) return row;
    }
    return -1;
  };
}

/** Paths are matched when the first one is asked for. */
function callersOfSites(selection: Selection, lines: boolean, { rowOfSite, rows }: RowsOfSites): FindCaller {
  const { sites, shownStacks } = selection;
  let known: { readonly pathOf: Uint32Array; readonly rowOfPath: ReadonlyMap<number, number> } | null = null;
  const find = (): NonNullable<typeof known> => {
    const { stack } = shownStacks();
    const pathOf = pathsOfStacks(selection, lines);
    const rowOfPath = new Map<number, number>();
    for (let site = 0; site < sites.length; site++) {
      const row = rowOfSite[site]!;
      if (rows[row]!.kind === 'site') rowOfPath.set(keyOfPath(pathOf[stack[site]!]!, sites.allocator[site]!), row);
    }
    return { pathOf, rowOfPath };
  };
  return (site, isTaken) => {
    const { pathOf, rowOfPath } = (known ??= find());
    const { stack, stacks } = shownStacks();
    for (let at = stack[site]!; at !== 0; at = stacks.parent[at]!) {
      const row = rowOfPath.get(keyOfPath(pathOf[at]!, sites.allocator[site]!)) ?? -1;
      if (row >= 0 && isTaken(row)) return row;
    }
    return -1;
  };
}
