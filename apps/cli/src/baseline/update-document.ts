/**
 * A baseline file as it stands and what was measured anew → what is written: numbers that the new runs do not differ from
 * stay, test by test where it is of tests. RSS and duration differ in every run, and are kept only where that is wanted.
 */
import { keepUnchanged, type MeasuredRuns } from '@memscope/model';

import type { AnyBaseline } from './read-baseline.js';

/** `withProcess`: RSS and duration, too; they also stay where `before` has them. */
export function updateDocument(before: AnyBaseline | null, after: AnyBaseline, withProcess: boolean): AnyBaseline {
  const update = <T extends MeasuredRuns>(old: MeasuredRuns | null, measured: T): T => {
    const fresh = withProcess || (old !== null && hasProcess(old)) ? measured : withoutProcess(measured);
    return old === null ? fresh : { ...fresh, ...keepUnchanged(old, fresh) };
  };
  if (after.schema === 'memscope.baseline/1') {
    return update(before?.schema === after.schema ? before : null, after);
  }
  const known = new Map(before?.schema === after.schema ? before.tests.map((test) => [test.test, test]) : []);
  return { ...after, tests: after.tests.map((test) => update(known.get(test.test) ?? null, test)) };
}

function hasProcess({ totals }: MeasuredRuns): boolean {
  return totals.rss !== null || totals.durationMs !== null;
}

/** Without RSS and duration. */
export function withoutProcess<T extends MeasuredRuns>(measured: T): T {
  return { ...measured, totals: { ...measured.totals, rss: null, durationMs: null } };
}
