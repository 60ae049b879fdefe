/** What all of the capture comes to by a measure: what shares are of. */
import type { SiteMeasure } from '@memscope/model';

import type { Analysis } from '../../api/analysis.js';

/** Null where the capture cannot answer. */
export function wholeOf({ totals }: Analysis, key: `${SiteMeasure}${'Bytes' | 'Count'}`): number | null {
  switch (key) {
    case 'peakBytes':
      return totals.peakBytes;
    case 'leakedBytes':
      return totals.leakedBytes;
    case 'leakedCount':
      return totals.leakedCount;
    case 'totalBytes':
      return totals.bytesAllocated;
    case 'totalCount':
      return totals.allocations;
    case 'temporaryBytes':
      return totals.temporaryBytes;
    case 'temporaryCount':
      return totals.temporaryCount;
    case 'peakCount':
      // Not among the totals.
      return null;
  }
}
