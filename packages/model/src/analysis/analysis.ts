/**
 * From an open profile to everything the analysis report says, as one typed value: totals, curves, ranked source
 * lines, modules, allocators, threads, sizes, and findings in words. The printed report and the JSON document are two
 * renderings of it. Pure: reads the profile, changes nothing.
 */
import type { Filter } from '../filter/filter.js';
import type { AllocatorUsage, LocationUsage, Profile, ThreadUsage, Usage } from '../profile.js';
import type { CaptureNotes, CaptureRow, TickTable } from '../tables.js';
import type { SelectionRequest } from '../view/selection.js';
import { ticksWithin, type TimeWindow } from '../view/window.js';
import { usageByFamily, type AllocatorFamilyUsage } from './allocator-family.js';
import { findIncompleteCapture } from './findings/capture-incomplete.js';
import { findAll } from './findings/find-all.js';
import type { Finding } from './findings/finding.js';
import { reservedBytes } from './findings/mappings-reserved.js';
import type { LibraryRule } from './libraries/library-rule.js';
import type { LibraryUsage } from './libraries/library-usage.js';
import { limitationsOf } from './limitations.js';
import { moduleOfFile, type FileModule, type ModuleCategory } from './module-of-file.js';
import { selectUsage } from './selected-usage.js';
import { bucketSizes, type SizeHistogram } from './size-histogram.js';
import { totalsOf, totalsOfPart, type AnalysisTotals } from './totals.js';
import { orderBy, sumUsage, type Measure } from './usage-sum.js';

export interface AnalysisLocation extends LocationUsage {
  readonly module: FileModule;
}

export interface ModuleUsage extends Usage {
  readonly name: string;
  readonly category: ModuleCategory;
}

/** The part of a capture that an analysis is about. */
export interface AnalysisScope {
  readonly window: TimeWindow | null;
  readonly filter: Filter | null;
}

export interface Analysis {
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
  /** One per source line that allocated. */
  readonly locations: readonly AnalysisLocation[];
  readonly modules: readonly ModuleUsage[];
  readonly allocators: readonly AllocatorUsage[];
  readonly families: readonly AllocatorFamilyUsage[];
  readonly threads: readonly ThreadUsage[];
  /** Whose memory it is. */
  readonly libraries: readonly LibraryUsage[];
  /** At least so much of what large mappings hold at the peak was never resident; null where nothing tells so. */
  readonly reservedBytes: number | null;
  /** Null in an aggregated capture, and in an analysis of a part. */
  readonly sizes: SizeHistogram | null;
  readonly findings: readonly Finding[];
  readonly limitations: readonly string[];
}

/** `measure` asks for an order; one that the capture cannot answer becomes `peak`. `rules` are a user's own. */
export function analyze(profile: Profile, measure: Measure = 'peak', rules: readonly LibraryRule[] = []): Analysis {
  const { capture, notes } = profile;
  const ticks = profile.ticks();
  const sizeClasses = profile.sizeClasses();
  const allocators = profile.usageByAllocator();
  const locations = profile.usageByLocation();
  return assemble(profile, measure, {
    scope: null,
    totals: totalsOf(capture, notes, ticks),
    ticks,
    locations,
    allocators,
    threads: profile.usageByThread(),
    libraries: profile.usageByLibrary(rules),
    reservedBytes: reservedBytes({ capture, notes, ticks, allocators }),
    sizes: sizeClasses === null ? null : bucketSizes(sizeClasses, notes.sizesExact),
    findings: findAll({ capture, notes, ticks, allocators, locations }),
    limitations: limitationsOf(capture, notes, ticks),
  });
}

/**
 * The same of a window of time, or of what a filter lets pass, or with frames hidden. Locations are those of the Python
 * frames of joined stacks, unless the request names stacks. Findings and sizes speak of whole captures only and are left
 * out. Throws `ViewError` and `FilterError`.
 */
export function analyzePart(
  profile: Profile,
  request: Omit<SelectionRequest, 'measure'>,
  measure: Measure = 'peak',
): Analysis {
  const { capture, notes } = profile;
  const { selection, whole, locations, allocators, threads, libraries } = selectUsage(profile, request);
  const { window } = selection;
  const ticks = window === null ? profile.ticks() : ticksWithin(profile.ticks(), window);
  const incomplete = findIncompleteCapture({ capture, notes });
  return assemble(profile, measure, {
    scope: { window, filter: request.filter },
    totals: totalsOfPart(capture, notes, ticks, whole, window),
    ticks,
    locations,
    allocators,
    threads,
    libraries,
    reservedBytes: null,
    sizes: null,
    findings: incomplete === null ? [] : [incomplete],
    limitations: [
      ...limitationsOf(capture, notes, profile.ticks()),
      ...(window === null
        ? []
        : [
            'Of a window of time only the peak within it is known, and what was allocated in it and lived on: a ' +
              'profile does not keep when each short-lived allocation was made.',
          ]),
    ],
  });
}

type Parts = Omit<Analysis, 'profilePath' | 'capture' | 'notes' | 'measure' | 'modules' | 'families' | 'locations'> & {
  readonly locations: readonly LocationUsage[];
};

function assemble(profile: Profile, measure: Measure, parts: Parts): Analysis {
  const order = canOrderBy(parts, measure) ? measure : 'peak';
  // Thousands of lines share a file.
  const modules = new Map<string | null, FileModule>();
  const moduleOf = (file: string | null): FileModule => {
    let module = modules.get(file);
    if (module === undefined) modules.set(file, (module = moduleOfFile(file)));
    return module;
  };
  const locations = orderBy(
    parts.locations.map((location) => ({ ...location, module: moduleOf(location.file) })),
    order,
  );
  const allocators = orderBy(parts.allocators, order);
  return {
    ...parts,
    profilePath: profile.path,
    capture: profile.capture,
    notes: profile.notes,
    measure: order,
    locations,
    modules: orderBy(sumByModule(locations), order),
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

function sumByModule(locations: readonly AnalysisLocation[]): ModuleUsage[] {
  // The files' own first: there are far fewer of them than lines.
  const locationsOfFile = new Map<FileModule, AnalysisLocation[]>();
  for (const location of locations) {
    const known = locationsOfFile.get(location.module);
    if (known === undefined) locationsOfFile.set(location.module, [location]);
    else known.push(location);
  }
  const files = new Map<string, ModuleUsage[]>();
  for (const [{ name, category }, own] of locationsOfFile) {
    const key = `${category}\0${name}`;
    const file = { name, category, ...sumUsage(own) };
    const known = files.get(key);
    if (known === undefined) files.set(key, [file]);
    else known.push(file);
  }
  return Array.from(files.values(), (own) => ({
    name: own[0]!.name,
    category: own[0]!.category,
    ...sumUsage(own),
  }));
}
