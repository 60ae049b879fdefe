/**
 * Python's small objects where the recording has only pymalloc's arenas of them: how much they hold together is known,
 * which lines made them is not, and no other finding says so.
 */
import { PYTHON_OBJECTS } from '../arenas.js';
import { formatBytes, formatShare } from '../format-quantity.js';
import type { DescribedWay } from '../../growth/growth.js';
import { viewOf } from './finding-view.js';
import { MIB, windowOf, type Finding, type FindingSource } from './finding.js';
import { isOfArenas, TRACE_OBJECTS } from './growth-text.js';

const LEAST_SHARE = 0.25;
const LEAST_BYTES = 2 * MIB;
/** Below it nothing is told of what holds a part of the peak. */
const LEAST_PEAK_BYTES = 8 * MIB;
/** What grows, or holds the peak, tells of the objects where it is so much of them. */
const TOLD_SHARE = 0.5;
const HIDDEN =
  'arenas of pymalloc: blocks in which CPython keeps small objects (strings, dicts, instances), each charged to ' +
  `whichever line happened to need a new one. Which lines made the objects this recording cannot say: ${TRACE_OBJECTS}.`;

export function findHiddenObjects({ parts, growth, peakWay }: FindingSource): Finding | null {
  if (parts === null || parts.peak.bytes < LEAST_PEAK_BYTES) return null;
  const { peak } = parts;
  // What imports made is told as theirs.
  const made = parts.parts.reduce((sum, { kind, arenaBytes }) => sum + (kind === 'import' ? 0 : arenaBytes), 0);
  if (!isHiding(made, peak.bytes)) return null;
  const bytes = parts.parts.reduce((sum, { arenaBytes }) => sum + arenaBytes, 0);
  const arenas = parts.parts.reduce((sum, part) => sum + part.arenas, 0);
  if (isTold(made, [...growth.growths, ...(peakWay === null ? [] : [peakWay])])) return null;
  return {
    rule: 'objectsHidden',
    severity: 'note',
    title: `${formatBytes(bytes)} are Python objects: ${TRACE_OBJECTS}`,
    text: `${formatShare(bytes, peak.bytes)} of the ${formatBytes(peak.bytes)} at the peak are ${HIDDEN}`,
    evidence: { objectBytes: bytes, arenas, peakBytes: peak.bytes },
    bytes,
    location: null,
    way: [],
    view: viewOf('tree', { measure: 'peak', filter: `owner:"${PYTHON_OBJECTS}"`, window: windowOf(peak) }),
  };
}

/**
 * The same of what is live at the end: a sentence; null where arenas hold little of it, or what grows tells of them, which
 * is asked for only where they hold much: after a warm-up it is another answer than that of the view.
 */
export function sayHiddenLeaks(
  { bytes, wholeBytes }: { readonly bytes: number; readonly wholeBytes: number },
  ways: () => readonly DescribedWay[],
): string | null {
  if (!isHiding(bytes, wholeBytes) || isTold(bytes, ways())) return null;
  return `${formatBytes(bytes)} (${formatShare(bytes, wholeBytes)}) are ${HIDDEN}`;
}

function isHiding(bytes: number, wholeBytes: number): boolean {
  return bytes >= Math.max(LEAST_BYTES, LEAST_SHARE * wholeBytes);
}

function isTold(bytes: number, ways: readonly DescribedWay[]): boolean {
  return ways.some((way) => isOfArenas(way) && way.bytes >= TOLD_SHARE * bytes);
}
