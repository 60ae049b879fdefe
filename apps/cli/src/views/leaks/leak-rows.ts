/** A row of leaks → where most of it was allocated, and when. */
import {
  attachedSentence,
  endOfTick,
  spanOfRecording,
  tellGrowth,
  type Finding,
  type LeakTable,
  type Profile,
  type Selection,
} from '@memscope/model';

/** Everything that is told about leaks. */
export interface LeakAnswer {
  readonly capturePath: string;
  readonly selection: Selection;
  readonly leaks: LeakTable;
  /** Milliseconds since the start at which each tick ends; the last one ends with the recording. */
  readonly tickEndMs: Float64Array;
}

export function timeTicks(profile: Profile): Float64Array {
  const ticks = profile.ticks();
  const span = spanOfRecording(profile.capture, ticks);
  return Float64Array.from({ length: ticks.length + 1 }, (_, tick) => endOfTick(tick, ticks, span) - span.startMs);
}

/** What grows in the recording, as `analyze` tells it; none where only a part of it is asked for. */
export function growthOf({ profile, window, passes }: Selection): readonly Finding[] {
  return window === null && passes === null ? tellGrowth(profile) : [];
}

export function attachedNote({ profile }: Selection): string | null {
  return attachedSentence(profile.capture);
}

/** Row of `FrameTable` of the innermost frame of a row's heaviest site that is shown; -1 = none. */
export function innermostOf(row: number, { site }: LeakTable, selection: Selection): number {
  const { stack, shown, stackTables } = selection;
  const { stacks } = stackTables;
  for (let at = stack[site[row]!]!; at !== 0; at = stacks.parent[at]!) {
    const frame = stacks.frame[at]!;
    if (shown === null || shown[frame] !== 0) return frame;
  }
  return -1;
}

/** Live bytes of a row at the end of each step. */
export function curveOf(row: number, { liveBytes, stepTicks }: LeakTable): Float64Array {
  return liveBytes.subarray(row * stepTicks.length, (row + 1) * stepTicks.length);
}
