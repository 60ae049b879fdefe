/**
 * The capture ends while the heap is still climbing to its peak: the real peak lies beyond the recording, and what is
 * listed as leaked may only be work in progress.
 */
import { formatBytes, formatDuration, formatShare } from '../format-quantity.js';
import type { Finding, FindingSource } from './finding.js';
import { spanOf, tickAt, timeAt } from './series.js';

/** Heap at the end, as a share of the peak. */
const LEAST_END_SHARE = 0.9;
/** The heap must have risen by this share of the peak in the last quarter of the time, and in both halves of it. */
const LAST_PART = 0.25;
const LEAST_RISE_SHARE = 0.05;
const LEAST_TICKS = 8;

export function findMidRiseEnd({ capture, notes, ticks }: FindingSource): Finding | null {
  if (ticks.length < LEAST_TICKS || capture.peakBytes <= 0) return null;
  const heapAt = (share: number): number => ticks.heapBytes[tickAt(ticks, timeAt(ticks, share))]!;
  const before = heapAt(1 - LAST_PART);
  const between = heapAt(1 - LAST_PART / 2);
  const last = ticks.heapBytes[ticks.length - 1]!;
  const end = notes.tailHeapBytes ?? last;
  if (Math.min(end, last) < capture.peakBytes * LEAST_END_SHARE) return null;
  const rise = last - before;
  if (rise < capture.peakBytes * LEAST_RISE_SHARE || between <= before || last <= between) return null;
  const span = spanOf(ticks) * LAST_PART;
  return {
    rule: 'endsInMidRise',
    severity: capture.complete ? 'note' : 'warning',
    title: 'The capture ends while the heap is rising',
    text:
      `In the last ${formatDuration(span)} the heap rose by ${formatBytes(rise)}, and it ends at ` +
      `${formatBytes(end)}, ${formatShare(end, capture.peakBytes)} of the peak. Unless the program was done by then, ` +
      'its real peak lies beyond the recording, and "leaked" is work that was not finished: record for longer.',
    evidence: { heapEndBytes: end, peakBytes: capture.peakBytes, riseBytes: rise, riseMs: Math.round(span) },
    bytes: 0,
    location: null,
    way: [],
    view: null,
  };
}
