/** How much of each answer a report keeps: the most first, then less and less, until the file is small enough. */
import type { ReportLimits } from '@memscope/model';

/** Of the whole file. */
export const MOST_REPORT_BYTES = 10_000_000;

const FIRST: ReportLimits = {
  columns: 2_000,
  share: 2_000,
  nodes: 20_000,
  rows: 2_000,
  leaks: 500,
  functions: 20,
  labelText: 4_000_000,
  text: 1_000,
};

/** Each about a third of the one before; the last fits whatever the capture holds. */
export const REPORT_LIMITS: readonly ReportLimits[] = [1, 1 / 3, 1 / 10, 1 / 40].map((part) => ({
  columns: Math.ceil(FIRST.columns * Math.max(part, 0.25)),
  share: FIRST.share,
  nodes: Math.ceil(FIRST.nodes * part),
  rows: Math.ceil(FIRST.rows * part),
  leaks: Math.ceil(FIRST.leaks * part),
  functions: Math.ceil(FIRST.functions * part),
  labelText: Math.ceil(FIRST.labelText * part),
  text: Math.ceil(FIRST.text * Math.max(part, 0.2)),
}));
