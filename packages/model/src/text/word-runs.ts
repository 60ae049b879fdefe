/**
 * What is summed where several runs are taken as one, in words: which runs, over which clock and in which steps, and what
 * such a sum means. Names are printable.
 */
import { formatCount, formatDuration } from '../analysis/format-quantity.js';
import type { SetClock } from '../view/set-recording.js';
import { printable } from './printable.js';

const LISTED_RUNS = 4;

/** Several runs on the clock that they share. */
export interface WordedRuns {
  readonly clock: SetClock;
  /** Null of one run. */
  readonly stepMs: number | null;
  /** Of all of them. */
  readonly startMs: number;
  readonly endMs: number;
  readonly runs: readonly WordedRun[];
}

interface WordedRun {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** "3 runs: a.bin, b.bin, c.bin" */
export function listRuns(names: readonly string[]): string {
  const listed = names.slice(0, LISTED_RUNS).map(printable).join(', ');
  const others = names.length > LISTED_RUNS ? ` and ${formatCount(names.length - LISTED_RUNS)} more` : '';
  return `${formatCount(names.length)} runs: ${listed}${others}`;
}

/** What a sum of peaks is. `isOneStep`: of a window that is a single step of the clock. */
export function wordSumOfPeaks(clock: SetClock, isOneStep: boolean): string {
  return clock === 'wall' && isOneStep
    ? 'Each was at its highest within this one step: the sum is what they held together, at most.'
    : 'Each was at its peak at another moment, so that this sum need never have been held at once.';
}

/** What the sum over time is, and how exact. */
export function wordSumOverTime(worded: WordedRuns): string {
  const names = listRuns(worded.runs.map(({ name }) => name));
  const clock = wordClock(worded);
  return worded.clock === 'wall'
    ? `Sum of ${names}, ${clock} RSS is not summed, since pages that processes share would count once for each: it is ` +
        'that of the one with the most.'
    : `${names}. ${clock} There is no sum over time: each is shown since its own start, in steps of ` +
        `${formatDuration(worded.stepMs ?? 0)} with its highest heap.`;
}

/** The same of what is summed, whether or not there is a moment of that. */
export function wordSum(worded: WordedRuns): string {
  const names = listRuns(worded.runs.map(({ name }) => name));
  return `Sum of ${names}${worded.clock === 'wall' ? ',' : '.'} ${wordClock(worded)}`;
}

function wordClock({ clock, stepMs, startMs, endMs, runs }: WordedRuns): string {
  if (clock === 'start') {
    return (
      'No two of them were recorded at the same time, as far as their clocks tell: there is no moment at which they ' +
      'held memory together.'
    );
  }
  const since = (ms: number): string => formatDuration(ms - startMs);
  const from = Math.max(...runs.map((run) => run.startMs));
  const to = Math.min(...runs.map((run) => run.endMs));
  const all = runs.length === 2 ? 'both' : `all ${formatCount(runs.length)}`;
  const when =
    from >= to
      ? `at most ${formatCount(mostAtOnce(runs))} of them were recorded at a time`
      : `${all} were recorded from ${since(from)} to ${since(to)} of ${since(endMs)}`;
  return (
    `by the clocks of the machines that recorded them; ${when}. A step of ${formatDuration(stepMs ?? 0)} has the highest ` +
    'heap of each run in it. They need not have been there at one moment, so that what they held together is at most ' +
    'this.'
  );
}

/** When the first of them was at work, others were, too. */
function mostAtOnce(runs: readonly WordedRun[]): number {
  const at = (ms: number): number => runs.filter(({ startMs, endMs }) => startMs <= ms && ms < endMs).length;
  return Math.max(1, ...runs.map(({ startMs }) => at(startMs)));
}
