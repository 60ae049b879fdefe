/**
 * From an open profile to everything the analysis report says, as one typed value: totals, curves, ranked source
 * lines, modules, allocators, threads, sizes, and findings in words. The printed report and the JSON document are two
 * renderings of it. Pure: reads the profile, changes nothing.
 */
import type { AllocatorUsage, LocationUsage, Profile, ThreadUsage, Usage } from '../profile.js';
import type { CaptureNotes, CaptureRow, TickTable } from '../tables.js';
import { usageByFamily, type AllocatorFamilyUsage } from './allocator-family.js';
import { findAll } from './findings/find-all.js';
import type { Finding } from './findings/finding.js';
import { limitationsOf } from './limitations.js';
import { moduleOfFile, type FileModule, type ModuleCategory } from './module-of-file.js';
import { bucketSizes, type SizeHistogram } from './size-histogram.js';
import { totalsOf, type AnalysisTotals } from './totals.js';
import { addUsage, orderBy, usageOf, type Measure } from './usage-sum.js';

export interface AnalysisLocation extends LocationUsage {
  readonly module: FileModule;
}

export interface ModuleUsage extends Usage {
  readonly name: string;
  readonly category: ModuleCategory;
}

export interface Analysis {
  readonly profilePath: string;
  readonly capture: CaptureRow;
  readonly notes: CaptureNotes;
  readonly totals: AnalysisTotals;
  readonly ticks: TickTable;
  /** What the lists below are ordered by, greatest first. */
  readonly measure: Measure;
  /** One per source line that allocated. */
  readonly locations: readonly AnalysisLocation[];
  readonly modules: readonly ModuleUsage[];
  readonly allocators: readonly AllocatorUsage[];
  readonly families: readonly AllocatorFamilyUsage[];
  readonly threads: readonly ThreadUsage[];
  /** Null in an aggregated capture. */
  readonly sizes: SizeHistogram | null;
  readonly findings: readonly Finding[];
  readonly limitations: readonly string[];
}

/** `measure` asks for an order; one that the capture cannot answer becomes `peak`. */
export function analyze(profile: Profile, measure: Measure = 'peak'): Analysis {
  const { capture, notes } = profile;
  const ticks = profile.ticks();
  const order = canOrderBy(capture, measure) ? measure : 'peak';
  const locations = orderBy(
    profile.usageByLocation().map((location) => ({ ...location, module: moduleOfFile(location.file) })),
    order,
  );
  const allocators = orderBy(profile.usageByAllocator(), order);
  const sizeClasses = profile.sizeClasses();
  return {
    profilePath: profile.path,
    capture,
    notes,
    totals: totalsOf(capture, notes, ticks),
    ticks,
    measure: order,
    locations,
    modules: orderBy(sumByModule(locations), order),
    allocators,
    families: usageByFamily(allocators),
    threads: orderBy(profile.usageByThread(), order),
    sizes: sizeClasses === null ? null : bucketSizes(sizeClasses, notes.sizesExact),
    findings: findAll({ capture, notes, ticks, allocators, locations }),
    limitations: limitationsOf(capture, notes, ticks),
  };
}

/** An aggregated capture knows only peak and leaked. */
export function canOrderBy(capture: CaptureRow, measure: Measure): boolean {
  return measure === 'peak' || measure === 'leaked' || capture.layout === 'all';
}

function sumByModule(locations: readonly AnalysisLocation[]): ModuleUsage[] {
  const modules = new Map<string, ModuleUsage>();
  for (const location of locations) {
    const { name, category } = location.module;
    const key = `${category}\0${name}`;
    const sum = modules.get(key);
    modules.set(key, {
      name,
      category,
      ...(sum === undefined ? usageOf(location) : addUsage(sum, location)),
    });
  }
  return [...modules.values()];
}
