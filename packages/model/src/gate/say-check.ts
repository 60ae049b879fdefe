/** Judged rules → the sentence of the verdict, and what else whoever reads it should know. */
import { signedChange } from '../analysis/format-quantity.js';
import type { ComparedMeasure } from '../diff/compared-measures.js';
import { sayMove } from '../diff/diff-words.js';
import { nameOf } from '../diff/summarise-changes.js';
import type { CheckDocument, CheckedRow, CheckedRule, CheckVerdict } from '../documents/check.js';
import type { FilterSuggestion } from '../filter/suggest-filter.js';
import { formatGated, sayAmount } from './say-rule.js';
import type { GateRule } from './rule.js';
import type { Suppressions } from './suppressions.js';

/** A rule with what came of it. */
export interface JudgedRule extends CheckedRule {
  readonly asked: GateRule;
  /** What was probably meant by its filter, where nothing of either side passes it; null: something does. */
  readonly meant: FilterSuggestion | null;
  /** Of a rule that is noise: functions that grew by more than passes, but whose repetitions overlap. */
  readonly overlapping: readonly CheckedRow[];
}

export interface JudgedCheck {
  readonly verdict: CheckVerdict;
  readonly rules: readonly JudgedRule[];
  readonly obstacles: CheckDocument['obstacles'];
  readonly hasBase: boolean;
  /** Of a filter that nothing passes: what was probably meant; null: something does. */
  readonly aboutNothing: string | null;
  readonly warmUp: string | null;
  /** How many of each side. */
  readonly repetitions: { readonly base: number; readonly head: number };
  /** Whether Python's allocators were traced in the head. */
  readonly isTraced: boolean;
  readonly suppressions: Suppressions;
}

export type SaidCheck = Pick<CheckDocument, 'summary' | 'notes'>;

export function sayCheck(check: JudgedCheck): SaidCheck {
  return {
    summary: summarise(check),
    notes: [
      ...sayUnfit(check.rules),
      ...sayWarmUp(check),
      ...sayRepetitions(check),
      ...saySmallest(check),
      ...sayMoves(check),
      ...sayArenas(check),
    ],
  };
}

const MOST_NAMED = 3;

function summarise(check: JudgedCheck): string {
  const { verdict, rules, obstacles, hasBase, aboutNothing } = check;
  if (verdict === 'notComparable') {
    if (aboutNothing !== null && obstacles.every(({ allowed }) => allowed))
      return `Nothing passes the filter${hasBase ? ' on either side' : ''}, so that rules are about nothing: ${aboutNothing.replace(/\.$/, '')}`;
    const why = obstacles.filter(({ allowed }) => !allowed).map(({ text }) => text);
    const unknown = rules.filter((rule) => rule.verdict === 'unknown').map(({ rule, text }) => `${rule}: ${text}`);
    return why.length > 0
      ? `The two sides cannot be compared: ${why.join('; ')}`
      : `Rules cannot be judged: ${unknown.slice(0, MOST_NAMED).join('; ')}`;
  }
  const failed = rules.filter((rule) => rule.verdict === 'fail');
  const judged = rules.filter((rule) => rule.verdict !== 'unknown');
  if (failed.length === 0) {
    const by = countRules(judged.length);
    const suppressed = saySuppressed(check);
    const passed = hasBase
      ? `${suppressed === null ? 'No' : `${suppressed}; no other`} regression by ${by}`
      : `${suppressed === null ? 'Within' : `${suppressed}; else within`} ${by}`;
    return `${passed}${sayUnfitFilters(rules)}${sayNoise(rules)}`;
  }
  const named = new Map<string, string>();
  for (const { rule, row } of largestFirst(failed)) {
    const key = `${row.name} ${row.file ?? ''}`;
    if (!named.has(key)) named.set(key, `${nameOf(row)} ${sayAmount(rule.asked, row)}`);
  }
  const wholes = failed.filter(isBudgetOfWhole).map(({ text }) => text);
  const rows = [...named.values()].slice(0, MOST_NAMED);
  // That a budget is exceeded is the fact; who holds most of it comes behind.
  const texts =
    rows.length > 0 || wholes.length > 0 ? [...wholes, rows.join(', ')] : [failed.map(({ text }) => text).join(', ')];
  return `${texts.filter((text) => text !== '').join('; ')}: ${failed.length} of ${countRules(rules.length)} failed`;
}

/** "load (app.py:3) +5.73 MiB at the peak is suppressed until 2027-12-31 (a cache)"; null where nothing is. */
function saySuppressed({ rules, suppressions }: JudgedCheck): string | null {
  const named = new Map<string, string>();
  for (const { asked, severity, suppressed } of rules) {
    if (severity !== 'fail') continue;
    for (const row of suppressed) {
      const key = `${row.name} ${row.file ?? ''}`;
      const found = suppressions.find(asked, row);
      if (found === null || named.has(key)) continue;
      const until = found.expires === null ? '' : ` until ${found.expires}`;
      named.set(key, `${nameOf(row)} ${sayAmount(asked, row)} is suppressed${until} (${found.reason})`);
    }
  }
  if (named.size === 0) return null;
  const more = named.size > MOST_NAMED ? `, and ${named.size - MOST_NAMED} more` : '';
  return `${[...named.values()].slice(0, MOST_NAMED).join(', ')}${more}`;
}

