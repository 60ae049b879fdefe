/**
 * Lifetimes of the sites of a profile → those of its folded sites, with at most so many rows. Where there are more, births and
 * deaths are told apart only between stretches of ticks, each by its greatest heap: windows of whole stretches are
 * answered as before, peaks included, and totals of any. The stretches are as short as the bound allows.
 */
import { NEVER, type LifetimeBatch } from '../lifetimes.js';
import type { CaptureNotes } from '../capture.js';
import type { TickTable } from '../tables.js';

export interface FoldedLifetimes {
  readonly batch: LifetimeBatch;
  /** Ticks that are told apart from the ones before and behind, but not from each other; 1 = all are told apart. */
  readonly ticksPerStretch: number;
}

/** Null where even the longest stretches leave more than `most` rows. */
export function foldLifetimes(
  batches: () => Iterable<LifetimeBatch>,
  rowOfSite: Uint32Array,
  { ticks, notes }: { readonly ticks: TickTable; readonly notes: CaptureNotes },
  most: number,
): FoldedLifetimes | null {
  // Those of ticks, of what follows the last one, and never.
  const moments = 2 * ticks.length + 3;
  const sum = (ticksPerStretch: number): LifetimeBatch => {
    const rounded = ticksPerStretch === 1 ? null : roundMoments(ticks, notes, ticksPerStretch);
    return sumEqual(batches(), rowOfSite, { rounded, moments, most });
  };
  for (let ticksPerStretch = 1; ; ticksPerStretch *= 4) {
    const batch = sum(ticksPerStretch);
    if (batch.rows <= most) return { batch, ticksPerStretch };
    if (ticksPerStretch > ticks.length) return null;
  }
}

/** By moment, the one that stands for it: that of the stretch's greatest heap, of equal ones the last, or of its end. */
function roundMoments(ticks: TickTable, notes: CaptureNotes, ticksPerStretch: number): Uint32Array {
  const rounded = new Uint32Array(2 * ticks.length + 2);
  for (let from = 0; from <= ticks.length; from += ticksPerStretch) {
    const to = Math.min(from + ticksPerStretch - 1, ticks.length);
    let peak = from;
    const heapOf = (tick: number): number =>
      tick < ticks.length ? (ticks.peakBytes?.[tick] ?? 0) : (notes.tailPeakBytes ?? 0);
    for (let tick = from; tick <= to; tick++) if (heapOf(tick) >= heapOf(peak)) peak = tick;
    for (let moment = 2 * from; moment <= 2 * to + 1; moment++)
      rounded[moment] = moment <= 2 * peak ? 2 * peak : 2 * to + 1;
  }
  return rounded;
}

/** Equal rows as one, but pieces of mappings (of no bytes) apart. Beyond twice `most` rows no new ones: nobody keeps them. */
function sumEqual(
  batches: Iterable<LifetimeBatch>,
  rowOfSite: Uint32Array,
  { rounded, moments, most }: { readonly rounded: Uint32Array | null; readonly moments: number; readonly most: number },
): LifetimeBatch {
  const bySite: Map<number, number>[] = [];
  const site: number[] = [];
  const born: number[] = [];
  const died: number[] = [];
  const count: number[] = [];
  const bytes: number[] = [];
  const round = (moment: number): number => (moment === NEVER ? NEVER : (rounded?.[moment] ?? moment));
  for (const batch of batches) {
    for (let at = 0; at < batch.rows; at++) {
      const own = rowOfSite[batch.site[at]!]!;
      const [from, to] = [round(batch.born[at]!), round(batch.died[at]!)];
      if (from === to) continue;
      const isPiece = batch.bytes[at] === 0;
      const known = (bySite[2 * own + (isPiece ? 1 : 0)] ??= new Map());
      const key = from * moments + Math.min(to, moments - 1);
      const found = known.get(key);
      if (found !== undefined) {
        count[found]! += batch.count[at]!;
        bytes[found]! += batch.bytes[at]!;
        continue;
      }
      if (site.length > 2 * most) continue;
      known.set(key, site.length);
      site.push(own);
      born.push(from);
      died.push(to);
      count.push(batch.count[at]!);
      bytes.push(batch.bytes[at]!);
    }
  }
  const order = Array.from(site.keys()).sort(
    (a, b) => site[a]! - site[b]! || born[a]! - born[b]! || died[a]! - died[b]!,
  );
  return {
    rows: site.length,
    site: Uint32Array.from(order, (row) => site[row]!),
    born: Uint32Array.from(order, (row) => born[row]!),
    died: Uint32Array.from(order, (row) => died[row]!),
    count: Float64Array.from(order, (row) => count[row]!),
    bytes: Float64Array.from(order, (row) => bytes[row]!),
  };
}
