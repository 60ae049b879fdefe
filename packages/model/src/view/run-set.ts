/**
 * A question over one run, several, or two sides → one selection. Measure and filter are taken run by run, a window on the
 * clock of each side (join-recordings.ts); the weights then stand one run's after another's over the joined tables
 * (join-runs.ts), so that a column of weights for each run is a stretch of them. A set of one run is that run's own
 * selection and costs nothing.
 */
import type { SiteRow } from '../rows.js';
import type { RenamedPath } from '../owners/match-files.js';
import type { Profile, SiteWeights } from '../profile.js';
import type { FrameLibraries } from '../analysis/libraries/stack-owners.js';
import { joinVisible, joinWeighing } from '../join/kept-joins.js';
import { chooseStacks } from '../join/site-stacks.js';
import { groupFrames } from './frame-groups.js';
import { joinRuns, type JoinedRuns } from './join-runs.js';
import { select, type SelectedRun, type Selection, type SelectionRequest } from './selection.js';
import { recordingOf } from './join-recordings.js';
import { ticksOfRun, type SetRecording } from './set-recording.js';
import { hideFrames } from './shown-stacks.js';
import { frameLibrariesOf, siteOwnersOf } from './site-owners.js';
import { ViewError } from './view-error.js';
import { readWindow, type TimeWindow } from './window.js';

/** Runs that are asked together. `base` is what `head` is compared with; empty where nothing is. */
export interface RunSet {
  /** At least one. */
  readonly head: readonly Profile[];
  readonly base: readonly Profile[];
  /** Parts of paths that changed their names from the base to the head. */
  readonly renamed?: readonly RenamedPath[];
  /** Lines tell frames of both sides apart; else a function is the same at any line, since lines shift. */
  readonly lines?: boolean;
  /** The base's window where it is another than the head's, as `readWindow` takes it; null = its whole recording. */
  readonly baseWindow?: string | null;
}

/** Joined once for a set: every view of it stands on the same tables. */
const joinedOfSet = new WeakMap<RunSet, JoinedRuns>();

/** All runs, those of the head first: the order of `Selection.runs`. */
export function runsOf({ head, base }: RunSet): readonly Profile[] {
  return base.length === 0 ? head : [...head, ...base];
}

/** Throws `ViewError` and `FilterError`, also where only one of the runs cannot answer. */
export function selectRuns(set: RunSet, request: SelectionRequest): Selection {
  const [only] = set.head;
  if (set.head.length === 1 && set.base.length === 0) return select(only!, request);
  const profiles = runsOf(set);
  const head = selectSide(set.head, 'head', request);
  const window = set.baseWindow === undefined ? request.window : set.baseWindow;
  const parts =
    set.base.length === 0
      ? head.parts
      : [...head.parts, ...selectSide(set.base, 'base', { ...request, window }, set.baseWindow === undefined).parts];
  const first = parts[0]!.selection;
  let joined = joinedOfSet.get(set);
  if (joined === undefined)
    joinedOfSet.set(set, (joined = joinRuns(profiles, set.renamed, set.base.length === 0 || set.lines === true)));
  const { threads, stacks, owners: ownerTable, firstSite } = joined;
  const { tables: stackTables, sites } = stacks;
  const rules = request.rules ?? [];
  const groups = groupFrames(stackTables);
  const libraries = (): FrameLibraries => frameLibrariesOf(stackTables, rules);
  const sum = (read: (part: Selection) => number): number =>
    parts.reduce((all, { selection }) => all + read(selection), 0);
  const join = (read: (part: Selection) => Float64Array): Float64Array => {
    const column = new Float64Array(sites.length);
    for (const [run, { selection }] of parts.entries()) column.set(read(selection), firstSite[run]);
    return column;
  };
  const joinWeights = (read: (part: Selection) => SiteWeights): SiteWeights => ({
    bytes: join((part) => read(part).bytes),
    count: join((part) => read(part).count),
  });
  const siteStacks = chooseStacks(stacks, first.stacks);
  const joinKey = parts.map(({ selection }) => selection.joinKey).join();
  const weights = joinWeights((part) => part.weights);
  const shown = hideFrames(stackTables, groups, { ...request, foldsComprehensions: set.base.length > 0 }, libraries);
  const isFiltered = parts.some(({ selection }) => selection.unfiltered !== selection.weights);
  const unfiltered = isFiltered ? joinWeights((part) => part.unfiltered) : weights;
  return {
    ...first,
    recording: recordingOf(set.head),
    window: head.window,
    threads,
    sites,
    stackTables,
    ownerTable: () => ownerTable,
    groups,
    siteStacks,
    joinKey,
    shownStacks: () => joinWeighing(siteStacks, joinKey, unfiltered),
    pathStacks: (of) => joinVisible(siteStacks, shown, of === 'all' ? null : unfiltered),
    shown,
    peakTick: null,
    peakMs: null,
    weights,
    unfiltered,
    bytes: sum(({ bytes }) => bytes),
    count: sum(({ count }) => count),
    wholeBytes: sum(({ wholeBytes }) => wholeBytes),
    wholeCount: sum(({ wholeCount }) => wholeCount),
    suggestion: () =>
      parts.some(({ selection: { bytes, count } }) => bytes > 0 || count > 0) ? null : first.suggestion(),
    libraries,
    owners: siteOwnersOf(stacks, ownerTable, rules),
    runs: parts.map(({ run }, position) => ({ ...run, firstSite: firstSite[position]! })),
  };
}

