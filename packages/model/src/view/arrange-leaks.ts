/** Rows of leaks → those of a verdict that hold a text, in an order that a reader chose: the same from a server and in a report. */
import { foldCase } from '../filter/pattern-tester.js';
import type { FlameLabel } from '../api.js';
import type { LeakVerdictName } from './leak-verdict.js';
import type { LeakSort } from './view-choices.js';

/** What rows are ordered and found by. */
export interface LeakRowReader<Row> {
  readonly label: (row: Row) => FlameLabel | null;
  readonly innermost: (row: Row) => FlameLabel | null;
  readonly verdict: (row: Row) => LeakVerdictName;
  readonly bytes: (row: Row) => number;
  readonly baseBytes: (row: Row) => number;
  readonly count: (row: Row) => number;
  readonly firstBorn: (row: Row) => number;
  readonly sites: (row: Row) => number;
  /** Live bytes at the end of each step. */
  readonly liveBytes: (row: Row) => ArrayLike<number>;
}

export interface LeakArrangement {
  /** Null = what still grows first, then the heaviest; with a base what grew most. */
  readonly sort: LeakSort | null;
  readonly descending: boolean;
  /** Within name, file and module of the line, or of where most of it was allocated; in any case. */
  readonly search: string;
  readonly verdict: LeakVerdictName | null;
}

/** `rows` are in the order of the sort null. Of equal ones the first stays first. */
export function arrangeLeaks<Row>(
  rows: readonly Row[],
  { sort, descending, search, verdict }: LeakArrangement,
  read: LeakRowReader<Row>,
): Row[] {
  const sought = foldCase(search);
  const found = rows.filter(
    (row) =>
      (verdict === null || read.verdict(row) === verdict) &&
      (sought === '' || foldCase(`${textOf(read.label(row))}\n${textOf(read.innermost(row))}`).includes(sought)),
  );
  if (sort === null) return found;
  const sign = descending ? -1 : 1;
  if (sort === 'name' || sort === 'innermost' || sort === 'verdict') {
    const texts = new Map(
      found.map((row) => [row, sort === 'verdict' ? read.verdict(row) : foldCase(textOf(read[TEXTS[sort]](row)))]),
    );
    return found.sort((a, b) => sign * compareTexts(texts.get(a)!, texts.get(b)!));
  }
  const weight = weightOf(sort, read);
  return found.sort((a, b) => sign * (weight(a) - weight(b)));
}

const TEXTS = { name: 'label', innermost: 'innermost' } as const;

function weightOf<Row>(
  sort: Exclude<LeakSort, 'name' | 'innermost' | 'verdict'>,
  read: LeakRowReader<Row>,
): (row: Row) => number {
  switch (sort) {
    case 'gained':
      return (row) => {
        const live = read.liveBytes(row);
        return (live[live.length - 1] ?? 0) - (live[live.length >> 1] ?? 0);
      };
    case 'change':
      return (row) => read.bytes(row) - read.baseBytes(row);
    case 'base':
      return read.baseBytes;
    case 'bytes':
      return read.bytes;
    case 'count':
      return read.count;
    case 'born':
      return read.firstBorn;
    case 'sites':
      return read.sites;
  }
}

function textOf(label: FlameLabel | null): string {
  return label === null ? '' : `${label.name}\n${label.file ?? ''}\n${label.module}`;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
