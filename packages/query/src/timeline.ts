/**
 * Heap and RSS over time, of the whole recording or of a window: the answer that `memscope timeline`, the page and a
 * report draw.
 */
import {
  canAnswer,
  readWindow,
  ticksWithin,
  totalsOf,
  ViewError,
  type AnalysisTotals,
  type CaptureNotes,
  type CaptureRow,
  type Profile,
  type TickTable,
  type TimeWindow,
} from '@memscope/model';
import type { OpenRun } from './open-run.js';

export interface Timeline {
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
}

/** Throws `ViewError`. */
export function drawTimeline({ profile }: OpenRun, text: string | null): Timeline {
  const { capture, notes } = profile;
  const ticks = profile.ticks();
  const totals = totalsOf(capture, notes, ticks);
  if (text === null) return { capture, notes, ticks, firstTick: 0, totals, window: null };
  const window = windowOfTicks(text, profile, ticks);
  const { fromTick, peakTick, peakBytes, hasTail } = window;
  const shown = ticksWithin(ticks, window);
  const rssPeakBytes = shown.length === 0 ? null : shown.rssBytes.reduce((most, bytes) => Math.max(most, bytes), 0);
  const knowsPeak = canAnswer(capture, 'lifetimes');
  return {
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
  };
}

/** An aggregated capture has times, too, just not when its heap was highest. */
function windowOfTicks(text: string, { capture, notes }: Profile, ticks: TickTable): TimeWindow {
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
