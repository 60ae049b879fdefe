/**
 * What grows → whether the recording shows anything else that is at work. A service makes much that it frees again beside
 * what it keeps; a program that only reads its input until it ends makes nearly nothing else, and what it reads looks like
 * a leak. Memory alone cannot tell these apart, so that it is told of both.
 */
import type { NarrowWeights } from '../number-column.js';
import { SITE, type CountedRows } from './counted-rows.js';
import type { DescribedWay } from './growth.js';
import { ofSites } from './growth-tree.js';

/** Of what grows, in allocations and in bytes; a list that is filled is copied a few times. */
const MOST_OTHERS = 0.1;

/** All that the application ever allocated outside of imports; null where the recording does not know. */
export function ownWork({ tree, role }: CountedRows, total: NarrowWeights | null): OwnWork | null {
  if (total === null) return null;
  const isOwn = ofSites(tree.throughApplication, tree);
  let [bytes, count] = [0, 0];
  for (let site = 0; site < role.length; site++) {
    if (role[site] === SITE.leftOut || isOwn[site] === 0) continue;
    bytes += total.bytes[site]!;
    count += total.count[site]!;
  }
  return { bytes, count };
}

export interface OwnWork {
  readonly bytes: number;
  readonly count: number;
}

/** Whether the application allocated nearly nothing else; arenas hide that. */
export function isOnlyWork(
  { bytes, count, arenaBytes }: Pick<DescribedWay, 'bytes' | 'count' | 'arenaBytes'>,
  own: OwnWork | null,
): boolean {
  if (own === null || arenaBytes > MOST_OTHERS * bytes) return false;
  return own.count - count <= MOST_OTHERS * count && own.bytes - bytes <= MOST_OTHERS * bytes;
}
