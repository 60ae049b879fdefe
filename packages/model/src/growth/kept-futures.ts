/**
 * A way that grows → the futures or tasks that are kept in step with it. What a worker returns, or a task holds, is made
 * in another stack than the future or the task itself: that one leads to who keeps it.
 */
import { moduleOfFile } from '../analysis/module-of-file.js';
import type { FrameTable } from '../tables.js';
import { SITE, type CountedRows } from './counted-rows.js';
import { KIND } from './frame-kind.js';
import { wayTo } from './growth-tree.js';
import type { KeptAllocations } from './kept-allocations.js';

/** With fewer, as many of another kind are chance; one or two more may be in the making. */
const LEAST_COUNT = 50;
const MOST_MORE = 2;

/** Files of the standard library that make them, from the library on. */
const MAKERS = [
  { kind: 'future', path: /^concurrent[\\/]futures[\\/]/ },
  { kind: 'task', path: /^asyncio[\\/](?:base_events|tasks|taskgroups)\.py$/ },
] as const;

export interface KeptFutures {
  readonly kind: (typeof MAKERS)[number]['kind'];
  /** The line of the application that asked for them, as a node of the tree. */
  readonly node: number;
  readonly count: number;
}

/** `count` is how often the way keeps something; marked in `isBelow` is the way itself. Null where none is seen. */
export function keptFutures(
  count: number,
  isBelow: Uint8Array,
  kept: KeptAllocations,
  { role, tree }: CountedRows,
  frames: FrameTable,
): KeptFutures | null {
  if (count < LEAST_COUNT) return null;
  for (let site = 0; site < role.length; site++) {
    if (Math.abs(kept.count[site]! - count) > MOST_MORE) continue;
    const end = tree.nodeOfSite[site]!;
    if (role[site] !== SITE.counted || isBelow[end] === 1) continue;
    const lines = wayTo(end, tree).filter((node) => tree.isLine[node] === 1);
    const application = lines.findLastIndex((node) => tree.kind[node] === KIND.application);
    if (application < 0) continue;
    const below = lines
      .slice(application + 1)
      .map((node) => moduleOfFile(frames.file[tree.frame[node]!] ?? null))
      .filter(({ kind }) => kind === 'standardLibrary');
    const maker = MAKERS.find(({ path }) => below.some(({ shortFile }) => path.test(shortFile)));
    if (maker !== undefined) return { kind: maker.kind, node: lines[application]!, count: kept.count[site]! };
  }
  return null;
}
