/**
 * The heap fell far below its peak but RSS stayed up: freed memory that the allocator kept, or that fragmentation
 * holds. Not a leak of the program's objects, though it looks like one from outside.
 */
import { formatBytes } from '../format-quantity.js';
import { MIB, type Finding, type FindingSource } from './finding.js';

/** The heap must have fallen to at most this share of its greatest value, for the last ticks at least. */
const GREATEST_REMAINING_SHARE = 0.5;
const LEAST_TICKS_AFTER_FALL = 3;
/** RSS at the end is at least this share of its greatest value. */
const LEAST_RSS_SHARE = 0.9;
/** What RSS holds beyond the heap and beyond their distance at the heap's top: at least this, and of what was freed. */
const LEAST_KEPT_BYTES = 32 * MIB;
const LEAST_KEPT_SHARE = 0.5;
const LEAST_TICKS = 8;

export function findRssKeptAfterFree({ ticks }: FindingSource): Finding | null {
  const count = ticks.length;
  if (count < LEAST_TICKS) return null;
  let top = 0;
  let rssPeak = 0;
  for (let tick = 0; tick < count; tick++) {
    if (ticks.heapBytes[tick]! > ticks.heapBytes[top]!) top = tick;
    rssPeak = Math.max(rssPeak, ticks.rssBytes[tick]!);
  }
  const heapPeak = ticks.heapBytes[top]!;
  for (let tick = count - LEAST_TICKS_AFTER_FALL; tick < count; tick++) {
    if (ticks.heapBytes[tick]! > heapPeak * GREATEST_REMAINING_SHARE) return null;
  }
  const heapEnd = ticks.heapBytes[count - 1]!;
  const rssEnd = ticks.rssBytes[count - 1]!;
  if (rssEnd < rssPeak * LEAST_RSS_SHARE) return null;
  const freed = heapPeak - heapEnd;
  const gapAtTop = Math.max(0, ticks.rssBytes[top]! - heapPeak);
  const kept = Math.min(rssEnd - heapEnd - gapAtTop, freed);
  if (kept < LEAST_KEPT_BYTES || kept < freed * LEAST_KEPT_SHARE) return null;
  return {
    rule: 'rssKeptAfterFree',
    severity: 'note',
    title: 'Freed memory did not go back to the system',
    text:
      `The heap fell from ${formatBytes(heapPeak)} to ${formatBytes(heapEnd)}, but RSS stayed at ` +
      `${formatBytes(rssEnd)}: about ${formatBytes(kept)} are free for the program yet still resident. The allocator ` +
      'keeps them for later, or small live blocks hold whole arenas (fragmentation). malloc_trim(0) tells which; ' +
      'lowering the peak lowers RSS for good.',
    evidence: { heapPeakBytes: heapPeak, heapEndBytes: heapEnd, rssEndBytes: rssEnd, keptBytes: kept },
    bytes: kept,
    location: null,
    way: [],
    view: null,
  };
}
