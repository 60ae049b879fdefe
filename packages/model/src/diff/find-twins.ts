/**
 * Rows that changed, where no stack is known → what another function holds now in place of one that has gone. Either it
 * has as much more by every measure as the other had, the number of allocations among them: one measure alone would say
 * nothing, since a buffer that became larger is not an allocation more. Or it is new, in the same file, and makes as many
 * allocations; what it holds more, or less, is a change. Where several would fit it is none.
 */
import { isAlike, LEAST_MOVED, type MoveBasis } from './find-moved.js';
import type { Shift } from './find-shifts.js';
import type { ComparedColumn } from './side-columns.js';

interface Change {
  readonly row: number;
  readonly change: number;
  readonly aboveNoise: boolean;
}

export interface MeasuredColumns {
  /** Of bytes. */
  readonly measures: readonly ComparedColumn[];
  /** Allocations ever made. */
  readonly count: ComparedColumn;
}

interface MovableRow {
  readonly kind: string;
  readonly file: string | null;
  /** Memory moves only between rows of one pool. */
  readonly pool: string;
}

/** Each is held against each other. */
const MOST_CANDIDATES = 1000;

/** No more goes from a row or to it than it changed by. Which there are does not depend on which side is which. */
export function findTwins<Row extends Change>(
  rows: readonly MovableRow[],
  changes: readonly Row[],
  { measures, count }: MeasuredColumns,
): Shift<Row>[] {
  const differencesOf = ({ row }: Row): number[] => [...measures, count].map((column) => differenceAt(column, row));
  const isOneSided = ({ row }: Row): boolean =>
    (['base', 'head'] as const).some((side) => count[side].value[row] === 0);
  const candidates = changes
    .filter((each) => Math.abs(each.change) >= LEAST_MOVED && rows[each.row]!.kind === 'function')
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change))
    .slice(0, MOST_CANDIDATES);
  const taken = new Set<Row>();
  const pairBy = (basis: MoveBasis, fits: (one: Row, other: Row) => boolean): Shift<Row>[] => {
    const left = candidates.filter((each) => !taken.has(each));
    const arePair = (one: Row, other: Row): boolean =>
      one.change * other.change < 0 && rows[one.row]!.pool === rows[other.row]!.pool && fits(one, other);
    const partners = new Map(left.map((each) => [each, left.filter((other) => arePair(each, other))]));
    return left.flatMap((from): Shift<Row>[] => {
      const [to, ...others] = partners.get(from)!;
      if (from.change > 0 || to === undefined || others.length > 0 || partners.get(to)!.length > 1) return [];
      if (!from.aboveNoise || !to.aboveNoise) return [];
      for (const each of [from, to]) taken.add(each);
      return [{ from, to, amount: Math.min(-from.change, to.change), basis }];
    });
  };
  const differ = (one: Row, other: Row): boolean => {
    const expected = differencesOf(other);
    return differencesOf(one).some((difference, at) => !isAlike(difference, -expected[at]!));
  };
  const isInPlace = (one: Row, other: Row): boolean =>
    isOneSided(one) &&
    isOneSided(other) &&
    nameOfFile(rows[one.row]!) === nameOfFile(rows[other.row]!) &&
    isAlike(differenceAt(count, one.row), -differenceAt(count, other.row));
  return [
    ...pairBy('measures', (one, other) => (isOneSided(one) || isOneSided(other)) && !differ(one, other)),
    ...pairBy('file', isInPlace),
  ];
}

function differenceAt({ base, head }: ComparedColumn, row: number): number {
  return head.value[row]! - base.value[row]!;
}

/** Sides may have been recorded in other folders. */
function nameOfFile({ file }: MovableRow): string | null {
  return file === null ? null : file.slice(file.lastIndexOf('/') + 1);
}
