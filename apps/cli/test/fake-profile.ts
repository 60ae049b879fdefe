/**
 * Builds an open profile in memory from a short description: locations with their usage, and ticks. What is not given
 * follows from what is: totals are the sums of the locations.
 */
import {
  answersBut,
  NO_HISTORY,
  ALLOCATOR_NAMES,
  type AllocatorName,
  type AllocatorUsage,
  type CaptureNotes,
  type CaptureRow,
  type LibraryUsage,
  type LifetimeBatch,
  type LocationUsage,
  type Profile,
  type SiteKeys,
  type StackTables,
  type ThreadUsage,
  type TickTable,
  type Usage,
  withMainThread,
} from '@memscope/model';

export interface FakeProfile {
  readonly capture?: Partial<CaptureRow>;
  readonly notes?: Partial<CaptureNotes>;
  /** function, file, line, then peak, leaked, total and temporary: bytes and count each. */
  readonly locations?: readonly (readonly [string | null, string | null, number, ...number[]])[];
  readonly allocators?: readonly (readonly [AllocatorName, ...number[]])[];
  readonly threads?: readonly (readonly [bigint, string | null, ...number[]])[];
  /** category, library, application's file and line, what it called, then as in locations; then bytes of mappings. */
  readonly libraries?: readonly FakeLibrary[];
  /** Milliseconds after the start, RSS, heap at the end, greatest heap. */
  readonly ticks?: readonly (readonly [number, number, number, number])[];
  readonly sizes?: readonly (readonly [bytes: number, count: number])[];
}

type FakeLibrary = readonly [
  category: string | null,
  library: string | null,
  file: string | null,
  line: number,
  through: string | null,
  numbers: readonly number[],
  mappedBytes?: number,
];

export const START_MS = Date.UTC(2026, 10, 23, 7, 45, 55, 278);

export function fakeProfile(description: FakeProfile): Profile {
  const aggregated = description.capture?.layout === 'aggregated';
  const locations = (description.locations ?? []).map(([functionName, file, line, ...numbers]): LocationUsage => ({
    functionName,
    file,
    line,
    ...usage(numbers, aggregated),
  }));
  const sum = (key: keyof Usage): number => locations.reduce((all, row) => all + (row[key] ?? 0), 0);
  const known = (value: number): number | null => (aggregated ? null : value);
  const ticks = tickTable(description.ticks ?? [], aggregated);
  const capture: CaptureRow = {
    id: 1,
    path: '/srv/captures/service-v13.bin',
    format: 'memray',
    formatVersion: 13,
    answers: answersBut({ nativeStacks: 'none', ...(aggregated ? NO_HISTORY : {}) }),
    samplingBytes: null,
    layout: 'all',
    compression: 'lz4',
    nativeTraces: false,
    pythonVersion: '3.13.5',
    pythonAllocator: 'pymalloc',
    tracePythonAllocators: false,
    commandLine: '/usr/bin/memray run -o /srv/captures/service-v13.bin service.py --port 8080',
    pid: 4711,
    mainThreadId: 1,
    startMs: START_MS,
    endMs: START_MS + (description.ticks?.at(-1)?.[0] ?? 0),
    complete: true,
    readBytes: 23_206_022,
    totalBytes: 23_206_022,
    allocations: known(sum('totalCount')),
    deallocations: known(sum('totalCount') - sum('leakedCount')),
    bytesAllocated: known(sum('totalBytes')),
    peakBytes: sum('peakBytes'),
    peakTick: aggregated ? null : peakTick(ticks),
    leakedBytes: sum('leakedBytes'),
    leakedCount: sum('leakedCount'),
    temporaryBytes: known(sum('temporaryBytes')),
    temporaryCount: known(sum('temporaryCount')),
    ...description.capture,
  };
  const rssPeak = Math.max(0, ...ticks.rssBytes);
  const notes: CaptureNotes = {
    recordsByAllocator: aggregated ? null : [0, 0, 0, 0, 0, 90, 100],
    bytesByAllocator: aggregated ? null : [0, 0, 0, 0, 0, 0, 12_345],
    temporaryThreshold: 1,
    memoryRecords: ticks.length,
    rssPeakBytes: ticks.length === 0 ? null : rssPeak,
    rssPeakMs: ticks.length === 0 ? null : (ticks.timeMs[ticks.rssBytes.indexOf(rssPeak)] ?? null),
    tailPeakBytes: aggregated ? null : (ticks.heapBytes.at(-1) ?? null),
    tailHeapBytes: aggregated ? null : (ticks.heapBytes.at(-1) ?? null),
    sizesExact: true,
    objects: null,
    replacedCount: 0,
    replacedBytes: 0,
    damage: null,
    symbols: null,
    join: null,
    ...description.notes,
  };
  const sizes = description.sizes ?? [];
  return {
    path: `${capture.path}.memscope`,
    capture,
    notes,
    ticks: () => ticks,
    threads: () =>
      withMainThread(
        {
          length: description.threads?.length ?? 0,
          tid: BigUint64Array.from((description.threads ?? []).map(([tid]) => tid)),
          name: (description.threads ?? []).map(([, name]) => name),
        },
        capture.mainThreadId,
      ),
    sizeClasses: () =>
      aggregated
        ? null
        : {
            length: sizes.length,
            bytes: Float64Array.from(sizes.map(([bytes]) => bytes)),
            count: Float64Array.from(sizes.map(([, count]) => count)),
          },
    usageByLocation: () => locations,
    usageByThread: () =>
      (description.threads ?? []).map(([tid, name, ...numbers]): ThreadUsage => ({
        tid,
        name,
        ...usage(numbers, aggregated),
      })),
    usageByAllocator: () =>
      (description.allocators ?? []).map(([allocator, ...numbers]): AllocatorUsage => ({
        allocator,
        ...usage(numbers, aggregated),
      })),
    sourceLines: () => new Map(),
    usageByLibrary: () => (description.libraries ?? []).map((row) => describeLibrary(row, aggregated)),
    ...tablesOf(locations, aggregated),
    owners: () => ({
      length: 1,
      kind: new Uint8Array(1),
      functionName: [null],
      file: [null],
      peakBytes: null,
      peakTick: null,
    }),
    tables: noTables,
    lifetimes: () => (aggregated ? [] : [lifetimesOf(locations, 2 * (capture.peakTick ?? 0))]),
    close: () => undefined,
  };
}

