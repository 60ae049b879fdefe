/**
 * Builds an open profile in memory from a short description: locations with their usage, and ticks. What is not given
 * follows from what is: totals are the sums of the locations.
 */
import {
  answersBut,
  NO_HISTORY,
  ALLOCATOR_NAMES,
  memoryProfile,
  type AllocatorName,
  type CaptureNotes,
  type CaptureRow,
  type CaptureTables,
  type LifetimeBatch,
  type LocationUsage,
  type Profile,
  type TickTable,
  type Usage,
} from '@memscope/model';

export interface FakeProfile {
  readonly capture?: Partial<CaptureRow>;
  readonly notes?: Partial<CaptureNotes>;
  /** function, file, line, then peak, leaked, total and temporary: bytes and count each. */
  readonly locations?: readonly (readonly [string | null, string | null, number, ...number[]])[];
  /** By location, where that says it. */
  readonly sites?: readonly FakeSite[];
  /** One without a name by default. */
  readonly threads?: readonly (readonly [bigint, string | null])[];
  /** Milliseconds after the start, RSS, heap at the end, greatest heap. */
  readonly ticks?: readonly (readonly [number, number, number, number])[];
  readonly sizes?: readonly (readonly [bytes: number, count: number])[];
}

/** Who allocated at a location: malloc (mmap where there is no frame) on the first thread, called by nobody, by default. */
export interface FakeSite {
  readonly allocator?: AllocatorName;
  /** Row of `threads`. */
  readonly thread?: number;
  /** File and line of the application's function that called the location. */
  readonly caller?: readonly [string, number];
}

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
    answers: answersBut({
      ...(description.capture?.nativeTraces === true ? {} : { nativeStacks: 'none' }),
      ...(aggregated ? NO_HISTORY : {}),
    }),
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
  const threads = description.threads ?? [[1n, null]];
  const tables: CaptureTables = {
    capture,
    notes,
    ticks,
    threads: {
      length: threads.length,
      tid: BigUint64Array.from(threads, ([tid]) => tid),
      name: threads.map(([, name]) => name),
    },
    sizeClasses: aggregated
      ? null
      : {
          length: sizes.length,
          bytes: Float64Array.from(sizes.map(([bytes]) => bytes)),
          count: Float64Array.from(sizes.map(([, count]) => count)),
        },
    owners: {
      length: 1,
      kind: new Uint8Array(1),
      functionName: [null],
      file: [null],
      peakBytes: null,
      peakTick: null,
    },
    ...tablesOf(locations, description.sites ?? [], aggregated),
  };
  return memoryProfile(tables, aggregated ? [] : [lifetimesOf(locations, 2 * (capture.peakTick ?? 0))]);
}

/** A site for each location, with a stack of that one frame and its caller; what has no file was mapped. */
function tablesOf(
  locations: readonly LocationUsage[],
  sites: readonly FakeSite[],
  aggregated: boolean,
): Pick<CaptureTables, 'modules' | 'frames' | 'stacks' | 'sites'> {
  const { length } = locations;
  const frames: (readonly [string | null, string | null, number])[] = [];
  const parent = [0];
  const frame = [0];
  const push = (above: number, own: (typeof frames)[number]): number => {
    parent.push(above);
    return frame.push(frames.push(own) - 1) - 1;
  };
  const pythonStack = Uint32Array.from(locations, ({ functionName, file, line }, row) => {
    const caller = sites[row]?.caller;
    const below = caller === undefined ? 0 : push(0, ['handle', ...caller]);
    return file === null ? below : push(below, [functionName, file, line]);
  });
  const allocatorOf = ({ file }: LocationUsage, row: number): number =>
    ALLOCATOR_NAMES.indexOf(sites[row]?.allocator ?? (file === null ? 'mmap' : 'malloc'));
  const column = (name: keyof Usage): Float64Array => Float64Array.from(locations, (row) => row[name] ?? 0);
  const known = (name: keyof Usage): Float64Array | null => (aggregated ? null : column(name));
  return {
    modules: { length: 0, path: [], name: [], buildId: [], category: [] },
    frames: {
      length: frames.length,
      kind: new Uint8Array(frames.length),
      functionName: frames.map(([name]) => name),
      file: frames.map(([, file]) => file),
      line: Int32Array.from(frames, ([, , line]) => line),
      module: new Int32Array(frames.length).fill(-1),
      ip: new BigUint64Array(frames.length),
      source: new Uint8Array(frames.length),
    },
    stacks: { length: parent.length, parent: Uint32Array.from(parent), frame: Uint32Array.from(frame) },
    sites: {
      length,
      thread: Uint32Array.from(locations, (_, row) => sites[row]?.thread ?? 0),
      allocator: Uint8Array.from(locations, allocatorOf),
      owner: new Uint32Array(length),
      pythonStack,
      nativeStack: null,
      peakBytes: column('peakBytes'),
      peakCount: column('peakCount'),
      leakedBytes: column('leakedBytes'),
      leakedCount: column('leakedCount'),
      totalBytes: known('totalBytes'),
      totalCount: known('totalCount'),
      temporaryBytes: known('temporaryBytes'),
      temporaryCount: known('temporaryCount'),
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
