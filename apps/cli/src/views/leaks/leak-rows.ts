/** A row of leaks → where it was allocated, who in the application is behind it, and when. */
import { endOfTick, spanOfRecording, type LeakTable, type Profile, type Selection } from '@memscope/model';

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

export interface LeakFrames {
  /** Row of `FrameTable` of the innermost frame that is shown; -1 = none. */
  readonly innermost: number;
  /** Of the innermost frame that belongs to the application, maybe the same; -1 = none. */
  readonly application: number;
}

export function framesOfSite(site: number, { stack, shown, groups, stackTables: { stacks } }: Selection): LeakFrames {
  let innermost = -1;
  for (let row = stack[site]!; row !== 0; row = stacks.parent[row]!) {
    const frame = stacks.frame[row]!;
    if (innermost < 0 && (shown === null || shown[frame] !== 0)) innermost = frame;
    if (groups.modules[groups.moduleOf[frame]!]!.category !== 'application') continue;
    return { innermost, application: frame };
  }
  return { innermost, application: -1 };
}

/** Live bytes of a row at the end of each step. */
export function curveOf(row: number, { liveBytes, stepTicks }: LeakTable): Float64Array {
  return liveBytes.subarray(row * stepTicks.length, (row + 1) * stepTicks.length);
}