/** A site for each location, with a stack of that one frame; what has no file was mapped. */
function tablesOf(
  locations: readonly LocationUsage[],
  aggregated: boolean,
): Pick<Profile, 'stackTables' | 'siteKeys' | 'siteWeights'> {
  const { length } = locations;
  const zeros = new Uint32Array(length);
  const stackTables: StackTables = {
    modules: { length: 0, path: [], name: [], buildId: [], category: [] },
    frames: {
      length,
      kind: new Uint8Array(length),
      functionName: locations.map(({ functionName }) => functionName),
      file: locations.map(({ file }) => file),
      line: Int32Array.from(locations, ({ line }) => line),
      module: new Int32Array(length).fill(-1),
      ip: new BigUint64Array(length),
      source: new Uint8Array(length),
    },
    stacks: {
      length: length + 1,
      parent: new Uint32Array(length + 1),
      frame: Uint32Array.from({ length: length + 1 }, (_, row) => Math.max(0, row - 1)),
    },
  };
  const pythonStack = Uint32Array.from(locations, (_, row) => row + 1);
  const siteKeys: SiteKeys = {
    length,
    thread: zeros,
    allocator: Uint8Array.from(locations, ({ file }) => ALLOCATOR_NAMES.indexOf(file === null ? 'mmap' : 'malloc')),
    owner: zeros,
    pythonStack,
    nativeStack: null,
    stack: pythonStack,
    joinMethod: null,
  };
  return {
    stackTables: () => stackTables,
    siteKeys: () => siteKeys,
    siteWeights: (measure) =>
      aggregated && (measure === 'total' || measure === 'temporary')
        ? null
        : {
            bytes: Float64Array.from(locations, (row) => row[`${measure}Bytes`] ?? 0),
            count: Float64Array.from(locations, (row) => row[`${measure}Count`] ?? 0),
          },
  };
}

/** What is live at the peak is born then, and freed right after. */
function lifetimesOf(locations: readonly LocationUsage[], peak: number): LifetimeBatch {
  return {
    rows: locations.length,
    site: Uint32Array.from(locations.keys()),
    born: new Uint32Array(locations.length).fill(peak),
    died: new Uint32Array(locations.length).fill(peak + 1),
    count: Float64Array.from(locations, ({ peakCount }) => peakCount),
    bytes: Float64Array.from(locations, ({ peakBytes }) => peakBytes),
  };
}

function describeLibrary(
  [category, library, file, line, through, numbers, mappedBytes = 0]: FakeLibrary,
  aggregated: boolean,
): LibraryUsage {
  return {
    category,
    library,
    application: file === null ? null : { functionName: 'handle', file, line },
    through,
    mappedBytes,
    mappedCount: mappedBytes === 0 ? 0 : 1,
    ...usage(numbers, aggregated),
  };
}

function usage(numbers: readonly number[], aggregated: boolean): Usage {
  const at = (index: number): number => numbers[index] ?? 0;
  const known = (index: number): number | null => (aggregated ? null : at(index));
  return {
    peakBytes: at(0),
    peakCount: at(1),
    leakedBytes: at(2),
    leakedCount: at(3),
    totalBytes: known(4),
    totalCount: known(5),
    temporaryBytes: known(6),
    temporaryCount: known(7),
  };
}

function tickTable(ticks: NonNullable<FakeProfile['ticks']>, aggregated: boolean): TickTable {
  return {
    length: ticks.length,
    timeMs: Float64Array.from(ticks, ([ms]) => START_MS + ms),
    rssBytes: Float64Array.from(ticks, ([, rss]) => rss),
    heapBytes: Float64Array.from(ticks, ([, , heap]) => heap),
    peakBytes: aggregated ? null : Float64Array.from(ticks, ([, , , peak]) => peak),
  };
}

function peakTick({ peakBytes }: TickTable): number | null {
  return peakBytes === null || peakBytes.length === 0 ? null : peakBytes.indexOf(Math.max(...peakBytes));
}

function noTables(): never {
  throw new Error('a fake profile has no tables');
}
