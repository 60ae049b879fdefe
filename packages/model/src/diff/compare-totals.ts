/** Selections of two sides → their totals side by side: what a glance at two runs compares. */
import { canAnswer } from '../answers.js';
import type { DiffTotal, DiffTotals } from '../documents/diff.js';
import { spanOfRecording } from '../recording-span.js';
import type { SelectedRun, Selection } from '../view/selection.js';
import { ticksWithin } from '../view/window.js';
import type { ComparedRows, SelectMeasure } from './compare-rows.js';
import { tellApart } from './repetitions.js';
import { summarise } from './side-columns.js';

/** `together`: runs of a side are added up, but for what they have at the same time. */
export function compareTotals(
  main: Selection,
  select: SelectMeasure,
  { columns, reservedRow }: ComparedRows,
  together: boolean,
): DiffTotals {
  const { runs } = main;
  const compare = (values: readonly (number | null)[], areAdded = together): DiffTotal | null => {
    const known = values.filter((value) => value !== null);
    if (known.length < values.length) return null;
    const side = (of: SelectedRun['side']): number[] => known.filter((_, run) => runs[run]!.side === of);
    return compareNumbers(side('base'), side('head'), areAdded);
  };
  const ofMeasure = (measure: 'peak' | 'leaked' | 'total' | 'temporary', of: 'bytes' | 'count'): DiffTotal | null =>
    compare(runs.map((_, run) => select(measure)?.runs[run]![of] ?? null));
  const sumOf = (column: Float64Array | null): number | null => column?.reduce((sum, bytes) => sum + bytes, 0) ?? null;
  const peak = columns.peak;
  return {
    peak: ofMeasure('peak', 'bytes')!,
    reserved:
      reservedRow < 0 || peak === null
        ? null
        : withoutSpread(peak.base.value[reservedRow]!, peak.head.value[reservedRow]!),
    ownPeaks: main.isWhole ? compare(runs.map(({ profile }) => sumOf(profile.owners().peakBytes))) : null,
    leaked: ofMeasure('leaked', 'bytes')!,
    total: ofMeasure('total', 'bytes'),
    temporary: ofMeasure('temporary', 'bytes'),
    count: ofMeasure('total', 'count'),
    // Processes share pages, and run at the same time: neither adds up.
    rss: together && runs.length > 2 ? null : compare(runs.map(rssPeakOf)),
    threads: compare(
      runs.map(({ profile }) => (canAnswer(profile.capture, 'pythonStacks') ? profile.threads().length : null)),
    ),
    durationMs: compareDurations(runs, together),
  };
}

/** Processes run at the same time: together they take as long as the longest. */
function compareDurations(runs: readonly SelectedRun[], together: boolean): DiffTotal {
  const of = (wanted: SelectedRun['side']): number[] => runs.filter(({ side }) => side === wanted).map(durationOf);
  const [base, head] = [of('base'), of('head')];
  return together ? compareNumbers([Math.max(...base)], [Math.max(...head)], true) : compareNumbers(base, head, false);
}

/** A number of each run of both sides. */
export function compareNumbers(ofBase: readonly number[], ofHead: readonly number[], areAdded: boolean): DiffTotal {
  const [base, head] = [summarise(ofBase, areAdded), summarise(ofHead, areAdded)];
  return {
    base: base.value,
    head: head.value,
    change: head.value - base.value,
    baseSpread: base.spread,
    headSpread: head.spread,
    distinct: areAdded ? null : tellApart(ofBase, ofHead),
  };
}

function withoutSpread(base: number, head: number): DiffTotal {
  return { base, head, change: head - base, baseSpread: 0, headSpread: 0, distinct: null };
}

function rssPeakOf({ profile, window }: SelectedRun): number | null {
  if (window === null) return profile.notes.rssPeakBytes;
  const { rssBytes } = ticksWithin(profile.ticks(), window);
  return rssBytes.length === 0 ? null : rssBytes.reduce((most, bytes) => Math.max(most, bytes), 0);
}

/** Milliseconds. */
export function durationOf({ profile, window }: SelectedRun): number {
  const { startMs, endMs } = window === null ? spanOfRecording(profile.capture, profile.ticks()) : spanOf(window);
  return Math.max(0, Math.round(endMs - startMs));
}

function spanOf({ fromMs, toMs }: NonNullable<SelectedRun['window']>): { startMs: number; endMs: number } {
  return { startMs: fromMs, endMs: toMs };
}
