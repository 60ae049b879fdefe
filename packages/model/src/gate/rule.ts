/**
 * One line of text → a rule of the gate: what is measured, of what, and what it must not exceed.
 *
 *     rule      = [ scope ": " ] measure limit
 *     scope     = "each " grouping | "python objects" | "import system" | filter      left out: the whole
 *     limit     = "<=" quantity                       a budget of the head alone
 *               | "+" quantity | "+" percent | both, joined by "and"     a change against the baseline
 *
 * `peak <= 512 MiB`, `peak +5% and +1 MiB`, `each function: peak +256 KiB`, `library:torch: peak <= 200 MiB`. A filter
 * may stand in double quotes. With both parts a change has to exceed both. Percent are of what the whole baseline has by
 * the measure; of rows by the peak, by what was held at most, and by what is live at the end, they are of its peak.
 */
import { COMPARED_GROUPINGS, COMPARED_MEASURES, type ComparedGrouping } from '../diff/compared-measures.js';
import { parseFilter } from '../filter/parse-filter.js';
import { FilterError } from '../filter/filter-error.js';
import { nearestNames } from '../filter/nearest-names.js';
import { parseQuantity } from '../filter/quantity.js';

/**
 * `growing`: bytes of what keeps growing for as long as there is work. Bytes, but for `count` allocations, and for
 * `duration` milliseconds.
 */
export const GATED_MEASURES = [...COMPARED_MEASURES, 'growing', 'rss', 'duration'] as const;
export type GatedMeasure = (typeof GATED_MEASURES)[number];

/** `objects`: arenas of Python's allocator. `imports`: the import system's own frames. */
export type RuleScope =
  | { readonly kind: 'whole' }
  | { readonly kind: 'each'; readonly by: ComparedGrouping }
  | { readonly kind: 'objects' }
  | { readonly kind: 'imports' }
  | { readonly kind: 'filter'; readonly filter: string };

/** What is more fails. A change exceeds every part that is not null; one of them is not. */
export type RuleLimit =
  | { readonly kind: 'budget'; readonly most: number }
  | { readonly kind: 'change'; readonly share: number | null; readonly amount: number | null };

export interface GateRule {
  /** As it was written, without needless blanks. */
  readonly text: string;
  readonly scope: RuleScope;
  readonly measure: GatedMeasure;
  readonly limit: RuleLimit;
}

export const RULE_EXAMPLES = ['peak <= 512 MiB', 'peak +5% and +1 MiB', 'each function: peak +256 KiB'] as const;

/** Its message is one sentence without the place; it may hold characters that are not safe on a terminal. */
export class RuleError extends Error {
  /** The whole rule. */
  readonly rule: string;
  /** Where in it, in UTF-16 units. */
  readonly position: number;
  readonly length: number;

  constructor(message: string, rule: string, position: number, length: number, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RuleError';
    this.rule = rule;
    this.position = position;
    this.length = length;
  }
}

const LONGEST_RULE = 10_000;
const SCOPES: Readonly<Record<string, RuleScope>> = {
  'python objects': { kind: 'objects' },
  'import system': { kind: 'imports' },
};
/** Of the whole alone: no row and no filter has a part of them. */
const OF_THE_WHOLE: ReadonlySet<GatedMeasure> = new Set(['growing', 'rss', 'duration']);

/** Throws `RuleError`. */
export function parseRule(text: string): GateRule {
  if (text.length > LONGEST_RULE) {
    throw new RuleError(`a rule has ${LONGEST_RULE} characters at the most`, text.slice(0, LONGEST_RULE), 0, 0);
  }
  const split = endOfScope(text);
  const scope = split === null ? ({ kind: 'whole' } as const) : readScope(text, split);
  const start = split === null ? 0 : split + 1;
  const [, lead = '', name = '', rest = ''] = /^(\s*)([a-z-]*)([\s\S]*)$/i.exec(text.slice(start)) ?? [];
  const at = start + lead.length;
  const measure = GATED_MEASURES.find((each) => each === name.toLowerCase());
  if (measure === undefined) throw unknownMeasure(text, at, name);
  const isWhole = scope.kind === 'whole';
  if (!isWhole && OF_THE_WHOLE.has(measure)) {
    throw new RuleError(`${measure} is of the whole program: it takes nothing before it`, text, 0, at);
  }
  const isOwners = (scope.kind === 'each' && scope.by === 'function') || scope.kind === 'objects';
  if (measure === 'own-peak' && !isOwners && scope.kind !== 'imports') {
    throw new RuleError('own-peak is what functions held at most: write "each function: own-peak …"', text, at, 8);
  }
  const limit = readLimit(text, at + name.length, rest, measure);
  return { text: text.trim().replaceAll(/\s+/g, ' '), scope, measure, limit };
}

