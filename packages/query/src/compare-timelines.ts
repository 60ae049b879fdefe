/**
 * Two sides of a run set → heap and RSS of both over the time since the start of each, in equal steps. A side has no value
 * where its recording had ended. The answer of `memscope timeline --base`.
 */
import { endOfTick, spanOfRecording, type TickTable, type ViewQuery } from '@memscope/model';
import { findBands } from './bands.js';
import { OpenRun } from './open-run.js';
import { drawTimeline, type Timeline } from './timeline.js';

export interface ComparedTimelines {
  readonly head: Timeline;
  readonly base: Timeline;
  /** The same, of what passes the filter where there is one: what `steps` are of. */
  readonly passing: { readonly head: Timeline; readonly base: Timeline };
  /** Of the longer side; of a window what it spans. */
  readonly durationMs: number;
  /** As many as tell all that is known. */
  readonly mostSteps: number;
  readonly steps: (count: number) => ComparedSteps;
}

/** Columns of equal length. */
export interface ComparedSteps {
  readonly stepMs: number;
  readonly head: SideSteps;
  readonly base: SideSteps;
}

/** The greatest in each step; null after the end. With a filter `heapBytes` is what passes it. */
export interface SideSteps {
  readonly heapBytes: readonly (number | null)[];
  readonly rssBytes: readonly (number | null)[];
}

/** The window is of the clock of each side. Throws `ViewError` and `FilterError`. */
export function compareTimelines(run: OpenRun, view: ViewQuery): ComparedTimelines {
  const { head, base } = run.set;
  const [ofHead, ofBase] = [head, base].map((side) => new OpenRun({ head: side, base: [] }, run.host)) as [
    OpenRun,
    OpenRun,
  ];
  const whole = { head: drawTimeline(ofHead, view.window), base: drawTimeline(ofBase, view.window) };
  const passing = { head: passingOf(ofHead, view, whole.head), base: passingOf(ofBase, view, whole.base) };
  const durationMs = Math.max(durationOf(whole.head), durationOf(whole.base));
  return {
    ...whole,
    passing,
    durationMs,
    mostSteps: Math.max(whole.head.ticks.length, whole.base.ticks.length) + 1,
    steps(count) {
      const stepMs = durationMs / count;
      const side = (timeline: Timeline): SideSteps => stepsOf(timeline, stepMs, count);
      return { stepMs, head: side(passing.head), base: side(passing.base) };
    },
  };
}

function passingOf(run: OpenRun, view: ViewQuery, timeline: Timeline): Timeline {
  if (view.filter === null) return timeline;
  const { bands } = findBands(run, view, { by: null, top: 1, window: timeline.window });
  const live = bands[0]?.liveBytes ?? new Float64Array(timeline.ticks.length + 1);
  const passes = live.slice(0, timeline.ticks.length);
  const ticks: TickTable = { ...timeline.ticks, heapBytes: passes, peakBytes: passes };
  const peakTick = live.reduce((most, bytes, tick) => (bytes >= live[most]! ? tick : most), 0);
  const tail = timeline.notes.tailHeapBytes === null ? null : (live[timeline.ticks.length] ?? null);
  return {
    ...timeline,
    ticks,
    notes: { ...timeline.notes, tailHeapBytes: tail, tailPeakBytes: tail },
    totals: {
      ...timeline.totals,
      peakBytes: live[peakTick] ?? 0,
      peakTick,
      peakTimeMs: ticks.timeMs[Math.min(peakTick, ticks.length - 1)] ?? null,
    },
  };
}

function durationOf({ span, capture, ticks }: Timeline): number {
  const { startMs, endMs } = spanOfRecording(span ?? capture, ticks);
  return Math.max(1, endMs - startMs);
}

/** A tick shows in every step that its time, from the record before to its own, touches; null behind the last one. */
function stepsOf({ span, capture, notes, ticks }: Timeline, stepMs: number, count: number): SideSteps {
  const none = (): (number | null)[] => Array.from({ length: count }, () => null);
  const [heapBytes, rssBytes] = [none(), none()];
  const { length } = ticks;
  const time = spanOfRecording(span ?? capture, ticks);
  if (length === 0) return { heapBytes, rssBytes };
  let before = 0;
  for (let tick = 0; tick <= length; tick++) {
    const heap = tick < length ? (ticks.peakBytes ?? ticks.heapBytes)[tick]! : notes.tailPeakBytes;
    const after = endOfTick(tick, ticks, time) - time.startMs;
    const last = Math.min(count - 1, Math.ceil(after / stepMs) - 1);
    for (let step = Math.min(last, Math.floor(before / stepMs)); step <= last && step >= 0; step++) {
      if (heap !== null) heapBytes[step] = Math.max(heapBytes[step] ?? 0, heap);
      rssBytes[step] = Math.max(rssBytes[step] ?? 0, ticks.rssBytes[Math.min(tick, length - 1)]!);
    }
    before = after;
  }
  return { heapBytes, rssBytes };
}
