/**
 * A diff in words, the same in a terminal and on the page: what its totals and measures are called, and which rows of a
 * list are shown, with what the others add up to, so that what is shown adds up to the whole list. Shown is what is above
 * the noise, and of bytes always Python's own objects: their arenas come and go by the mebibyte, but nobody would look for
 * them among the others.
 */
import { countNoun, formatBytes, formatCount, formatDuration, signedChange } from '../analysis/format-quantity.js';
import type { DiffDocument, DiffRow, DiffTotal, DiffTotals } from '../documents/diff.js';
import type { ComparedGrouping, ComparedMeasure } from './compared-measures.js';
import { namePlace } from '../analysis/findings/growth-text.js';
import type { MoveBasis } from './find-moved.js';
import { hasWindow, nameOf } from './summarise-changes.js';

const TOTAL_TITLES: Readonly<Record<keyof DiffTotals, string>> = {
  peak: 'Peak',
  reserved: '  reserved, not used',
  ownPeaks: 'Own peaks, added up',
  leaked: 'Live at end',
  total: 'Total',
  temporary: 'Temporary',
  count: 'Allocations',
  rss: 'Peak RSS',
  threads: 'Threads',
  durationMs: 'Duration',
};

const MEASURE_TITLES: Readonly<Record<ComparedMeasure, string>> = {
  peak: 'at the peak',
  'own-peak': 'at most',
  leaked: 'live at the end',
  total: 'in all',
  temporary: 'freed at once',
  count: 'allocations',
};

/** With a window, what is live at its end may well be freed later, and what lived before it is not counted. */
export function measureTitle(measure: ComparedMeasure, compared: Pick<DiffDocument, 'base' | 'head'>): string {
  return measure === 'leaked' && hasWindow(compared)
    ? 'allocated in the window and live at its end'
    : MEASURE_TITLES[measure];
}

export function totalTitle(name: keyof DiffTotals, compared: Pick<DiffDocument, 'base' | 'head'>): string {
  return name === 'leaked' && hasWindow(compared) ? 'Allocated, not freed' : TOTAL_TITLES[name];
}

export function knownTotals({ totals }: Pick<DiffDocument, 'totals'>): [keyof DiffTotals, DiffTotal][] {
  return (Object.keys(TOTAL_TITLES) as (keyof DiffTotals)[]).flatMap((name) => {
    const total = totals[name];
    return total === null ? [] : [[name, total] as [keyof DiffTotals, DiffTotal]];
  });
}

/** What a list tells by. */
type ListedBy = Pick<DiffRow, 'kind' | 'change' | 'aboveNoise'>;

export interface ListedRows<Row extends ListedBy> {
  readonly listed: readonly Row[];
  /** How many would be listed if there were room. */
  readonly worthy: number;
  /** "3 others: +12.0 KiB"; null where every row is listed. */
  readonly others: string | null;
}

export function listedRows<Row extends ListedBy>(
  all: readonly Row[],
  count: number | null,
  measure: ComparedMeasure,
): ListedRows<Row> {
  const format = formatterOf(measure);
  const worthy = all.filter(({ aboveNoise, kind }) => aboveNoise || (kind === 'objects' && measure !== 'count'));
  const listed = worthy.slice(0, count ?? worthy.length);
  const rest = all.length - listed.length;
  const sum = (rows: readonly ListedBy[]): number => rows.reduce((total, { change }) => total + change, 0);
  return {
    listed,
    worthy: worthy.length,
    others: rest === 0 ? null : `${countNoun(rest, 'other')}: ${signedChange(sum(all) - sum(listed), format)}`,
  };
}

/** What rows that moved are: "the same bytes, in another function: renamed, moved, or a helper". */
export function sayMoved(measure: ComparedMeasure, by: ComparedGrouping): string {
  const where = by === 'site' ? 'on another stack' : 'in another function: renamed, moved, or a helper';
  return `the same ${measure === 'count' ? 'number' : 'bytes'}, ${where}`;
}

const MOVE_REASONS: Readonly<Record<MoveBasis, string>> = {
  size: 'one has gone, the other is new, and both hold the same',
  name: 'one has gone, the other is new, and the name is the same',
  callers: 'one has gone, the other is new, and the same functions call them',
  calls: 'one calls the other',
  allocations: 'below one caller there are as many allocations of it as before, or of the same size',
  measures: 'one has gone, and the other has as much more by each measure, and as many allocations',
  file: 'one has gone or is new, the other is in the same file, and as many allocations, or of the same size, went over',
  peak: 'it moved so at the peak',
};

/** "make (a.py) → keep (b.py:12), 5.00 MiB"; null of what did not move. */
export function sayMove(row: DiffRow, measure: ComparedMeasure): string | null {
  const { from } = row;
  if (from === null) return null;
  const before = from.file === null ? from.name : namePlace({ functionName: from.name, file: from.file, line: 0 });
  return `${before} → ${nameOf(row)}, ${formatterOf(measure)(row.head)}`;
}

/** How it is known that it moved: nothing in a recording says so itself. */
export function sayMoveBasis({ basis }: Pick<DiffRow, 'basis'>): string | null {
  return basis === null ? null : MOVE_REASONS[basis];
}

/** What has to be known to read a row right; null where its name says all. */
export function remarkOn({ kind, aboveNoise }: DiffRow): string | null {
  if (kind !== 'objects') return null;
  const noise = aboveNoise ? '' : '; unchanged runs may differ by as much';
  return `pymalloc's arenas, a sample of small objects: which line keeps them is not known${noise}`;
}

export function formatterOf(name: keyof DiffTotals | ComparedMeasure): (value: number) => string {
  if (name === 'count' || name === 'threads') return formatCount;
  return name === 'durationMs' ? formatDuration : formatBytes;
}
