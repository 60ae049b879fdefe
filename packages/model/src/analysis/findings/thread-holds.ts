/** Threads beside the main one, of one name but for numbers, hold most of the peak. */
import { countNoun, formatBytes, formatShare } from '../format-quantity.js';
import { formatPattern } from '../../filter/pattern.js';
import { MAIN_THREAD, nameWithThreads } from '../../view/thread-groups.js';
import { viewOf } from './finding-view.js';
import { cutName } from './finding-place.js';
import { MIB, peakWindowOf, type Finding, type FindingSource } from './finding.js';

/** What several threads without a name are called. */
const UNNAMED = 'thread *';
const LEAST_SHARE = 0.5;
const LEAST_BYTES = 8 * MIB;

/** Two parts of the peak that are together so much of it have most in common; so have two that are this near. */
const COMMON_SHARE = 1.5;
const NEAR_SHARE = 0.02;

export function findHoldingThread({ capture, threads, parts, growth, peakWay }: FindingSource): Finding | null {
  // The peak of a capture in which most is reserved is not what the program uses.
  if (parts === null || parts.peak.reservedAtPeak > 0 || threads.length < 2) return null;
  const [top] = threads.toSorted((a, b) => b.peakBytes - a.peakBytes);
  const mainThread = capture.mainThreadId === null ? null : BigInt(Math.trunc(capture.mainThreadId));
  if (top === undefined || mainThread === null || top.tid === mainThread) return null;
  // What was attached to calls its own thread the main one: any thread without a name may be that.
  const isKnown = threads.some((each) => each.name === MAIN_THREAD);
  if (!isKnown && top.tid !== null && top.name === `thread ${top.tid}`) return null;
  const { name, threads: members, peakBytes, peakCount } = top;
  if (peakBytes < Math.max(LEAST_BYTES, LEAST_SHARE * capture.peakBytes)) return null;
  // The way that leads to the same memory says more.
  const isTold = [...growth.growths, ...(peakWay === null ? [] : [peakWay])].some(
    ({ bytes }) =>
      bytes + peakBytes >= COMMON_SHARE * capture.peakBytes || Math.abs(bytes - peakBytes) <= NEAR_SHARE * peakBytes,
  );
  if (isTold) return null;
  const [who, hold, them] =
    members > 1
      ? [nameWithThreads({ name: cutName(name), threads: members }), 'hold', 'them']
      : [cutName(name), 'holds', 'it'];
  return {
    rule: 'threadHolds',
    severity: 'note',
    title: `${who} ${hold} most of the peak: ${formatBytes(peakBytes)}`,
    text:
      `${formatShare(peakBytes, capture.peakBytes)} of the ${formatBytes(capture.peakBytes)} at the peak, ` +
      `${countNoun(peakCount, 'allocation')}, were made by ${them}, and not by the main thread.` +
      (name === UNNAMED ? ' They have no names: greenlets count as threads, too.' : ''),
    evidence: { threadBytes: peakBytes, threadCount: peakCount, peakBytes: capture.peakBytes },
    bytes: peakBytes,
    location: null,
    way: [],
    view: viewOf('tree', {
      measure: 'peak',
      filter: `thread:${formatPattern({ kind: 'plain', text: name })}`,
      window: peakWindowOf({ capture }),
    }),
  };
}
