/**
 * Sites of a native capture → rows of the table `site`: what has the same thread, allocator, Python stack and owner is one,
 * whatever its native stack. SQL has few rows then; each native stack's part stands in packed columns.
 */
import {
  hashPair,
  narrowed,
  USAGE_COLUMNS,
  type NumberColumn,
  type SiteTable,
  type Usage,
} from '@memscope/model/recorded';

/** But for their native stacks: what can be written before the frames of these are named. */
export type NativeSites = Omit<SiteTable, 'nativeStack' | 'objectCount'>;

export type NativeSiteKeys = Pick<NativeSites, 'length' | 'thread' | 'allocator' | 'pythonStack' | 'owner'>;

export type UsageColumns = Readonly<Record<keyof Usage, NumberColumn | null>>;

export interface SiteGroups {
  /** Of the rows of the table `site`. */
  readonly sites: NativeSiteKeys;
  /** Row of `sites` by native site. */
  readonly siteOfNative: Uint32Array;
}

export function groupNativeSites(native: NativeSiteKeys): SiteGroups {
  const { length, thread, allocator, pythonStack, owner } = native;
  const siteOfNative = new Uint32Array(length);
  const first = new Uint32Array(length);
  let count = 0;
  let mask = 1;
  while (mask < 2 * length) mask = mask * 2 + 1;
  // Open addressing: a row of `first`, + 1. Stacks that were seen one after the other stand so, too, which spares the cache.
  const slots = zeros(Uint32Array, mask + 1);
  for (let row = 0; row < length; row++) {
    const stack = pythonStack[row]!;
    const [rowThread, rowAllocator, rowOwner] = [thread[row]!, allocator[row]!, owner[row]!];
    let slot = (stack + hashPair(rowOwner, (rowThread << 5) ^ rowAllocator)) & mask;
    let found = slots[slot]!;
    while (found !== 0) {
      const other = first[found - 1]!;
      if (
        pythonStack[other] === stack &&
        thread[other] === rowThread &&
        allocator[other] === rowAllocator &&
        owner[other] === rowOwner
      ) {
        break;
      }
      found = slots[(slot = (slot + 1) & mask)]!;
    }
    if (found === 0) {
      first[count] = row;
      found = slots[slot] = ++count;
    }
    siteOfNative[row] = found - 1;
  }
  const rows = first.slice(0, count);
  return {
    sites: {
      length: count,
      thread: pick(thread, rows, new Uint32Array(count)),
      allocator: pick(allocator, rows, new Uint8Array(count)),
      pythonStack: pick(pythonStack, rows, new Uint32Array(count)),
      owner: pick(owner, rows, new Uint32Array(count)),
    },
    siteOfNative,
  };
}

/** Usage by row of the table `site`, of that by native site. */
export function sumUsages(usages: UsageColumns, { sites, siteOfNative }: SiteGroups): UsageColumns {
  const sums = USAGE_COLUMNS.map((name) => [name, sumBy(usages[name], siteOfNative, sites.length)]);
  return Object.fromEntries(sums) as UsageColumns;
}

/** For numbers that are read before they are written: the system maps pages of a fresh array twice then. */
function zeros<Column extends Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(
  Type: new (length: number) => Column,
  length: number,
): Column {
  const column = new Type(length);
  column.fill(0);
  return column;
}

function pick<Column extends Uint32Array | Uint8Array>(column: Column, rows: Uint32Array, picked: Column): Column {
  for (let at = 0; at < rows.length; at++) picked[at] = column[rows[at]!]!;
  return picked;
}

function sumBy(column: NumberColumn | null, group: Uint32Array, groups: number): NumberColumn | null {
  if (column === null) return null;
  const sums = zeros(Float64Array, groups);
  for (let row = 0; row < column.length; row++) sums[group[row]!]! += column[row]!;
  return narrowed(sums);
}
