/**
 * Runs → one recording of all of them: heaps added up over a clock that they share, in equal steps of time. RSS is that of
 * the run that has the most: processes share pages, which a sum would count once for each. Runs of
 * which some were recorded at the same time share the wall clock. Of others no moment is known at which they held memory
 * together: each then counts from its own start, and whoever shows that says so.
 *
 * A run knows its heap at its memory records, and the greatest between two of them. A step has of each run the greatest of
 * all ticks that it touches, so that what the runs held together at any moment of the step is at most their sum.
 */
import { ANSWER_KINDS, canAnswer, QUESTIONS, type Answers } from '../answers.js';
import type { Profile } from '../profile.js';
import { spanOfRecording, type RecordingSpan } from '../recording-span.js';
import type { CaptureNotes, CaptureRow } from '../capture.js';
import type { TickTable } from '../tables.js';
import { recordingOfOne, type RunSteps, type SetRecording } from './set-recording.js';

/** As many steps as a profile keeps by default. */
const MOST_STEPS = 1000;

const recordingOfRuns = new WeakMap<readonly Profile[], SetRecording>();

/** Of at least one run; made once for a list of them. */
export function recordingOf(profiles: readonly Profile[]): SetRecording {
  let known = recordingOfRuns.get(profiles);
  if (known === undefined) {
    const [only] = profiles;
    known = profiles.length === 1 ? recordingOfOne(only!) : joinRecordings(profiles);
    recordingOfRuns.set(profiles, known);
  }
  return known;
}

interface PlacedRun {
  readonly profile: Profile;
  readonly ticks: TickTable;
  /** On the clock of the set. */
  readonly span: RecordingSpan;
  /** What is to be added to the run's own times. */
  readonly shiftMs: number;
}

function joinRecordings(profiles: readonly Profile[]): SetRecording {
  const own = profiles.map((profile) => {
    const ticks = profile.ticks();
    return { profile, ticks, span: spanOfRecording(profile.capture, ticks), shiftMs: 0 };
  });
  const clock = shareWallClock(own) ? 'wall' : 'start';
  const runs = clock === 'wall' ? own : own.map(startAtZero);
  const startMs = Math.min(...runs.map(({ span }) => span.startMs));
  const endMs = Math.max(...runs.map(({ span }) => span.endMs));
  const finest = Math.min(...runs.map(meanTickMs));
  // Whole milliseconds, as captures count them.
  const stepMs = Math.max(1, Math.round(finest), Math.ceil((endMs - startMs) / MOST_STEPS));
  const axis = { startMs, endMs, stepMs, count: Math.max(1, Math.ceil((endMs - startMs) / stepMs)) };
  const steps = runs.map((run) => placeRun(run, axis));
  const ticks = addUp(runs, steps, axis);
  const runsOfStep = Uint32Array.from({ length: axis.count }, (_, step) =>
    steps.reduce((sum, { first }) => sum + (first[step]! < 0 ? 0 : 1), 0),
  );
  return {
    ...describeSet(profiles, ticks, { startMs, endMs }),
    ticks: () => ticks,
    clock,
    stepMs,
    steps,
    runsOfStep,
  };
}

/**
 * Some two were recorded at the same time, by clocks that nobody set meanwhile. Captures do not say which machine made
 * them: those of several are as far off as their clocks are.
 */
function shareWallClock(runs: readonly PlacedRun[]): boolean {
  if (runs.some(({ profile }) => profile.notes.clock)) return false;
  const spans = runs.map(({ span }) => span).sort((a, b) => a.startMs - b.startMs);
  let latest = -Infinity;
  for (const { startMs, endMs } of spans) {
    if (startMs < latest) return true;
    latest = Math.max(latest, endMs);
  }
  return false;
}

function startAtZero(run: PlacedRun): PlacedRun {
  const { startMs, endMs } = run.span;
  return { ...run, span: { startMs: 0, endMs: endMs - startMs }, shiftMs: -startMs };
}

