/**
 * A profile and a question's measure, window, filter and frame options → what every view is drawn from: the weight of
 * each site that passes, its stack, and which frames are shown.
 */
import type { LibraryRule } from '../analysis/libraries/library-rule.js';
import type { SiteOwners } from '../analysis/libraries/site-owners.js';
import { canAnswer } from '../answers.js';
import type { FrameLibraries } from '../analysis/libraries/stack-owners.js';
import type { Filter } from '../filter/filter.js';
import { matchSites, type FilterSubject } from '../filter/match-sites.js';
import { testUnbounded, type PatternTester } from '../filter/pattern-tester.js';
import { suggestFilter, type FilterSuggestion } from '../filter/suggest-filter.js';
import type { JoinedStacks } from '../join/join-sites.js';
import type { SiteStacks } from '../join/joined-walk.js';
import { joinVisible, joinWeighing } from '../join/kept-joins.js';
import { chooseStacks, siteStacksOf } from '../join/site-stacks.js';
import type { Profile, SiteKeys, SiteMeasure, SiteWeights, StackTables } from '../profile.js';
import type { OwnerTable, ThreadTable } from '../tables.js';
import { applicationLines } from './application-lines.js';
import { groupFrames, type FrameGroups } from './frame-groups.js';
import { frameLibrariesOf, siteOwnersOf } from './site-owners.js';
import { hideFrames } from './shown-stacks.js';
import type { FrameChoice, StackChoice } from './view-choices.js';
import { passingRows, weighPassing, weighSites, type PassingRows } from './site-weights.js';
import { ViewError } from './view-error.js';
import { findOwnPeak } from './own-peak.js';
import { recordingOfOne, type RunSteps, type SetRecording } from './set-recording.js';
import { sumWeights } from './weighing-sites.js';
import { readWindow, windowOfTick, type TimeWindow } from './window.js';

export interface SelectionRequest {
  readonly measure: SiteMeasure;
  /** As `readWindow` takes it; null = the whole recording. */
  readonly window: string | null;
  readonly filter: Filter | null;
  /** All of them by default. */
  readonly frames?: FrameChoice;
  readonly splitThreads: boolean;
  /** `joined` by default. */
  readonly stacks?: StackChoice;
  /** Shows native frames of the interpreter in joined stacks, too. */
  readonly interpreterFrames?: boolean;
  /** A user's rules of whose frames are, before memscope's own. */
  readonly rules?: readonly LibraryRule[];
  /** Tells which texts a pattern of the filter matches, for instance in bounded time. */
  readonly testPattern?: PatternTester;
}

/** One of the runs that a selection is of. */
export interface SelectedRun {
  readonly profile: Profile;
  /** Its sites stand together. */
  readonly firstSite: number;
  readonly siteCount: number;
  readonly side: 'head' | 'base';
  /** Its own, in its own ticks; null = all of it. */
  readonly window: TimeWindow | null;
  /** It was not recorded within the window that was asked for, and holds nothing there. */
  readonly isOutside: boolean;
  /** Where its ticks lie on the clock of its side; null where it is the only run. */
  readonly steps: RunSteps | null;
  /** Which rows of its `lifetime` pass the filter, by its own sites; null = all. */
  readonly passes: PassingRows | null;
  /** `Selection.peakTick`, in its own ticks. */
  readonly peakTick: number | null;
  readonly bytes: number;
  readonly count: number;
}

/** Of one run, or of several over joined tables (run-set.ts): `profile` is then the first of them. */
export interface Selection {
  /** At least one. */
  readonly runs: readonly SelectedRun[];
  readonly profile: Profile;
  readonly measure: SiteMeasure;
  /** Ticks, times and greatest heap of the head. */
  readonly recording: SetRecording;
  /** In ticks of `recording`. */
  readonly window: TimeWindow | null;
  readonly threads: ThreadTable;
  readonly sites: SiteKeys;
  /** As recorded: `shownStacks` has those of the view. */
  readonly stackTables: StackTables;
  /** Read when first asked for. */
  readonly ownerTable: () => OwnerTable;
  readonly groups: FrameGroups;
  readonly stacks: StackChoice;
  /** The recorded stacks that the view shows, to be walked along frame by frame. */
  readonly siteStacks: SiteStacks;
  /** Which joined stacks `shownStacks` gives, and `pathStacks` of what weighs, among those of the same runs; empty where none have to be joined. */
  readonly joinKey: string;
  /** A table of the stacks that the view shows, with a row for each site that weighs something; made when first asked for. */
  readonly shownStacks: () => JoinedStacks;
  /** The same for paths, of what weighs or of all sites: native frames that are hidden are left out. Made anew. */
  readonly pathStacks: (of: 'weighing' | 'all') => JoinedStacks;
  /** As `hideFrames` says it. */
  readonly shown: Uint8Array | null;
  readonly splitThreads: boolean;
  /** Whether it is about all that the measure has: no window, and no filter. */
  readonly isWhole: boolean;
  /**
   * Where the measure is the peak: the tick at whose greatest heap the weights were live. Of a filter it is that at
   * which most of what passes was; null in an aggregated capture.
   */
  readonly peakTick: number | null;
  /** When that tick ends, in milliseconds since the epoch. */
  readonly peakMs: number | null;
  /** Of the sites that pass the filter; 0 for the others. */
  readonly weights: SiteWeights;
  /** Of all sites, at the same moment. */
  readonly unfiltered: SiteWeights;
  readonly bytes: number;
  readonly count: number;
  /** Before the filter. */
  readonly wholeBytes: number;
  readonly wholeCount: number;
  /** Where the filter lets nothing pass: what was probably meant; null otherwise. Looked for when first asked for. */
  readonly suggestion: () => FilterSuggestion | null;
  /** What frames are attributed to; found when first asked for. */
  readonly libraries: () => FrameLibraries;
  /** Who owns the memory of sites, whichever stacks are shown; found when first asked for. */
  readonly owners: () => SiteOwners;
}

