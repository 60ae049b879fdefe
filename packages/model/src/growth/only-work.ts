/**
 * What grows → whether the recording shows anything else that is at work. A service makes much that it frees again beside
 * what it keeps; a program that only reads its input until it ends makes nearly nothing else, and what it reads looks like
 * a leak. Memory alone cannot tell these apart, so that it is told of both.
 */
import type { SiteWeights } from '../profile.js';
import { SITE, type CountedRows } from './counted-rows.js';
import type { DescribedWay } from './growth.js';
import { ofSites } from './growth-tree.js';

/** Of what grows, in allocations and in bytes; a list that is filled is copied a few times. */
const MOST_OTHERS = 0.1;

/** Whether the application allocated nearly nothing else; arenas hide that. `total` is all that sites ever allocated. */
export function isOnlyWork(
  { bytes, count, arenaBytes }: Pick<DescribedWay, 'bytes' | 'count' | 'arenaBytes'>,
  { tree, role }: CountedRows,
  total: SiteWeights | null,
): boolean {
  if (total === null || arenaBytes > MOST_OTHERS * bytes) return false;
  const isOwn = ofSites(tree.throughApplication, tree);
  let [allBytes, allCount] = [0, 0];
  for (let site = 0; site < role.length; site++) {
    if (role[site] === SITE.imports || isOwn[site] === 0) continue;
    allBytes += total.bytes[site]!;
    allCount += total.count[site]!;
  }
  return allCount - count <= MOST_OTHERS * count && allBytes - bytes <= MOST_OTHERS * bytes;
}
