/** What all of the capture comes to by a measure: what shares are of. */
import type { AnalysisDocument, MemoryMeasure } from '@memscope/model';

/** Null where the capture cannot answer. */
export function wholeOf(
  { totals, allocators }: AnalysisDocument,
  key: `${MemoryMeasure}${'Bytes' | 'Count'}`,
): number | null {
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
      return allocators.reduce((sum, { peakCount }) => sum + peakCount, 0);
  }
}
