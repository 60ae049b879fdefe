/**
 * Between ticks and times, by what a timeline answer says: exact where a row holds one tick, else in proportion within
 * the row. A row's time and tick are those of the last of its ticks.
 */
import type { TimelineAnswer } from '../api/question.js';

/** Last tick of each row; worked out where the answer does not say it. */
export function tickOfRow(answer: TimelineAnswer, row: number): number {
  const { fromTick, toTick } = answer.head;
  if (row < 0) return fromTick - 1;
  const told = answer.column.tick?.[row];
  if (told !== undefined) return told;
  return Math.min(toTick, Math.round(fromTick - 1 + ((row + 1) * (toTick - fromTick + 1)) / answer.length));
}

/** When a row begins: where the one before it ends. */
export function startOfRow(answer: TimelineAnswer, row: number): number {
  const { timeMs } = answer.column;
  if (row > 0) return timeMs![row - 1]!;
  return answer.head.fromTick === 0 ? Math.min(answer.head.startMs, timeMs?.[0] ?? answer.head.startMs) : timeMs![0]!;
}

/** The row that holds a time; the first or last one outside of all. */
export function rowAt(answer: TimelineAnswer, ms: number): number {
  const times = answer.column.timeMs!;
  let [low, high] = [0, answer.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < ms) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low);
}

/** The tick that a time lies in. */
export function tickAt(answer: TimelineAnswer, ms: number): number {
  const row = rowAt(answer, ms);
  const [before, last] = [tickOfRow(answer, row - 1), tickOfRow(answer, row)];
  const [start, end] = [startOfRow(answer, row), answer.column.timeMs![row]!];
  const share = end > start ? (ms - start) / (end - start) : 1;
  return Math.max(before + 1, Math.min(last, before + Math.ceil(share * (last - before))));
}

/** When a tick ends. */
export function endOfTick(answer: TimelineAnswer, tick: number): number {
  let [low, high] = [0, answer.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tickOfRow(answer, middle) < tick) low = middle + 1;
    else high = middle;
  }
  const [before, last] = [tickOfRow(answer, low - 1), tickOfRow(answer, low)];
  const [start, end] = [startOfRow(answer, low), answer.column.timeMs![low]!];
  const share = last > before ? Math.min(1, Math.max(0, (tick - before) / (last - before))) : 1;
  return start + share * (end - start);
}

/** When a tick begins. */
export function startOfTick(answer: TimelineAnswer, tick: number): number {
  return tick <= 0 ? startOfRow(answer, 0) : endOfTick(answer, tick - 1);
}
