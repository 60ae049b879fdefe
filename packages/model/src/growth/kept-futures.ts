/**
 * A way that grows → the futures or tasks that are kept in step with it. What a worker returns, or a task holds, is made
 * in another stack than the future or the task itself: that one leads to who keeps it.
 */
import { moduleOfFile } from '../analysis/module-of-file.js';
import type { FrameTable } from '../tables.js';
import { SITE, type CountedRows } from './counted-rows.js';
import { KIND } from './frame-kind.js';
import type { KeptAllocations } from './kept-allocations.js';

/** With fewer, as many of another kind are chance; one or two more may be in the making. */
const LEAST_COUNT = 50;
const MOST_MORE = 2;

/** Files of the standard library that make them, from the library on; the first that is on the way counts. */
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
  const makersOf = new Makers(frames);
  for (let site = 0; site < role.length; site++) {
    if (Math.abs(kept.count[site]! - count) > MOST_MORE) continue;
    const end = tree.nodeOfSite[site]!;
    if (role[site] !== SITE.counted || isBelow[end] === 1) continue;
    let [node, makers] = [end, 0];
    for (; node !== 0; node = tree.parent[node]!) {
      if (tree.isLine[node] !== 1) continue;
      if (tree.kind[node] === KIND.application) break;
      makers |= makersOf.frame(tree.frame[node]!);
    }
    const maker = node === 0 ? undefined : MAKERS.find((_, bit) => (makers & (1 << bit)) !== 0);
    if (maker !== undefined) return { kind: maker.kind, node, count: kept.count[site]! };
  }
  return null;
}

/** Frames → the makers whose files they are of, a bit each; sites by the thousand share their frames. */
class Makers {
  readonly #frames: FrameTable;
  readonly #known = new Map<number, number>();

  constructor(frames: FrameTable) {
    this.#frames = frames;
  }

  frame(row: number): number {
    let makers = this.#known.get(row);
    if (makers === undefined) {
      const { kind, shortFile } = moduleOfFile(this.#frames.file[row] ?? null);
      makers = MAKERS.reduce((bits, { path }, bit) => bits | (path.test(shortFile) ? 1 << bit : 0), 0);
      if (kind !== 'standardLibrary') makers = 0;
      this.#known.set(row, makers);
    }
    return makers;
  }
}
