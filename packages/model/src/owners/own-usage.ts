/**
 * A profile → what each of its owners allocated, held at the peak, kept and held at most, in columns by row of
 * `OwnerTable`. One pass over the sites for each measure.
 */
import type { Profile, SiteMeasure, Usage } from '../profile.js';
import type { OwnerTable } from '../tables.js';

/** Null in place of a column: the capture cannot answer. Bytes and counts, exact. */
export type OwnUsage = { readonly [Column in keyof Usage]: Float64Array | null } & {
  readonly owners: OwnerTable;
  /** The most that an owner held at once, whenever that was. */
  readonly ownPeakBytes: Float64Array | null;
  /** On how many threads an owner allocated. */
  readonly threads: Uint32Array;
};

const SITE_MEASURES = ['peak', 'leaked', 'total', 'temporary'] as const satisfies SiteMeasure[];

export function ownUsage(profile: Profile): OwnUsage {
  const owners = profile.owners();
  const { owner, thread, length } = profile.siteKeys();
  const sum = (column: Float64Array | undefined): Float64Array | null => {
    if (column === undefined) return null;
    const sums = new Float64Array(owners.length);
    for (let site = 0; site < length; site++) sums[owner[site]!]! += column[site]!;
    return sums;
  };
  const columns = SITE_MEASURES.flatMap((measure) => {
    const weights = profile.siteWeights(measure);
    return [
      [`${measure}Bytes`, sum(weights?.bytes)],
      [`${measure}Count`, sum(weights?.count)],
    ] as const;
  });
  return {
    ...(Object.fromEntries(columns) as { [Column in keyof Usage]: Float64Array | null }),
    owners,
    ownPeakBytes: owners.peakBytes,
    threads: countThreads(owner, thread, owners.length),
  };
}

function countThreads(owner: Uint32Array, thread: Uint32Array, owners: number): Uint32Array {
  const counts = new Uint32Array(owners);
  const seen = new Set<number>();
  for (let site = 0; site < owner.length; site++) {
    const pair = owner[site]! * 2 ** 22 + thread[site]!;
    if (seen.has(pair)) continue;
    seen.add(pair);
    counts[owner[site]!]!++;
  }
  return counts;
}
