/** The memory records of a profile → those within a window, with the highest heap and RSS among them. */
import {
  canAnswer,
  readWindow,
  ticksWithin,
  totalsOf,
  ViewError,
  type Profile,
  type TickTable,
  type TimeWindow,
} from '@memscope/model';

import type { TimelineSource } from '../../terminal/timeline-section.js';

export interface TimelineTicks extends TimelineSource {
  readonly window: TimeWindow | null;
  /** The recording's number of the first of `ticks`; peaks in `totals` count from it. */
  readonly firstTick: number;
}

/** Throws `ViewError`. */
export function windowTicks(profile: Profile, text: string | null): TimelineTicks {
  const { capture, notes } = profile;
  const ticks = profile.ticks();
  const totals = totalsOf(capture, notes, ticks);
  if (text === null) return { capture, notes, ticks, totals, window: null, firstTick: 0 };
  const window = tickWindow(profile, ticks, text);
  const { fromTick, peakTick, peakBytes, hasTail } = window;
  const shown = ticksWithin(ticks, window);
  const rssPeakBytes = shown.length === 0 ? null : shown.rssBytes.reduce((most, bytes) => Math.max(most, bytes), 0);
  return {
    capture,
    notes: hasTail ? notes : { ...notes, tailHeapBytes: null, tailPeakBytes: null },
    ticks: shown,
    totals: {
      ...totals,
      peakBytes,
      peakTick: !canAnswer(capture, 'lifetimes') ? null : peakTick - fromTick,
      peakTimeMs: !canAnswer(capture, 'lifetimes') ? null : window.peakMs,
      rssPeakBytes,
      rssPeakTimeMs: rssPeakBytes === null ? null : shown.timeMs[shown.rssBytes.indexOf(rssPeakBytes)]!,
    },
    span: { startMs: window.fromMs, endMs: window.toMs },
    window,
    firstTick: fromTick,
  };
}

/** An aggregated capture has times, too, just not when its heap was highest. */
function tickWindow(profile: Profile, ticks: TickTable, text: string): TimeWindow {
  const { capture, notes } = profile;
  if (canAnswer(capture, 'lifetimes')) return readWindow(text, profile);
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
