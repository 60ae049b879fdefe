/** A single library, by native stacks or packages, owns most of the peak. */
import { quoteName } from '../../filter/pattern.js';
import { formatBytes, formatShare } from '../format-quantity.js';
import { nameCategory } from '../libraries/library-rule.js';
import { stepsToLibrary } from '../libraries/library-way.js';
import { viewOf } from './finding-view.js';
import { cutName } from './finding-place.js';
import { MIB, peakWindowOf, type Finding, type FindingSource } from './finding.js';

const LEAST_SHARE = 0.5;
const LEAST_BYTES = 8 * MIB;
/** These say no more than lines and imports do. */
const TOLD_ELSEWHERE = new Set(['application', 'importSystem', 'pythonObjects', 'standardLibrary', 'unknown']);

export function findHoldingLibrary({ capture, libraries, parts, growth, peakWay }: FindingSource): Finding | null {
  // A capture whose peak is reserved has another moment that matters.
  if (parts === null || parts.peak.reservedAtPeak > 0) return null;
  const [top] = libraries.toSorted((a, b) => b.peakBytes - a.peakBytes);
  if (top === undefined || top.library === null || TOLD_ELSEWHERE.has(top.category ?? 'unknown')) return null;
  if (top.peakBytes < Math.max(LEAST_BYTES, LEAST_SHARE * capture.peakBytes)) return null;
  // A call of the program that leads to most of it tells more, and names the library.
  const told = Math.max(peakWay?.bytes ?? 0, ...growth.growths.map(({ bytes }) => bytes));
  if (told >= LEAST_SHARE * top.peakBytes) return null;
  const steps = stepsToLibrary(top).slice(0, -1).map(cutName);
  const { application } = top;
  // What grows is told by itself; the rest of it is the same library's.
  const grows = growth.growths.find(({ verdict, owners }) => verdict === 'grows' && owners[0]?.library === top.library);
  const grown = grows?.owners[0]?.bytes ?? 0;
  const rest = Math.max(0, top.peakBytes - grown);
  return {
    rule: 'libraryHolds',
    severity: 'note',
    title: `${cutName(top.library)} holds most of the peak: ${formatBytes(top.peakBytes)}`,
    text:
      `${formatShare(top.peakBytes, capture.peakBytes)} of the ${formatBytes(capture.peakBytes)} at the peak belong to ` +
      `it (${nameCategory(top.category ?? 'unknown')})` +
      `${steps.length === 0 ? ', with no line of the application on the way' : `, reached from ${steps.join(' → ')}`}.` +
      (grows === undefined ? '' : ` ${formatBytes(grown)} of it is what grows, ${formatBytes(rest)} does not.`),
    evidence: { libraryBytes: top.peakBytes, libraryCount: top.peakCount, peakBytes: capture.peakBytes },
    bytes: top.peakBytes,
    location: application,
    way: application === null ? [] : [application],
    view: viewOf('tree', {
      measure: 'peak',
      filter: `owner:${quoteName(top.library)}`,
      window: peakWindowOf({ capture }),
    }),
  };
}
