/** The timeline of a base on the clock of a head: both start together. */
import type { TimelineAnswer } from '../api/question.js';

export function shiftTimeline(base: TimelineAnswer, startMs: number): TimelineAnswer {
  const by = startMs - base.head.startMs;
  const shift = (ms: number | null): number | null => (ms === null ? null : ms + by);
  const { head, column } = base;
  return {
    ...base,
    head: {
      ...head,
      startMs,
      endMs: head.endMs + by,
      peakTimeMs: shift(head.peakTimeMs),
      rssPeakTimeMs: shift(head.rssPeakTimeMs),
    },
    column: { ...column, ...(column.timeMs === undefined ? {} : { timeMs: column.timeMs.map((ms) => ms + by) }) },
  };
}
