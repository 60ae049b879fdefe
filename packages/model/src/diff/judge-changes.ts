/**
 * Rows of two sides and a measure → what grew, what shrank, what moved, and what only looks different because the peak
 * lies at another moment. The changes of all four add up to the difference of the totals; grown and shrunk are never
 * netted.
 *
 * At the peak a row grew only if the most that it ever held grew as well, by what is worth a word where the difference
 * at the peak is. Else the moment of the peak makes the difference, and the row stands among `peakMoved`.
 *
 * What moved (find-moved.ts) is the smaller of what the two rows hold, as much here as there; the rest grew or shrank.
 */
import { findMoved, type Move } from './find-moved.js';
import { leastOfOneThread, noiseFloor, type NoiseContext } from './noise-floor.js';
import type { ChangedRowKind } from './row-groups.js';
import { liesApart, type ComparedColumn } from './side-columns.js';

export const CHANGE_STATUSES = ['new', 'grew', 'shrank', 'gone', 'moved', 'peakMoved'] as const;
export type ChangeStatus = (typeof CHANGE_STATUSES)[number];

/** What judging needs to know of a row. */
export interface JudgedRow {
  readonly kind: ChangedRowKind;
  readonly functionName: string | null;
  /** Memory moves only between rows of one pool. */
  readonly pool: string;
  /** On how many threads it allocated, in the run where it was the most. */
  readonly threads: number;
}

export interface RowChange {
  readonly row: number;
  /** Where its memory was before; null unless it moved. */
  readonly from: number | null;
  readonly base: number;
  readonly head: number;
  /** Head less base. */
  readonly change: number;
  readonly status: ChangeStatus;
  /** With several runs on both sides: whether their ranges lie apart; null where that cannot be told. */
  readonly apart: boolean | null;
  /** More than unchanged runs differ by. */
  readonly aboveNoise: boolean;
}

/** Largest change first in each; what moved by how much moved. */
export interface RowChanges {
  readonly grew: readonly RowChange[];
  readonly shrank: readonly RowChange[];
  readonly moved: readonly RowChange[];
  readonly peakMoved: readonly RowChange[];
}

/** Other columns that a change is judged by; null where nothing tells. */
export interface JudgedBy {
  /** Limits what counts as a change at the peak. */
  readonly ownPeak: ComparedColumn | null;
  /** A change of either shows that one of a function of several threads is no chance. */
  readonly leaked: ComparedColumn | null;
  readonly total: ComparedColumn | null;
}

export function judgeChanges(
  rows: readonly JudgedRow[],
  column: ComparedColumn,
  { ownPeak, leaked, total }: JudgedBy,
  noise: NoiseContext,
): RowChanges {
  const { measure, peak } = noise;
  const changes: RowChange[] = [];
  const peakMoved: RowChange[] = [];
  const limit = measure === 'peak' ? ownPeak : null;
  for (const [row, judged] of rows.entries()) {
    const [base, head] = [column.base.value[row]!, column.head.value[row]!];
    if (base === head) continue;
    const apart = noise.repetitions < 2 ? null : liesApart(numbersAt(column.base, row), numbersAt(column.head, row));
    const change = head - base;
    const isBacked = [leaked, total].some(
      (other) => other !== null && inCommon(change, differenceAt(other, row)) >= leastOfOneThread(peak),
    );
    const floor = noiseFloor(judged, noise, isBacked);
    const own = limit === null ? Math.abs(change) : inCommon(change, differenceAt(limit, row));
    const isOwn = own >= floor || (own > 0 && Math.abs(change) < floor);
    const size = isOwn ? Math.abs(change) : Math.abs(change) - own;
    const common = { row, from: null, base, head, change, apart, aboveNoise: size >= floor && apart !== false };
    if (isOwn) changes.push({ ...common, status: statusOf(base, head) });
    else peakMoved.push({ ...common, status: 'peakMoved' });
  }
  const moves = findMoved(rows, changes);
  const taken = new Set(moves.flatMap(({ from, to }) => [from, to]));
  const moved = moves.map(({ from, to }): RowChange => {
    const bytes = Math.min(from.base, to.head);
    const aboveNoise = bytes >= noiseFloor(rows[to.row]!, noise, true);
    return { ...to, from: from.row, base: bytes, head: bytes, change: 0, status: 'moved', apart: null, aboveNoise };
  });
  const rest = [
    ...changes.filter((change) => !taken.has(change)),
    ...moves.flatMap((move) => restOfMove(move, rows, noise)),
  ];
  const pick = (isOf: (change: RowChange) => boolean): RowChange[] => rest.filter(isOf).sort(byChange);
  return {
    grew: pick(({ change }) => change > 0),
    shrank: pick(({ change }) => change < 0),
    moved: moved.sort((a, b) => b.head - a.head),
    peakMoved: peakMoved.sort(byChange),
  };
}

function byChange(a: RowChange, b: RowChange): number {
  return Math.abs(b.change) - Math.abs(a.change) || a.row - b.row;
}

function numbersAt({ least, most }: ComparedColumn['base'], row: number): { least: number; most: number } {
  return { least: least[row]!, most: most[row]! };
}

function differenceAt({ base, head }: ComparedColumn, row: number): number {
  return head.value[row]! - base.value[row]!;
}

/** How far two differences go in the same direction, without a sign. */
function inCommon(a: number, b: number): number {
  return Math.sign(a) === Math.sign(b) ? Math.min(Math.abs(a), Math.abs(b)) : 0;
}

function statusOf(base: number, head: number): ChangeStatus {
  if (base === 0) return 'new';
  if (head === 0) return 'gone';
  return head > base ? 'grew' : 'shrank';
}

function restOfMove({ from, to }: Move<RowChange>, rows: readonly JudgedRow[], noise: NoiseContext): RowChange[] {
  const change = to.head - from.base;
  if (change === 0) return [];
  const aboveNoise = Math.abs(change) >= noiseFloor(rows[to.row]!, noise, true);
  const status = change > 0 ? 'grew' : 'shrank';
  return [{ ...to, from: from.row, base: from.base, change, status, aboveNoise }];
}
