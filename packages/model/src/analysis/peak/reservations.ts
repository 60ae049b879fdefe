/**
 * Mappings that were set aside and never touched: large ones during whose life RSS rose by less than half of their
 * size. Runtimes and allocators take such address space to have room; it costs no memory, and nothing may be judged by
 * the moment at which most of it was mapped. RSS is known at memory records only, so that what lived between two of
 * them is taken for memory. Where much else was allocated meanwhile the rise is its, not the mapping's; this is looked
 * at for sizes that allocators set aside only, since what was freed before may be used again without a rise.
 */
import type { Profile } from '../../profile.js';
import { NEVER } from '../../lifetimes.js';
import { ALLOCATOR_NAMES, type TickTable } from '../../tables.js';
import { LEAST_RESERVED_BYTES } from '../../view/live-changes.js';
import { findFileSites } from './file-sites.js';

const MIB = 1024 * 1024;
const LEAST_TOUCHED_SHARE = 0.5;
/** A power of two from here on: arenas of allocators, buffers of numeric kernels. */
const LEAST_SET_ASIDE = 64 * MIB;
const MMAP = ALLOCATOR_NAMES.indexOf('mmap');

/** Mappings of one site that came and went together. */
export interface Reservation {
  readonly site: number;
  /** Moments, as in the bulk table `lifetime`. */
  readonly born: number;
  readonly died: number;
  readonly bytes: number;
  readonly count: number;
}

/** Whether a row of `lifetime` by `mmap` is address space that nothing touched. */
export function isReservation(bytes: number, count: number, born: number, died: number, ticks: TickTable): boolean {
  const each = bytes / Math.max(1, count);
  const first = born >> 1;
  if (each < LEAST_RESERVED_BYTES || first >= ticks.length) return false;
  const last = died === NEVER ? ticks.length - 1 : Math.min(ticks.length - 1, died >> 1);
  const before = Math.max(0, first - 1);
  const isSetAside = each >= LEAST_SET_ASIDE && Number.isInteger(Math.log2(each));
  let most = Number.NEGATIVE_INFINITY;
  let mostOwn = Number.NEGATIVE_INFINITY;
  for (let tick = first; tick <= last; tick++) {
    const rise = ticks.rssBytes[tick]! - ticks.rssBytes[before]!;
    const others = ticks.heapBytes[tick]! - each - (first === 0 ? 0 : ticks.heapBytes[before]!);
    most = Math.max(most, rise);
    mostOwn = Math.max(mostOwn, rise - Math.max(0, others));
  }
  return (isSetAside ? mostOwn : most) < LEAST_TOUCHED_SHARE * each;
}

/** Several findings ask of the same profile. */
const known = new WeakMap<Profile, readonly Reservation[]>();

/** Heaviest first, but for what maps files. Scans lifetimes only where a site mapped enough. */
export function findReservations(profile: Profile): readonly Reservation[] {
  let found = known.get(profile);
  if (found === undefined) known.set(profile, (found = searchReservations(profile, findFileSites(profile))));
  return found;
}

function searchReservations(profile: Profile, files: Uint8Array): Reservation[] {
  const total = profile.narrowWeights('total');
  if (total === null) return reservedInAggregate(profile, files);
  const { allocator, length } = profile.siteKeys();
  const isLarge = new Uint8Array(length);
  for (let site = 0; site < length; site++) {
    if (allocator[site] === MMAP && total.bytes[site]! >= LEAST_RESERVED_BYTES && files[site] === 0) isLarge[site] = 1;
  }
  const found: Reservation[] = [];
  if (!isLarge.includes(1)) return found;
  const ticks = profile.ticks();
  const changes = profile.liveChanges() ?? profile.coarseChanges();
  const batches = changes === null ? profile.lifetimes() : [changes.largeMappings];
  for (const { rows, site, born, died, bytes, count } of batches) {
    for (let row = 0; row < rows; row++) {
      if (isLarge[site[row]!] === 0) continue;
      if (!isReservation(bytes[row]!, count[row]!, born[row]!, died[row]!, ticks)) continue;
      found.push({
        site: site[row]!,
        born: born[row]!,
        died: died[row]!,
        bytes: bytes[row]!,
        count: count[row]!,
      });
    }
  }
  return found.sort((a, b) => b.bytes - a.bytes || a.site - b.site || a.born - b.born || a.died - b.died);
}

/**
 * An aggregated capture knows what lived at the peak and the highest RSS: its large mappings are reservations where the
 * heap exceeds that by half of them at least.
 */
function reservedInAggregate(profile: Profile, files: Uint8Array): Reservation[] {
  const { capture, notes } = profile;
  const { bytes, count } = profile.narrowWeights('peak')!;
  const { allocator } = profile.siteKeys();
  const found = Array.from(allocator.keys())
    .filter((site) => allocator[site] === MMAP && files[site] === 0)
    .filter((site) => bytes[site]! >= LEAST_RESERVED_BYTES * Math.max(1, count[site]!))
    .map((site) => ({ site, born: 0, died: NEVER, bytes: bytes[site]!, count: count[site]! }));
  const mapped = found.reduce((sum, each) => sum + each.bytes, 0);
  if (notes.rssPeakBytes === null || capture.peakBytes - notes.rssPeakBytes < LEAST_TOUCHED_SHARE * mapped) return [];
  return found.sort((a, b) => b.bytes - a.bytes);
}
