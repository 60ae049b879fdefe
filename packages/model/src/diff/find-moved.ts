/**
 * Rows that one side has, but for a rest within `MOVED_SHARE` → pairs of which one has gone, the other is new, both belong
 * to the same library (or both to the application), and what they hold agrees within `MOVED_SHARE`: a renamed function, a
 * module that became a package, a helper. Less than `LEAST_MOVED` is told only of functions of the same name: small sizes
 * agree by chance. There may be hundreds of thousands of rows, so names and libraries are numbers, and everything about a
 * row stands in columns.
 */
import { sortByNumber, sortBySize } from './sort-columns.js';

export const MOVED_SHARE = 0.01;
export const LEAST_MOVED = 16 * 1024;
const ALIKE_SIZE_SHARE = 0.1;

/**
 * What memory that moved was told by:
 * - `size`: one function has gone, another came, and both hold the same
 * - `name`: so they have, the name is the same, and what they hold is not
 * - `callers`: so they have, and the same functions call them
 * - `calls`: one calls the other
 * - `allocations`: below one caller and by one allocator there are as many of them as before
 * - `measures`: one has gone, and the other has as much more by each measure, allocations among them
 * - `file`: one has gone or came, and others in the same file make as many allocations more or fewer, or of the same size
 * - `peak`: it moved at the peak
 */
export const MOVE_BASES = ['size', 'name', 'callers', 'calls', 'allocations', 'measures', 'file', 'peak'] as const;
export type MoveBasis = (typeof MOVE_BASES)[number];

interface MovableRow {
  readonly functionName: string | null;
  /** Memory moves only between rows of one pool. */
  readonly pool: string;
}

interface Change {
  readonly row: number;
  readonly change: number;
}

export interface Move<Row extends Change> {
  readonly from: Row;
  readonly to: Row;
}

/** Rows that only one side has. */
interface OneSided {
  readonly length: number;
  readonly isGone: Uint8Array;
  readonly bytes: Float64Array;
  readonly pool: Uint32Array;
  readonly pools: number;
  /** Ranks: equal where the names are, and in their order. */
  readonly name: Uint32Array;
  readonly names: number;
  /** Equal where pool and name are. */
  readonly namesake: Uint32Array;
  readonly namesakes: number;
}

/**
 * Pairs of equal names first, then of the nearest sizes; each row in one pair at most. Which pairs there are does not
 * depend on which side is which.
 */
export function findMoved<Row extends Change>(rows: readonly MovableRow[], oneSided: readonly Row[]): Move<Row>[] {
  const columns = columnsOf(rows, oneSided);
  const { bytes, pool, pools, name, names, namesake, namesakes, isGone } = columns;
  const taken = new Uint8Array(columns.length);
  const moves: Move<Row>[] = [];
  const pairWithin = (
    list: Uint32Array,
    groups: Uint32Array,
    limit: number,
    isPair: (a: number, b: number) => boolean,
  ): void => {
    const { starts, order } = sortByNumber(
      list.map((at) => groups[at]!),
      limit,
    );
    for (let group = 0; group < limit; group++) {
      if (starts[group + 1]! - starts[group]! < 2) continue;
      const members = order.subarray(starts[group], starts[group + 1]).map((place) => list[place]!);
      for (const [one, other] of pairNearest(columns, members, isPair)) {
        taken[one] = taken[other] = 1;
        const [from, to] = isGone[one] === 1 ? [one, other] : [other, one];
        moves.push({ from: oneSided[from]!, to: oneSided[to]! });
      }
    }
  };
  const bySize = sortBySize(bytes, sortByNumber(name, names).order);
  pairWithin(bySize, namesake, namesakes, () => true);
  const left = bySize.filter((at) => bytes[at]! >= LEAST_MOVED && taken[at] === 0);
  pairWithin(left, pool, pools, (a, b) => name[a] !== name[b]);
  return moves;
}

