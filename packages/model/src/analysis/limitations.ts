/** What a capture cannot answer, or answers only roughly, in words: instead of zeros that would be taken for numbers. */
import { formatCount } from './format-quantity.js';
import type { CaptureNotes, CaptureRow, TickTable } from '../tables.js';

export function limitationsOf(capture: CaptureRow, notes: CaptureNotes, ticks: TickTable): string[] {
  const limitations: string[] = [];
  if (capture.layout === 'aggregated') {
    limitations.push(
      'This is an aggregated capture: the profiler kept only what was live at the peak and at the end. Totals, ' +
        'temporary allocations, sizes, and when the peak came were not recorded.',
    );
  }
  if (notes.memoryRecords > ticks.length) {
    limitations.push(
      `${formatCount(notes.memoryRecords)} memory records are merged into ${formatCount(ticks.length)} equal steps of ` +
        'time, each with its greatest heap; --max-ticks keeps more.',
    );
  }
  if (notes.memoryRecords === 0) {
    limitations.push('The capture holds no memory records: RSS and the timeline are unknown.');
  }
  if (capture.layout === 'all' && !notes.sizesExact) {
    limitations.push('Too many different sizes to keep each: the histogram holds lower bounds.');
  }
  return limitations;
}
