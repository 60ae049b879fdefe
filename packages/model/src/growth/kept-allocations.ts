/** Lifetimes → what is live at one moment of what was born in a time before it, site by site. */
import { NEVER, type LifetimeBatch } from '../lifetimes.js';
import type { NumberColumn } from '../number-column.js';
import { SITE, type CountedRows } from './counted-rows.js';

/** Columns by site; arenas count as others do. */
export interface KeptAllocations {
  readonly bytes: NumberColumn;
  readonly count: NumberColumn;
  /** Moment of the first birth; `NEVER` where nothing is kept. */
  readonly firstBorn: Uint32Array;
  /** Moment of the last birth; 0 where nothing is kept. */
  readonly lastBorn: Uint32Array;
}

/** Born after the moment `after` (-1 = whenever) up to `moment`, or where these are settled, and live then. */
export function keptAllocations(rows: CountedRows, after: number, moment: number): KeptAllocations {
  const { profile, role } = rows;
  const at = rows.settled(moment);
  const since = after < 0 ? after : rows.settled(after);
  const kept = {
    bytes: new Float64Array(role.length),
    count: new Float64Array(role.length),
    firstBorn: new Uint32Array(role.length).fill(NEVER),
    lastBorn: new Uint32Array(role.length),
  };
  for (const batch of profile.lifetimes(at, at)) addBatch(kept, batch, rows, since, at);
  return kept;
}

/** A function of its own, called for each batch: the engine compiles it well after a few of them. */
function addBatch(
  kept: KeptAllocations & { readonly bytes: Float64Array; readonly count: Float64Array },
  batch: LifetimeBatch,
  rows: CountedRows,
  since: number,
  at: number,
): void {
  const { role, isMapped } = rows;
  const { rows: length, site, born, died, bytes, count } = batch;
  for (let row = 0; row < length; row++) {
    // Most are freed by then.
    if (died[row]! <= at) continue;
    const from = born[row]!;
    if (from > at || from <= since) continue;
    const where = site[row]!;
    if (role[where] === SITE.leftOut || (isMapped[where] === 1 && rows.isReserved(batch, row))) continue;
    kept.bytes[where]! += bytes[row]!;
    kept.count[where]! += count[row]!;
    if (from < kept.firstBorn[where]!) kept.firstBorn[where] = from;
    if (from > kept.lastBorn[where]!) kept.lastBorn[where] = from;
  }
}
