/**
 * What was kept of runs (measure-runs.ts) → one profile in memory for each of them, so that whatever compares runs compares
 * with it: a frame, a stack and a site for each function, whose answers say that nothing is known of stacks, nor of when
 * anything was held.
 */
import { answersBut } from '../answers.js';
import type { CaptureNotes, CaptureRow } from '../capture.js';
import type { MeasuredOwner, MeasuredRuns } from '../documents/baseline.js';
import { memoryProfile } from '../memory-profile.js';
import type { Profile } from '../profile.js';
import { ALLOCATOR_NAMES, OWNER_KINDS, PYTHON_FRAME, type CaptureTables } from '../tables.js';
import { foundFile } from './kept-file.js';

const MALLOC = ALLOCATOR_NAMES.indexOf('malloc');
const IMPORTS = { function: '_load_unlocked', file: '<frozen importlib._bootstrap>' };

export interface MeasuredNames {
  /** What the runs are called. */
  readonly path: string;
  /** Where files that stand without a folder are. */
  readonly project: string;
}

export function measuredProfiles(measured: MeasuredRuns, names: MeasuredNames): Profile[] {
  return Array.from({ length: measured.runs }, (_, run) => profileOfRun(measured, names, run));
}

interface Row extends Pick<MeasuredOwner, 'threads' | 'peak' | 'ownPeak' | 'leaked' | 'total' | 'temporary' | 'count'> {
  readonly kind: (typeof OWNER_KINDS)[number];
  readonly function: string | null;
  readonly file: string | null;
}

function profileOfRun(measured: MeasuredRuns, { path, project }: MeasuredNames, run: number): Profile {
  const { totals } = measured;
  const at = (numbers: readonly number[] | null): number | null => numbers?.[run] ?? null;
  const rows = [...measured.owners.map((owner) => rowOf(owner, project)), ...restOf(measured)];
  const isAggregated = totals.total === null;
  const framed = rows.flatMap(({ kind }, row) => (kind === 'function' ? [row] : []));
  const stackOfRow = new Map(framed.map((row, position) => [row, position + 1]));
  // What several threads allocate has a second site, which holds nothing.
  const sites = rows.flatMap(({ threads }, row) => (threads > 1 ? [row, row] : [row]));
  const isSecond = (site: number): boolean => site > 0 && sites[site - 1] === sites[site];
  const weigh = (read: (row: Row) => readonly number[] | null): Float64Array =>
    Float64Array.from(sites, (row, site) => (isSecond(site) ? 0 : (at(read(rows[row]!)) ?? 0)));
  const nothing = (): Float64Array => new Float64Array(sites.length);
  const known = <T>(column: () => T): T | null => (isAggregated ? null : column());
  const tables: CaptureTables = {
    capture: captureOf(measured, measured.runs === 1 ? path : `${path}#${run + 1}`, run),
    notes: { rssPeakBytes: at(totals.rss), join: null, symbols: null, damage: null } as CaptureNotes,
    ticks: {
      length: 0,
      timeMs: new Float64Array(),
      rssBytes: new Float64Array(),
      heapBytes: new Float64Array(),
      peakBytes: null,
    },
    threads: { length: 2, tid: BigUint64Array.of(1n, 2n), name: [null, null] },
    modules: { length: 0, path: [], name: [], buildId: [], category: [] },
    frames: {
      length: framed.length,
      kind: new Uint8Array(framed.length).fill(PYTHON_FRAME),
      functionName: framed.map((row) => rows[row]!.function),
      file: framed.map((row) => rows[row]!.file),
      line: new Int32Array(framed.length),
      module: new Int32Array(framed.length).fill(-1),
      ip: new BigUint64Array(framed.length),
      source: new Uint8Array(framed.length),
    },
    stacks: {
      length: framed.length + 1,
      parent: new Uint32Array(framed.length + 1),
      frame: Uint32Array.from({ length: framed.length + 1 }, (_, stack) => Math.max(0, stack - 1)),
    },
    sites: {
      length: sites.length,
      thread: Uint32Array.from(sites, (_, site) => (isSecond(site) ? 1 : 0)),
      allocator: new Uint8Array(sites.length).fill(MALLOC),
      pythonStack: Uint32Array.from(sites, (row) => stackOfRow.get(row) ?? 0),
      nativeStack: null,
      owner: Uint32Array.from(sites),
      peakBytes: weigh(({ peak }) => peak),
      peakCount: nothing(),
      leakedBytes: weigh(({ leaked }) => leaked),
      leakedCount: nothing(),
      totalBytes: known(() => weigh(({ total }) => total)),
      totalCount: known(() => weigh(({ count }) => count)),
      temporaryBytes: known(() => weigh(({ temporary }) => temporary)),
      temporaryCount: known(nothing),
    },
    owners: {
      length: rows.length,
      kind: Uint8Array.from(rows, ({ kind }) => OWNER_KINDS.indexOf(kind)),
      functionName: rows.map((row) => row.function),
      file: rows.map(({ file }) => file),
      peakBytes: rows.some(({ ownPeak }) => ownPeak === null)
        ? null
        : Float64Array.from(rows, ({ ownPeak }) => at(ownPeak) ?? 0),
      peakTick: null,
    },
    sizeClasses: null,
  };
  return memoryProfile(tables, []);
}

