/** A trend → what moved: each step of a metric with the functions that made it, and the one to tell first in a sentence. */
import { formatChange } from '../diff/summarise-changes.js';
import { signedChange } from '../analysis/format-quantity.js';
import type { TrendFunction, TrendMetric, TrendRun, TrendSpike, TrendStep } from '../documents/history.js';
import { formatGated } from '../gate/say-rule.js';
import { mean } from 'simple-statistics';
import type { Trend } from './find-trend.js';
import type { TrendMeasure } from './trend-measures.js';

/** A metric's step, and which functions hold more or less since then. */
export interface ToldStep {
  readonly metric: TrendMetric;
  readonly step: TrendStep;
  /** Of the peak alone; most first, in the direction of the step. */
  readonly functions: readonly { readonly owner: TrendFunction; readonly change: number }[];
}

/** What is worth a word beside the whole step. */
const LEAST_SHARE = 0.1;
const MOST_FUNCTIONS = 3;

/** The latest first; of equal ones in the order of the metrics. */
export function tellSteps({ metrics, functions }: Trend): ToldStep[] {
  return metrics
    .flatMap((metric) => metric.steps.map((step, position) => ({ metric, step, position })))
    .sort((a, b) => b.step.at - a.step.at)
    .map(({ metric, step, position }) => {
      const from = metric.steps[position - 1]?.at ?? 0;
      const to = metric.steps[position + 1]?.at ?? metric.values.length;
      return { metric, step, functions: metric.measure === 'peak' ? explain(step, from, to, functions) : [] };
    });
}

function explain(
  { at, before, after }: TrendStep,
  from: number,
  to: number,
  functions: readonly TrendFunction[],
): ToldStep['functions'] {
  const whole = after - before;
  return functions
    .map((owner) => ({ owner, change: mean(owner.values.slice(at, to)) - mean(owner.values.slice(from, at)) }))
    .filter(({ change }) => change / whole >= LEAST_SHARE)
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change))
    .slice(0, MOST_FUNCTIONS);
}

export interface ToldSpike {
  readonly metric: TrendMetric;
  readonly spike: TrendSpike;
}

/** The latest first. */
export function tellSpikes({ metrics }: Trend): ToldSpike[] {
  return metrics
    .flatMap((metric) => metric.spikes.map((spike) => ({ metric, spike })))
    .sort((a, b) => b.spike.at - a.spike.at);
}

/** Functions that moved although no metric did at that run; the latest first. */
export function tellFunctions(trend: Trend): { readonly owner: TrendFunction; readonly step: TrendStep }[] {
  const told = new Set(
    trend.metrics.flatMap(({ measure, steps }) => (measure === 'peak' ? steps.map(({ at }) => at) : [])),
  );
  return trend.functions
    .flatMap((owner) => owner.steps.map((step) => ({ owner, step })))
    .filter(({ step }) => !told.has(step.at))
    .sort((a, b) => b.step.at - a.step.at);
}

const SUBJECTS: Readonly<Record<TrendMeasure, string>> = {
  peak: 'the peak',
  leaked: 'what is live at the end',
  total: 'what is allocated in all',
  count: 'the number of allocations',
  rss: 'the highest RSS',
  duration: 'the time it runs',
};

/** "the peak grew by 1.20 MiB (+2.7%)" */
export function sayStep({ measure }: TrendMetric, { before, after }: TrendStep): string {
  const [from, to] = [Math.round(before), Math.round(after)];
  const amount = formatGated(measure, Math.abs(to - from));
  const share = from === 0 ? '' : ` (${formatChange(from, to - from)})`;
  return `${SUBJECTS[measure]} ${to > from ? 'grew' : 'shrank'} by ${amount}${share}`;
}

export function nameRun({ run, commit }: Pick<TrendRun, 'run' | 'commit'>): string {
  if (commit === null) return `run ${run}`;
  return /^[0-9a-f]{40,}$/.test(commit) ? commit.slice(0, 9) : commit;
}

/** What a function is called here. */
export function nameOwner({ kind, function: name }: Pick<TrendFunction, 'kind' | 'function'>): string {
  return kind === 'function' ? (name ?? '?') : OTHER_NAMES[kind];
}

const OTHER_NAMES = {
  imports: 'import system',
  objects: 'Python objects',
  native: 'native code',
  none: 'no Python frame',
} as const;

/** What has the first word: memory before what it costs, what is sure before what is not. */
const WEIGHT: Readonly<Record<TrendMeasure, number>> = { peak: 0, leaked: 1, rss: 2, total: 3, count: 4, duration: 5 };

export function sayTrend(trend: Trend): string {
  const steps = tellSteps(trend);
  const first = steps.toSorted(
    (a, b) =>
      Number(b.step.isConfirmed) - Number(a.step.isConfirmed) ||
      Math.min(2, WEIGHT[a.metric.measure]) - Math.min(2, WEIGHT[b.metric.measure]) ||
      b.step.at - a.step.at ||
      WEIGHT[a.metric.measure] - WEIGHT[b.metric.measure],
  )[0];
  const runs = trend.runs.length;
  if (first === undefined) {
    const [functionStep] = tellFunctions(trend);
    if (functionStep !== undefined) {
      const { owner, step } = functionStep;
      const change = signedChange(Math.round(step.after - step.before), (value) => formatGated('peak', value));
      return `No metric moved in ${runs} runs, but ${nameOwner(owner)} holds ${change} since ${nameRun(trend.runs[step.at]!)}`;
    }
    return runs < LEAST_RUNS
      ? `${runs === 1 ? '1 run' : `${runs} runs`}: too few to tell a change from noise`
      : `Nothing moved in ${runs} runs`;
  }
  const { metric, step, functions } = first;
  const said = sayStep(metric, step);
  const text = said.slice(0, 1).toUpperCase() + said.slice(1);
  const [cause] = functions;
  const of =
    cause === undefined
      ? ''
      : `: ${nameOwner(cause.owner)} ${signedChange(Math.round(cause.change), (value) => formatGated('peak', value))}`;
  const when = `at ${nameRun(trend.runs[step.at]!)}`;
  return step.isConfirmed ? `${text} ${when} and stayed${of}` : `${text} ${when}, the last run: not yet confirmed${of}`;
}

/** With fewer there is nothing that a t-test could find. */
const LEAST_RUNS = 4;
