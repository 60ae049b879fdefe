/** What a capture cannot answer, or answers only roughly, in words: instead of zeros that would be taken for numbers. */
import { canAnswer } from '../answers.js';
import { isBegunByMemray, isFollowedChild } from '../fork-families.js';
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
  const freed = attachedSentence(capture) ?? threadsSentence(capture);
  if (freed !== null) limitations.push(freed);
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
export function attachedSentence(capture: CaptureRow): string | null {
  if (!freesMore(capture) || isWhole(capture)) return null;
  return (
    `${sayFreed(capture)}: the recording began while the program ran (memray attach, a Tracker in the program, or the ` +
    'child of a fork). What lived before is not in it.'
  );
}

/** Of a program that was recorded from its first line on: each of its threads frees, as it ends, what memray saw nobody allocate. */
function threadsSentence(capture: CaptureRow): string | null {
  if (!freesMore(capture) || !isWhole(capture)) return null;
  return `${sayFreed(capture)}: threads that end free what the profiler did not record, a block or two each.`;
}

function freesMore({ allocations, deallocations }: CaptureRow): boolean {
  return allocations !== null && deallocations !== null && deallocations > allocations;
}

function isWhole(capture: CaptureRow): boolean {
  return isBegunByMemray(capture) && !isFollowedChild(capture);
}

function sayFreed({ allocations, deallocations }: CaptureRow): string {
  const freed = countNoun(deallocations ?? 0, 'deallocation');
  return `More was freed than allocated (${freed}, ${countNoun(allocations ?? 0, 'allocation')})`;
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
