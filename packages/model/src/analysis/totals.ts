/**
 * The headline numbers of a capture: those of its table row, and what the memory records add to them: when the peak
 * came, the highest RSS, and how far RSS and heap lie apart there and at the end.
 */
import type { Usage } from '../profile.js';
import { spanOfRecording } from '../recording-span.js';
import type { CaptureNotes, CaptureRow } from '../capture.js';
import type { TickTable } from '../tables.js';
import type { Selection } from '../view/selection.js';

export interface AnalysisTotals {
  readonly allocations: number | null;
  readonly deallocations: number | null;
  readonly bytesAllocated: number | null;
  readonly peakBytes: number;
  readonly peakTick: number | null;
  /** End of the tick in which the peak lies, in milliseconds since the epoch. */
  readonly peakTimeMs: number | null;
  readonly leakedBytes: number;
  readonly leakedCount: number;
  readonly temporaryBytes: number | null;
  readonly temporaryCount: number | null;
  readonly temporaryThreshold: number;
  /** From the start to the end of the recording. */
  readonly durationMs: number;
  /** Nobody recorded the end: it is the time up to the last memory record, and lasted at least that. */
  readonly durationIsLeast: boolean;
  readonly rssPeakBytes: number | null;
  readonly rssPeakTimeMs: number | null;
  /** Heap at the highest RSS of those at the end of a tick, and how much higher that is. */
  readonly rssPeakHeapBytes: number | null;
  readonly rssPeakGapBytes: number | null;
  /** The last memory record. */
  readonly rssEndBytes: number | null;
  readonly heapEndBytes: number | null;
  readonly rssEndGapBytes: number | null;
  readonly memoryRecords: number;
}

export function totalsOf(capture: CaptureRow, notes: CaptureNotes, ticks: TickTable): AnalysisTotals {
  const last = ticks.length - 1;
  const { startMs, endMs } = spanOfRecording(capture, ticks);
  const rssPeak = rssPeakOf(notes, ticks);
  const rssEndBytes = last < 0 ? null : ticks.rssBytes[last]!;
  const heapEndBytes = last < 0 ? null : ticks.heapBytes[last]!;
  return {
    allocations: capture.allocations,
    deallocations: capture.deallocations,
    bytesAllocated: capture.bytesAllocated,
    peakBytes: capture.peakBytes,
    peakTick: capture.peakTick,
    peakTimeMs: peakTime(capture.peakTick, ticks, endMs > startMs ? endMs : null),
    leakedBytes: capture.leakedBytes,
    leakedCount: capture.leakedCount,
    temporaryBytes: capture.temporaryBytes,
    temporaryCount: capture.temporaryCount,
    temporaryThreshold: notes.temporaryThreshold,
    durationMs: endMs - startMs,
    durationIsLeast: capture.endMs === null,
    rssPeakBytes: rssPeak.bytes,
    rssPeakTimeMs: rssPeak.timeMs,
    rssPeakHeapBytes: rssPeak.heapBytes,
    rssPeakGapBytes: rssPeak.gapBytes,
    rssEndBytes,
    heapEndBytes,
    rssEndGapBytes: rssEndBytes === null || heapEndBytes === null ? null : rssEndBytes - heapEndBytes,
    memoryRecords: notes.memoryRecords,
  };
}

/**
 * Totals of a part of a capture. RSS and heap are those of the process, whatever a filter lets pass; `ticks` are those
 * of the window.
 */
export function totalsOfPart(
  capture: CaptureRow,
  notes: CaptureNotes,
  ticks: TickTable,
  whole: Usage,
  { window, peakTick, peakMs }: Pick<Selection, 'window' | 'peakTick' | 'peakMs'>,
): AnalysisTotals {
  const partNotes = window === null ? notes : { ...notes, ...highestRss(ticks) };
  const totals = totalsOf(capture, partNotes, ticks);
  return {
    ...totals,
    allocations: whole.totalCount,
    deallocations: null,
    bytesAllocated: whole.totalBytes,
    peakBytes: whole.peakBytes,
    leakedBytes: whole.leakedBytes,
    leakedCount: whole.leakedCount,
    temporaryBytes: whole.temporaryBytes,
    temporaryCount: whole.temporaryCount,
    memoryRecords: ticks.length,
    peakTick,
    peakTimeMs: peakMs,
    ...(window === null
      ? {}
      : {
          durationMs: Math.max(0, window.toMs - window.fromMs),
          durationIsLeast: capture.endMs === null && window.hasTail,
        }),
  };
}

function highestRss(ticks: TickTable): Pick<CaptureNotes, 'rssPeakBytes' | 'rssPeakMs'> {
  if (ticks.length === 0) return { rssPeakBytes: null, rssPeakMs: null };
  let highest = 0;
  for (let tick = 1; tick < ticks.length; tick++) if (ticks.rssBytes[tick]! > ticks.rssBytes[highest]!) highest = tick;
  return { rssPeakBytes: ticks.rssBytes[highest]!, rssPeakMs: ticks.timeMs[highest]! };
}

/** `endMs` is null where nothing tells when the recording ended. */
function peakTime(peakTick: number | null, ticks: TickTable, endMs: number | null): number | null {
  if (peakTick === null) return null;
  return peakTick < ticks.length ? ticks.timeMs[peakTick]! : endMs;
}

/** The heap at the highest RSS that is known together with one: that of the memory record at the end of its tick. */
function rssPeakOf(
  notes: CaptureNotes,
  ticks: TickTable,
): { bytes: number | null; timeMs: number | null; heapBytes: number | null; gapBytes: number | null } {
  const { rssPeakBytes: bytes, rssPeakMs: timeMs } = notes;
  if (bytes === null || timeMs === null || ticks.length === 0)
    return { bytes, timeMs, heapBytes: null, gapBytes: null };
  let top = 0;
  for (let tick = 1; tick < ticks.length; tick++) if (ticks.rssBytes[tick]! > ticks.rssBytes[top]!) top = tick;
  const heapBytes = ticks.heapBytes[top]!;
  return { bytes, timeMs, heapBytes, gapBytes: ticks.rssBytes[top]! - heapBytes };
}
