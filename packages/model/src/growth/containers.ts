/**
 * Lists and dicts that fill: lines whose one large block is the last of a chain, of which each replaced a smaller one.
 * Where objects are not traced such a container is often the only trace of what keeps them.
 */
import { SITE, type CountedRows } from './counted-rows.js';
import { lineOfSite } from './growth-tree.js';
import type { KeptAllocations } from './kept-allocations.js';
import type { NarrowWeights } from '../number-column.js';
import { ALLOCATOR_NAMES } from '../tables.js';
import { MOST_REPLACED } from './passing-bytes.js';
import { BINS, type WorkClock } from './work-clock.js';

export interface Container {
  readonly node: number;
  readonly bytes: number;
  /** Of a list: how many entries it has, and how many more or less these may be; null where it is none. */
  readonly entries: { readonly count: number; readonly error: number } | null;
}

const KIB = 1024;
const LEAST_BYTES = 16 * KIB;
/** Blocks of at least so many bytes that replaced one another, at least so many; of a line no more are looked at. */
const LEAST_BLOCK = KIB;
const LEAST_BLOCKS = 4;
const MOST_BLOCKS = 16_384;
const MOST_OF_CHAIN = 64;
/** Of the recording. */
const LONGEST_COPY = 0.05;
/** Of the work: when a table that still fills was enlarged for the last time. */
const LATEST = 0.5;
const EARLIEST = 0.9;
/** Of what a place holds: the rest are a few objects beside the table. */
const TABLE_SHARE = 0.9;

/** A list that is full is moved into one an eighth as large again (list_resize in CPython's listobject.c). */
const LIST_GROWTH = [0.87, 0.9] as const;
const ENTRY_BYTES = 8;
/** The other where Python's allocators are traced. */
const REALLOCS = new Set([ALLOCATOR_NAMES.indexOf('realloc'), ALLOCATOR_NAMES.indexOf('pymalloc_realloc')]);

/** By node of the tree: 1 where few blocks are held at each place, which replaced others, as of a table that was copied. */
export function findTables(
  kept: KeptAllocations,
  total: NarrowWeights | null,
  { tree, role }: CountedRows,
): Uint8Array {
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

/**
 * Largest first; `kept` is what is live at the moment. The blocks of one table are needed by whichever call fills it next:
 * what they share is the line.
 */
export function findContainers(
  rows: CountedRows,
  { binOf }: WorkClock,
  kept: KeptAllocations,
  moment: number,
): Container[] {
  const { profile, role, tree } = rows;
  const { pythonStack, allocator } = profile.siteKeys();
  const { frame } = profile.stackTables().stacks;
  // Lines with exactly one large block.
  const liveCount = new Map<number, number>();
  for (let site = 0; site < role.length; site++) {
    if (role[site] !== SITE.counted || pythonStack[site] === 0) continue;
    if (kept.count[site] === 0 || kept.bytes[site]! < LEAST_BYTES * kept.count[site]!) continue;
    const line = frame[pythonStack[site]!]!;
    liveCount.set(line, (liveCount.get(line) ?? 0) + kept.count[site]!);
  }
  const series = new Map<number, Block[]>();
  for (let site = 0; site < role.length; site++) {
    const line = frame[pythonStack[site]!]!;
    if (liveCount.get(line) === 1 && kept.bytes[site]! >= LEAST_BYTES) series.set(line, []);
  }
  if (series.size === 0) return [];
  for (const { rows: length, site, born, died, count, bytes } of profile.lifetimes()) {
    for (let row = 0; row < length; row++) {
      if (count[row]! > 2 || bytes[row]! < LEAST_BLOCK || role[site[row]!] !== SITE.counted) continue;
      const blocks = series.get(frame[pythonStack[site[row]!]!]!);
      if (blocks === undefined || blocks.length >= MOST_BLOCKS || born[row]! > moment) continue;
      const isEnlarged = REALLOCS.has(allocator[site[row]!]!);
      blocks.push({ site: site[row]!, born: born[row]!, died: died[row]!, bytes: bytes[row]!, isEnlarged });
    }
  }
  const containers: Container[] = [];
  for (const blocks of series.values()) {
    const chain = chainOf(blocks, moment);
    const [last, before] = chain;
    if (last === undefined || before === undefined || chain.length < LEAST_BLOCKS) continue;
    // What is enlarged so many times was so, at the earliest, after the inverse of that share of the work: a set by four.
    const earliest = Math.min(LATEST, (EARLIEST * before.bytes) / last.bytes);
    if (binOf[last.born]! < earliest * BINS) continue;
    containers.push({ node: lineOfSite(last.site, tree), bytes: last.bytes, entries: entriesOf(last, before) });
  }
  return containers.sort((a, b) => b.bytes - a.bytes);
}

/** A list holds more than the smaller one did, and no more than it has room for. */
function entriesOf(last: Block, before: Block): Container['entries'] {
  const [least, most] = LIST_GROWTH;
  const growth = before.bytes / last.bytes;
  if (!last.isEnlarged || !before.isEnlarged || growth < least || growth > most) return null;
  return {
    count: (last.bytes + before.bytes) / 2 / ENTRY_BYTES,
    error: (last.bytes - before.bytes) / 2 / ENTRY_BYTES,
  };
}

/** The largest that is live at the moment, and those that one another replaced before it, latest first. */
function chainOf(blocks: readonly Block[], moment: number): Block[] {
  const byEnd = blocks.filter(({ died }) => died <= moment).sort((a, b) => a.died - b.died || b.bytes - a.bytes);
  let at: Block | undefined = blocks
    .filter(({ died }) => died > moment)
    .reduce<Block | undefined>((most, block) => (block.bytes > (most?.bytes ?? 0) ? block : most), undefined);
  const chain: Block[] = [];
  while (at !== undefined && chain.length < MOST_OF_CHAIN) {
    chain.push(at);
    const { born, bytes } = at;
    // The smaller one is freed when its entries stand in the larger one, which takes its time.
    at = byEnd.find((other) => other.died >> 1 >= born >> 1 && other.born < born && other.bytes <= bytes);
    if (at !== undefined && at.died > born + LONGEST_COPY * moment + 1) at = undefined;
  }
  return chain;
}

interface Block {
  readonly site: number;
  readonly born: number;
  readonly died: number;
  readonly bytes: number;
  /** By `realloc`, as a list is. */
  readonly isEnlarged: boolean;
}
