/**
 * Leaks of several runs, row by row → theirs as one: sums, the verdict of most of a row's bytes, times of birth and curves
 * on the clock of the set. What a run had not freed when it ended stays in the curve, so that each ends with its sum.
 */
import { LEAK_RULES } from './leak-verdict.js';
import { liveOverTime, NO_GROUP } from './live-over-time.js';
import { reservedWithin } from './reserved-leaks.js';
import type { SelectedRun } from './selection.js';
import { tickEnded } from './set-recording.js';
import type { LeakSums } from './sum-leaks.js';

/** Of one run what is live at the end, and how each row was judged; ticks are its own. */
export interface RunLeaks {
  readonly run: SelectedRun;
  readonly sums: LeakSums;
  /** Position in `LEAK_RULES`, by row. */
  readonly rule: Uint8Array;
  /** Row of each of its own sites. */
  readonly rowOfSite: Int32Array;
  readonly fromTick: number;
  readonly toTick: number;
}

/** What a table of leaks is made of; columns by row. */
export type FoundLeakRows = Pick<RunLeaks, 'rule'> & {
  readonly sums: Pick<LeakSums, 'bytes' | 'count' | 'firstBornTick' | 'lastBornTick' | 'liveBytes' | 'reservedBytes'>;
};

/** Rows of all runs are the same; `stepTicks` are steps of the set, ascending. */
export function joinLeaks(parts: readonly RunLeaks[], rows: number, stepTicks: Uint32Array): FoundLeakRows {
  const bytes = new Float64Array(rows);
  const count = new Float64Array(rows);
  const firstBornTick = new Uint32Array(rows).fill(stepTicks.at(-1) ?? 0);
  const lastBornTick = new Uint32Array(rows);
  const liveBytes = new Float64Array(rows * stepTicks.length);
  const reservedBytes = new Float64Array(rows);
  for (const { run, sums, ...part } of parts) {
    const { stepOfTick } = run.steps!;
    for (let row = 0; row < rows; row++) {
      reservedBytes[row]! += sums.reservedBytes[row]!;
      if (sums.bytes[row] === 0 && sums.count[row] === 0) continue;
      bytes[row]! += sums.bytes[row]!;
      count[row]! += sums.count[row]!;
      firstBornTick[row] = Math.min(firstBornTick[row]!, stepOfTick[sums.firstBornTick[row]!]!);
      lastBornTick[row] = Math.max(lastBornTick[row]!, stepOfTick[sums.lastBornTick[row]!]!);
    }
    addCurves({ run, ...part }, rows, stepTicks, liveBytes);
  }
  return {
    sums: { bytes, count, firstBornTick, lastBornTick, liveBytes, reservedBytes },
    rule: heaviestRules(parts, rows),
  };
}

function addCurves(
  { run, rowOfSite, fromTick, toTick }: Pick<RunLeaks, 'run' | 'rowOfSite' | 'fromTick' | 'toTick'>,
  rows: number,
  stepTicks: Uint32Array,
  liveBytes: Float64Array,
): void {
  const steps = stepTicks.length;
  const last = steps - 1;
  const ended = Array.from(stepTicks, (step, at) =>
    at === last ? toTick : Math.min(toTick, tickEnded(run.steps!, step)),
  );
  const begun = ended.findIndex((tick) => tick >= 0);
  const moments = Uint32Array.from(ended.slice(begun), (tick) => 2 * tick + 1);
  const options = { passes: run.passes, since: 2 * fromTick };
  const own = liveOverTime(run.profile, rowOfSite, rows, moments, options);
  for (const { site, born, died, bytes } of reservedWithin(run, 2 * fromTick, 2 * toTick + 1)) {
    const row = rowOfSite[site]!;
    if (row === NO_GROUP) continue;
    for (const [at, moment] of moments.entries()) {
      if (born <= moment && died > moment) own[row * moments.length + at]! -= bytes;
    }
  }
  for (let row = 0; row < rows; row++) {
    for (let at = 0; at < moments.length; at++) {
      liveBytes[row * steps + begun + at]! += own[row * moments.length + at]!;
    }
  }
}

/** By row: the rule that most of its bytes were judged by, of rows without bytes most of its allocations. */
function heaviestRules(parts: readonly RunLeaks[], rows: number): Uint8Array {
  return Uint8Array.from({ length: rows }, (_, row) => {
    const weights = LEAK_RULES.map(() => ({ bytes: 0, count: 0 }));
    for (const { sums, rule } of parts) {
      const weight = weights[rule[row]!]!;
      weight.bytes += sums.bytes[row]!;
      weight.count += sums.count[row]!;
    }
    let heaviest = 0;
    for (const [at, { bytes, count }] of weights.entries()) {
      const most = weights[heaviest]!;
      if (bytes > most.bytes || (bytes === most.bytes && count > most.count)) heaviest = at;
    }
    return heaviest;
  });
}
