/**
 * Small questions about a column of ticks that several rules ask: the value at a moment, the median of a part.
 */
import type { TickTable } from '../../tables.js';

/** Milliseconds from the first to the last tick; 0 with fewer than two. */
export function spanOf(ticks: TickTable): number {
  return ticks.length < 2 ? 0 : ticks.timeMs[ticks.length - 1]! - ticks.timeMs[0]!;
}

/** Time at a share (0 to 1) of the ticks' span. */
export function timeAt(ticks: TickTable, share: number): number {
  return ticks.timeMs[0]! + spanOf(ticks) * share;
}

/** Row of the last tick at or before a moment; the first row when there is none. */
export function tickAt(ticks: TickTable, timeMs: number): number {
  let low = 0;
  let high = ticks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (ticks.timeMs[middle]! <= timeMs) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Median of a column over the ticks in a part of the span, both ends included; null with fewer than `least` ticks. */
export function medianBetween(
  ticks: TickTable,
  column: Float64Array,
  fromShare: number,
  toShare: number,
  least: number,
): number | null {
  const values: number[] = [];
  const fromMs = timeAt(ticks, fromShare);
  const toMs = timeAt(ticks, toShare);
  for (let tick = 0; tick < ticks.length; tick++) {
    const timeMs = ticks.timeMs[tick]!;
    if (timeMs >= fromMs && timeMs <= toMs) values.push(column[tick]!);
  }
  if (values.length < least || values.length === 0) return null;
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}
