/** Where several runs are shown as one: what is summed, and what such a sum means. Nothing for one run. */
import {
  formatBytes,
  formatDuration,
  listRuns,
  wordSumOfPeaks,
  wordSumOverTime,
  type WordedRuns,
} from '@memscope/model';

import { askTimeline, type Question, type TimelineAnswer } from '../api/question.js';
import { element } from '../dom/element.js';
import type { Frame } from '../views/view.js';

export class SetNote {
  readonly root = element('p', { class: 'set-note', role: 'note' });

  questions({ set, width }: Omit<Frame, 'read'>): readonly Question<unknown>[] {
    return set.head.length > 1 ? [askTimeline('whole', set, null, width)] : [];
  }

  draw({ set, state, width, read }: Frame): void {
    this.root.hidden = set.head.length < 2;
    if (set.head.length < 2) return;
    const answer = read(askTimeline('whole', set, null, width));
    const value = answer.state === 'ready' ? answer.value : answer.state === 'loading' ? answer.stale : null;
    const worded = value === null ? null : wordedRuns(value);
    this.root.textContent =
      value === null || worded === null
        ? ''
        : state.view === 'timeline'
          ? wordSumOverTime(worded)
          : [`Sum of ${listRuns(worded.runs.map(({ name }) => name))}.`, ...peaksOf(value, worded, state.query)].join(
              ' ',
            );
  }
}

/** What the sum of each at its peak is, and what they held together. */
function peaksOf(
  { head }: TimelineAnswer,
  { clock, stepMs }: WordedRuns,
  { measure, window }: Frame['state']['query'],
): readonly string[] {
  if (measure !== 'peak') return [];
  const held =
    clock === 'wall' && head.peakTick !== null && window === null
      ? [
          `In no step of ${formatDuration(stepMs ?? 0)} did they hold more than ${formatBytes(head.peakBytes)} together.`,
        ]
      : [];
  return [wordSumOfPeaks(clock, window !== null && /^#(\d+)(?:\.\.#\1)?$/.test(window)), ...held];
}

/** Null of one run. */
function wordedRuns({ head }: TimelineAnswer): WordedRuns | null {
  const { clock, stepMs, runs, startMs, endMs } = head;
  if (clock === undefined || stepMs === undefined || runs === undefined) return null;
  return { clock, stepMs, startMs, endMs, runs: runs.map(({ run, ...span }) => ({ name: run, ...span })) };
}
