/** That nothing was found is an answer, and is said as one. */
import { formatBytes } from '../format-quantity.js';
import type { Finding, FindingSource } from './finding.js';

export function tellNothing({ capture }: FindingSource): Finding {
  return {
    rule: 'nothingStandsOut',
    severity: 'note',
    title: 'Nothing stands out',
    text:
      `Of the ${formatBytes(capture.peakBytes)} at the peak no line, import or library holds a large part, nothing ` +
      'grows with the work, and RSS stays near the heap. The tables below list what there is.',
    evidence: { peakBytes: capture.peakBytes },
    bytes: 0,
    location: null,
    way: [],
    view: null,
  };
}
