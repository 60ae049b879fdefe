/**
 * Sites → the places they leak at: the same stack and allocator in any thread. Sites that leak nothing belong to the
 * place that others leak at, since threads that share a cache take turns in filling it.
 */
import { ALLOCATOR_NAMES } from '../tables.js';
import { NO_GROUP } from './live-over-time.js';
import type { Selection } from './selection.js';

export interface LeakPlaces {
  /** Row of each site, `NO_GROUP` where nothing of its place is live at the end. */
  readonly rowOfSite: Int32Array;
  readonly placeOfRow: Uint32Array;
  readonly siteOfRow: Uint32Array;
  readonly places: number;
}

/** Rows are sites, or places where threads are merged. */
export function findLeakPlaces({ sites, stack, weights, mergeThreads }: Selection): LeakPlaces {
  const { allocator, length } = sites;
  const keyOf = (site: number): number => stack[site]! * ALLOCATOR_NAMES.length + allocator[site]!;
  const placeOfKey = new Map<number, number>();
  for (let site = 0; site < length; site++) {
    if (weights.bytes[site] === 0 && weights.count[site] === 0) continue;
    const key = keyOf(site);
    if (!placeOfKey.has(key)) placeOfKey.set(key, placeOfKey.size);
  }
  const rowOfSite = new Int32Array(length).fill(NO_GROUP);
  const rowOfPlace = new Int32Array(placeOfKey.size).fill(NO_GROUP);
  const placeOfRow = new Uint32Array(length);
  const siteOfRow = new Uint32Array(length);
  let rows = 0;
  for (let site = 0; site < length; site++) {
    const place = placeOfKey.get(keyOf(site));
    if (place === undefined) continue;
    let row = mergeThreads ? rowOfPlace[place]! : NO_GROUP;
    if (row === NO_GROUP) {
      row = rows++;
      rowOfPlace[place] = row;
      placeOfRow[row] = place;
      siteOfRow[row] = site;
    }
    rowOfSite[site] = row;
  }
  return {
    rowOfSite,
    placeOfRow: placeOfRow.slice(0, rows),
    siteOfRow: siteOfRow.slice(0, rows),
    places: placeOfKey.size,
  };
}
