/**
 * From an open profile to everything the analysis report says, as one typed value: totals, curves, ranked source
 * lines, modules, allocators, threads, sizes, and findings in words. The printed report and the JSON document are two
 * renderings of it. Pure: reads the profile, changes nothing.
 */
import type { Filter } from '../filter/filter.js';
import type { FilterSuggestion } from '../filter/suggest-filter.js';
import type { AllocatorUsage, Profile } from '../profile.js';
import { findGrowth } from '../growth/find-growth.js';
import { findPeakWay } from '../growth/peak-way.js';
import { shiftGrowth } from '../growth/shift-growth.js';
import type { CaptureNotes, CaptureRow } from '../capture.js';
import type { TickTable } from '../tables.js';
import { siteStacksOf } from '../join/site-stacks.js';
import { originOf, type RecordingSpan } from '../recording-span.js';
import type { Selection, SelectionRequest } from '../view/selection.js';
import type { SetRecording } from '../view/set-recording.js';
import { siteOwnersOf } from '../view/site-owners.js';
import type { ThreadGroupUsage } from '../view/thread-groups.js';
import type { FrameChoice } from '../view/view-choices.js';
import { ticksWithin, type TimeWindow } from '../view/window.js';
import { usageByFamily, type AllocatorFamilyUsage } from './allocator-family.js';
import { findChurnPlace } from './churn.js';
import { findIncompleteCapture } from './findings/capture-incomplete.js';
import { findAll, rankFindings } from './findings/find-all.js';
import type { Finding } from './findings/finding.js';
import { reservedBytes } from './findings/mappings-reserved.js';
import type { LibraryRule } from './libraries/library-rule.js';
import type { LibraryUsage } from './libraries/library-usage.js';
import { limitationsOf } from './limitations.js';
import {
  rankLocations,
  type AnalysisLocation,
  type LocationColumns,
  type LocationNames,
  type ModuleUsage,
} from './rank-locations.js';
import { findMappedMemory } from './peak/mapped-memory.js';
import { findPeakParts } from './peak/peak-parts.js';
import { usedHeapOf, type UsedHeap } from './peak/used-heap.js';
import { selectUsage, type Select } from './selected-usage.js';
import { sumProfile } from './sum-usage.js';
import { bucketSizes, type SizeHistogram } from './size-histogram.js';
import { totalsOf, totalsOfPart, type AnalysisTotals } from './totals.js';
import { orderBy, type Measure } from './usage-sum.js';

/** The part of a capture that an analysis is about. */
export interface AnalysisScope {
  readonly window: TimeWindow | null;
  readonly filter: Filter | null;
  /** Where the filter lets nothing pass at the peak: what was probably meant. */
  readonly suggestion: FilterSuggestion | null;
}

/** Several runs in one analysis: totals and lists are their sums, `capture`, `notes` and `ticks` of `recording`. */
export interface Together {
  readonly recording: SetRecording;
  readonly runs: readonly AnalysedRun[];
  /** The most that they held together, at most, and the end of the step; null where no moment of that is known. */
  readonly held: { readonly bytes: number; readonly timeMs: number } | null;
}

/** One of them by itself; times are on the clock of all. */
export interface AnalysedRun extends RecordingSpan {
  readonly name: string;
  readonly profilePath: string;
  readonly capture: CaptureRow;
  readonly notes: CaptureNotes;
  readonly totals: AnalysisTotals;
}

export interface Analysis {
  /** Null = of one run. */
  readonly together: Together | null;
  /** Null = the whole capture. */
  readonly scope: AnalysisScope | null;
  readonly profilePath: string;
  readonly capture: CaptureRow;
  readonly notes: CaptureNotes;
  readonly totals: AnalysisTotals;
  /** Those of the window. */
  readonly ticks: TickTable;
  /** What the lists below are ordered by, greatest first. */
  readonly measure: Measure;
  /** One per source line that allocated; no more than were asked for, of `locationCount`. */
  readonly locationCount: number;
  readonly locations: readonly AnalysisLocation[];
  readonly modules: readonly ModuleUsage[];
  readonly allocators: readonly AllocatorUsage[];
  readonly families: readonly AllocatorFamilyUsage[];
  /** By name, with numbers taken out. */
  readonly threads: readonly ThreadGroupUsage[];
  /** Whose memory it is. */
  readonly libraries: readonly LibraryUsage[];
  /** At least so much of what large mappings hold at the peak was never resident; null where nothing tells so. */
  readonly reservedBytes: number | null;
  /** The heap without what was only reserved; null where nothing was, and of a part or of several runs. */
  readonly usedHeap: UsedHeap | null;
  /** Null in an aggregated capture, and in an analysis of a part. */
  readonly sizes: SizeHistogram | null;
  readonly findings: readonly Finding[];
  readonly limitations: readonly string[];
  /** A user's own, before memscope's, by which libraries were told apart. */
  readonly rules: readonly LibraryRule[];
}

export interface AnalysisOptions {
  /** Asks for an order; one that the capture cannot answer becomes `peak`. */
  readonly measure?: Measure;
  /** Locations that are listed; null = all. */
  readonly mostLocations?: number | null;
  /** How long before the recording the clock began that findings tell the time by; 0 = it is its own. */
  readonly startedMs?: number;
}

