/**
 * `memscope timeline`: from a profile to its memory records, as a chart and a table, as the document
 * `memscope.timeline/1` (schema/timeline-1.schema.json), or as CSV.
 */
import { thinTicks, totalsOf, type Profile } from '@memscope/model';

import { memscopeVersion } from '../../memscope-version.js';
import { formatIsoTime } from '../../terminal/clock.js';
import type { CsvCell, CsvTable } from '../../terminal/csv.js';
import type { TimelineSource } from '../../terminal/timeline-section.js';
import type { View } from '../run-view.js';
import { describeTicks } from './timeline-table.js';

export const TIMELINE_SCHEMA = 'memscope.timeline/1';

export interface TimelineAnswer extends TimelineSource {
  readonly profilePath: string;
}

export const TIMELINE_VIEW: View<TimelineAnswer> = {
  ask: askTimeline,
  defaultCount: 40,
  lines: describeTicks,
  document: timelineDocument,
  table: timelineTable,
};

function askTimeline(profile: Profile): TimelineAnswer {
  const { capture, notes } = profile;
  const ticks = profile.ticks();
  return { profilePath: profile.path, capture, notes, ticks, totals: totalsOf(capture, notes, ticks) };
}

function timelineDocument(answer: TimelineAnswer, count: number | null): object {
  const { capture, notes, ticks, totals } = answer;
  return {
    schema: TIMELINE_SCHEMA,
    memscopeVersion: memscopeVersion(),
    profilePath: answer.profilePath,
    capture: {
      path: capture.path,
      layout: capture.layout,
      complete: capture.complete,
      startMs: capture.startMs,
      startTime: formatIsoTime(capture.startMs),
      endMs: capture.endMs,
      endTime: formatIsoTime(capture.endMs),
    },
    peak: {
      bytes: totals.peakBytes,
      tick: totals.peakTick,
      timeMs: totals.peakTimeMs,
      time: formatIsoTime(totals.peakTimeMs),
    },
    rssPeak: {
      bytes: totals.rssPeakBytes,
      timeMs: totals.rssPeakTimeMs,
      time: formatIsoTime(totals.rssPeakTimeMs),
    },
    memoryRecords: notes.memoryRecords,
    ticks: ticks.length,
    steps: thinTicks(ticks, count ?? ticks.length),
    tail: { heapBytes: notes.tailHeapBytes, peakBytes: notes.tailPeakBytes },
  };
}

function timelineTable({ capture, ticks }: TimelineAnswer, count: number | null): CsvTable {
  const { timeMs, rssBytes, heapBytes, peakBytes } = thinTicks(ticks, count ?? ticks.length);
  return {
    columns: ['time_ms', 'time', 'since_start_ms', 'rss_bytes', 'heap_bytes', 'peak_bytes'],
    rows: timeMs.map((ms, step): CsvCell[] => [
      ms,
      formatIsoTime(ms),
      ms - capture.startMs,
      rssBytes[step] ?? null,
      heapBytes[step] ?? null,
      peakBytes?.[step] ?? null,
    ]),
  };
}
