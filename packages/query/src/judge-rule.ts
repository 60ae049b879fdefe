/**
 * One rule on two sides → its verdict, with the rows that break it.
 *
 * Rows are those of a diff: memory that moved to another function is nobody's growth, arenas and the import system are
 * rows of their own, and with repetitions a row whose runs overlap is told as noise. Of a change at the peak the lesser of
 * it and of the change of the row's own peak counts, since a peak that moved holds other rows and costs nothing; where a
 * capture knows no own peaks, the whole peak has to have grown as well.
 */
import {
  rangeOf,
  rowArithmetic,
  sayRows,
  sayTotal,
  totalArithmetic,
  totalNoiseFloor,
  type CheckedRow,
  type CheckedRule,
  type ComparedColumn,
  type ComparedGrouping,
  type ComparedMeasure,
  type GateRule,
  type RowChange,
  type RuleBound,
  type RuleSeverity,
  type RuleSource,
  type RuleVerdict,
  type Suppressions,
} from '@memscope/model';
import { describeRow, heldRows, rowsOfTotal, withoutSmall } from './checked-rows.js';
import type { CheckedSides } from './checked-sides.js';
import type { Comparison } from './comparison.js';

/** A rule and where it comes from. */
export interface AskedRule {
  readonly rule: GateRule;
  readonly source: RuleSource;
  readonly severity: RuleSeverity;
}

/** What stands in the document, and no more: the sentence is made of it. */
type Found = Pick<CheckedRule, 'verdict' | 'text' | 'arithmetic' | 'functions' | 'suppressed'> &
  Partial<Pick<CheckedRule, 'base' | 'head' | 'change' | 'most' | 'moved'>> &
  Partial<Overlapping>;

interface Overlapping {
  /** Of `functions`, where these are noise: those whose repetitions overlap. */
  readonly overlapping: readonly CheckedRow[];
}

export function judgeRule(
  asked: AskedRule,
  sides: CheckedSides,
  suppressions: Suppressions,
): CheckedRule & Overlapping {
  const { rule, source, severity } = asked;
  const nothing = {
    base: null,
    head: null,
    change: null,
    most: null,
    functions: [],
    suppressed: [],
    moved: [],
    overlapping: [],
    aboutNothing: null,
  };
  const found = judge(asked, sides, suppressions);
  const verdict = found.verdict === 'fail' && severity === 'note' ? 'note' : found.verdict;
  return { rule: rule.text, source, severity, measure: rule.measure, ...nothing, ...found, verdict };
}

function judge(asked: AskedRule, sides: CheckedSides, suppressions: Suppressions): Found {
  const { scope, limit } = asked.rule;
  if (limit.kind === 'change' && !sides.hasBase) return unknown('a change needs a baseline to be told (--baseline)');
  const isOfTime = asked.rule.measure === 'leaked' && sides.warmUp !== null;
  const needsStacks = isOfTime || scope.kind === 'filter' || (scope.kind === 'each' && scope.by !== 'function');
  if (needsStacks && !sides.knowsStacks) {
    return limit.kind === 'change' ? unknown(FUNCTIONS_ALONE) : judge(asked, sides.alone(), suppressions);
  }
  const found =
    scope.kind === 'whole' || scope.kind === 'filter'
      ? judgeTotal(asked, sides, suppressions)
      : judgeRows(asked, sides, suppressions);
  // What the baseline does not know is no matter of a budget.
  const isOfHead = found.verdict === 'unknown' && limit.kind === 'budget' && sides.hasBase;
  return isOfHead ? judge(asked, sides.alone(), suppressions) : found;
}

const FUNCTIONS_ALONE =
  'the baseline keeps totals and functions, neither stacks nor times: that takes captures on both sides';

/** Why a side cannot tell the measure. */
function withoutMeasure(measure: GateRule['measure'], sides: CheckedSides): Found {
  if (sides.knowsStacks) return unknown(sides.whyUnknown(measure));
  if (measure !== 'rss' && measure !== 'duration') return unknown(FUNCTIONS_ALONE);
  return unknown(`the baseline keeps no ${measure}: \`memscope baseline update --process\` does`);
}

function unknown(why: string): Found {
  return { verdict: 'unknown', text: why, arithmetic: why, functions: [], suppressed: [] };
}

/** Of a budget what is held, of a change by how much it grew. */
function boundOf({ rule, source }: AskedRule, reference: number): RuleBound {
  if (rule.limit.kind === 'budget') return { most: rule.limit.most, failsAtLimit: false };
  const limit = Math.max(rule.limit.amount ?? 0, (rule.limit.share ?? 0) * reference);
  if (source !== 'default') return { most: Math.floor(limit), failsAtLimit: false };
  return { most: Math.max(0, Math.ceil(limit) - 1), failsAtLimit: true };
}

function judgeTotal(asked: AskedRule, sides: CheckedSides, suppressions: Suppressions): Found {
  const { rule } = asked;
  const { measure, limit } = rule;
  const total = sides.total(measure);
  if (total === null) return withoutMeasure(measure, sides);
  const bound = boundOf(asked, total.base);
  const { most } = bound;
  const counted = limit.kind === 'budget' ? total.head : total.change;
  const exceeds = counted > most;
  const isNoise = exceeds && limit.kind === 'change' && total.distinct === false;
  const rows = exceeds ? rowsOfTotal(rule, total, most, sides) : [];
  const [suppressed, functions] = split(rows, (row) => suppressions.covers(rule, row));
  const explained = suppressed.reduce((sum, { change }) => sum + change, 0);
  const isSuppressed = exceeds && !isNoise && suppressed.length > 0 && counted - explained <= most;
  const verdict = !exceeds ? 'pass' : isNoise ? 'noise' : isSuppressed ? 'suppressed' : 'fail';
  return {
    base: sides.hasBase ? total.base : null,
    head: total.head,
    change: sides.hasBase ? total.change : null,
    most,
    verdict,
    text: sayTotal(rule, total, bound, verdict),
    arithmetic: totalArithmetic(rule, total, bound),
    functions: isSuppressed ? [] : withoutSmall(functions),
    suppressed,
  };
}

