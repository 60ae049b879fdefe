/**
 * Lines that keep memory → the rule that each falls under: what grows by the rule of growth (`findGrowth`), everything
 * else by the curve of its live bytes.
 */
import { mayGoOn } from '../analysis/arenas.js';
import type { GrowthAnswer } from '../growth/growth.js';
import { growthSubject } from '../growth/growth-subject.js';
import { leastGrowth } from '../growth/judge-curve.js';
import type { Profile } from '../profile.js';
import { LEAK_ROW_KINDS } from './application-lines.js';
import { judgeLeak, LEAK_RULES, traceCurve, type LeakClock } from './leak-verdict.js';
import type { LeakSums } from './sum-leaks.js';

/** By row: bytes that belong to what grows, and to what grew and is flat. Null where growth could not be judged. */
export interface GrowthParts {
  /** Growth of less is not told. */
  readonly least: number;
  readonly growing: Float64Array;
  readonly flat: Float64Array;
  /** A row with less is too small a part of what grows to be told by it alone. */
  readonly leastPart: number;
  /** Of what is flat: nothing was allocated for most of the time after it. */
  readonly idle: Float64Array;
  /** What is told of the row itself, whatever else it holds: one of `NAMED`. */
  readonly named: Uint8Array;
}

/** Most of something that grows, or that filled and is flat, stands in the row; nearly all of it, where it is that alone. */
const NAMED = { none: 0, flat: 1, flatAlone: 2, grows: 3 } as const;
/** Of what filled: in a row with as much the finding is on the row's own line. */
const ALONE_SHARE = 0.9;

export function partsOfGrowth(
  profile: Profile,
  leakedBytes: Float64Array,
  rowOfSite: Int32Array,
  length: number,
  growth: GrowthAnswer | null,
): GrowthParts | null {
  if (growth === null || growth.silence !== null) return null;
  const parts = {
    least: leastGrowth(growthSubject(profile).peakBytes),
    growing: new Float64Array(length),
    flat: new Float64Array(length),
    idle: new Float64Array(length),
    named: new Uint8Array(length),
  };
  for (const { verdict, sites, beside } of growth.growths) {
    const column = verdict === 'grows' ? parts.growing : parts.flat;
    for (const site of [...sites, ...beside.flatMap((each) => [...each.sites])]) {
      const row = rowOfSite[site]!;
      if (row < 0) continue;
      column[row]! += leakedBytes[site]!;
      if (verdict === 'idle') parts.idle[row]! += leakedBytes[site]!;
    }
    if (verdict !== 'grows' && verdict !== 'levelled') continue;
    const { row, share } = mainRow(sites, leakedBytes, rowOfSite);
    if (row < 0) continue;
    const flat = share < ALONE_SHARE ? NAMED.flat : NAMED.flatAlone;
    parts.named[row] = Math.max(parts.named[row]!, verdict === 'grows' ? NAMED.grows : flat);
  }
  for (const { sites } of growth.little) {
    for (const site of sites) if (rowOfSite[site]! >= 0) parts.growing[rowOfSite[site]!]! += leakedBytes[site]!;
  }
  return { ...parts, leastPart: LEAST_PART_SHARE * parts.growing.reduce((sum, bytes) => sum + bytes, 0) };
}

/** The row that holds most of what is left at these sites, and how much of it; -1 where none holds half of it. */
function mainRow(
  sites: Uint32Array,
  leakedBytes: Float64Array,
  rowOfSite: Int32Array,
): { readonly row: number; readonly share: number } {
  const byRow = new Map<number, number>();
  let whole = 0;
  for (const site of sites) {
    whole += leakedBytes[site]!;
    const row = rowOfSite[site]!;
    if (row >= 0) byRow.set(row, (byRow.get(row) ?? 0) + leakedBytes[site]!);
  }
  const [main] = [...byRow].sort((a, b) => b[1] - a[1]);
  const isMost = main !== undefined && main[1] > 0 && 2 * main[1] >= whole;
  return isMost ? { row: main[0], share: main[1] / whole } : { row: -1, share: 0 };
}

const GROWING = LEAK_RULES.findIndex(({ name }) => name === 'growing');
const FLAT = LEAK_RULES.findIndex(({ name }) => name === 'grewThenFlat');
const START_UP = LEAK_RULES.findIndex(({ name }) => name === 'startUp');
const UNDECIDED = LEAK_RULES.findIndex(({ name }) => name === 'undecided');
const COMES_AND_GOES = LEAK_RULES.findIndex(({ name }) => name === 'comesAndGoes');
const IMPORTED = LEAK_RULES.findIndex(({ name }) => name === 'imported');
const ONE_OFF = LEAK_RULES.findIndex(({ name }) => name === 'oneOff');
const IMPORT = LEAK_ROW_KINDS.indexOf('import');
const OBJECTS = LEAK_ROW_KINDS.indexOf('objects');
/** What growth knows better. */
const UNSETTLED = new Set([GROWING, UNDECIDED, COMES_AND_GOES]);

/** Of all that grows. */
const LEAST_PART_SHARE = 0.01;

/** Position in `LEAK_RULES`, by row. */
export function judgeRows(
  sums: LeakSums,
  rows: number,
  steps: number,
  clock: LeakClock,
  growth: GrowthParts | null,
  kindOfRow: Uint8Array,
): Uint8Array {
  const rules = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const bytes = sums.bytes[row]!;
    if (bytes === 0 && sums.count[row] === 0) continue;
    // What was there before it began to grow stands in the same row.
    const isGrowing = growth !== null && (growth.named[row] === NAMED.grows || growth.growing[row]! >= bytes / 2);
    if (isGrowing && bytes > 0 && bytes >= growth.leastPart) {
      rules[row] = GROWING;
      continue;
    }
    const { half, threeQuarters, end, least, most } = traceCurve(sums.liveBytes, row * steps, steps);
    const rule = judgeLeak(
      {
        half,
        threeQuarters,
        end,
        least,
        most,
        firstBornTick: sums.firstBornTick[row]!,
        lastBornTick: sums.lastBornTick[row]!,
        keptBytes: sums.keptBytes[row]!,
        freedBytes: sums.freedBytes[row]!,
      },
      clock,
    );
    const named = growth?.named[row] ?? NAMED.none;
    const isNamedFlat = named === NAMED.flat || named === NAMED.flatAlone;
    const isFlat = growth !== null && bytes > 0 && (isNamedFlat || growth.flat[row]! >= bytes / 2);
    const isIdle = growth !== null && bytes > 0 && growth.idle[row]! >= bytes / 2;
    const isUnsettled =
      UNSETTLED.has(rule) ||
      (rule === START_UP && (isIdle || named === NAMED.flatAlone)) ||
      (rule === ONE_OFF && isNamedFlat);
    // Of what is less no growth is told anywhere.
    const isTold = growth !== null && bytes >= growth.least;
    const part = (sums.lastBornTick[row]! - clock.fromTick) / Math.max(1, clock.ticks - clock.fromTick);
    const isChance = rule === FLAT && kindOfRow[row] === OBJECTS && mayGoOn(sums.count[row]!, part);
    const told = isFlat && isUnsettled ? FLAT : isChance || (isTold && rule === GROWING) ? UNDECIDED : rule;
    const isImported = kindOfRow[row] === IMPORT && (told === UNDECIDED || told === GROWING);
    rules[row] = isImported ? IMPORTED : told;
  }
  return rules;
}
