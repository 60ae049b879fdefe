/**
 * The time of a set of runs: capture, notes and ticks as those of one run, and where the ticks of each lie on the clock
 * that they share (join-recordings.ts makes it).
 */
import type { Profile } from '../profile.js';
import { originOf, type RecordingSpan } from '../recording-span.js';
import type { TimeWindow } from './window.js';

/** - `own`: of one run
 *  - `wall`: the time of day of several that were recorded at the same time
 *  - `start`: time since the start of each of several; no moment of it is one at which they held memory together
 */
export type SetClock = 'own' | 'wall' | 'start';

/** When a run was recorded, on the clock of its set; by step, -1 = not then. Ticks as in `TimeWindow`. */
export interface RunSteps {
  /** The first and the last tick that a step touches, and that of them with the greatest heap, of equal ones the last. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly highest: Int32Array;
  /** The last tick that has ended when the step does; -1 = none yet. What follows the last memory record ends a run. */
  readonly ended: Int32Array;
  /** By tick: the step in which it ends. */
  readonly stepOfTick: Uint32Array;
  /** By step: the heap of `highest`, 0 = not recorded then. Of an aggregated capture that at memory records. */
  readonly heapBytes: Float64Array;
  /** On the clock of the set. */
  readonly span: RecordingSpan;
}

/** Of one run its own; of several `ticks` are steps of the shared clock, and nothing follows the last one. */
export interface SetRecording extends Pick<Profile, 'capture' | 'notes' | 'ticks'> {
  readonly clock: SetClock;
  /** How long a step is; null for one run, whose ticks are as they were recorded. */
  readonly stepMs: number | null;
  /** By run; null for one run. */
  readonly steps: readonly RunSteps[] | null;
  /** By step: how many runs were recorded then; null for one run. */
  readonly runsOfStep: Uint32Array | null;
}

/** What a stretch of a set's steps covers of a run, in ticks of the run; null where it was not recorded then. */
export function ticksOfRun(
  { first, last }: RunSteps,
  { fromTick, toTick }: Pick<TimeWindow, 'fromTick' | 'toTick'>,
): Pick<TimeWindow, 'fromTick' | 'toTick'> | null {
  const end = Math.min(toTick, first.length - 1);
  let [from, to] = [-1, -1];
  // What follows the last step is the end of it.
  for (let step = Math.min(fromTick, end); step <= end; step++) {
    if (first[step]! < 0) continue;
    if (from < 0) from = first[step]!;
    to = last[step]!;
  }
  return from < 0 ? null : { fromTick: from, toTick: to };
}

/** When a run began, in milliseconds since the first of its set did. */
export function startOfRun({ span }: RunSteps, { capture }: Pick<SetRecording, 'capture'>): number {
  return span.startMs - originOf(capture);
}

/** The tick of a run that has ended when a step of the set does, -1 = none; as many as there are steps = at the end. */
export function tickEnded({ ended }: RunSteps, step: number): number {
  return ended[Math.min(step, ended.length - 1)]!;
}

export function recordingOfOne(profile: Profile): SetRecording {
  const { capture, notes } = profile;
  return { capture, notes, ticks: () => profile.ticks(), clock: 'own', stepMs: null, steps: null, runsOfStep: null };
}