interface SelectedPart {
  readonly selection: Selection;
  readonly run: SelectedRun;
}

/**
 * A window is of the side's clock; of each run it is the ticks that it touches. A base that had ended before the window
 * of the head begins holds nothing in it.
 */
function selectSide(
  profiles: readonly Profile[],
  side: SelectedRun['side'],
  request: SelectionRequest,
  canBeOutside = false,
): { readonly window: TimeWindow | null; readonly parts: readonly SelectedPart[] } {
  const recording = recordingOf(profiles);
  const window = windowOfSide(request, recording, canBeOutside);
  const parts = profiles.map((profile, position): SelectedPart => {
    const steps = recording.steps?.[position] ?? null;
    const isWhole = window === null || window === OUTSIDE;
    const part = isWhole ? null : steps === null ? window : ticksOfRun(steps, window);
    const text = part === null ? null : `#${part.fromTick}..#${part.toTick}`;
    const selection = select(profile, { ...request, window: text });
    const seen = window !== null && part === null ? nothingOf(selection) : selection;
    return { selection: seen, run: { ...seen.runs[0]!, side, steps } };
  });
  return { window: window === OUTSIDE ? null : window, parts };
}

/** The whole recording lies before the window. */
const OUTSIDE = 'outside';

function windowOfSide(
  { window }: SelectionRequest,
  recording: SetRecording,
  canBeOutside: boolean,
): TimeWindow | typeof OUTSIDE | null {
  try {
    return window === null ? null : readWindow(window, recording);
  } catch (error) {
    if (canBeOutside && error instanceof ViewError && error.code === 'outside') return OUTSIDE;
    throw error;
  }
}

/** Of a run that was not recorded within the window. */
function nothingOf(selection: Selection): Selection {
  const { length } = selection.sites;
  const none = { bytes: 0, count: 0 };
  const weights = { bytes: new Float64Array(length), count: new Float64Array(length) };
  return {
    ...selection,
    ...none,
    weights,
    unfiltered: weights,
    joinKey: selection.joinKey === '' ? '' : 'none',
    wholeBytes: 0,
    wholeCount: 0,
    runs: selection.runs.map((run) => ({
      ...run,
      ...none,
      isOutside: true,
      passes: Object.assign(() => false, { bySite: true }),
    })),
  };
}

/** Weights of some of the runs alone, by site of the whole set: 0 for the sites of the others. */
export function weightsOfRuns({ weights, runs }: Selection, chosen: readonly number[]): SiteWeights {
  const bytes = new Float64Array(weights.bytes.length);
  const count = new Float64Array(weights.count.length);
  for (const run of chosen) {
    const { firstSite, siteCount } = runs[run]!;
    bytes.set(weights.bytes.subarray(firstSite, firstSite + siteCount), firstSite);
    count.set(weights.count.subarray(firstSite, firstSite + siteCount), firstSite);
  }
  return { bytes, count };
}

/** What the runs of a side hold together. */
export function sumOfSide(
  { runs }: Pick<Selection, 'runs'>,
  side: SelectedRun['side'],
): { bytes: number; count: number } {
  const sum = { bytes: 0, count: 0 };
  for (const run of runs) {
    if (run.side !== side) continue;
    sum.bytes += run.bytes;
    sum.count += run.count;
  }
  return sum;
}

/** What each run is called: its capture's file, with as much of its folders as tells it from the others'. */
export function nameRuns(runs: readonly Pick<SelectedRun, 'profile'>[]): string[] {
  const paths = runs.map(({ profile }) => profile.capture.path.split(/[\\/]/));
  return paths.map((path, run) => {
    const others = paths.filter((_, other) => other !== run);
    let parts = 1;
    const isShared = (): boolean => others.some((other) => endOf(other, parts) === endOf(path, parts));
    while (parts < path.length && isShared()) parts++;
    return endOf(path, parts);
  });
}

function endOf(path: readonly string[], parts: number): string {
  return path.slice(-parts).join('/');
}

/** Position in `runs` of the run that a site is of. */
export function runOfSite(site: SiteRow, { runs }: Selection): number {
  let run = runs.length - 1;
  while (run > 0 && runs[run]!.firstSite > site) run--;
  return run;
}
