/** What a capture cannot answer, or answers only roughly, in words: instead of zeros that would be taken for numbers. */
import { canAnswer } from '../answers.js';
import { countNoun, formatCount, formatDuration } from './format-quantity.js';
import { hasRounded, ROUNDED_SUMS } from '../text/rounded.js';
import type { CaptureNotes, CaptureRow, ClockSteps } from '../capture.js';
import type { TickTable } from '../tables.js';

export function limitationsOf(capture: CaptureRow, notes: CaptureNotes, ticks: TickTable): string[] {
  const limitations: string[] = [];
  if (!canAnswer(capture, 'lifetimes')) {
    limitations.push(
      'This is an aggregated capture: the profiler kept only what was live at the peak and at the end. Totals, ' +
        'temporary allocations, sizes, and when the peak came were not recorded.',
    );
  }
  if (capture.complete && capture.endMs === null) {
    limitations.push(
      'This is a child of a fork that the profiler followed. It ended without closing its recording, as worker ' +
        'processes do (os._exit): every record that was written has been read, and "leaked" is what was live at the last.',
    );
  }
  const attached = attachedSentence(capture);
  if (attached !== null) limitations.push(attached);
  if (notes.clock) limitations.push(clockSentence(notes.clock));
  if (notes.memoryRecords > ticks.length) {
    limitations.push(
      `${countNoun(notes.memoryRecords, 'memory record is', 'memory records are')} merged into ` +
        `${countNoun(ticks.length, 'equal step')} of ` +
        'time, each with its greatest heap; --max-ticks keeps more.',
    );
  }
  if (notes.memoryRecords === 0) {
    limitations.push('The capture holds no memory records: RSS and the timeline are unknown.');
  }
  if (canAnswer(capture, 'sizes') && !notes.sizesExact) {
    limitations.push('Too many different sizes to keep each: the histogram holds lower bounds.');
  }
  const { cutNames = 0, commandLineCut = 0 } = notes;
  if (cutNames > 0) {
    const names = cutNames === 1 ? 'One name is' : `${formatCount(cutNames)} names are`;
    limitations.push(`${names} longer than any program's; only the first 64 KiB (1 KiB of very many) are kept.`);
  }
  if (commandLineCut > 0) {
    limitations.push(`The command line goes on for ${countNoun(commandLineCut, 'byte')} more.`);
  }
  if (hasRounded(sumsOf(capture))) limitations.push(ROUNDED_SUMS);
  return limitations;
}

/** What a recording that began while the program ran does not hold; null where nothing shows that it did. */
export function attachedSentence({ allocations, deallocations }: CaptureRow): string | null {
  if (allocations === null || deallocations === null || deallocations <= allocations) return null;
  return (
    `More was freed than allocated (${countNoun(deallocations, 'deallocation')}, ${countNoun(allocations, 'allocation')}): the recording ` +
    'began while the program ran (memray attach, or the child of a fork). What lived before is not in it.'
  );
}

function clockSentence({ stepsBack, backMs, stepsForward, forwardMs }: ClockSteps): string {
  const times = (count: number): string => (count === 1 ? 'once' : countNoun(count, 'time'));
  const parts: string[] = [];
  if (stepsBack > 0) parts.push(`back ${times(stepsBack)}, by ${formatDuration(backMs)} in all`);
  if (stepsForward > 0) parts.push(`forward ${times(stepsForward)}, by ${formatDuration(forwardMs)} in all`);
  return `The machine's clock was set ${parts.join(', and ')}, while it recorded: times count on as if it had not been.`;
}

function sumsOf(capture: CaptureRow): (number | null)[] {
  const { bytesAllocated, peakBytes, leakedBytes, temporaryBytes, allocations, deallocations } = capture;
  return [bytesAllocated, peakBytes, leakedBytes, temporaryBytes, allocations, deallocations];
}