/** From one memory record to the next; as long as the run where there are not two. */
function meanTickMs({ ticks: { length, timeMs }, span }: PlacedRun): number {
  return length < 2 ? span.endMs - span.startMs : (timeMs[length - 1]! - timeMs[0]!) / (length - 1);
}

interface Axis extends RecordingSpan {
  readonly stepMs: number;
  readonly count: number;
}

function placeRun({ profile, ticks, span, shiftMs }: PlacedRun, { startMs, stepMs, count }: Axis): RunSteps {
  const column = (): Int32Array => new Int32Array(count).fill(-1);
  const steps = { first: column(), last: column(), highest: column(), ended: column() };
  const stepOfTick = new Uint32Array(ticks.length + 1);
  const within = (step: number): number => Math.min(count - 1, Math.max(0, step));
  // A step begins behind its start and ends with its end.
  const endsIn = (ms: number): number => within(Math.ceil((ms - startMs) / stepMs) - 1);
  const beginsIn = (ms: number): number => within(Math.floor((ms - startMs) / stepMs));
  let beforeMs = span.startMs;
  for (let tick = 0; tick <= ticks.length; tick++) {
    const ms = tick < ticks.length ? ticks.timeMs[tick]! + shiftMs : span.endMs;
    const end = endsIn(ms);
    for (let step = Math.min(beginsIn(beforeMs), end); step <= end; step++) {
      if (steps.first[step]! < 0) steps.first[step] = tick;
      steps.last[step] = tick;
      const highest = steps.highest[step]!;
      if (highest < 0 || highestOf(profile, ticks, tick) >= highestOf(profile, ticks, highest)) {
        steps.highest[step] = tick;
      }
    }
    steps.ended[end] = tick;
    stepOfTick[tick] = end;
    beforeMs = ms;
  }
  for (let step = 1; step < count; step++) if (steps.ended[step]! < 0) steps.ended[step] = steps.ended[step - 1]!;
  const heapBytes = Float64Array.from(steps.highest, (tick) => (tick < 0 ? 0 : highestOf(profile, ticks, tick)));
  return { ...steps, stepOfTick, heapBytes, span };
}

/** Greatest heap of a tick; of an aggregated capture the heap at its record, which is all that it knows. */
function highestOf({ notes }: Profile, ticks: TickTable, tick: number): number {
  const { length, peakBytes, heapBytes } = ticks;
  if (tick < length) return (peakBytes ?? heapBytes)[tick]!;
  return notes.tailPeakBytes ?? heapBytes[length - 1] ?? 0;
}

function heapAfter({ notes }: Profile, { length, heapBytes }: TickTable, tick: number): number {
  if (tick < 0) return 0;
  return tick < length ? heapBytes[tick]! : (notes.tailHeapBytes ?? heapBytes[length - 1] ?? 0);
}

function addUp(
  runs: readonly PlacedRun[],
  steps: readonly RunSteps[],
  { startMs, endMs, stepMs, count }: Axis,
): TickTable {
  const knowsPeaks = runs.every(({ profile }) => canAnswer(profile.capture, 'lifetimes'));
  const rssBytes = new Float64Array(count);
  const heapBytes = new Float64Array(count);
  const peakBytes = new Float64Array(count);
  for (const [run, { profile, ticks }] of runs.entries()) {
    const { first, last, ended, heapBytes: highest } = steps[run]!;
    for (let step = 0; step < count; step++) {
      if (first[step]! < 0) continue;
      heapBytes[step]! += heapAfter(profile, ticks, ended[step]!);
      peakBytes[step]! += highest[step]!;
      let rss = 0;
      // What follows the last memory record has the RSS of that one, as far as anybody knows.
      for (let tick = first[step]!; tick <= last[step]!; tick++) {
        rss = Math.max(rss, ticks.rssBytes[Math.min(tick, ticks.length - 1)] ?? 0);
      }
      rssBytes[step] = Math.max(rssBytes[step]!, rss);
    }
  }
  return {
    length: count,
    timeMs: Float64Array.from({ length: count }, (_, step) => Math.min(endMs, startMs + (step + 1) * stepMs)),
    rssBytes,
    heapBytes,
    peakBytes: knowsPeaks ? peakBytes : null,
  };
}

