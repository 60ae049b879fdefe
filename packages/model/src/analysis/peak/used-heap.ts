/**
 * The peak without reservations → the heap as it was used: over time, and what of the peak was only set aside, by whose it
 * is. Null where no mapping was only reserved.
 */
import type { Profile } from '../../profile.js';
import type { SiteOwners } from '../libraries/site-owners.js';
import type { UsedPeak } from './used-peak.js';

export interface UsedHeap {
  /** The most that was used at once. */
  readonly peakBytes: number;
  /** When the tick of that ends, in milliseconds since the epoch; null where that is not known. */
  readonly peakTimeMs: number | null;
  /** The greatest of each tick, and last of what follows all of them; null where nothing is known of time. */
  readonly byTick: Float64Array | null;
  /** Reserved at the capture's own peak. */
  readonly reserved: readonly ReservedPart[];
}

/** Of one site. */
export interface ReservedPart {
  /** Of the innermost Python frame; null where there is none. */
  readonly functionName: string | null;
  readonly file: string | null;
  readonly line: number;
  /** As in `LibraryUsage`. */
  readonly category: string | null;
  readonly library: string | null;
  readonly bytes: number;
  readonly count: number;
}

export function usedHeapOf(profile: Profile, peak: UsedPeak, owners: () => SiteOwners): UsedHeap | null {
  const { bytes: peakBytes, timeMs: peakTimeMs, byTick, reservations } = peak;
  if (reservations.length === 0) return null;
  const at = 2 * (profile.capture.peakTick ?? 0);
  const { pythonStack } = profile.siteKeys();
  const { stacks, frames } = profile.stackTables();
  const { attributions, ofSite } = owners();
  const reserved = reservations
    .filter(({ born, died }) => born <= at && died > at)
    .map(({ site, bytes, count }): ReservedPart => {
      const stack = pythonStack[site]!;
      const frame = stack === 0 ? -1 : stacks.frame[stack]!;
      const owner = attributions[ofSite[site]!];
      return {
        functionName: frames.functionName[frame] ?? null,
        file: frames.file[frame] ?? null,
        line: frames.line[frame] ?? 0,
        category: owner?.category ?? null,
        library: owner?.library ?? null,
        bytes,
        count,
      };
    });
  return { peakBytes, peakTimeMs, byTick, reserved };
}
