/**
 * One second that holds most of the peak: the heap jumped by more than half of its peak within one second of a longer
 * run. The place to look is then one step of the program, not the whole of it.
 */
import { formatBytes, formatDuration, formatShare } from '../format-quantity.js';
import { MIB, type Finding, type FindingSource } from './finding.js';
import { spanOf } from './series.js';

const WINDOW_MS = 1000;
const LEAST_RISE_SHARE = 0.5;
/** In a run of a few seconds any rise is sudden. */
const LEAST_SPAN_MS = 4 * WINDOW_MS;
const LEAST_TICKS = 8;
const LEAST_PEAK_BYTES = 8 * MIB;

export function findSuddenRise({ capture, ticks }: FindingSource): Finding | null {
  if (ticks.length < LEAST_TICKS || spanOf(ticks) < LEAST_SPAN_MS || capture.peakBytes < LEAST_PEAK_BYTES) return null;
  const { timeMs, heapBytes, peakBytes } = ticks;
  let best = { rise: 0, from: 0, to: 0 };
  // Rows whose heap may be the lowest of a window, ascending in time and heap.
  const lowest: number[] = [];
  let head = 0;
  for (let tick = 1; tick < ticks.length; tick++) {
    const previous = tick - 1;
    while (lowest.length > head && heapBytes[lowest.at(-1)!]! >= heapBytes[previous]!) lowest.pop();
    lowest.push(previous);
    while (head < lowest.length && timeMs[tick]! - timeMs[lowest[head]!]! > WINDOW_MS) head++;
    if (head >= lowest.length) continue;
    const rise = (peakBytes?.[tick] ?? heapBytes[tick]!) - heapBytes[lowest[head]!]!;
    if (rise > best.rise) best = { rise, from: lowest[head]!, to: tick };
  }
  if (best.rise <= capture.peakBytes * LEAST_RISE_SHARE) return null;
  const start = Math.min(capture.startMs, timeMs[0]!);
  const from = timeMs[best.from]! - start;
  const to = timeMs[best.to]! - start;
  return {
    rule: 'suddenRise',
    severity: 'note',
    title: 'One second holds most of the peak',
    text:
      `The heap rose by ${formatBytes(best.rise)}, ${formatShare(best.rise, capture.peakBytes)} of the peak, within ` +
      `${formatDuration(to - from)}: from ${formatDuration(from)} to ${formatDuration(to)} after the start. Whatever ` +
      'ran then decides how much memory the program needs.',
    evidence: { riseBytes: best.rise, peakBytes: capture.peakBytes, fromMs: Math.round(from), toMs: Math.round(to) },
    bytes: best.rise,
    location: null,
    way: [],
    view: null,
  };
}
