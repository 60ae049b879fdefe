/**
 * A baseline as it stands, and the same program measured anew → what is written. A number stays as it is there where the
 * new run has no more, and less by no more than unchanged runs differ by; of repetitions also where the runs of both
 * overlap. So unchanged runs soon leave a file as it is, whatever the first of them happened to hold, and a run passes
 * what was written of it by any rule about a change of what is listed, since no number is below its own.
 */
import { LEAST_OF, noiseFloor, totalNoiseFloor } from '../diff/noise-floor.js';
import { tellApart } from '../diff/repetitions.js';
import { summarise } from '../diff/side-columns.js';
import type { MeasuredOwner, MeasuredRuns } from '../documents/baseline.js';
import { byPlace, type Measures } from './measure-runs.js';

/** Of the least change that is worth a word: by so much less is seen of what grows next. */
const KEPT_SHARE = 0.5;
/** Of arenas, which come and go by one and by two. */
const KEPT_SHARE_OF_OBJECTS = 0.75;
/** Of RSS and time, which no two runs have in common. */
const KEPT_SHARE_OF_PROCESS = 0.1;

/** By the names that they have as rules. */
const MEASURES = {
  peak: 'peak',
  ownPeak: 'own-peak',
  leaked: 'leaked',
  total: 'total',
  temporary: 'temporary',
  count: 'count',
} as const;
const NAMES = Object.keys(MEASURES) as (keyof typeof MEASURES)[];

/** `after` itself where both were not measured in the same way, or where too much would be kept. */
export function keepUnchanged(before: MeasuredRuns, after: MeasuredRuns): MeasuredRuns {
  if (!areAlike(before, after)) return after;
  const byKey = ({ owners }: MeasuredRuns): Map<string, MeasuredOwner> =>
    new Map(owners.map((owner) => [keyOf(owner), owner]));
  const [old, fresh] = [byKey(before), byKey(after)];
  const owners = after.owners.map((owner) => {
    const was = old.get(keyOf(owner));
    if (was === undefined) return owner;
    return { ...owner, threads: Math.max(was.threads, owner.threads), ...keptRow(was, owner, owner, after) };
  });
  // What is too small to be listed this time was hardly larger before.
  const isSmall = (owner: MeasuredOwner): boolean =>
    NAMES.every((name) => isNear(owner[name], null, mostKept(owner, name, after)));
  const small = after.rest === null ? [] : before.owners.filter((owner) => !fresh.has(keyOf(owner)) && isSmall(owner));
  const kept: MeasuredRuns = {
    ...after,
    totals: keptTotals(before.totals, after.totals),
    least: greaterLeast(before, after),
    owners: [...owners, ...small].sort(byPlace),
    rest:
      before.rest === null || after.rest === null
        ? after.rest
        : keptRow(before.rest, after.rest, { kind: 'function', threads: 1 }, after),
  };
  return isLoose(kept, after) ? after : kept;
}

function keptRow(was: Measures, now: Measures, row: RowSort, after: MeasuredRuns): Measures {
  const keep = (name: keyof Measures): readonly number[] | null =>
    isNear(was[name], now[name], mostKept(row, name, after)) ? was[name] : now[name];
  const all = Object.fromEntries(NAMES.map((name) => [name, keep(name)])) as Record<keyof Measures, number[] | null>;
  return { ...all, peak: all.peak!, leaked: all.leaked! };
}

function areAlike(a: MeasuredRuns, b: MeasuredRuns): boolean {
  return (
    a.runs === b.runs &&
    a.together === b.together &&
    a.pythonVersion === b.pythonVersion &&
    a.tracePythonAllocators === b.tracePythonAllocators &&
    a.nativeTraces === b.nativeTraces &&
    NAMES.every((name) => (a.totals[name] === null) === (b.totals[name] === null))
  );
}

function keyOf({ kind, function: name, file }: MeasuredOwner): string {
  return JSON.stringify([kind, name, file]);
}

/** `now` null: so little that it is not listed. */
function isNear(was: readonly number[] | null, now: readonly number[] | null, most: number): boolean {
  if (was === null) return true;
  const [old, fresh] = [summarise(was, false), summarise(now ?? [0], false)];
  if (now !== null && tellApart(was, now) === false) return true;
  return fresh.value <= old.value && old.value - fresh.value <= most;
}

type RowSort = Pick<MeasuredOwner, 'kind' | 'threads'>;

function mostKept(row: RowSort, name: keyof Measures, { totals }: MeasuredRuns): number {
  const [peak, total] = [totals.peak, totals[name] ?? [0]].map((values) => summarise(values, false).value);
  const context = { measure: MEASURES[name], peak: peak!, total: total!, repetitions: totals.peak.length };
  return (row.kind === 'objects' ? KEPT_SHARE_OF_OBJECTS : KEPT_SHARE) * noiseFloor(row, context, false);
}

type Totals = MeasuredRuns['totals'];

function keptTotals(before: Totals, after: Totals): Totals {
  const most = (name: keyof Totals, whole: number): number => {
    if (name === 'rss' || name === 'durationMs') return KEPT_SHARE_OF_PROCESS * whole;
    const floor = totalNoiseFloor(MEASURES[name], whole);
    if (name === 'count' || name === 'total' || name === 'temporary') return KEPT_SHARE * floor;
    // Arenas are in them.
    return Math.max(KEPT_SHARE * floor, KEPT_SHARE_OF_OBJECTS * LEAST_OF.objects.bytes);
  };
  const keep = <T extends readonly number[] | null>(name: keyof Totals, was: T, now: T): T =>
    now !== null && isNear(was, now, most(name, summarise(now, false).value)) ? (was ?? now) : now;
  return {
    peak: keep('peak', before.peak, after.peak),
    ownPeak: keep('ownPeak', before.ownPeak, after.ownPeak),
    leaked: keep('leaked', before.leaked, after.leaked),
    total: keep('total', before.total, after.total),
    temporary: keep('temporary', before.temporary, after.temporary),
    count: keep('count', before.count, after.count),
    rss: keep('rss', before.rss, after.rss),
    durationMs: keep('durationMs', before.durationMs, after.durationMs),
  };
}

/** What is not listed reaches neither. */
function greaterLeast({ least: a }: MeasuredRuns, { least: b }: MeasuredRuns): MeasuredRuns['least'] {
  if (a === null || b === null) return b;
  return { held: Math.max(a.held, b.held), total: Math.max(a.total, b.total), count: Math.max(a.count, b.count) };
}

/** Whether all that is kept together would let the peak grow by half more than it may. */
function isLoose(kept: MeasuredRuns, after: MeasuredRuns): boolean {
  const peakOf = ({ owners, rest }: MeasuredRuns): number =>
    [...owners, ...(rest === null ? [] : [rest])].reduce((sum, row) => sum + summarise(row.peak, false).value, 0);
  const { bytes, share } = LEAST_OF.whole;
  const least = Math.max(bytes, share * summarise(after.totals.peak, false).value);
  return peakOf(kept) - peakOf(after) > KEPT_SHARE * least;
}
