/**
 * Heap and RSS over time, of the whole recording or of a window: the answer that `memscope timeline`, the page and a
 * report draw.
 */
import {
  canAnswer,
  nameRuns,
  readWindow,
  ticksWithin,
  totalsOf,
  ViewError,
  type AnalysisTotals,
  type CaptureNotes,
  type CaptureRow,
  type Profile,
  type RecordingSpan,
  type SetRecording,
  type TickTable,
  type TimeWindow,
} from '@memscope/model';
import type { OpenRun } from './open-run.js';

/** Of one run, or of several added up over the clock that they share (`recording`). */
export interface Timeline {
  readonly recording: SetRecording;
  readonly capture: CaptureRow;
  /** In a window that ends before, nothing follows the last memory record. */
  readonly notes: CaptureNotes;
  readonly ticks: TickTable;
  /** The recording's number of the first of `ticks`; peaks in `totals` count from it. */
  readonly firstTick: number;
  readonly totals: AnalysisTotals;
  readonly window: TimeWindow | null;
  /** What the time axis spans, where that is not the whole recording. */
  readonly span?: Pick<CaptureRow, 'startMs' | 'endMs'>;
  /** Of several; empty for one. */
  readonly runs: readonly TimelineRun[];
}

/** One of several runs over the same ticks. */
export interface TimelineRun extends RecordingSpan {
  readonly name: string;
  readonly capturePath: string;
  readonly peakBytes: number;
  /** Its greatest heap in each of `ticks`, 0 where it was not recorded. */
  readonly heapBytes: Float64Array;
}

/** Throws `ViewError`. */
export function drawTimeline({ recording, set }: OpenRun, text: string | null): Timeline {
  const { capture, notes } = recording;
  const ticks = recording.ticks();
  const totals = totalsOf(capture, notes, ticks);
  if (text === null)
    return {
      recording,
      capture,
      notes,
      ticks,
      firstTick: 0,
      totals,
      window: null,
      runs: listRuns(set.head, recording, 0, ticks.length),
    };
  const window = windowOfTicks(text, recording, ticks);
  const { fromTick, peakTick, peakBytes, hasTail } = window;
  const shown = ticksWithin(ticks, window);
  const rssPeakBytes = shown.length === 0 ? null : shown.rssBytes.reduce((most, bytes) => Math.max(most, bytes), 0);
  const knowsPeak = canAnswer(capture, 'lifetimes');
  return {
    recording,
    capture,
    notes: hasTail ? notes : { ...notes, tailHeapBytes: null, tailPeakBytes: null },
    ticks: shown,
    firstTick: fromTick,
    totals: {
      ...totals,
      peakBytes,
      peakTick: knowsPeak ? peakTick - fromTick : null,
      peakTimeMs: knowsPeak ? window.peakMs : null,
      rssPeakBytes,
      rssPeakTimeMs: rssPeakBytes === null ? null : shown.timeMs[shown.rssBytes.indexOf(rssPeakBytes)]!,
    },
    window,
    span: { startMs: window.fromMs, endMs: window.toMs },
    runs: listRuns(set.head, recording, fromTick, fromTick + shown.length),
  };
}

function listRuns(
  profiles: readonly Profile[],
  { steps }: SetRecording,
  fromTick: number,
  endTick: number,
): TimelineRun[] {
  if (steps === null) return [];
  const names = nameRuns(profiles.map((profile) => ({ profile })));
  return profiles.map(({ capture }, run) => {
    const { span, heapBytes } = steps[run]!;
    const { path, peakBytes } = capture;
    return {
      ...span,
      name: names[run]!,
      capturePath: path,
      peakBytes,
      heapBytes: heapBytes.subarray(fromTick, endTick),
    };
  });
}

/** An aggregated capture has times, too, just not when its heap was highest. */
function windowOfTicks(text: string, { capture, notes }: SetRecording, ticks: TickTable): TimeWindow {
  if (canAnswer(capture, 'lifetimes')) return readWindow(text, { capture, notes, ticks: () => ticks });
  if (/(^|\.)\s*peak/.test(text)) {
    throw new ViewError('cannotAnswer', 'an aggregated capture does not say when the heap was at its peak');
  }
  return readWindow(text, {
    // Of the ticks alone, which it has, nothing needs lifetimes.
    capture: { ...capture, answers: { ...capture.answers, lifetimes: 'exact' } },
    notes,
    ticks: () => ({ ...ticks, peakBytes: ticks.heapBytes }),
  });
}
