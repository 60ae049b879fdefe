/**
 * RSS keeps growing while the heap does not: the memory is lost where the profiler does not look (an allocator of a
 * native library, memory mapped by system calls, GPU runtimes' host buffers) or between live blocks (fragmentation).
 * Searching the heap is then in vain. The first quarter is left out, in which programs load code and libraries.
 */
import { originOf } from '../../recording-span.js';
import { formatBytes, formatDuration } from '../format-quantity.js';
import { MIB, type Finding, type FindingSource } from './finding.js';
import { viewOf } from './finding-view.js';
import { medianBetween, spanOf, tickAt, timeAt } from './series.js';

/** RSS must have grown by this much between the medians of these quarters, absolutely and relative to the earlier. */
const LEAST_RSS_GROWTH_BYTES = 16 * MIB;
const LEAST_RSS_GROWTH_SHARE = 0.1;
/** The heap may have grown by at most this share of it. */
const GREATEST_HEAP_SHARE = 0.25;
/** Of the growth, this share must lie before the last quarter: a trend, not one step at the end. */
const LEAST_EARLY_SHARE = 0.15;
const LEAST_TICKS_PER_QUARTER = 3;

export function findRssGrowingAlone({ capture, ticks, notes }: FindingSource): Finding | null {
  // Of a recording that was not read to its end nobody knows how much of what was read is its start.
  if (notes.damage !== null && notes.damage.kind !== 'killed') return null;
  const median = (column: Float64Array, from: number, to: number): number | null =>
    medianBetween(ticks, column, from, to, LEAST_TICKS_PER_QUARTER);
  const rssBefore = median(ticks.rssBytes, 0.25, 0.5);
  const rssBetween = median(ticks.rssBytes, 0.5, 0.75);
  const rssAfter = median(ticks.rssBytes, 0.75, 1);
  const heapBefore = median(ticks.heapBytes, 0.25, 0.5);
  const heapAfter = median(ticks.heapBytes, 0.75, 1);
  if (rssBefore === null || rssBetween === null || rssAfter === null) return null;
  if (heapBefore === null || heapAfter === null) return null;

  const rssGrowth = rssAfter - rssBefore;
  const heapGrowth = heapAfter - heapBefore;
  // Memory that was allocated but not written to yet becomes resident when it is.
  const first = Math.max(0, ticks.rssBytes[0]! - ticks.heapBytes[0]!);
  const untouched = Math.max(0, heapBefore + first - rssBefore);
  if (rssGrowth - untouched < Math.max(LEAST_RSS_GROWTH_BYTES, rssBefore * LEAST_RSS_GROWTH_SHARE)) return null;
  if (heapGrowth > rssGrowth * GREATEST_HEAP_SHARE) return null;
  const early = (rssBetween - rssBefore) / rssGrowth;
  if (early < LEAST_EARLY_SHARE || early > 1) return null;

  const heapChange =
    Math.abs(heapGrowth) < MIB
      ? 'stayed the same'
      : `${heapGrowth > 0 ? 'grew by only' : 'even shrank by'} ${formatBytes(Math.abs(heapGrowth))}`;
  const begin = tickAt(ticks, timeAt(ticks, 0.25));
  const from = ticks.rssBytes[begin]!;
  const to = Math.max(rssAfter, ticks.rssBytes[ticks.length - 1]!);
  const since = formatDuration(Math.max(0, ticks.timeMs[begin]! - originOf(capture)));
  return {
    rule: 'rssGrowsAlone',
    severity: 'warning',
    title: `RSS grows by ${formatBytes(to - from)} while the heap does not`,
    text:
      `From ${since} on, for ${formatDuration(spanOf(ticks) * 0.75)}, RSS rises from ${formatBytes(from)} to ` +
      `${formatBytes(to)}; the heap that was recorded ${heapChange}. No line of this recording can explain that: the ` +
      'memory is taken where the profiler does not look (malloc called through ctypes, a native library with an ' +
      'allocator of its own, system calls, mapped files), or lost to fragmentation. Try another malloc (jemalloc, ' +
      'MALLOC_ARENA_MAX=2) and compare, and look at /proc/PID/smaps for what grows.',
    evidence: {
      rssBeforeBytes: Math.round(rssBefore),
      rssAfterBytes: Math.round(rssAfter),
      rssGrowthBytes: Math.round(rssGrowth),
      heapGrowthBytes: Math.round(heapGrowth),
    },
    bytes: Math.round(rssGrowth),
    location: null,
    way: [],
    view: viewOf('timeline'),
  };
}
