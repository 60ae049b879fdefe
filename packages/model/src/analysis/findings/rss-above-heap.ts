/**
 * RSS far above the heap, from the start or since: what lies between was never recorded as an allocation. Which of the
 * causes it is the capture cannot say, only which are likely.
 */
import { originOf } from '../../recording-span.js';
import { formatBytes, formatDuration, formatShare } from '../format-quantity.js';
import { viewOf } from './finding-view.js';
import { MIB, type Finding, type FindingSource } from './finding.js';

const LEAST_GAP = 128 * MIB;
const LEAST_SHARE = 0.5;
const LEAST_TICKS = 3;
/** Of the gap, there at the first memory record: before the program did anything. */
const AT_START_SHARE = 0.5;

export function findRssAboveHeap({ capture, ticks }: FindingSource): Finding | null {
  if (ticks.length < LEAST_TICKS) return null;
  const gapAt = (tick: number): number => ticks.rssBytes[tick]! - ticks.heapBytes[tick]!;
  let top = 0;
  for (let tick = 1; tick < ticks.length; tick++) if (ticks.rssBytes[tick]! > ticks.rssBytes[top]!) top = tick;
  const gap = gapAt(top);
  const rss = ticks.rssBytes[top]!;
  if (gap < LEAST_GAP || gap < LEAST_SHARE * rss) return null;
  const early = gapAt(0) >= AT_START_SHARE * gap;
  return {
    rule: 'rssAboveHeap',
    severity: 'note',
    title: `RSS is ${formatBytes(gap)} above the heap`,
    text:
      `At its highest, after ${formatDuration(Math.max(0, ticks.timeMs[top]! - originOf(capture)))}, RSS is ` +
      `${formatBytes(rss)} and the heap ${formatBytes(ticks.heapBytes[top]!)} (${formatShare(gap, rss)} lie between). ` +
      (early
        ? 'Most of that was there at the first memory record: the interpreter, and libraries that were loaded before. '
        : '') +
      'No allocation accounts for it: code of loaded libraries (of PyTorch alone hundreds of MiB), mapped files, ' +
      'memory that was freed and that glibc keeps, or an allocator that the profiler does not see. /proc/PID/smaps ' +
      'says which.',
    evidence: { gapBytes: gap, rssBytes: rss, heapBytes: ticks.heapBytes[top]!, firstGapBytes: gapAt(0) },
    bytes: 0,
    location: null,
    way: [],
    view: viewOf('timeline'),
  };
}
