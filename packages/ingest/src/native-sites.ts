/**
 * The sites of a capture with native stacks as they are known when it has been decoded, long before frames are named: what
 * keeps the heap can write them meanwhile.
 */
import type { Decoded } from '@memscope/kernel';
import { USAGE_COLUMNS, type NumberColumn, type StackTable } from '@memscope/model/recorded';
import type { SiteGroups, UsageColumns } from '@memscope/store';
import { groupNativeSites } from '@memscope/store/sum-native-sites';
import { renumber, withParents } from './stack-tables.js';
import { usedThreads } from './used-threads.js';

/** A capture is one of one in its profile. */
export const CAPTURE_ID = 1;

/** What is written of native sites, but for their stacks. The columns are given away. */
export interface DecodedSites {
  readonly groups: SiteGroups;
  /** What the heap does not know better. */
  readonly usages: Partial<UsageColumns>;
}

/** Python's stacks that sites need, as a profile numbers them, with the rows of its frames: Python's come first there. */
export interface PythonStacks {
  readonly stacks: StackTable;
  /** Row of `stacks` by site. */
  readonly ofSite: Uint32Array;
  /** By row of the decoded frames: 1 = one of `stacks` has it. */
  readonly isFrame: Uint8Array;
}

export function pythonStacksOf({ sites, stacks, frames }: Decoded): PythonStacks {
  const needed = withParents(stacks.parent, sites.pythonStack);
  const { rows, next } = renumber(needed, 1);
  const isFrame = new Uint8Array(frames.length);
  for (let row = 1; row < stacks.length; row++) if (needed[row] === 1) isFrame[stacks.frame[row]!] = 1;
  const frameRows = renumber(isFrame, 0).rows;
  const table = { length: next, parent: new Uint32Array(next), frame: new Uint32Array(next) };
  for (let row = 1; row < stacks.length; row++) {
    const target = rows[row]!;
    if (target === 0) continue;
    table.parent[target] = rows[stacks.parent[row]!]!;
    table.frame[target] = frameRows[stacks.frame[row]!]!;
  }
  const ofSite = new Uint32Array(sites.length);
  for (let site = 0; site < sites.length; site++) ofSite[site] = rows[sites.pythonStack[site]!]!;
  return { stacks: table, ofSite, isFrame };
}

/** To be given away. */
export function copyStacks({ length, parent, frame }: StackTable): StackTable {
  return { length, parent: parent.slice(), frame: frame.slice() };
}

export function decodedSites(decoded: Decoded, { ofSite }: PythonStacks): DecodedSites {
  const { length, allocator, owner } = decoded.sites;
  const thread = usedThreads(decoded).siteThread;
  return {
    groups: groupNativeSites({ length, thread, allocator, owner, pythonStack: ofSite }),
    usages: decodedUsages(decoded),
  };
}

/** Whether the heap knows most of what sites hold: not in an aggregated capture, which says so itself. */
export function isHeapKept({ header }: Pick<Decoded, 'header'>): boolean {
  return header.layout !== 'aggregated';
}

function decodedUsages({ header, sites }: Decoded): Partial<UsageColumns> {
  const { temporaryBytes, temporaryCount, peakBytes, peakCount, leakedBytes, leakedCount } = sites;
  return isHeapKept({ header })
    ? { temporaryBytes, temporaryCount }
    : { peakBytes, peakCount, leakedBytes, leakedCount };
}

/** What is not there is null: nobody knows. */
export function joinUsages(...parts: readonly Partial<UsageColumns>[]): UsageColumns {
  const known: Partial<UsageColumns> = Object.assign({}, ...parts);
  return Object.fromEntries(USAGE_COLUMNS.map((name) => [name, known[name] ?? null])) as unknown as UsageColumns;
}

/** What is left to do once sites and Python's stacks are written needs less of them: their usage in one row, no stacks, no owners. */
export function withoutWritten(decoded: Decoded): Decoded {
  const none = new Uint32Array(0);
  return {
    ...decoded,
    stacks: { length: 0, parent: none, frame: none },
    sites: { ...sumColumns(decoded.sites), pythonStack: none, owner: none },
  };
}

/** Usage of all sites together, in columns of one row. */
export function sumColumns<Columns extends Partial<UsageColumns>>(columns: Columns): Columns {
  const sums = USAGE_COLUMNS.flatMap((name) => {
    const column = columns[name];
    return column ? [[name, sumOf(column)] as const] : [];
  });
  return { ...columns, ...Object.fromEntries(sums) };
}

function sumOf(column: NumberColumn): Float64Array {
  let sum = 0;
  for (let row = 0; row < column.length; row++) sum += column[row]!;
  return Float64Array.of(sum);
}
