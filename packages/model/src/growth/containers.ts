/**
 * Lists and dicts that fill: places whose one live block is the last of a growing series. Where objects are not traced
 * such a container is often the only trace of what keeps them.
 */
import { NEVER } from '../lifetimes.js';
import { SITE, type CountedRows } from './counted-rows.js';
import type { KeptAllocations } from './kept-allocations.js';
import type { SiteWeights } from '../profile.js';
import { MOST_REPLACED } from './passing-bytes.js';
import { BINS, type WorkClock } from './work-clock.js';

export interface Container {
  readonly node: number;
  readonly bytes: number;
}

const KIB = 1024;
const LEAST_BYTES = 16 * KIB;
/** Blocks of a series: of at least so many bytes, at least so many, and no more are looked at. */
const LEAST_BLOCK = 4 * KIB;
const LEAST_BLOCKS = 4;
const MOST_BLOCKS = 4096;
/** So much of a series rises, from a first block that is at most this share of the last. */
const RISING_SHARE = 0.9;
const FIRST_SHARE = 0.7;
/** Of what a place holds: the rest are a few objects beside the table. */
const TABLE_SHARE = 0.9;

/** By node of the tree: 1 where few blocks are held at each place, which replaced others, as of a table that was copied. */
export function findTables(kept: KeptAllocations, total: SiteWeights | null, { tree, role }: CountedRows): Uint8Array {
  const isTable = new Uint8Array(tree.length);
  if (total === null) return isTable;
  const held = new Float64Array(tree.length);
  const replacing = new Float64Array(tree.length);
  for (let site = 0; site < role.length; site++) {
    if (role[site] !== SITE.counted || kept.bytes[site] === 0) continue;
    const node = tree.nodeOfSite[site]!;
    const count = kept.count[site]!;
    held[node]! += kept.bytes[site]!;
    if (count <= MOST_REPLACED && total.count[site]! >= count * LEAST_BLOCKS) replacing[node]! += kept.bytes[site]!;
  }
  for (let node = tree.length - 1; node > 0; node--) {
    held[tree.parent[node]!]! += held[node]!;
    replacing[tree.parent[node]!]! += replacing[node]!;
    if (held[node]! > 0 && replacing[node]! >= TABLE_SHARE * held[node]!) isTable[node] = 1;
  }
  return isTable;
}

/** Largest first; `kept` is what is live at the end. */
export function findContainers(rows: CountedRows, { binOf }: WorkClock, kept: KeptAllocations): Container[] {
  const { profile, role, tree } = rows;
  const { pythonStack } = profile.siteKeys();
  // Places with exactly one live block.
  const liveCount = new Map<number, number>();
  for (let site = 0; site < role.length; site++) {
    const stack = pythonStack[site]!;
    if (role[site] !== SITE.counted || stack === 0 || kept.count[site] === 0) continue;
    liveCount.set(stack, (liveCount.get(stack) ?? 0) + kept.count[site]!);
  }
  const series = new Map<number, { born: number; died: number; bytes: number }[]>();
  for (let site = 0; site < role.length; site++) {
    const stack = pythonStack[site]!;
    if (liveCount.get(stack) === 1 && kept.bytes[site]! >= LEAST_BYTES) series.set(stack, []);
  }
  if (series.size === 0) return [];
  for (const { rows: length, site, born, died, count, bytes } of profile.lifetimes()) {
    for (let row = 0; row < length; row++) {
      if (count[row]! > 2 || bytes[row]! < LEAST_BLOCK || role[site[row]!] !== SITE.counted) continue;
      const blocks = series.get(pythonStack[site[row]!]!);
      if (blocks === undefined || blocks.length >= MOST_BLOCKS) continue;
      blocks.push({ born: born[row]!, died: died[row]!, bytes: bytes[row]! });
    }
  }
  const containers: Container[] = [];
  for (const [stack, blocks] of series) {
    if (blocks.length < LEAST_BLOCKS) continue;
    blocks.sort((a, b) => a.born - b.born || a.died - b.died);
    const last = blocks.at(-1)!;
    const rising = blocks.filter(({ bytes }, at) => at > 0 && bytes >= blocks[at - 1]!.bytes).length;
    const fills =
      last.died === NEVER &&
      binOf[last.born]! >= BINS / 2 &&
      rising >= RISING_SHARE * (blocks.length - 1) &&
      blocks[0]!.bytes < FIRST_SHARE * last.bytes;
    if (fills) containers.push({ node: tree.nodeOfStack[stack]!, bytes: last.bytes });
  }
  return containers.sort((a, b) => b.bytes - a.bytes);
}