function columnsOf(rows: readonly MovableRow[], changes: readonly Change[]): OneSided {
  const { length } = changes;
  // Rows of one function may be one object, so that names and libraries are looked up once for all of them.
  const distinct = [...new Set(changes.map(({ row }) => rows[row]!))];
  const nameRanks = new Map([...new Set(distinct.map(nameOf))].sort(compare).map((name, rank) => [name, rank]));
  const poolNumbers = new Map([...new Set(distinct.map(({ pool }) => pool))].map((pool, number) => [pool, number]));
  const namesakeNumbers = new Map<number, number>();
  const known = new Map(
    distinct.map((row) => {
      const [pool, name] = [poolNumbers.get(row.pool)!, nameRanks.get(nameOf(row))!];
      const key = pool * nameRanks.size + name;
      let namesake = namesakeNumbers.get(key);
      if (namesake === undefined) namesakeNumbers.set(key, (namesake = namesakeNumbers.size));
      return [row, { pool, name, namesake }];
    }),
  );
  const columns = {
    length,
    isGone: new Uint8Array(length),
    bytes: new Float64Array(length),
    pool: new Uint32Array(length),
    pools: poolNumbers.size,
    name: new Uint32Array(length),
    names: nameRanks.size,
    namesake: new Uint32Array(length),
    namesakes: namesakeNumbers.size,
  };
  for (let at = 0; at < length; at++) {
    const { row, change } = changes[at]!;
    const { pool, name, namesake } = known.get(rows[row]!)!;
    columns.isGone[at] = change < 0 ? 1 : 0;
    columns.bytes[at] = Math.abs(change);
    columns.pool[at] = pool;
    columns.name[at] = name;
    columns.namesake[at] = namesake;
  }
  return columns;
}

function nameOf({ functionName }: MovableRow): string {
  return functionName ?? '';
}

/**
 * Rows by size, those that have gone and those that came in one list: of neighbours that may be a pair the nearest are
 * one, and with them out of the list others are neighbours, until none may be. Each round looks at new neighbours only.
 */
function pairNearest(
  { isGone, bytes }: OneSided,
  list: Uint32Array,
  isPair: (a: number, b: number) => boolean,
): [number, number][] {
  const pairs: [number, number][] = [];
  const { length } = list;
  if (length < 2) return pairs;
  // Places in the list count from 1, so that there is one before the first.
  const after = Uint32Array.from({ length: length + 2 }, (_, place) => place + 1);
  const before = Uint32Array.from({ length: length + 2 }, (_, place) => Math.max(0, place - 1));
  const partner = new Uint32Array(length + 1);
  const at = (place: number): number => list[place - 1]!;
  const gapOf = (place: number): number => bytes[at(partner[place]!)]! - bytes[at(place)]!;
  const isNear = (place: number): boolean => {
    const other = after[place]!;
    if (place === 0 || other > length || partner[place] === other) return false;
    const [a, b] = [at(place), at(other)];
    if (isGone[a] === isGone[b] || !isAlike(bytes[a]!, bytes[b]!) || !isPair(a, b)) return false;
    partner[place] = other;
    return true;
  };
  const taken = new Uint8Array(length + 1);
  let near = [...after.subarray(0, length)].filter(isNear);
  while (near.length > 0) {
    const opened: number[] = [];
    for (const place of near.sort((a, b) => gapOf(a) - gapOf(b) || b - a)) {
      const other = partner[place]!;
      if (taken[place] === 1 || taken[other] === 1) continue;
      taken[place] = taken[other] = 1;
      pairs.push([at(place), at(other)]);
      const [left, right] = [before[place]!, after[other]!];
      after[left] = right;
      before[right] = left;
      opened.push(left);
    }
    near = opened.filter((place) => taken[place] === 0 && isNear(place));
  }
  return pairs;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Sizes of the same memory. */
export function isAlike(a: number, b: number, share = MOVED_SHARE): boolean {
  return Math.abs(a - b) <= share * Math.max(Math.abs(a), Math.abs(b));
}

/** Mean sizes of allocations of which one function may have gone and the other come: between runs they vary more. */
export function areOfAlikeSize(a: number, b: number): boolean {
  return isAlike(a, b, ALIKE_SIZE_SHARE);
}
