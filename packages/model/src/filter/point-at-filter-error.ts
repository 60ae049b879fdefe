/**
 * From the place of a `FilterError` to two lines: the filter's text, and carets beneath the offending part. Text that
 * is wider than its display is cut on both sides of the place.
 */
import type { FilterPlace } from './filter-error.js';

/** How text is displayed. */
export interface TextDisplay {
  /** Columns that the lines may take; fewer than 8 count as 8. */
  readonly width: number;
  /** Makes text safe to display on one line: control characters become escapes. */
  readonly show: (text: string) => string;
  /** Columns that shown text takes. */
  readonly measure: (shown: string) => number;
}

/** Combining marks take no column; this many UTF-16 units per column are looked at. */
const UNITS_PER_COLUMN = 8;

export function pointAtFilterError(place: FilterPlace, display: TextDisplay): [line: string, carets: string] {
  const { filter } = place;
  const width = Math.max(8, display.width);
  const units = width * UNITS_PER_COLUMN;
  const start = Math.min(Math.max(0, place.position), filter.length);
  const end = Math.min(start + Math.max(0, place.length), filter.length);
  const widthOf = (text: string): number => display.measure(display.show(text));

  const beforeWidth = widthOf(filter.slice(Math.max(0, start - units), start));
  const behindWidth = widthOf(filter.slice(end, end + units));
  const quarter = Math.floor(width / 4);
  const target = fit(
    filter.slice(start, end),
    width - Math.min(beforeWidth, quarter) - Math.min(behindWidth, quarter),
    'start',
    display,
  );
  const targetWidth = Math.max(1, display.measure(target));
  const room = width - targetWidth;
  const behind = fit(filter.slice(end), Math.max(Math.floor(room / 2), room - beforeWidth), 'start', display);
  const before = fit(filter.slice(0, start), room - display.measure(behind), 'end', display);
  return [before + target + behind, ' '.repeat(display.measure(before)) + '^'.repeat(targetWidth)];
}

/** As much of the text's start or end as fits, shown, with "…" in place of what does not. */
function fit(text: string, width: number, kept: 'start' | 'end', display: TextDisplay): string {
  const units = Math.max(1, width) * UNITS_PER_COLUMN;
  const near = kept === 'start' ? text.slice(0, units) : text.slice(-units);
  const shown = display.show(near);
  if (near.length === text.length && display.measure(shown) <= width) return shown;
  if (width < 1) return '';

  const characters = Array.from(near);
  const take = (length: number): string => {
    const part = kept === 'start' ? characters.slice(0, length) : characters.slice(characters.length - length);
    return display.show(part.join(''));
  };
  let fitting = 0;
  let tooMany = characters.length + 1;
  while (tooMany - fitting > 1) {
    const middle = (fitting + tooMany) >> 1;
    if (display.measure(take(middle)) < width) fitting = middle;
    else tooMany = middle;
  }
  return kept === 'start' ? `${take(fitting)}…` : `…${take(fitting)}`;
}
