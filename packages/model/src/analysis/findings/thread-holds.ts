/** Threads beside the main one, of one name but for numbers, hold most of the peak. */
import { formatBytes, formatCount, formatShare } from '../format-quantity.js';
import { viewOf } from './finding-view.js';
import { cutName, MIB, type Finding, type FindingSource } from './finding.js';

const LEAST_SHARE = 0.5;
const LEAST_BYTES = 8 * MIB;

export function findHoldingThread({ capture, threads, parts }: FindingSource): Finding | null {
  // The peak of a capture in which most is reserved is not what the program uses.
  if (parts === null || parts.peak.reservedAtPeak > 0 || threads.length < 2) return null;
  const [top] = threads.toSorted((a, b) => b.peakBytes - a.peakBytes);
  const mainThread = capture.mainThreadId === null ? null : BigInt(Math.trunc(capture.mainThreadId));
  if (top === undefined || mainThread === null || top.tid === mainThread) return null;
  if (top.peakBytes < Math.max(LEAST_BYTES, LEAST_SHARE * capture.peakBytes)) return null;
  const name = top.name === null || top.name === '' ? `thread ${top.tid}` : cutName(top.name);
  const text = name.replaceAll(/["\\]/g, '\\$&');
  return {
    rule: 'threadHolds',
    severity: 'note',
    title: `${name} holds most of the peak: ${formatBytes(top.peakBytes)}`,
    text:
      `${formatShare(top.peakBytes, capture.peakBytes)} of the ${formatBytes(capture.peakBytes)} at the peak, ` +
      `${formatCount(top.peakCount)} allocations, were made by it, and not by the main thread.`,
    evidence: { threadBytes: top.peakBytes, threadCount: top.peakCount, peakBytes: capture.peakBytes },
    bytes: top.peakBytes,
    location: null,
    way: [],
    view: viewOf('tree', {
      measure: 'peak',
      filter: top.name === null || top.name === '' ? `thread:${top.tid}` : `thread:"${text}"`,
      window: 'peak',
    }),
  };
}