/** Throws `ViewError` and `FilterError`. */
export function select(profile: Profile, request: SelectionRequest): Selection {
  const { measure, filter, splitThreads, stacks: choice = 'joined', rules = [] } = request;
  const window = request.window === null ? null : readWindow(request.window, profile);
  const whole = weighSites(profile, measure, window);
  if (whole === null) {
    throw new ViewError('cannotAnswer', measure === 'objects' ? sayWithoutObjects(profile) : sayAggregated(measure));
  }
  const threads = profile.threads();
  const recorded = siteStacksOf(profile);
  const { sites, tables: stackTables } = recorded;
  const groups = groupFrames(stackTables);
  const siteStacks = chooseStacks(recorded, choice);
  const libraries = (): FrameLibraries => frameLibrariesOf(stackTables, rules);
  const owners = siteOwnersOf(recorded, profile.owners(), rules);
  const subject: FilterSubject = {
    stacks: siteStacks,
    threads,
    allocator: sites.allocator,
    owners: () => ({ ...owners(), functions: profile.owners(), functionOf: sites.owner }),
    applications: () => ({
      lines: applicationLines({ sites, stackTables, arenas: owners().arenas }),
      frames: stackTables.frames,
    }),
    rules,
    ...whole,
  };
  const all: WeighedSites = {
    weights: whole,
    unfiltered: whole,
    joinKey: joinKeyOf(measure, window),
    peakTick: measure === 'peak' ? (window?.peakTick ?? profile.capture.peakTick) : null,
    passes: null,
  };
  const weighed = filter === null ? all : weighFiltered(profile, { ...request, filter }, subject, window, all);
  const { weights, unfiltered, joinKey, peakTick, passes } = weighed;
  const shown = hideFrames(stackTables, groups, request, libraries);
  let ownerTable: OwnerTable | null = null;
  let suggestion: FilterSuggestion | null | undefined;
  const { bytes, count } = sumWeights(weights);
  const { bytes: wholeBytes, count: wholeCount } = whole === weights ? { bytes, count } : sumWeights(whole);
  return {
    runs: [
      {
        profile,
        firstSite: 0,
        siteCount: sites.length,
        side: 'head',
        window,
        isOutside: false,
        steps: null,
        passes,
        peakTick,
        bytes,
        count,
      },
    ],
    profile,
    measure,
    recording: recordingOfOne(profile),
    window,
    threads,
    sites,
    stackTables,
    ownerTable: () => (ownerTable ??= profile.owners()),
    groups,
    stacks: choice,
    siteStacks,
    joinKey: siteStacks.sites.nativeStack === null ? '' : joinKey,
    shownStacks: () => joinWeighing(siteStacks, joinKey, unfiltered),
    pathStacks: (of) => joinVisible(siteStacks, shown, of === 'all' ? null : unfiltered),
    shown,
    splitThreads,
    isWhole: window === null && filter === null,
    peakTick,
    peakMs: peakTick === null ? null : windowOfTick(peakTick, profile).peakMs,
    weights,
    unfiltered,
    bytes,
    count,
    wholeBytes,
    wholeCount,
    suggestion() {
      if (filter === null || bytes > 0 || count > 0) return null;
      if (suggestion === undefined) suggestion = suggestFilter(filter, subject, request.testPattern ?? testUnbounded);
      return suggestion;
    },
    libraries,
    owners,
  };
}

/** What sites weigh, and the moment that the weights are of. */
interface WeighedSites extends Pick<Selection, 'weights' | 'unfiltered' | 'joinKey' | 'peakTick'> {
  readonly passes: PassingRows | null;
}

/** Of a peak, what passes is weighed when most of it was live, which may be another moment than that of `all`. */
function weighFiltered(
  profile: Profile,
  { measure, filter, testPattern }: SelectionRequest & { readonly filter: Filter },
  subject: FilterSubject,
  window: TimeWindow | null,
  all: WeighedSites,
): WeighedSites {
  const siteFilter = matchSites(filter, subject, testPattern);
  const passes = passingRows(profile, siteFilter);
  const ownPeak = measure === 'peak' ? findOwnPeak(profile, filter, passes, window, all.peakTick) : null;
  if (ownPeak === null || ownPeak === all.peakTick) {
    return { ...all, passes, weights: weighPassing(profile, measure, window, all.unfiltered, siteFilter) };
  }
  const moment = windowOfTick(ownPeak, profile);
  const unfiltered = weighSites(profile, measure, moment)!;
  return {
    weights: weighPassing(profile, measure, moment, unfiltered, siteFilter),
    unfiltered,
    joinKey: joinKeyOf(measure, moment),
    peakTick: ownPeak,
    passes,
  };
}

function sayAggregated(measure: SiteMeasure): string {
  return `an aggregated capture has no ${measure}: it keeps only what was live at the peak and at the end`;
}

function sayWithoutObjects({ notes, capture }: Profile): string {
  if (notes.objects === null) {
    return 'no lifetimes of Python objects were recorded: memray does so with Tracker(…, track_object_lifetimes=True)';
  }
  return !canAnswer(capture, 'total')
    ? 'an aggregated capture does not say where its surviving objects were created'
    : 'this profile does not say where objects were created: an earlier memscope made it; read the capture again';
}

function joinKeyOf(measure: SiteMeasure, window: TimeWindow | null): string {
  return window === null ? measure : `${measure} ${window.fromTick} ${window.toTick}`;
}