/** What passes only because repetitions differ by as much: a pass that rests on their spread is none to rely on. */
function sayNoise(rules: readonly JudgedRule[]): string {
  const noise = rules.filter(({ verdict, severity }) => verdict === 'noise' && severity === 'fail');
  const named = new Map<string, string>();
  for (const { asked, overlapping } of noise) {
    for (const row of overlapping) {
      const key = `${row.name} ${row.file ?? ''}`;
      if (!named.has(key)) named.set(key, `${nameOf(row)} ${sayAmount(asked, row)}`);
    }
  }
  const wholes = noise.flatMap(({ measure, change }) =>
    change === null ? [] : [`${measure} ${signedChange(change, (value) => formatGated(measure, value))}`],
  );
  const names = named.size > 0 ? [...named.values()] : wholes;
  if (names.length === 0) return '';
  const more = names.length > MOST_NAMED ? `, and ${names.length - MOST_NAMED} more` : '';
  const list = `${names.slice(0, MOST_NAMED).join(', ')}${more}`;
  return `, but ${list} ${names.length === 1 ? 'is' : 'are'} within the spread of the runs: not distinguishable from noise`;
}

/** A rule about nothing passes whatever happens. */
function sayUnfitFilters(rules: readonly JudgedRule[]): string {
  const unfit = rules.flatMap(({ asked: { scope }, meant }) => {
    if (meant === null || scope.kind !== 'filter') return [];
    return [`${scope.filter}${meant.filter === null ? '' : ` (did you mean ${meant.filter}?)`}`];
  });
  if (unfit.length === 0) return '';
  const more = unfit.length > MOST_NAMED ? `, and ${unfit.length - MOST_NAMED} more` : '';
  return `, but nothing fits ${unfit.slice(0, MOST_NAMED).join(', ')}${more}`;
}

/** Rules about nothing, and what was probably meant. */
export function sayUnfit(rules: readonly Pick<CheckedRule, 'rule' | 'aboutNothing'>[]): string[] {
  return rules.flatMap(({ rule, aboutNothing }) =>
    aboutNothing === null ? [] : [`The rule ${rule} is about nothing: ${aboutNothing}`],
  );
}

/** Of the value of a rule about the whole: what is less is not named as its cause. */
const LEAST_NAMED_SHARE = 0.1;

function mainRows(rule: JudgedRule): readonly CheckedRow[] {
  const rows = rule.functions.slice(0, MOST_NAMED);
  if (!isBudgetOfWhole(rule)) return rows;
  return rows.filter(({ change }, at) => at === 0 || change >= LEAST_NAMED_SHARE * rule.head!);
}

/** Rows that rules name. Of one measure the largest comes first, whichever rule it broke; measures come as the rules do. */
function largestFirst(failed: readonly JudgedRule[]): { readonly rule: JudgedRule; readonly row: CheckedRow }[] {
  const kindOf = ({ asked }: JudgedRule): string => `${asked.measure} ${asked.limit.kind}`;
  const kinds = [...new Set(failed.map(kindOf))];
  return failed
    .flatMap((rule) => mainRows(rule).map((row) => ({ rule, row, kind: kinds.indexOf(kindOf(rule)) })))
    .sort((a, b) => a.kind - b.kind || b.row.change - a.row.change);
}

function isBudgetOfWhole({ asked, head }: JudgedRule): boolean {
  return head !== null && asked.limit.kind === 'budget';
}

function countRules(count: number): string {
  return count === 1 ? '1 rule' : `${count} rules`;
}

function sayWarmUp({ warmUp }: JudgedCheck): string[] {
  return warmUp === null ? [] : [`What was allocated before ${warmUp} counts in no rule by leaked, nor by growing.`];
}

function sayRepetitions({ hasBase, repetitions }: JudgedCheck): string[] {
  const { base, head } = repetitions;
  if (!hasBase || Math.min(base, head) > 1) return [];
  const which = base === head ? 'a side' : head === 1 ? 'of the head' : 'of the baseline';
  return [
    `One run ${which}: how far unchanged runs of this program lie apart is not known. Three a side tell a change from noise.`,
  ];
}

/** Of rules about each function: what is smaller would have passed. */
function saySmallest({ rules }: JudgedCheck): string[] {
  const limits = rules.flatMap(({ asked, source, most, verdict, severity }) => {
    const { scope, limit, measure } = asked;
    const isOfRows = scope.kind === 'each' && limit.kind === 'change' && severity === 'fail' && verdict !== 'unknown';
    return isOfRows && most !== null ? [{ measure, least: source === 'default' ? most + 1 : most, by: scope.by }] : [];
  });
  const [least] = limits.sort((a, b) => a.least - b.least);
  if (least === undefined) return [];
  return [`The smallest change of a ${least.by} that these rules see: ${formatGated(least.measure, least.least)}.`];
}

/** What passes although a function holds more: a reader who knows better must see it. */
function sayMoves({ rules }: JudgedCheck): string[] {
  const rule = rules.find(({ moved }) => moved.length > 0);
  if (rule === undefined) return [];
  const { moved, measure } = rule;
  const list = moved.slice(0, MOST_NAMED).map((row) => sayMove(row, measure as ComparedMeasure));
  const more = moved.length > MOST_NAMED ? `; and ${moved.length - MOST_NAMED} more` : '';
  return [`Taken for moved, not for grown: ${list.join('; ')}${more}. It is inferred: --explain says from what.`];
}

/** Where arenas are what grew. */
export const ARENAS_NOTE =
  "Python's small objects share arenas of a mebibyte: which line keeps more of them is seen in recordings with --trace-python-allocators.";

/** Arenas say that small objects grew, not whose. */
function sayArenas({ rules, isTraced }: JudgedCheck): string[] {
  if (isTraced) return [];
  const isArenas = (row: CheckedRow): boolean => row.kind === 'objects';
  const failed = rules.filter((rule) => rule.verdict === 'fail' && rule.functions.some(isArenas));
  return failed.length === 0 ? [] : [ARENAS_NOTE];
}