/** Rows that rules about each of a grouping mean: others have rules of their own. */
const IS_EACH: Readonly<Record<string, boolean>> = { objects: false, imports: false, reserved: false, rest: false };

function judgeRows(asked: AskedRule, sides: CheckedSides, suppressions: Suppressions): Found {
  const { rule, source } = asked;
  const { scope, limit } = rule;
  const measure = rule.measure as ComparedMeasure;
  const by: ComparedGrouping = scope.kind === 'each' ? scope.by : 'function';
  const comparison = sides.by(by);
  const column = comparison.compared.columns[measure];
  const changes = comparison.judge(measure);
  if (column === null || changes === null) return withoutMeasure(measure, sides);
  const isMeant = ({ kind }: RowChange): boolean =>
    scope.kind === 'each' ? (IS_EACH[kind] ?? true) : kind === scope.kind;
  const reference = referenceOf(measure, sides);
  const bound = boundOf(asked, reference);
  const { most } = bound;
  const grown = (limit.kind === 'budget' ? heldRows(comparison, column.head.value) : changes.grew).filter(isMeant);
  const judged = grown.map((change) => ({ change, ...count(change, rule, comparison, source === 'default') }));
  const over = judged.filter(({ counted }) => counted > most).sort((a, b) => b.counted - a.counted);
  const described = over.map(({ change, counted, isNoise }) => ({
    change,
    isNoise,
    row: describeRow(comparison, change, measure, counted, sides),
  }));
  const [noise, clear] = split(described, ({ isNoise }) => isNoise);
  const [suppressed, failing] = split(
    clear.map(({ row }) => row),
    (row) => suppressions.covers(rule, row),
  );
  const verdict: RuleVerdict =
    failing.length > 0 ? 'fail' : suppressed.length > 0 ? 'suppressed' : noise.length > 0 ? 'noise' : 'pass';
  const functions = verdict === 'noise' ? noise.map(({ row }) => row) : failing;
  const greatest = judged.reduce((so, { counted }) => Math.max(so, counted), 0);
  return {
    most,
    verdict,
    text: sayRows(rule, functions, verdict, bound, {
      greatest,
      spread: verdict === 'noise' && overlaps(noise[0]!) ? spreadOf(column, noise[0]!.change.row) : null,
    }),
    arithmetic: rowArithmetic(rule, bound, { reference, greatest, over: over.length }),
    functions,
    overlapping: verdict === 'noise' ? noise.filter(overlaps).map(({ row }) => row) : [],
    suppressed,
    moved:
      limit.kind === 'budget'
        ? []
        : changes.moved
            .filter((change) => change.aboveNoise && isMeant(change))
            .slice(0, MOST_MOVED)
            .map((change) => comparison.describe(change, measure).row),
  };
}

/** Largest first: what is less than a change that is worth a word is none of them, so that there are few. */
const MOST_MOVED = 100;

function overlaps({ change }: { readonly change: RowChange }): boolean {
  return change.apart === false;
}

/** By how much medians have to differ before ranges like these do not touch. */
function spreadOf({ runsOf, base, head }: ComparedColumn, row: number): number {
  const [before, now] = [runsOf('base', row), runsOf('head', row)];
  return Math.max(0, rangeOf(before).most - base.value[row]!) + Math.max(0, head.value[row]! - rangeOf(now).least);
}

/** What percent are of: of rows that hold memory, the whole peak. */
function referenceOf(measure: ComparedMeasure, sides: CheckedSides): number {
  const isHeld = measure === 'peak' || measure === 'own-peak' || measure === 'leaked';
  return sides.total(isHeld ? 'peak' : measure)?.base ?? 0;
}

/** `counted`: what is held against the limit. */
function count(
  change: RowChange,
  { limit, measure }: GateRule,
  comparison: Comparison,
  isDefault: boolean,
): { counted: number; isNoise: boolean } {
  if (limit.kind === 'budget') return { counted: change.head, isNoise: false };
  const isNoise = change.apart === false || (isDefault && !change.aboveNoise);
  if (measure !== 'peak') return { counted: change.change, isNoise };
  const ownPeak = comparison.compared.columns['own-peak'];
  if (ownPeak !== null) {
    const own = ownPeak.head.value[change.row]! - ownPeak.base.value[change.row]!;
    return { counted: Math.max(0, Math.min(change.change, own)), isNoise };
  }
  const whole = comparison.totalOf('peak');
  const wholeGrew = whole !== null && whole.change >= totalNoiseFloor('peak', whole.base);
  return { counted: wholeGrew ? change.change : 0, isNoise };
}

function split<T>(all: readonly T[], isFirst: (each: T) => boolean): [T[], T[]] {
  const [first, second]: [T[], T[]] = [[], []];
  for (const each of all) (isFirst(each) ? first : second).push(each);
  return [first, second];
}
