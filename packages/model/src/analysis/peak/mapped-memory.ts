/**
 * Mappings → those that mean something else than memory that was asked for: files (file-sites.ts), which are page cache
 * and no heap; and what a library's own allocator took from the system to hand out itself, of which the capture does not
 * see how much is in use. Sources: the allocators that pyarrow, Polars and DuckDB are built with.
 */
import type { Profile } from '../../profile.js';
import { ALLOCATOR_NAMES } from '../../tables.js';
import { siteStacksOf } from '../../join/site-stacks.js';
import { siteOwnersOf } from '../../view/site-owners.js';
import { NO_ARENA } from '../arenas.js';
import { sumPlaces, type PlaceBytes } from './leading-lines.js';
import type { PeakParts } from './peak-parts.js';

export interface MappedMemory {
  /** Files, at the moment of the used peak, reservations left out. */
  readonly files: MappedFiles;
  /** Heaviest first, what is only reserved included. */
  readonly allocators: readonly OwnAllocator[];
}

export interface MappedFiles {
  readonly bytes: number;
  readonly count: number;
  /** Lines of the application that lead to them, heaviest first. */
  readonly places: readonly PlaceBytes[];
}

export interface OwnAllocator {
  readonly library: string;
  /** "mimalloc"; null where it is not known which. */
  readonly allocator: string | null;
  /** Mapped at the capture's peak. */
  readonly bytes: number;
  readonly count: number;
}

const MMAP = ALLOCATOR_NAMES.indexOf('mmap');
/** By library. */
export const OWN_ALLOCATORS: ReadonlyMap<string, string | null> = new Map<string, string | null>([
  ['pyarrow', 'mimalloc'],
  ['Polars', 'jemalloc'],
  ['DuckDB', 'jemalloc'],
  ['allocator', null],
]);

export function findMappedMemory(
  profile: Profile,
  { peak, fileSites }: Pick<PeakParts, 'peak' | 'fileSites'>,
): MappedMemory {
  const tables = profile.stackTables();
  const sites = profile.siteKeys();
  const { arenas, attributions, ofSite } = siteOwnersOf(siteStacksOf(profile), profile.owners(), [])();
  const whole = profile.narrowWeights('peak')!;
  const stacks = new Map<number, number>();
  const allocators = new Map<string, { bytes: number; count: number }>();
  let bytes = 0;
  let count = 0;
  for (let site = 0; site < sites.length; site++) {
    if (sites.allocator[site] !== MMAP || (arenas !== null && arenas[site] !== NO_ARENA)) continue;
    const library = attributions[ofSite[site]!]?.library ?? '';
    if (whole.bytes[site]! > 0 && OWN_ALLOCATORS.has(library)) {
      const sum = allocators.get(library) ?? { bytes: 0, count: 0 };
      allocators.set(library, sum);
      sum.bytes += whole.bytes[site]!;
      sum.count += whole.count[site]!;
    }
    const own = peak.weights.bytes[site]!;
    if (own === 0 || fileSites[site] === 0) continue;
    bytes += own;
    count += peak.weights.count[site]!;
    const stack = sites.pythonStack[site]!;
    stacks.set(stack, (stacks.get(stack) ?? 0) + own);
  }
  return {
    files: {
      bytes,
      count,
      places: sumPlaces(
        [...stacks].map(([stack, some]) => ({ stack, bytes: some })),
        tables,
      ),
    },
    allocators: [...allocators]
      .map(([library, sum]) => ({ library, allocator: OWN_ALLOCATORS.get(library) ?? null, ...sum }))
      .sort((a, b) => b.bytes - a.bytes),
  };
}