function describeSet(
  profiles: readonly Profile[],
  ticks: TickTable,
  { startMs, endMs }: RecordingSpan,
): { readonly capture: CaptureRow; readonly notes: CaptureNotes } {
  const captures = profiles.map(({ capture }) => capture);
  const notes = profiles.map((profile) => profile.notes);
  const [first] = captures;
  const sum = (read: (capture: CaptureRow) => number | null): number | null =>
    captures.reduce<number | null>((all, each) => addOrNull(all, read(each)), 0);
  const peakTick = ticks.peakBytes === null ? null : lastGreatest(ticks.peakBytes);
  const rssTick = notes.every(({ memoryRecords }) => memoryRecords === 0) ? null : lastGreatest(ticks.rssBytes);
  return {
    capture: {
      ...first!,
      answers: worstAnswers(captures.map(({ answers }) => answers)),
      layout: captures.some(({ layout }) => layout === 'aggregated') ? 'aggregated' : 'all',
      nativeTraces: captures.some(({ nativeTraces }) => nativeTraces),
      mainThreadId: null,
      startMs,
      endMs: captures.some((capture) => capture.endMs === null) ? null : endMs,
      complete: captures.every(({ complete }) => complete),
      readBytes: sum(({ readBytes }) => readBytes)!,
      totalBytes: sum(({ totalBytes }) => totalBytes)!,
      allocations: sum(({ allocations }) => allocations),
      deallocations: sum(({ deallocations }) => deallocations),
      bytesAllocated: sum(({ bytesAllocated }) => bytesAllocated),
      peakBytes: peakTick === null ? sum(({ peakBytes }) => peakBytes)! : ticks.peakBytes![peakTick]!,
      peakTick,
      leakedBytes: sum(({ leakedBytes }) => leakedBytes)!,
      leakedCount: sum(({ leakedCount }) => leakedCount)!,
      temporaryBytes: sum(({ temporaryBytes }) => temporaryBytes),
      temporaryCount: sum(({ temporaryCount }) => temporaryCount),
    },
    notes: {
      ...notes[0]!,
      recordsByAllocator: null,
      bytesByAllocator: null,
      memoryRecords: notes.reduce((all, { memoryRecords }) => all + memoryRecords, 0),
      rssPeakBytes: rssTick === null ? null : ticks.rssBytes[rssTick]!,
      rssPeakMs: rssTick === null ? null : ticks.timeMs[rssTick]!,
      tailPeakBytes: null,
      tailHeapBytes: null,
      sizesExact: notes.every(({ sizesExact }) => sizesExact),
      objects: null,
      replacedCount: notes.reduce((all, { replacedCount }) => all + replacedCount, 0),
      replacedBytes: notes.reduce((all, { replacedBytes }) => all + replacedBytes, 0),
      damage: null,
      symbols: null,
      join: null,
    },
  };
}

/** Unknown with any part that is unknown. */
function addOrNull(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

function lastGreatest(column: Float64Array): number {
  let greatest = 0;
  for (let row = 1; row < column.length; row++) if (column[row]! >= column[greatest]!) greatest = row;
  return greatest;
}

/** A sum is as exact as the worst of its parts. */
function worstAnswers(all: readonly Answers[]): Answers {
  const worst = QUESTIONS.map((question) => {
    const kinds = all.map((answers) => ANSWER_KINDS.indexOf(answers[question]));
    return [question, ANSWER_KINDS[Math.max(...kinds)]!];
  });
  return Object.fromEntries(worst) as Answers;
}
