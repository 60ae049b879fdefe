/**
 * Runs of a history in the order of their commits → the trend of every metric and of the functions that matter, and after
 * which runs they moved and stayed (change-points.ts). What unchanged runs differ by is no change, however seldom it
 * happens: a step has to be worth a word in a diff, too.
 */
import { leastOfOneThread, totalNoiseFloor } from '../diff/noise-floor.js';
import { summarise } from '../diff/side-columns.js';
import type { MeasuredOwner, MeasuredRuns } from '../documents/baseline.js';
import type { TrendFunction, TrendMetric, TrendRun, TrendSpike, TrendStep } from '../documents/history.js';
import { findChanges } from './change-points.js';
import { TREND_MEASURES, type TrendMeasure } from './trend-measures.js';

/** Tells recordings apart, as far as it is known. */
export interface RecordedCapture {
  readonly path: string | null;
  readonly startMs: number | null;
}

/** One run of a history, with what is kept of it. */
export interface HistoryRun extends TrendRun {
  /** By repetition: where its capture was, and when it began; of processes that were added up, the first. */
  readonly captures: readonly RecordedCapture[];
  readonly measured: MeasuredRuns;
}

export interface Trend {
  readonly runs: readonly TrendRun[];
  readonly metrics: readonly TrendMetric[];
  readonly functions: readonly TrendFunction[];
}

const MEASURES: Readonly<Record<TrendMeasure, keyof MeasuredRuns['totals']>> = {
  peak: 'peak',
  leaked: 'leaked',
  total: 'total',
  count: 'count',
  rss: 'rss',
  duration: 'durationMs',
};

/** Of resident memory and time no less is a change, whatever the t-test says: a machine's load makes as much. */
const LEAST_SHARE_OF_PROCESS = 0.05;
/** Functions whose trend is looked at: those that ever held most. */
const MOST_FUNCTIONS = 200;

/** `runs` by time. */
export function findTrend(runs: readonly HistoryRun[]): Trend {
  const metrics = TREND_MEASURES.flatMap((measure): TrendMetric[] => {
    const values = runs.map(({ measured: { totals } }) => middle(totals[MEASURES[measure]]));
    if (values.every((value) => value === null)) return [];
    return [{ measure, values, ...changesOf(values, (before) => leastChange(measure, before)) }];
  });
  const functions = trendsOfFunctions(runs);
  return { runs: runs.map(withoutNumbers), metrics, functions };
}

function withoutNumbers({ run, commit, branch, timeMs, labels, repetitions, capturePath }: HistoryRun): TrendRun {
  return { run, commit, branch, timeMs, labels, repetitions, capturePath };
}

/** Null of what is not known. */
function middle(values: readonly number[] | null): number | null {
  return values === null ? null : summarise(values, false).value;
}

function leastChange(measure: TrendMeasure, whole: number): number {
  if (measure === 'rss' || measure === 'duration') return LEAST_SHARE_OF_PROCESS * whole;
  return totalNoiseFloor(measure, whole);
}

/** Positions are those in `values`, although runs that do not know the metric are left out. */
function changesOf(
  values: readonly (number | null)[],
  least: (before: number) => number,
): { steps: TrendStep[]; spikes: TrendSpike[] } {
  const known = values.flatMap((value, at) => (value === null ? [] : [at]));
  const { steps, spikes } = findChanges(known.map((at) => values[at]!));
  return {
    steps: steps
      .filter(({ before, after }) => Math.abs(after - before) >= least(Math.min(before, after)))
      .map(({ at, before, after, p, isConfirmed }) => ({ at: known[at]!, before, after, chance: p, isConfirmed })),
    spikes: spikes
      .filter(({ value, usual }) => Math.abs(value - usual) >= least(usual))
      .map(({ at, value, usual }) => ({ at: known[at]!, value, usual })),
  };
}

/** At the peak, by what they hold in the last run. */
function trendsOfFunctions(runs: readonly HistoryRun[]): TrendFunction[] {
  const known = new Map<string, { owner: MeasuredOwner; values: number[] }>();
  for (const [at, { measured }] of runs.entries()) {
    for (const owner of measured.owners) {
      const key = JSON.stringify([owner.kind, owner.function, owner.file]);
      let trend = known.get(key);
      if (trend === undefined) known.set(key, (trend = { owner, values: runs.map(() => 0) }));
      trend.values[at] = middle(owner.peak)!;
    }
  }
  const last = runs.length - 1;
  return [...known.values()]
    .sort((a, b) => Math.max(...b.values) - Math.max(...a.values))
    .slice(0, MOST_FUNCTIONS)
    .map(({ owner, values }): TrendFunction => {
      const floor = leastOfOneThread(Math.min(...runs.map(({ measured }) => middle(measured.totals.peak)!)));
      const { steps } = changesOf(values, () => floor);
      return { kind: owner.kind, function: owner.function, file: owner.file, values, steps };
    })
    .sort((a, b) => b.values[last]! - a.values[last]!);
}
