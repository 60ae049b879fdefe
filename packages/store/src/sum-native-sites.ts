/**
 * Sites of a native capture → rows of the table `site`: what has the same thread, allocator, Python stack and owner is one,
 * whatever its native stack. SQL has few rows then; each native stack's part stands in packed columns.
 */
import { hashPair, USAGE_COLUMNS, type SiteTable, type Usage } from '@memscope/model';

/** But for their native stacks: what can be written before the frames of these are named. */
export type NativeSites = Omit<SiteTable, 'nativeStack' | 'objectCount'>;

export interface SummedSites {
  readonly sites: NativeSites;
  /** Row of `sites` by native site. */
  readonly siteOfNative: Uint32Array;
}

export function sumNativeSites(native: NativeSites): SummedSites {
  const { length, thread, allocator, pythonStack, owner } = native;
  const siteOfNative = new Uint32Array(length);
  const first = new Uint32Array(length);
  let count = 0;
  let mask = 1;
  while (mask < 2 * length) mask = mask * 2 + 1;
  // Open addressing: a row of `first`, + 1.
  const slots = new Uint32Array(mask + 1);
  for (let row = 0; row < length; row++) {
    let slot = hashPair(pythonStack[row]!, (thread[row]! << 8) ^ (allocator[row]! << 1) ^ owner[row]!) & mask;
    let found = slots[slot]!;
    while (found !== 0 && !isSame(native, first[found - 1]!, row)) found = slots[(slot = (slot + 1) & mask)]!;
    if (found === 0) {
      first[count] = row;
      found = slots[slot] = ++count;
    }
    siteOfNative[row] = found - 1;
  }
  const rows = first.subarray(0, count);
  const sums = Object.fromEntries(
    USAGE_COLUMNS.map((name) => [name, sumBy(native[name], siteOfNative, count)]),
  ) as unknown as Pick<SiteTable, keyof Usage>;
  return {
    sites: {
      length: count,
      thread: rows.map((row) => thread[row]!),
      allocator: Uint8Array.from(rows, (row) => allocator[row]!),
      pythonStack: rows.map((row) => pythonStack[row]!),
      owner: rows.map((row) => owner[row]!),
      ...sums,
    },
    siteOfNative,
  };
}

function isSame({ thread, allocator, pythonStack, owner }: NativeSites, a: number, b: number): boolean {
  return (
    pythonStack[a] === pythonStack[b] &&
    thread[a] === thread[b] &&
    allocator[a] === allocator[b] &&
    owner[a] === owner[b]
  );
}

function sumBy(column: Float64Array | null, group: Uint32Array, groups: number): Float64Array | null {
  if (column === null) return null;
  const sums = new Float64Array(groups);
  for (let row = 0; row < column.length; row++) sums[group[row]!]! += column[row]!;
  return sums;
}
