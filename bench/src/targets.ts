/**
 * What memscope sets itself, as the largest share of another program's time, the longest time, or the most memory. The
 * shares hold for recordings of `workloads/churn.py`: large ones (10 million allocations) amortise the start of the
 * process, small ones (1 million) don't.
 */
import type { MemrayReport } from './memray-commands.js';

export interface Target {
  readonly limit: number;
  /** As people write it. */
  readonly label: string;
}

export interface Verdict extends Target {
  readonly measured: number;
  readonly met: boolean;
}

const LARGE_ALLOCATIONS = 5_000_000;

const LARGE_SHARES: Readonly<Record<MemrayReport, Target>> = {
  stats: oneIn(8),
  flamegraph: oneIn(12),
  temporal: oneIn(30),
};
const SMALL_SHARES: Readonly<Partial<Record<MemrayReport, Target>>> = { stats: oneIn(3) };

export const HELP_TARGET: Target = { limit: 0.15, label: '150 ms' };
export const SUMMARY_TARGET: Target = { limit: 0.15, label: '150 ms' };
/** Of which the last one speaks. */
export const SUMMARY_TARGET_SITES = 100_000;
/** A view of a profile of a million stacks and 200,000 sites, and of a small one. */
export const VIEW_TARGET: Target = { limit: 1, label: '1 s' };
export const VIEW_MEMORY_TARGET: Target = { limit: 500e6, label: '500 MB' };
export const SMALL_VIEW_TARGET: Target = { limit: 0.25, label: '250 ms' };
/** The served page: from `serve`'s word that a profile is ready to its numbers on the screen, and each interaction. */
export const PAGE_PAINT_TARGET: Target = { limit: 1, label: '1 s' };
export const PAGE_MEDIAN_TARGET: Target = { limit: 0.1, label: '100 ms' };
export const PAGE_SLOW_TARGET: Target = { limit: 0.3, label: '300 ms' };
export const PAGE_HEAP_TARGET: Target = { limit: 200e6, label: '200 MB' };
export const PAGE_SCRIPT_TARGET: Target = { limit: 250e3, label: '250 kB' };

/** What there is to read. */
export interface CaptureExtent {
  readonly allocations: number;
  /** With native stacks; null in a capture without them. */
  readonly nativeSites: number | null;
}

/** Each site is a cost of its own where stacks are native. */
const MILLIONS_OF_SITES = 1_000_000;

export function timeShareTarget(report: MemrayReport, { allocations, nativeSites }: CaptureExtent): Target | null {
  if (nativeSites !== null) {
    if (report !== 'stats') return null;
    return nativeSites >= MILLIONS_OF_SITES ? { limit: 0.5, label: '0.5' } : { limit: 0.6, label: '0.6' };
  }
  return (allocations >= LARGE_ALLOCATIONS ? LARGE_SHARES[report] : SMALL_SHARES[report]) ?? null;
}

/** Largest resident memory. */
export function memoryTarget({ nativeSites }: CaptureExtent): Target {
  if (nativeSites === null) return { limit: 400e6, label: '400 MB (381 MiB)' };
  if (nativeSites < MILLIONS_OF_SITES) return { limit: 350e6, label: '350 MB (334 MiB)' };
  return nativeSites < 3 * MILLIONS_OF_SITES
    ? { limit: 600e6, label: '600 MB (572 MiB)' }
    : { limit: 1e9, label: '1 GB (954 MiB)' };
}

/** Profile by capture. */
export function sizeTarget({ nativeSites }: CaptureExtent): Target {
  return nativeSites === null
    ? { limit: 1, label: 'as large as the capture' }
    : { limit: 2, label: 'twice the capture' };
}

export function judge(measured: number, target: Target): Verdict {
  return { ...target, measured, met: measured <= target.limit };
}

function oneIn(parts: number): Target {
  return { limit: 1 / parts, label: `1/${parts}` };
}
