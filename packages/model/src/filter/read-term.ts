/** The term at a place in the text of a filter: a field with its pattern or comparison, or a pattern alone. */
import { findField, nearestName, suggestField, type NumberField, type TextField } from './filter-field.js';
import { FilterError, quoteText } from './filter-error.js';
import { isReserved } from './foreign-word.js';
import { numberTerm, textTerm, type Comparison, type NumberTerm, type TextTerm } from './filter.js';
import { isAllocatorWord, ALLOCATOR_WORDS } from './match-allocators.js';
import { readWord, type Pattern } from './pattern.js';
import { parseQuantity } from './quantity.js';
import { readPattern } from './read-pattern.js';

/** A name and what makes it a field. `std::vector` has no single colon. */
const FIELD = /([A-Za-z_]\w*)(:(?!:)|>=|<=|=|<|>)/y;
/** A comparison that was cut off from its field by a space. */
const LOOSE_COMPARISON = /^(?:>=|<=|[<>=])(?:[\d.]|$)/;

export interface TermAt {
  readonly term: TextTerm | NumberTerm;
  /** Behind the term's last character. */
  readonly end: number;
}

/** `position` is that of the term's first character. Throws `FilterError`. */
export function readTerm(filter: string, position: number): TermAt {
  FIELD.lastIndex = position;
  const [start = '', name = '', operator = ''] = FIELD.exec(filter) ?? [];
  const valueAt = position + start.length;
  const field = name === '' ? undefined : findField(name);
  if (operator === ':') {
    if (field === undefined) {
      const message = `no field is called ${quoteText(name)}: ${suggestField(name)} (text with a colon needs quotes)`;
      throw new FilterError('syntax', message, { filter, position, length: name.length });
    }
    if (field.kind !== 'number') return readText(filter, position, field.name, valueAt);
    const message = `${field.name} is compared with a number: ${field.example}`;
    throw new FilterError('syntax', message, { filter, position, length: start.length });
  }
  if (field?.kind === 'number') return readNumber(filter, position, field.name, operator as Comparison, valueAt);
  if (operator !== '') checkNoComparison(filter, position, name, start, field?.example);
  const term = readText(filter, position, 'name', position);
  if (LOOSE_COMPARISON.test(readWord(filter, position))) {
    const message = 'a comparison has no spaces: size>=1MiB';
    throw new FilterError('syntax', message, { filter, position, length: term.end - position });
  }
  return term;
}

/** A name that is no number field, before a comparison: an error, or a word such as `vector<int>`. */
function checkNoComparison(
  filter: string,
  position: number,
  name: string,
  start: string,
  example: string | undefined,
): void {
  if (example !== undefined) {
    const message = `${name} is not compared but matched: ${example}`;
    throw new FilterError('syntax', message, { filter, position, length: start.length });
  }
  if (/[\d.]/.test(filter.charAt(position + start.length))) {
    const message = `nothing called ${quoteText(name)} can be compared: ${suggestField(name)} (text with < = > needs quotes)`;
    throw new FilterError('syntax', message, { filter, position, length: name.length });
  }
}

function readText(filter: string, position: number, field: TextField, valueAt: number): TermAt {
  const { pattern, end } = readPattern(filter, valueAt);
  if (end === valueAt) {
    const message = `nothing behind ${filter.slice(position, end)} (no space may stand there)`;
    throw new FilterError('syntax', message, { filter, position, length: end - position });
  }
  checkBoundary(filter, position, end);
  if (field === 'allocator') checkAllocator(filter, pattern, valueAt, end);
  return { term: textTerm(field, pattern), end };
}

/** Behind a pattern comes a space, a closing parenthesis, or nothing. */
function checkBoundary(filter: string, position: number, end: number): void {
  const next = filter[end];
  if (next === undefined || next === ')' || /\s/.test(next)) return;
  const message =
    next === '('
      ? 'a space is missing before this; text with parentheses needs quotes: "f(x)"'
      : 'a space is missing before this; a " within quotes is written \\"';
  throw new FilterError('syntax', message, { filter, position: end, length: 1 });
}

/** There are only so many allocators: another name is a mistake. */
function checkAllocator(filter: string, pattern: Pattern, valueAt: number, end: number): void {
  if (pattern.kind === 'regex' || isAllocatorWord(pattern.text)) return;
  const nearest = nearestName(pattern.text, ALLOCATOR_WORDS);
  const hint = nearest === undefined ? `there are ${ALLOCATOR_WORDS.join(', ')}` : `did you mean ${nearest}?`;
  const message = `no allocator is called ${quoteText(pattern.text)}: ${hint}`;
  throw new FilterError('syntax', message, { filter, position: valueAt, length: end - valueAt });
}

function readNumber(
  filter: string,
  position: number,
  field: NumberField,
  comparison: Comparison,
  valueAt: number,
): TermAt {
  const written = readWord(filter, valueAt);
  const end = valueAt + written.length;
  if (written === '') {
    const message = `nothing behind ${filter.slice(position, end)} (no space may stand there)`;
    throw new FilterError('syntax', message, { filter, position, length: end - position });
  }
  const value = parseQuantity(field, written);
  if (typeof value !== 'number') {
    const place = { filter, position: valueAt, length: written.length };
    throw new FilterError('syntax', `${quoteText(written)} ${value.reason}`, place);
  }
  checkBoundary(filter, position, end);
  return { term: numberTerm(field, comparison, value), end };
}

/** Whether the text needs no quotes as a term without a field. */
export function isBareWord(text: string): boolean {
  if (text === '' || text[0] === '/' || isReserved(text) || readWord(text, 0) !== text) return false;
  try {
    return readTerm(text, 0).term.field === 'name';
  } catch {
    return false;
  }
}