/** `rules` are a user's own; `frames` those that may be locations. */
export function analyze(
  profile: Profile,
  options: AnalysisOptions = {},
  rules: readonly LibraryRule[] = [],
  frames: FrameChoice = 'all',
): Analysis {
  const { capture, notes } = profile;
  const ticks = profile.ticks();
  const sizeClasses = profile.sizeClasses();
  const { allocators, locations, threads, libraries } = sumWhole(profile, rules, frames);
  const parts = findPeakParts(profile);
  const mapped = findMappedMemory(profile, parts);
  const { startedMs = 0 } = options;
  const peakWay = findPeakWay(profile, parts.peak, parts.fileSites);
  return assemble(profile, options, locations, profile.stackTables().frames, {
    scope: null,
    totals: totalsOf(capture, notes, ticks),
    ticks,
    allocators,
    threads,
    libraries,
    reservedBytes: reservedBytes({ parts }),
    usedHeap: usedHeapOf(profile, parts.peak, siteOwnersOf(siteStacksOf(profile), profile.owners(), rules)),
    sizes: sizeClasses === null ? null : bucketSizes(sizeClasses, notes.sizesExact),
    findings: findAll({
      capture: startedMs === 0 ? capture : { ...capture, startMs: originOf(capture) - startedMs },
      notes,
      ticks,
      allocators,
      growth: shiftGrowth(findGrowth(profile), startedMs),
      peakWay: peakWay && { ...peakWay, endMs: peakWay.endMs + startedMs },
      parts,
      churn: () => findChurnPlace(profile),
      mapped,
      libraries,
      threads,
    }),
    limitations: limitationsOf(capture, notes, ticks),
    rules,
  });
}

/** A call of its own: what all sites hold by all measures can be given back behind it. */
function sumWhole(
  profile: Profile,
  rules: readonly LibraryRule[],
  frames: FrameChoice,
): Omit<ReturnType<typeof sumProfile>, 'libraries'> & { readonly libraries: readonly LibraryUsage[] } {
  const { libraries, ...lists } = sumProfile(profile, rules, frames);
  return { ...lists, libraries: libraries() };
}

/**
 * The same of a window of time, or of what a filter lets pass, or with frames hidden. Locations are those of the Python
 * frames of joined stacks, unless the request names stacks. Findings and sizes speak of whole captures only and are left
 * out, but for what grows: of what passes a filter, and of a window that ends with the capture. `selectBy` makes the
 * selections, one for each measure. Throws `ViewError` and `FilterError`.
 */
export function analyzePart(
  profile: Recorded,
  request: Omit<SelectionRequest, 'measure'>,
  options: AnalysisOptions,
  selectBy: Select,
  growthOf: (selection: Selection) => readonly Finding[],
): Analysis {
  const { capture, notes } = profile;
  const { selection, whole, locations, allocators, threads, libraries } = selectUsage(request, selectBy);
  const { window } = selection;
  const ticks = window === null ? profile.ticks() : ticksWithin(profile.ticks(), window);
  const incomplete = findIncompleteCapture({ capture, notes });
  const isAsked = request.filter !== null || window !== null;
  const isAny = selection.bytes > 0 || selection.count > 0;
  const growth = isAsked && isAny ? growthOf(selection) : [];
  const untold = whyUntold(selection, request.filter);
  return assemble(profile, options, locations, selection.stackTables.frames, {
    scope: { window, filter: request.filter, suggestion: selection.suggestion() },
    totals: totalsOfPart(capture, notes, ticks, whole, selection),
    ticks,
    allocators,
    threads,
    libraries: libraries(),
    reservedBytes: null,
    usedHeap: null,
    sizes: null,
    findings: rankFindings([...growth, ...(incomplete === null ? [] : [incomplete])]),
    limitations: [
      ...limitationsOf(capture, notes, profile.ticks()),
      ...(untold === null ? [] : [untold]),
      ...(window === null
        ? []
        : [
            'Of a window of time only the peak within it is known, and what was allocated in it and lived on: a ' +
              'profile does not keep when each short-lived allocation was made.',
          ]),
    ],
    rules: request.rules ?? [],
  });
}

/** Why nothing is said of what grows among what passes a filter; null where it is. */
function whyUntold({ runs, window }: Selection, filter: Filter | null): string | null {
  if (filter === null) return null;
  if (runs.some(({ passes }) => passes?.bySite === false)) {
    return 'What grows is told of sites: a filter by lifetime lets only some of what they allocate pass.';
  }
  return window?.hasTail === false
    ? 'What grows is told up to the end of a recording: the window ends before it.'
    : null;
}

type Parts = Pick<
  Analysis,
  | 'scope'
  | 'totals'
  | 'ticks'
  | 'allocators'
  | 'threads'
  | 'libraries'
  | 'reservedBytes'
  | 'usedHeap'
  | 'sizes'
  | 'findings'
  | 'limitations'
  | 'rules'
>;

/** What is read of a profile besides its selections. */
type Recorded = Pick<Profile, 'path' | 'capture' | 'notes' | 'ticks'>;

function assemble(
  profile: Omit<Recorded, 'ticks'>,
  { measure = 'peak', mostLocations = null }: AnalysisOptions,
  locations: LocationColumns,
  names: LocationNames,
  parts: Parts,
): Analysis {
  const order = canOrderBy(parts, measure) ? measure : 'peak';
  const allocators = orderBy(parts.allocators, order);
  return {
    ...parts,
    together: null,
    profilePath: profile.path,
    capture: profile.capture,
    notes: profile.notes,
    measure: order,
    locationCount: locations.frame.length,
    ...rankLocations(locations, names, order, mostLocations),
    allocators,
    families: usageByFamily(allocators),
    threads: orderBy(parts.threads, order),
    libraries: orderBy(parts.libraries, order),
  };
}

/** An aggregated capture, and a window of time, know only peak and leaked. */
export function canOrderBy({ totals }: Pick<Analysis, 'totals'>, measure: Measure): boolean {
  if (measure === 'temporary') return totals.temporaryBytes !== null;
  return measure === 'peak' || measure === 'leaked' || totals.bytesAllocated !== null;
}
