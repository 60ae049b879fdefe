/**
 * What is there for good at each point → the point from which on it is level. All but a little is there somewhat before a
 * rise ends; that little is part of the rise where it comes as fast, and the level begins where it bends.
 */

/** The rest of a rise may take so many times as long as the same amount did before. */
const MOST_SLOWER = 2;
/** A bend that lies less above the straight line, of what still rises, is none. */
const LEAST_BEND = 0.25;

/** A way is level where all of it but this share, or but less than matters, is there. */
const MOST_MISSING = 0.1;

/** The moment from which on a way is level that `live` tells of by moment; less than `least` bytes do not matter. */
export function levelOfWay(live: Float64Array, least: number): number {
  const kept = live.slice();
  const end = kept.length - 1;
  for (let moment = end - 1; moment >= 0; moment--) kept[moment] = Math.min(kept[moment]!, kept[moment + 1]!);
  const missing = Math.min(least, MOST_MISSING * kept[end]!);
  return beginOfLevel(
    kept,
    0,
    kept.findIndex((bytes) => bytes >= kept[end]! - missing),
    end,
  );
}

/** `kept` never falls; from `from` up to its end at `end` it rises by less than matters. `first` is where it begins. */
export function beginOfLevel(kept: Float64Array, first: number, from: number, end: number): number {
  const rest = kept[end]! - kept[from]!;
  if (rest <= 0) return from;
  let before = from;
  while (before > first && kept[before]! > kept[from]! - rest) before--;
  if (kept[before]! > kept[from]! - rest) return from;
  const last = Math.min(end, from + MOST_SLOWER * (from - before) + 1);
  const rise = kept[last]! - kept[from]!;
  let [bend, most] = [from, LEAST_BEND * rise];
  for (let at = from + 1; at <= last; at++) {
    const above = kept[at]! - kept[from]! - (rise * (at - from)) / (last - from);
    if (above > most) [bend, most] = [at, above];
  }
  return bend;
}
