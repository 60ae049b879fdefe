/**
 * A batch of lifetimes → the same batch in coarser moments. Rows that no moment separates any more vanish, rows that
 * have become equal merge.
 */
import { NEVER, type LifetimeBatch } from '@memscope/model/recorded';

/**
 * Replaces each moment m by `map[m]`; `NEVER` stays. A row that is born and dies in the same moment is dropped; rows of
 * equal site, birth and death become one, in the place of the first of them. Rows with 0 bytes (the extra pieces of cut
 * mappings) merge only with their like. The result has its own columns.
 *
 * Throws a `RangeError` where a moment lies outside the map.
 */
export function remapLifetimes(batch: LifetimeBatch, map: Uint32Array): LifetimeBatch {
  const { rows } = batch;
  const site = new Uint32Array(rows);
  const born = new Uint32Array(rows);
  const died = new Uint32Array(rows);
  const count = new Float64Array(rows);
  const bytes = new Float64Array(rows);
  const mask = 2 ** Math.ceil(Math.log2(2 * rows + 2)) - 1;
  // Row + 1 of the first row with this hash, or 0.
  const slots = new Uint32Array(mask + 1);
  let kept = 0;
  for (let row = 0; row < rows; row++) {
    const rowSite = batch.site[row]!;
    const rowBorn = mapMoment(map, batch.born[row]!);
    const rowDied = batch.died[row] === NEVER ? NEVER : mapMoment(map, batch.died[row]!);
    if (rowBorn === rowDied) continue;
    const rowBytes = batch.bytes[row]!;
    let hash = Math.imul(rowSite, 0x9e3779b1) ^ Math.imul(rowBorn, 0x85ebca6b) ^ Math.imul(rowDied, 0xc2b2ae35);
    hash ^= rowBytes === 0 ? 0x27d4eb2f : 0;
    let slot = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    slot = (slot ^ (slot >>> 13)) & mask;
    for (;;) {
      const found = slots[slot]! - 1;
      if (found < 0) {
        slots[slot] = kept + 1;
        site[kept] = rowSite;
        born[kept] = rowBorn;
        died[kept] = rowDied;
        count[kept] = batch.count[row]!;
        bytes[kept] = rowBytes;
        kept++;
        break;
      }
      if (
        site[found] === rowSite &&
        born[found] === rowBorn &&
        died[found] === rowDied &&
        (bytes[found] === 0) === (rowBytes === 0)
      ) {
        count[found]! += batch.count[row]!;
        bytes[found]! += rowBytes;
        break;
      }
      slot = (slot + 1) & mask;
    }
  }
  return {
    rows: kept,
    site: site.subarray(0, kept),
    born: born.subarray(0, kept),
    died: died.subarray(0, kept),
    count: count.subarray(0, kept),
    bytes: bytes.subarray(0, kept),
  };
}

function mapMoment(map: Uint32Array, moment: number): number {
  const mapped = map[moment];
  if (mapped === undefined) throw new RangeError(`moment ${moment} lies outside a map of ${map.length}`);
  return mapped;
}
