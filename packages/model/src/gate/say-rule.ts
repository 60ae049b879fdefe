/** What a rule found → one sentence, and the arithmetic behind it. */
import { countNoun, formatBytes, formatCount, formatDuration, signedChange } from '../analysis/format-quantity.js';
import { formatChange, nameOf } from '../diff/summarise-changes.js';
import type { CheckedRow, RuleVerdict } from '../documents/check.js';
import type { DiffTotal } from '../documents/diff.js';
import type { GatedMeasure, GateRule } from './rule.js';

export function formatGated(measure: GatedMeasure, value: number): string {
  if (measure === 'count') return formatCount(value);
  return measure === 'duration' ? formatDuration(value) : formatBytes(value);
}

const SUBJECTS: Readonly<Record<GatedMeasure, string>> = {
  peak: 'the peak',
  'own-peak': 'what functions held at most',
  leaked: 'what is live at the end',
  total: 'what was allocated in all',
  temporary: 'what is freed at once',
  count: 'the number of allocations',
  growing: 'what keeps growing',
  rss: 'the highest RSS',
  duration: 'the time it ran',
};

/** Behind a change of a row: "+9.40 MiB at the peak". */
const OF_ROWS: Readonly<Record<GatedMeasure, string>> = {
  peak: ' at the peak',
  'own-peak': ' at most at once',
  leaked: ' live at the end',
  total: ' in all',
  temporary: ' freed at once',
  count: ' allocations',
  growing: ' and growing',
  rss: '',
  duration: '',
};

/** What a rule is held against. */
export interface RuleBound {
  /** The greatest that passes. */
  readonly most: number;
  /** As much as the limit fails, as by default rules; else only what is more. */
  readonly failsAtLimit: boolean;
}

type Numbers = Pick<DiffTotal, 'base' | 'head' | 'change'>;

export function sayTotal(
  rule: GateRule,
  { base, head, change }: Numbers,
  { most, failsAtLimit }: RuleBound,
  verdict: RuleVerdict,
): string {
  const { measure, limit, scope } = rule;
  const format = (value: number): string => formatGated(measure, value);
  const whose = scope.kind === 'filter' ? ` of ${scope.filter}` : '';
  const subject = `${SUBJECTS[measure]}${whose}`;
  if (limit.kind === 'budget') {
    const of = `${subject} is ${format(head)}`;
    return head > most
      ? `${of}, ${format(head - most)} above the budget of ${format(most)}`
      : `${of} of ${format(most)}`;
  }
  if (change <= 0) return `${subject} ${change === 0 ? 'is the same' : `shrank by ${format(-change)}`}`;
  const grew = `${subject} grew by ${format(change)} (${formatChange(base, change)})`;
  if (verdict === 'noise') return `${grew}, but runs of both sides overlap: not distinguishable from noise`;
  if (failsAtLimit) return `${grew}; ${format(most + 1)} or more fails`;
  return `${grew}; more than ${format(most)} fails`;
}

export function sayRows(
  rule: GateRule,
  rows: readonly CheckedRow[],
  verdict: RuleVerdict,
  { most, failsAtLimit }: RuleBound,
  { greatest, spread }: { readonly greatest: number; readonly spread: number | null },
): string {
  const { measure, limit } = rule;
  const whats = subjectOfRows(rule);
  const isBudget = limit.kind === 'budget';
  const [first] = rows;
  if (first === undefined) {
    if (verdict === 'suppressed') return `all that exceeds ${formatGated(measure, most)} is suppressed`;
    if (!isBudget && greatest <= 0) return `no ${whats} grew`;
    const largest = greatest > 0 ? ` (most: ${formatGated(measure, greatest)})` : '';
    const limit = failsAtLimit
      ? `${formatGated(measure, most + 1)} or more`
      : `more than ${formatGated(measure, most)}`;
    return `no ${whats} ${isBudget ? 'has' : 'grew by'} ${limit}${largest}`;
  }
  const amount = sayAmount(rule, first);
  const more = rows.length > 1 ? `, and ${rows.length - 1} more` : '';
  const why = spread === null ? 'unchanged runs differ by as much' : 'the runs of both sides overlap';
  const told = spread === null ? '' : `; more than ${formatGated(measure, spread)} would be`;
  const noise = verdict === 'noise' ? `; ${why}: not distinguishable from noise${told}` : '';
  return `${nameOf(first)} ${amount}${more}${noise}`;
}

/** "+9.40 MiB at the peak"; of a budget what is held, where it is not what grew since a baseline. */
export function sayAmount({ measure, limit }: Pick<GateRule, 'measure' | 'limit'>, row: CheckedRow): string {
  const format = (value: number): string => formatGated(measure, value);
  const isHeld = limit.kind === 'budget' && row.base === 0;
  return `${isHeld ? format(row.change) : signedChange(row.change, format)}${OF_ROWS[measure]}`;
}

function subjectOfRows({ scope }: GateRule): string {
  if (scope.kind === 'each') return scope.by;
  return scope.kind === 'objects' ? "arena of Python's objects" : 'part of the import system';
}

export function totalArithmetic(rule: GateRule, { base, head, change }: Numbers, bound: RuleBound): string {
  const { limit } = rule;
  if (limit.kind === 'budget') return `head ${exact(head)}; budget ${exact(bound.most)}; ${compare(head, bound)}`;
  return `head ${exact(head)} − base ${exact(base)} = ${exact(change)}; limit ${sayLimit(limit, base)}; ${compare(change, bound)}`;
}

export function rowArithmetic(
  { limit, scope }: GateRule,
  bound: RuleBound,
  { reference, greatest, over }: { readonly reference: number; readonly greatest: number; readonly over: number },
): string {
  const rows = countNoun(over, 'row');
  const of = scope.kind === 'each' ? `${rows} ${bound.failsAtLimit ? 'at or above' : 'above'} it; ` : '';
  const written = limit.kind === 'budget' ? exact(bound.most) : sayLimit(limit, reference);
  return `limit ${written}; ${of}the most ${exact(greatest)}; ${compare(greatest, bound)}`;
}

function sayLimit(limit: Extract<GateRule['limit'], { kind: 'change' }>, reference: number): string {
  const { share, amount } = limit;
  const part =
    share === null
      ? null
      : `${Number((share * 100).toPrecision(6))}% of ${exact(reference)} = ${exact(Math.floor(share * reference))}`;
  if (part === null) return exact(amount ?? 0);
  return amount === null ? part : `the greater of ${part} and ${exact(amount)}`;
}

function compare(value: number, { most, failsAtLimit }: RuleBound): string {
  const [limit, above, below] = failsAtLimit ? [most + 1, '≥', '<'] : [most, '>', '≤'];
  return `${exact(value)} ${value > most ? above : below} ${exact(limit)}`;
}

function exact(value: number): string {
  return value < 0 ? `−${formatCount(-value)}` : formatCount(value);
}
