/**
 * From when to when a recording lasts. A process that was killed left no end, and clocks are set while a program runs: so
 * the span is at least what the memory records show.
 */
import type { CaptureRow } from './capture.js';
import type { TickTable } from './tables.js';

/** Milliseconds since the epoch. */
export interface RecordingSpan {
  readonly startMs: number;
  /** Not before `startMs`, nor before any memory record. */
  readonly endMs: number;
}

/** What times are counted from: where nobody knows when the recording started, they are since its start. */
export function originOf({ startMs }: Pick<CaptureRow, 'startMs'>): number {
  return startMs ?? 0;
}

export function spanOfRecording(
  { startMs, endMs }: Pick<CaptureRow, 'startMs' | 'endMs'>,
  { length, timeMs }: Pick<TickTable, 'length' | 'timeMs'>,
): RecordingSpan {
  const first = originOf({ startMs });
  const known = Math.max(first, endMs ?? first);
  if (length === 0) return { startMs: first, endMs: known };
  return { startMs: Math.min(first, timeMs[0]!), endMs: Math.max(known, timeMs[length - 1]!) };
}

/** When a tick ends. What follows the last memory record is one more tick, which ends with the recording. */
export function endOfTick(
  tick: number,
  { length, timeMs }: Pick<TickTable, 'length' | 'timeMs'>,
  { endMs }: RecordingSpan,
): number {
  return tick < length ? timeMs[tick]! : endMs;
}
