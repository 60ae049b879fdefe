/**
 * A capture's memory records as curves: thinned out for a document, or cut into equal steps of time for a chart. Both
 * keep the greatest heap and RSS of what they merge, so that a spike of one record is never lost.
 */
import { endOfTick, spanOfRecording, type RecordingSpan } from '../recording-span.js';
import type { CaptureNotes, CaptureRow } from '../capture.js';
import type { TickTable } from '../tables.js';

/** Columns of equal length, ascending in time. */
export interface Timeline {
  /** Milliseconds since the epoch: the end of each step. */
  readonly timeMs: readonly number[];
  /** Greatest RSS of the step. */
  readonly rssBytes: readonly number[];
  /** Heap at the end of the step. */
  readonly heapBytes: readonly number[];
  /** Greatest heap in the step; null in an aggregated capture. */
  readonly peakBytes: readonly number[] | null;
}

/** At most `maximum` steps, each of equally many ticks (the last may have fewer). */
export function thinTicks(ticks: TickTable, maximum: number): Timeline {
  const stride = Math.max(1, Math.ceil(ticks.length / maximum));
  const timeMs: number[] = [];
  const rssBytes: number[] = [];
  const heapBytes: number[] = [];
  const peakBytes: number[] | null = ticks.peakBytes === null ? null : [];
  for (let first = 0; first < ticks.length; first += stride) {
    const last = Math.min(first + stride, ticks.length) - 1;
    timeMs.push(ticks.timeMs[last]!);
    heapBytes.push(ticks.heapBytes[last]!);
    rssBytes.push(greatest(ticks.rssBytes, first, last));
    if (ticks.peakBytes !== null) peakBytes?.push(greatest(ticks.peakBytes, first, last));
  }
  return { timeMs, rssBytes, heapBytes, peakBytes };
}

/** A chart's columns: each covers an equal step of time from `startMs` to `endMs`. */
export interface TimelineColumns {
  readonly startMs: number;
  readonly endMs: number;
  /** Greatest heap in each column. */
  readonly heapBytes: readonly number[];
  /** Greatest RSS in each column; null where no record lies before its end. */
  readonly rssBytes: readonly (number | null)[];
}

/**
 * Spreads ticks, and what follows the last one, over `columns` steps of time. A tick shows in every column that its
 * time (from the previous record to its own) touches.
 */
export function spreadTicks(
  capture: Pick<CaptureRow, 'startMs' | 'endMs'>,
  notes: Pick<CaptureNotes, 'tailPeakBytes'>,
  ticks: TickTable,
  columns: number,
): TimelineColumns {
  const { startMs, endMs, visit } = spanTime(capture, ticks, columns);
  const heapBytes = Array.from({ length: columns }, () => 0);
  const rssBytes: (number | null)[] = Array.from({ length: columns }, () => null);
  const last = ticks.length - 1;
  visit((column, tick) => {
    const heap =
      tick > last ? (notes.tailPeakBytes ?? ticks.heapBytes[last]!) : (ticks.peakBytes ?? ticks.heapBytes)[tick]!;
    heapBytes[column] = Math.max(heapBytes[column]!, heap);
    rssBytes[column] = Math.max(rssBytes[column] ?? 0, ticks.rssBytes[Math.min(tick, last)]!);
  });
  return { startMs, endMs, heapBytes, rssBytes };
}

/** A value of each tick, and if there is one more of what follows the last one, in the same columns: the greatest of each. */
export function spreadValues(
  capture: Pick<CaptureRow, 'startMs' | 'endMs'>,
  ticks: TickTable,
  values: ArrayLike<number>,
  columns: number,
): number[] {
  const greatestOf = Array.from({ length: columns }, () => 0);
  spanTime(capture, ticks, columns).visit((column, tick) => {
    if (tick < values.length) greatestOf[column] = Math.max(greatestOf[column]!, values[tick]!);
  });
  return greatestOf;
}

interface TimeSpan extends RecordingSpan {
  /** Calls for each column that a tick touches; as many as there are ticks = what follows the last one. */
  readonly visit: (touch: (column: number, tick: number) => void) => void;
}

function spanTime(capture: Pick<CaptureRow, 'startMs' | 'endMs'>, ticks: TickTable, columns: number): TimeSpan {
  const count = ticks.length;
  const span = spanOfRecording(capture, ticks);
  const { startMs, endMs } = span;
  const perMs = endMs > startMs ? columns / (endMs - startMs) : 0;
  const columnAt = (timeMs: number): number =>
    Math.min(columns - 1, Math.max(0, Math.floor((timeMs - startMs) * perMs)));
  const visit: TimeSpan['visit'] = (touch) => {
    if (count === 0) return;
    let previousMs = startMs;
    for (let tick = 0; tick <= count; tick++) {
      const timeMs = endOfTick(tick, ticks, span);
      for (let column = columnAt(previousMs); column <= columnAt(timeMs); column++) touch(column, tick);
      previousMs = timeMs;
    }
  };
  return { ...span, visit };
}

function greatest(column: Float64Array, first: number, last: number): number {
  let value = column[first]!;
  for (let row = first + 1; row <= last; row++) value = Math.max(value, column[row]!);
  return value;
}
