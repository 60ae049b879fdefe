/**
 * A measure, a window and a filter → how much each site weighs. Without a window and without a bound on lifetimes these
 * are columns of the profile; otherwise one scan over the bulk table `lifetime` answers (see `LifetimeBatch` for its
 * moments):
 *
 * - peak within ticks a..b: live at the peak of the tick whose heap was greatest, born <= 2k < died;
 * - leaked within ticks a..b: born within it and live at its end, 2a <= born <= 2b + 1 < died.
 *
 * These are memray's temporal high-water mark and temporal leaks. What was born and died between two peaks of one tick
 * left no row, so a window cannot tell totals or temporaries; without a window, the total less the rows is what lived
 * for less than a tick.
 */
import { canAnswer } from '../answers.js';
import type { Profile, SiteMeasure, SiteWeights } from '../profile.js';
import { endOfTick, spanOfRecording } from '../recording-span.js';
import { NEVER, type LifetimeBatch } from '../lifetimes.js';
import { ALLOCATOR_NAMES } from '../tables.js';
import { ViewError } from './view-error.js';
import { lifetimesCutAt, type CutQuestion } from './cut-lifetimes.js';
import type { NarrowWeights } from '../number-column.js';
import { RowSet } from './row-set.js';
import { noteWeighing, weighingSites } from './weighing-sites.js';
import type { TimeWindow } from './window.js';

const MMAP = ALLOCATOR_NAMES.indexOf('mmap');

/** Decides by site and lifetime; a site's lifetimes fall in classes, in each of which all pass or none. */
export interface LifetimeFilter {
  readonly lifetimeClassCount: number;
  /** Class of a lifetime in milliseconds; Infinity = never freed. */
  readonly classOfLifetime: (ms: number) => number;
  /** By class: 1 where a site passes. */
  readonly passes: readonly Uint8Array[];
}

/** The same, shared, in as few bytes as they take where all of the recording is asked for. */
export function readWeights(profile: Profile, measure: SiteMeasure, window: TimeWindow | null): NarrowWeights | null {
  return isWhole(profile, measure, window) ? profile.narrowWeights(measure) : weighSites(profile, measure, window);
}

/** Whether it is what the profile keeps: the highest moment of a window may be that of all of the recording. */
function isWhole({ capture }: Profile, measure: SiteMeasure, window: TimeWindow | null): boolean {
  return window === null || (measure === 'peak' && window.peakTick === capture.peakTick);
}

/** Copied. Null where an aggregated capture was not asked for peak or leaked. Throws `ViewError` with `cannotAnswer`. */
export function weighSites(profile: Profile, measure: SiteMeasure, window: TimeWindow | null): SiteWeights | null {
  if (window === null || isWhole(profile, measure, window)) return profile.siteWeights(measure);
  if (measure === 'objects') throw new ViewError('cannotAnswer', 'a profile does not keep when objects were created');
  if (measure !== 'peak' && measure !== 'leaked') {
    throw new ViewError(
      'cannotAnswer',
      `the ${measure} of a window is not known: a profile keeps when allocations lived that crossed a peak or a ` +
        'memory record, not all of them. Ask for peak or leaked',
    );
  }
  const weights = emptyWeights(profile.siteKeys().length);
  const weighing = new RowSet(weights.bytes.length);
  const batches = lifetimesCutAt(profile, spanOf(profile, measure, window));
  scanLifetimes(profile, measure, window, batches, ({ site: sites, bytes, count }, rows) => {
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at]!;
      const site = sites[row]!;
      weights.bytes[site]! += bytes[row]!;
      weights.count[site]! += count[row]!;
      weighing.add(site);
    }
  });
  noteWeighing(weights, weighing.rows());
  return weights;
}

/** Weights of what passes. Throws `ViewError` with `cannotAnswer`, where lifetimes cannot be told. */
export function weighPassing(
  profile: Profile,
  measure: SiteMeasure,
  window: TimeWindow | null,
  whole: SiteWeights,
  filter: LifetimeFilter,
): SiteWeights {
  const length = whole.bytes.length;
  if (filter.lifetimeClassCount === 1) return weighSitesThat(filter.passes[0]!, whole);
  if (!canAnswer(profile.capture, 'lifetimes')) {
    throw new ViewError('cannotAnswer', 'an aggregated capture does not know how long allocations lived');
  }
  if (measure === 'objects') {
    throw new ViewError('cannotAnswer', 'a profile does not keep how long objects lived');
  }
  if (measure === 'temporary') {
    throw new ViewError('cannotAnswer', 'a profile does not keep how long temporary allocations lived');
  }
  // All of it lives for ever.
  if (measure === 'leaked' && window === null) return weighSitesThat(neverPasses(filter), whole);
  const weights = emptyWeights(length);
  const add = addTo(weights);
  const passes = passingRows(profile, filter);
  // What no row speaks of lived within one tick.
  const rest = measure === 'total' ? { bytes: whole.bytes.slice(), count: whole.count.slice() } : null;
  const { first, last } = spanOf(profile, measure, window);
  scanLifetimes(
    profile,
    measure,
    window,
    profile.lifetimes(first, last),
    ({ site: sites, bytes, count, born, died }, rows) => {
      for (const row of rows) {
        const site = sites[row]!;
        if (rest !== null) {
          rest.bytes[site]! -= bytes[row]!;
          rest.count[site]! -= count[row]!;
        }
        if (passes(site, born[row]!, died[row]!)) add(site, bytes[row]!, count[row]!);
      }
    },
  );
  if (rest !== null) {
    const shortLived = filter.passes[filter.classOfLifetime(0)]!;
    for (let site = 0; site < length; site++) {
      if (shortLived[site] !== 0) add(site, rest.bytes[site]!, rest.count[site]!);
    }
  }
  return weights;
}

