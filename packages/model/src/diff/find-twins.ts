/**
 * Rows that changed, where no stack is known → what another function holds now in place of one that has gone. Either it
 * has as much more by every measure as the other had, the number of allocations among them: one measure alone would say
 * nothing, since a buffer that became larger is not an allocation more; where several would fit it is none. Or it is in
 * the same file, and makes as many allocations, or such of the same size: code that was rewritten, split, merged or put
 * into a helper; what it holds more, or less, is a change.
 */
import { nameOfPath } from '../analysis/module-of-file.js';
import { areOfAlikeSize, isAlike, LEAST_MOVED } from './find-moved.js';
import type { Shift } from './find-shifts.js';
import { groupBy, pairInOrder } from './pair-changes.js';
import type { ComparedColumn } from './side-columns.js';

interface Change {
  readonly row: number;
  readonly change: number;
  readonly aboveNoise: boolean;
}

export interface MeasuredColumns {
  /** Of bytes, but for `total`. */
  readonly measures: readonly ComparedColumn[];
  /** Bytes of all allocations ever made. */
  readonly total: ComparedColumn;
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
  columns: MeasuredColumns,
): Shift<Row>[] {
  const { measures, total, count } = columns;
  const candidates = changes
    .filter(
      ({ row, change, aboveNoise }) => aboveNoise && Math.abs(change) >= LEAST_MOVED && rows[row]!.kind === 'function',
    )
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || a.row - b.row)
    .slice(0, MOST_CANDIDATES);
  const differencesOf = ({ row }: Row): number[] =>
    [...measures, total, count].map((column) => differenceAt(column, row));
  const areTwins = (one: Row, other: Row): boolean => {
    if (one.change * other.change >= 0 || rows[one.row]!.pool !== rows[other.row]!.pool) return false;
    const expected = differencesOf(other);
    return (
      (isOneSided(one, count) || isOneSided(other, count)) &&
      differencesOf(one).every((difference, at) => isAlike(difference, -expected[at]!))
    );
  };
  const partners = new Map(candidates.map((each) => [each, candidates.filter((other) => areTwins(each, other))]));
  const twins = candidates.flatMap((from): Shift<Row>[] => {
    const [to, ...others] = partners.get(from)!;
    if (from.change > 0 || to === undefined || others.length > 0 || partners.get(to)!.length > 1) return [];
    return [{ from, to, amount: Math.min(-from.change, to.change), basis: 'measures' }];
  });
  const taken = new Set(twins.flatMap(({ from, to }) => [from, to]));
  const byFile = groupBy(
    candidates.filter((candidate) => !taken.has(candidate)),
    ({ row }) => JSON.stringify([rows[row]!.pool, fileOf(rows[row]!)]),
  );
  return [...twins, ...[...byFile.values()].flatMap((inFile) => shiftsInFile(inFile, columns))];
}

/** What came takes the place of what went; what is left of these was in functions that stay, or is in them now. */
function shiftsInFile<Row extends Change>(inFile: readonly Row[], columns: MeasuredColumns): Shift<Row>[] {
  const part = (sign: 1 | -1, isOfOneSide: boolean): Row[] =>
    inFile.filter((each) => each.change * sign > 0 && isOneSided(each, columns.count) === isOfOneSide);
  const [gone, came] = [part(-1, true), part(1, true)];
  const replaced = haveAlikeBlocks(gone, came, columns) ? shiftAll(gone, came) : [];
  if (replaced.length > 0) return replaced;
  const [fell, rose] = [part(-1, false), part(1, false)];
  return [
    ...(haveAlikeBlocks(gone, rose, columns, true) ? shiftAll(gone, rose) : []),
    ...(haveAlikeBlocks(fell, came, columns, true) ? shiftAll(fell, came) : []),
  ];
}

function shiftAll<Row extends Change>(fell: readonly Row[], rose: readonly Row[]): Shift<Row>[] {
  const pairs = pairInOrder(fell, rose, ({ change }) => Math.abs(change));
  return pairs.map(({ from, to, bytes }) => ({ from, to, amount: bytes, basis: 'file' }));
}

/** As many allocations more as fewer, or one function's of the size of another's; of functions that stay of that size, too. */
function haveAlikeBlocks(
  fell: readonly Change[],
  rose: readonly Change[],
  { total, count }: MeasuredColumns,
  stays = false,
): boolean {
  if (fell.length === 0 || rose.length === 0) return false;
  const sum = (side: readonly Change[], column: ComparedColumn): number =>
    side.reduce((all, { row }) => all + differenceAt(column, row), 0);
  const [fewer, more] = [-sum(fell, count), sum(rose, count)];
  if (fewer < 1 || more < 1) return false;
  const areSame = stays ? isAlike : areOfAlikeSize;
  const isOfOneSize = areSame(-sum(fell, total) / fewer, sum(rose, total) / more);
  const isOneToOne = fell.length === 1 && rose.length === 1;
  return isAlike(fewer, more) ? isOfOneSize || !stays : isOfOneSize && isOneToOne;
}

function isOneSided({ row }: Change, { base, head }: ComparedColumn): boolean {
  return base.value[row] === 0 || head.value[row] === 0;
}

function differenceAt({ base, head }: ComparedColumn, row: number): number {
  return head.value[row]! - base.value[row]!;
}

/** Sides may have been recorded in other folders. */
function fileOf({ file }: MovableRow): string | null {
  return file === null ? null : nameOfPath(file);
}