function captureOf(measured: MeasuredRuns, path: string, run: number): CaptureRow {
  const { totals, pythonVersion, tracePythonAllocators, nativeTraces } = measured;
  const of = (numbers: readonly number[] | null): number | null => numbers?.[run] ?? null;
  const isAggregated = totals.total === null;
  return {
    id: 1,
    path,
    format: 'memray',
    answers: answersBut({
      ...(isAggregated ? { total: 'none', temporary: 'none' } : {}),
      ...(nativeTraces ? {} : { nativeStacks: 'none' }),
      ...(totals.rss === null ? { rss: 'none' } : {}),
      lifetimes: 'none',
      sizes: 'none',
      pythonStacks: 'none',
    }),
    samplingBytes: null,
    formatVersion: 0,
    layout: isAggregated ? 'aggregated' : 'all',
    compression: 'none',
    nativeTraces,
    pythonVersion,
    pythonAllocator: 'other',
    tracePythonAllocators,
    commandLine: null,
    pid: null,
    mainThreadId: null,
    startMs: null,
    endMs: of(totals.durationMs),
    complete: true,
    readBytes: 0,
    totalBytes: 0,
    allocations: of(totals.count),
    deallocations: null,
    bytesAllocated: of(totals.total),
    peakBytes: of(totals.peak) ?? 0,
    peakTick: null,
    leakedBytes: of(totals.leaked) ?? 0,
    leakedCount: 0,
    temporaryBytes: of(totals.temporary),
    temporaryCount: null,
  };
}

function rowOf({ kind, function: name, file, ...measures }: MeasuredOwner, project: string): Row {
  if (kind === 'imports') return { ...measures, kind: 'function', ...IMPORTS };
  return { ...measures, kind, function: name, file: file === null ? null : foundFile(file, project) };
}

/** What is not kept apart; with what rows apart do not have of the sum of own peaks. */
function restOf({ totals, owners, rest, runs }: MeasuredRuns): Row[] {
  const none = Array.from({ length: runs }, () => 0);
  const known = (column: readonly number[] | null): number[] | null => (column === null ? null : none);
  const nothing = {
    peak: none,
    leaked: none,
    total: known(totals.total),
    temporary: known(totals.temporary),
    count: known(totals.count),
  };
  const { peak, leaked, total, temporary, count } = rest ?? nothing;
  const ownPeak =
    totals.ownPeak?.map((whole, run) =>
      Math.max(
        0,
        owners.reduce((left, owner) => left - (owner.ownPeak?.[run] ?? 0), whole),
      ),
    ) ?? null;
  return [{ kind: 'rest', function: null, file: null, threads: 1, peak, ownPeak, leaked, total, temporary, count }];
}
