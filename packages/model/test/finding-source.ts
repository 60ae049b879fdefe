/**
 * What findings are made from, out of a readable table: one line per memory record with its time (ms after the start),
 * RSS, heap and, if it differs, the greatest heap before it, the last three in MiB.
 */
import { answersBut, NO_HISTORY } from '../src/answers.js';
import type { FindingSource } from '../src/analysis/findings/finding.js';
import { findMappedMemory } from '../src/analysis/peak/mapped-memory.js';
import { findPeakParts } from '../src/analysis/peak/peak-parts.js';
import { findPeakWay } from '../src/growth/peak-way.js';
import type { Profile } from '../src/profile.js';
import type { LocationUsage, Usage } from '../src/profile.js';
import type { CaptureNotes, CaptureRow } from '../src/capture.js';
import type { TickTable } from '../src/tables.js';

export const MIB = 1024 * 1024;
export const START_MS = 1_795_420_000_000;

export function ticksFrom(text: string): TickTable {
  const rows = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/).map(Number));
  return {
    length: rows.length,
    timeMs: Float64Array.from(rows, ([ms = 0]) => START_MS + ms),
    rssBytes: Float64Array.from(rows, ([, rss = 0]) => rss * MIB),
    heapBytes: Float64Array.from(rows, ([, , heap = 0]) => heap * MIB),
    peakBytes: Float64Array.from(rows, ([, , heap = 0, peak = heap]) => peak * MIB),
  };
}

/** Records at equal steps from curves over the time's share (0 to 1), in MiB. */
export function ticksOver(
  durationMs: number,
  count: number,
  rss: (share: number) => number,
  heap: (share: number) => number,
): TickTable {
  const shares = Array.from({ length: count }, (_, tick) => tick / (count - 1));
  return {
    length: count,
    timeMs: Float64Array.from(shares, (share) => START_MS + Math.round(share * durationMs)),
    rssBytes: Float64Array.from(shares, (share) => Math.round(rss(share) * MIB)),
    heapBytes: Float64Array.from(shares, (share) => Math.round(heap(share) * MIB)),
    peakBytes: Float64Array.from(shares, (share) => Math.round(heap(share) * MIB)),
  };
}

export interface SourceParts {
  readonly ticks?: TickTable;
  readonly capture?: Partial<CaptureRow>;
  readonly notes?: Partial<CaptureNotes>;
  readonly locations?: readonly LocationUsage[];
  readonly allocators?: FindingSource['allocators'];
  readonly growth?: FindingSource['growth'];
  readonly peakWay?: FindingSource['peakWay'];
  readonly parts?: FindingSource['parts'];
  readonly mapped?: FindingSource['mapped'];
  readonly churn?: FindingSource['churn'];
  readonly libraries?: FindingSource['libraries'];
  readonly threads?: FindingSource['threads'];
}

/** What rules on the peak are made from, of an open profile. */
export function peakOf(
  profile: Profile,
): Required<Pick<SourceParts, 'parts' | 'mapped' | 'peakWay' | 'ticks' | 'capture'>> {
  const parts = findPeakParts(profile);
  return {
    parts,
    mapped: findMappedMemory(profile, parts),
    peakWay: findPeakWay(profile, parts.peak, parts.fileSites),
    ticks: profile.ticks(),
    capture: { peakBytes: profile.capture.peakBytes, peakTick: profile.capture.peakTick, startMs: 0, endMs: 100 },
  };
}

/** The peak and the end follow from the ticks unless given. */
export function sourceOf({
  ticks = ticksFrom(''),
  capture,
  notes,
  locations = [],
  allocators = [],
  growth = { growths: [], little: [], level: null, children: [], silence: null },
  peakWay = null,
  parts = null,
  mapped = null,
  churn = () => null,
  libraries = [],
  threads = [],
}: SourceParts): FindingSource & { readonly locations: readonly LocationUsage[] } {
  const heap = ticks.peakBytes ?? ticks.heapBytes;
  const end = ticks.heapBytes.at(-1) ?? 0;
  return {
    ticks,
    locations,
    allocators,
    growth,
    peakWay,
    parts,
    mapped,
    churn,
    libraries,
    threads,
    capture: {
      id: 1,
      path: '/captures/app.bin',
      format: 'memray',
      formatVersion: 13,
      answers: answersBut({ nativeStacks: 'none', ...(capture?.layout === 'aggregated' ? NO_HISTORY : {}) }),
      samplingBytes: null,
      layout: 'all',
      compression: 'lz4',
      nativeTraces: false,
      pythonVersion: '3.13.5',
      pythonAllocator: 'pymalloc',
      tracePythonAllocators: false,
      commandLine: 'app.py',
      pid: 1,
      mainThreadId: 1,
      startMs: START_MS,
      endMs: ticks.timeMs.at(-1) ?? START_MS,
      complete: true,
      readBytes: 1000,
      totalBytes: 1000,
      allocations: 100,
      deallocations: 100,
      bytesAllocated: 100,
      peakBytes: Math.max(0, ...heap),
      peakTick: 0,
      leakedBytes: end,
      leakedCount: 1,
      temporaryBytes: 0,
      temporaryCount: 0,
      ...capture,
    },
    notes: {
      recordsByAllocator: null,
      bytesByAllocator: null,
      temporaryThreshold: 1,
      memoryRecords: ticks.length,
      rssPeakBytes: ticks.length === 0 ? null : Math.max(...ticks.rssBytes),
      rssPeakMs: ticks.timeMs[0] ?? null,
      tailPeakBytes: end,
      tailHeapBytes: end,
      sizesExact: true,
      objects: null,
      replacedCount: 0,
      replacedBytes: 0,
      damage: null,
      symbols: null,
      join: null,
      ...notes,
    },
  };
}

export const NO_USAGE: Usage = {
  peakBytes: 0,
  peakCount: 0,
  leakedBytes: 0,
  leakedCount: 0,
  totalBytes: 0,
  totalCount: 0,
  temporaryBytes: 0,
  temporaryCount: 0,
};

export function location(place: string, usage: Partial<Usage>): LocationUsage {
  const [functionName = '', file = '', line = '0'] = place.split(/[@:]/);
  return { functionName, file, line: Number(line), ...NO_USAGE, ...usage };
}