/** Position of the last colon before a blank outside of quotes; null where there is none. */
function endOfScope(text: string): number | null {
  let quoted = false;
  let end: number | null = null;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    else if (!quoted && text[at] === ':' && /\s/.test(text[at + 1] ?? '')) end = at;
  }
  return end;
}

function readScope(text: string, end: number): RuleScope {
  const written = text.slice(0, end).trim();
  const known = SCOPES[written.toLowerCase().replaceAll(/\s+/g, ' ')];
  if (known !== undefined) return known;
  const each = /^each\s+(\S+)$/i.exec(written);
  if (each !== null) {
    const name = each[1]!.toLowerCase();
    const by = COMPARED_GROUPINGS.find((grouping) => grouping === name);
    if (by !== undefined) return { kind: 'each', by };
    throw new RuleError(`"each" takes one of ${COMPARED_GROUPINGS.join(', ')}`, text, text.indexOf(written), end);
  }
  const filter = /^"[^"]*"$/.test(written) ? written.slice(1, -1) : written;
  if (filter === '') throw new RuleError('nothing stands before the colon', text, 0, end + 1);
  try {
    parseFilter(filter);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const message = `the filter before the colon cannot be used: ${error.message}`;
    throw new RuleError(message, text, text.indexOf(filter) + error.position, error.length, { cause: error });
  }
  return { kind: 'filter', filter };
}

function unknownMeasure(text: string, at: number, name: string): RuleError {
  const [near] = nearestNames(name, GATED_MEASURES, 1);
  const meant = near === undefined || name === '' ? '' : `; did you mean ${near}?`;
  return new RuleError(
    `a rule measures one of ${GATED_MEASURES.join(', ')}, as in "${RULE_EXAMPLES[1]}"${meant}`,
    text,
    at,
    Math.max(1, name.length),
  );
}

const BUDGET = /^\s*<=\s*(\S[\s\S]*?)\s*$/;
const CHANGE = /^\s*\+\s*([^\s+][^+]*?)(?:\s+and\s+\+\s*(\S[\s\S]*?))?\s*$/i;

function readLimit(text: string, start: number, rest: string, measure: GatedMeasure): RuleLimit {
  const refuse = (reason: string): RuleError =>
    new RuleError(reason, text, Math.min(start, text.length), Math.max(1, rest.trimEnd().length));
  const budget = BUDGET.exec(rest);
  if (budget !== null) return { kind: 'budget', most: quantityOf(budget[1]!, measure, refuse) };
  const change = CHANGE.exec(rest);
  if (change === null) {
    throw refuse(`behind ${measure} stands a budget or a change, as in "${RULE_EXAMPLES.join('" or "')}"`);
  }
  let [share, amount]: (number | null)[] = [null, null];
  for (const part of [change[1], change[2]]) {
    if (part === undefined) continue;
    const percent = /^(\d+\.?\d*|\.\d+)\s*%$/.exec(part);
    if (percent !== null && share === null) share = Number(percent[1]) / 100;
    else if (percent === null && amount === null) amount = quantityOf(part, measure, refuse, '%, ');
    else throw refuse('a change is told once in percent and once as an amount');
  }
  return { kind: 'change', share: share!, amount: amount! };
}

/** A bare number of bytes is mostly one whose unit was forgotten; 0 is nothing in every unit. */
const WITHOUT_UNIT = /[\d.]$/;

/** "10 MiB" → bytes. Throws `RuleError`. */
export function parseSize(text: string): number {
  return quantityOf(text.trim(), 'peak', (reason) => new RuleError(reason, text, 0, text.length));
}

function quantityOf(
  text: string,
  measure: GatedMeasure,
  refuse: (reason: string) => RuleError,
  otherUnits = '',
): number {
  const field = measure === 'count' ? 'count' : measure === 'duration' ? 'lifetime' : 'size';
  const value = parseQuantity(field, text.replaceAll(/\s+/g, ''));
  if (field === 'size' && typeof value === 'number' && value !== 0 && WITHOUT_UNIT.test(text)) {
    throw refuse(`"${text}" has no unit: ${otherUnits}B, KiB, MiB or GiB`);
  }
  if (typeof value === 'number') return value;
  throw refuse(`"${text}" ${value.reason}`);
}
