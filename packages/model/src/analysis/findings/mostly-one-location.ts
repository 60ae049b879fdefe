/** More than half of the peak was allocated by a single source line. */
import { formatBytes, formatCount, formatShare } from '../format-quantity.js';
import { MIB, nameLocation, type Finding, type FindingSource } from './finding.js';

const LEAST_SHARE = 0.5;
const LEAST_PEAK_BYTES = 8 * MIB;

export function findDominantLocation({ capture, locations }: FindingSource): Finding | null {
  if (capture.peakBytes < LEAST_PEAK_BYTES) return null;
  let top = locations[0];
  for (const location of locations) if (top !== undefined && location.peakBytes > top.peakBytes) top = location;
  if (top === undefined || top.peakBytes < capture.peakBytes * LEAST_SHARE) return null;
  const { functionName, file, line } = top;
  const count = top.peakCount === 1 ? 'one allocation' : `${formatCount(top.peakCount)} allocations`;
  const where =
    file === null
      ? 'It was allocated with no Python frame on the stack: by native threads, or before Python code ran.'
      : 'Start there.';
  return {
    rule: 'mostlyOneLocation',
    severity: 'note',
    title: file === null ? 'Most of the peak has no Python frame' : 'Most of the peak comes from one line',
    text:
      `${nameLocation(top)} holds ${formatBytes(top.peakBytes)} of the peak's ${formatBytes(capture.peakBytes)} ` +
      `(${formatShare(top.peakBytes, capture.peakBytes)}) in ${count}. ${where}`,
    evidence: { locationBytes: top.peakBytes, locationCount: top.peakCount, peakBytes: capture.peakBytes },
    bytes: top.peakBytes,
    location: { functionName, file, line },
    way: [],
    view: null,
  };
}
