/**
 * Rows of one list of a diff → those that are shown, and what the others add up to, so that what is shown adds up to the
 * whole list. Shown is what is above the noise, and of bytes always Python's own objects: their arenas come and go by the
 * mebibyte, but nobody would look for them among the others.
 */
import {
  countNoun,
  formatBytes,
  formatCount,
  formatDuration,
  signedChange,
  type ComparedMeasure,
  type DiffRow,
  type DiffTotals,
} from '@memscope/model';

export interface ListedRows {
  readonly listed: readonly DiffRow[];
  /** How many would be listed if there were room. */
  readonly worthy: number;
  /** "3 others: +12.0 KiB"; null where every row is listed. */
  readonly others: string | null;
}

export function listedRows(all: readonly DiffRow[], count: number | null, measure: ComparedMeasure): ListedRows {
  const format = formatterOf(measure);
  const worthy = all.filter(({ aboveNoise, kind }) => aboveNoise || (kind === 'objects' && measure !== 'count'));
  const listed = worthy.slice(0, count ?? worthy.length);
  const rest = all.length - listed.length;
  const sum = (rows: readonly DiffRow[]): number => rows.reduce((total, { change }) => total + change, 0);
  return {
    listed,
    worthy: worthy.length,
    others: rest === 0 ? null : `${countNoun(rest, 'other')}: ${signedChange(sum(all) - sum(listed), format)}`,
  };
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
