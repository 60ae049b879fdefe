/**
 * From an analysis to the JSON document `memscope.analysis/1` (`documents/analysis.ts`): exact integers, times
 * both as milliseconds since the epoch and as ISO 8601 UTC, null for what the capture cannot answer.
 */
import type { AnalysisDocument } from '../documents/analysis.js';
import type { Place, WindowDocument } from '../documents/common-parts.js';
import { formatFilter } from '../filter/format-filter.js';
import type { CaptureNotes } from '../capture.js';
import { ALLOCATOR_NAMES } from '../tables.js';
import type { SetClock } from '../view/set-recording.js';
import type { TimeWindow } from '../view/window.js';
import { familyOfAllocator } from './allocator-family.js';
import type { Analysis } from './analysis.js';
import { commandOf } from './findings/finding-view.js';
import type { FindingPlace } from './findings/finding-place.js';
import { makeFrameAttributor, type FrameAttributor } from './libraries/attribute-frame.js';
import type { LibraryUsage } from './libraries/library-usage.js';
import { formatIsoTime } from '../text/format-moment.js';
import type { AnalysisLocation } from './rank-locations.js';
import { thinTicks } from './timeline.js';
import { usageOf } from './usage-sum.js';

const MOST_TIMELINE_STEPS = 1000;

export interface DocumentOptions {
  readonly memscopeVersion: string;
  /** Rows of `locations`, `modules`, `threads` and `libraries`; null for all. */
  readonly count: number | null;
}

/** A plain value, to be written as JSON. */
export function analysisDocument(analysis: Analysis, { memscopeVersion, count }: DocumentOptions): AnalysisDocument {
  const { capture, notes, totals, ticks, sizes, findings, scope } = analysis;
  const attributor = makeFrameAttributor(analysis.rules);
  const first = <T>(rows: readonly T[]): readonly T[] => (count === null ? rows : rows.slice(0, count));
  return {
    schema: 'memscope.analysis/1',
    memscopeVersion,
    profilePath: analysis.profilePath,
    capture: {
      ...capture,
      startTime: formatIsoTime(capture.startMs),
      endTime: formatIsoTime(capture.endMs),
    },
    totals: {
      ...totals,
      peakTime: formatIsoTime(totals.peakTimeMs),
      rssPeakTime: formatIsoTime(totals.rssPeakTimeMs),
      objectsCreated: notes.objects?.created ?? null,
      objectsDestroyed: notes.objects?.destroyed ?? null,
      objectsFromBefore: notes.objects?.fromBefore ?? null,
      objectsSurviving: notes.objects?.surviving ?? null,
    },
    scope:
      scope === null
        ? null
        : {
            window: windowDocument(scope.window),
            filter: scope.filter === null ? null : formatFilter(scope.filter),
            suggestion: scope.suggestion,
          },
    damage: notes.damage,
    findings: findings.map((finding) => ({
      rule: finding.rule,
      severity: finding.severity,
      title: finding.title,
      text: finding.text,
      bytes: finding.bytes,
      location: finding.location === null ? null : describePlace(finding.location),
      way: finding.way.map(describePlace),
      view: finding.view,
      command:
        finding.view === null
          ? null
          : commandOf(finding.view, [
              finding.capturePath ?? (capture.path === '-' ? analysis.profilePath : capture.path),
            ]),
      evidence: Object.entries(finding.evidence).map(([name, value]) => ({ name, value })),
    })),
    limitations: analysis.limitations,
    timeline: { ticks: ticks.length, ...thinTicks(ticks, MOST_TIMELINE_STEPS) },
    sort: analysis.measure,
    locationCount: analysis.locationCount,
    locations: first(analysis.locations).map((location) => describeLocation(location, attributor)),
    moduleCount: analysis.modules.length,
    modules: first(analysis.modules),
    allocators: analysis.allocators.map((row) => ({
      allocator: row.allocator,
      family: familyOfAllocator(row.allocator),
      ...usageOf(row),
    })),
    records: recordsByAllocator(notes),
    threadCount: analysis.threads.reduce((sum, { threads }) => sum + threads, 0),
    threadGroupCount: analysis.threads.length,
    threads: first(analysis.threads).map((row) => ({
      name: row.name,
      threads: row.threads,
      tid: row.tid === null ? null : exactInteger(row.tid),
      ...usageOf(row),
    })),
    libraryCount: analysis.libraries.length,
    libraries: first(analysis.libraries).map(describeLibrary),
    reservedBytes: analysis.reservedBytes,
    usedPeakBytes: analysis.usedHeap?.peakBytes ?? null,
    sizes,
  };
}

export function describePlace({ functionName, file, line }: FindingPlace): Place {
  return { function: functionName, file, line };
}

function describeLibrary(row: LibraryUsage): AnalysisDocument['libraries'][number] {
  const { application } = row;
  return {
    library: row.library,
    category: row.category,
    application: application === null ? null : describePlace(application),
    through: row.through,
    ...usageOf(row),
    mappedBytes: row.mappedBytes,
    mappedCount: row.mappedCount,
  };
}

function describeLocation(
  location: AnalysisLocation,
  attributor: FrameAttributor,
): AnalysisDocument['locations'][number] {
  const { functionName, file, line, module } = location;
  return {
    function: functionName,
    file,
    line,
    module: module.name,
    kind: module.kind,
    category: attributor.attribute({ kind: 'python', functionName, file, module: null }).category,
    ...usageOf(location),
  };
}

/** Records read, deallocators included. */
function recordsByAllocator({
  recordsByAllocator: records,
  bytesByAllocator: bytes,
}: CaptureNotes): AnalysisDocument['records'] {
  if (records === null) return null;
  return records.flatMap((count, index) => {
    const allocator = ALLOCATOR_NAMES[index];
    return allocator && count > 0 ? [{ allocator, count, bytes: bytes?.[index] ?? null }] : [];
  });
}

/** Ticks, times and the greatest heap of a window. `clock` `start`: times are since the start, and no dates. */
export function windowDocument(window: TimeWindow | null, clock: SetClock = 'own'): WindowDocument | null {
  if (window === null) return null;
  const date = (ms: number): string | null => (clock === 'start' ? null : formatIsoTime(ms));
  return {
    fromTick: window.fromTick,
    toTick: window.toTick,
    fromMs: window.fromMs,
    fromTime: date(window.fromMs),
    toMs: window.toMs,
    toTime: date(window.toMs),
    peakTick: window.peakTick,
    peakBytes: window.peakBytes,
  };
}

/** A number where it is exact, else its decimal digits. */
function exactInteger(value: bigint): number | string {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}
