/**
 * A way that grows → how often its work was done, so that it can be told how much each round keeps: as places below its
 * name count alike, or where these do not tell, those of the functions that call it; of a line that allocates itself, how
 * often it did.
 */
import { placesBelow, type AllocationPlace } from './allocation-places.js';
import { countRounds } from './count-rounds.js';
import type { CountedRows } from './counted-rows.js';
import { KIND } from './frame-kind.js';
import type { DescribedWay } from './growth.js';
import { markBelow, wayTo } from './growth-tree.js';
import type { KeptAllocations } from './kept-allocations.js';
import type { WayContext } from './way-context.js';

/** So many functions that call it are asked. */
const MOST_CALLERS = 2;
/** Fewer blocks are told as what they are; smaller ones are many to one call, as those of a parser. */
const LEAST_TIMES = 10;
const LEAST_BLOCK = 512;
const MAIN_PLACE_SHARE = 0.75;
/** Where nearly all are left none was replaced. */
const MOST_LEFT = 0.9;

export interface RoundsOfWay extends Pick<DescribedWay, 'rounds' | 'times' | 'lastKept'> {
  /** Where a module names it, which only starts what runs: nodes of functions that were called once each round. */
  readonly calls: readonly number[];
}

const NO_ROUNDS: RoundsOfWay = { rounds: null, times: null, lastKept: null, calls: [] };

/** `isPart`: only what came after some moment counts as kept. `naming` is the node of its name; marked in `isBelow` is what grows, in `belowName` all that lies below the name. */
export function roundsOfWay(
  naming: number,
  isBelow: Uint8Array,
  belowName: Uint8Array,
  way: Pick<DescribedWay, 'bytes' | 'arenaBytes' | 'isTornDown' | 'isReplaced'> & { readonly isPart: boolean },
  kept: KeptAllocations,
  context: WayContext,
): RoundsOfWay {
  const { rows, sites, total } = context;
  const { tree } = rows;
  if (naming === 0 || total === null) return NO_ROUNDS;
  const ofArenas = way.arenaBytes >= way.bytes / 2;
  // Counts are of all the time, and what is kept in arenas counts nothing that would be in step with them.
  if (ofArenas && way.isPart) return NO_ROUNDS;
  const places = placesBelow(belowName, isBelow, rows, sites, total, kept);
  const times = ofArenas || way.isReplaced ? null : timesKept(places, way.bytes - way.arenaBytes, context);
  const own = countRounds(places, way);
  if (own !== null) {
    return {
      rounds: own,
      times,
      lastKept: null,
      calls: tree.isModule[naming] === 1 ? calledEachRound(places, own, naming, rows) : [],
    };
  }
  if (times !== null) return { ...NO_ROUNDS, times };
  const replaced = lastKept(places, way);
  if (replaced !== null) return { ...NO_ROUNDS, lastKept: replaced };
  const callers = wayTo(tree.parent[naming]!, tree).filter(
    (each) => tree.isLine[each] === 0 && tree.kind[each] === KIND.application && tree.isModule[each] === 0,
  );
  for (const below of [
    ...(ofArenas ? [isBelow] : []),
    ...callers
      .reverse()
      .slice(0, MOST_CALLERS)
      .map((caller) => markBelow([caller], tree)),
  ]) {
    const rounds = countRounds(placesBelow(below, isBelow, rows, sites, total, kept), { ...way, ofMany: !ofArenas });
    if (rounds !== null) return { ...NO_ROUNDS, rounds };
  }
  return NO_ROUNDS;
}

/** Of blocks that one place made once each round, where these are not all: the place that keeps most. */
function lastKept(
  places: readonly AllocationPlace[],
  way: Pick<DescribedWay, 'bytes' | 'isTornDown'>,
): DescribedWay['lastKept'] {
  const rounds = countRounds(
    places.map((place) => ({ ...place, kept: 0, keptBytes: 0 })),
    way,
  );
  if (rounds === null) return null;
  const [heaviest] = places
    .filter(({ made, kept }) => made === rounds && kept >= LEAST_TIMES && kept <= MOST_LEFT * rounds)
    .sort((a, b) => b.keptBytes - a.keptBytes);
  return heaviest === undefined ? null : { count: heaviest.kept, rounds };
}

/** Of one place or more: the one that keeps most. */
function most(places: readonly AllocationPlace[]): AllocationPlace {
  return places.reduce((best, place) => (place.keptBytes > best.keptBytes ? place : best));
}

/** Of a line of the application that allocates itself: blocks that the one place keeps that keeps nearly all of what is in no arena. */
function timesKept(places: readonly AllocationPlace[], bytes: number, { rows: { tree } }: WayContext): number | null {
  if (places.length === 0) return null;
  const { site, kept, keptBytes } = most(places);
  if (kept < LEAST_TIMES || keptBytes < MAIN_PLACE_SHARE * bytes) return null;
  const node = tree.nodeOfSite[site]!;
  return tree.kind[node] === KIND.application && keptBytes >= LEAST_BLOCK * kept ? kept : null;
}

/**
 * Below a module, which only starts what runs: functions of the application, outermost below it, that allocate exactly
 * once in each round at some place; those with most such places first.
 */
function calledEachRound(
  places: readonly AllocationPlace[],
  rounds: number,
  module: number,
  { tree }: CountedRows,
): number[] {
  const placesOf = new Map<number, number>();
  for (const { site, made } of places) {
    if (made !== rounds) continue;
    let outermost = 0;
    for (let at = tree.nodeOfSite[site]!; at > module; at = tree.parent[at]!) {
      if (tree.isLine[at] === 0 && tree.kind[at] === KIND.application) outermost = at;
    }
    if (outermost > 0) placesOf.set(outermost, (placesOf.get(outermost) ?? 0) + 1);
  }
  return [...placesOf].sort((a, b) => b[1] - a[1]).map(([node]) => node);
}