/** Rows of a batch, ascending; to be read during the call. */
type TakeRows = (batch: LifetimeBatch, rows: Uint32Array) => void;

/** Which lifetimes make up the measure, by moments. */
function spanOf(profile: Profile, measure: SiteMeasure, window: TimeWindow | null): CutQuestion {
  if (measure === 'peak') {
    const peak = 2 * ((window === null ? profile.capture.peakTick : window.peakTick) ?? 0);
    return { places: [peak, peak + 1], bornFrom: 0, first: peak, last: peak, isFreedCounted: false };
  }
  if (measure !== 'leaked' || window === null)
    return { places: [], bornFrom: 0, first: 0, last: NEVER, isFreedCounted: false };
  const [first, last] = [2 * window.fromTick, 2 * window.toTick + 1];
  return { places: [first, last + 1], bornFrom: first, first, last, isFreedCounted: false };
}

/** Calls `take` for each of the batches with the rows that make up the measure. */
function scanLifetimes(
  profile: Profile,
  measure: SiteMeasure,
  window: TimeWindow | null,
  batches: Iterable<LifetimeBatch>,
  take: TakeRows,
): void {
  const { allocator } = profile.siteKeys();
  const { first, last } = spanOf(profile, measure, window);
  let found = new Uint32Array(0);
  for (const batch of batches) {
    const { rows, born, died } = batch;
    if (found.length < rows) found = new Uint32Array(rows);
    let length = 0;
    if (measure === 'peak') {
      for (let row = 0; row < rows; row++) if (born[row]! <= last && died[row]! > last) found[length++] = row;
    } else if (measure === 'leaked' && window !== null) {
      for (let row = 0; row < rows; row++) {
        if (born[row]! < first || born[row]! > last || died[row]! <= last) continue;
        if (!isExtraPiece(batch, row, allocator)) found[length++] = row;
      }
    } else {
      for (let row = 0; row < rows; row++) {
        if (measure === 'leaked' ? died[row] === NEVER : !isExtraPiece(batch, row, allocator)) found[length++] = row;
      }
    }
    take(batch, found.subarray(0, length));
  }
}

/** A piece that a partial munmap left counts as an allocation of its own in a peak, but was never allocated. */
export function isExtraPiece(batch: LifetimeBatch, row: number, allocator: Uint8Array): boolean {
  return batch.bytes[row] === 0 && allocator[batch.site[row]!] === MMAP;
}

/** Whether a row of `lifetime` passes. */
export interface PassingRows {
  (site: number, born: number, died: number): boolean;
  /** Whether all rows of a site pass, or none. */
  readonly bySite: boolean;
}

/** A lifetime is told as far as memory records tell the time: from that of the birth's tick to that of the death's. */
export function passingRows(profile: Profile, filter: LifetimeFilter): PassingRows {
  const { lifetimeClassCount, classOfLifetime, passes } = filter;
  const sites = passes[0]!;
  if (lifetimeClassCount === 1) return Object.assign((site: number) => sites[site] !== 0, { bySite: true });
  const ticks = profile.ticks();
  const span = spanOfRecording(profile.capture, ticks);
  const timeAt = (moment: number): number => endOfTick(moment >> 1, ticks, span);
  const never = neverPasses(filter);
  const passesRow = (site: number, born: number, died: number): boolean =>
    (died === NEVER ? never : passes[classOfLifetime(timeAt(died) - timeAt(born))]!)[site] !== 0;
  return Object.assign(passesRow, { bySite: false });
}

/** By site: whether what is never freed passes. */
function neverPasses({ classOfLifetime, passes }: LifetimeFilter): Uint8Array {
  return passes[classOfLifetime(Infinity)]!;
}

function weighSitesThat(pass: Uint8Array, whole: SiteWeights): SiteWeights {
  const weights = emptyWeights(whole.bytes.length);
  const sites = weighingSites(whole);
  const passing = new Uint32Array(sites.length);
  let length = 0;
  for (let at = 0; at < sites.length; at++) {
    const site = sites[at]!;
    if (pass[site] === 0) continue;
    weights.bytes[site] = whole.bytes[site]!;
    weights.count[site] = whole.count[site]!;
    passing[length++] = site;
  }
  noteWeighing(weights, passing.slice(0, length));
  return weights;
}

function emptyWeights(length: number): SiteWeights {
  return { bytes: new Float64Array(length), count: new Float64Array(length) };
}

function addTo({ bytes, count }: SiteWeights): (site: number, bytes: number, count: number) => void {
  return (site, someBytes, someCount) => {
    bytes[site]! += someBytes;
    count[site]! += someCount;
  };
}
