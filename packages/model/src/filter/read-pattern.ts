/**
 * Reads the value of a text term from the text of a filter, or from a text that is nothing else, such as the value of an
 * option. How it is written stands in `pattern.ts`.
 */
import { compilePattern } from './compile-pattern.js';
import { FilterError, quoteText } from './filter-error.js';
import { findSlash, readWord, type Pattern, type RegexPattern } from './pattern.js';

/** UTF-16 units of a filter, and so of a pattern. */
export const MAX_FILTER_LENGTH = 10_000;

/**
 * A pattern that is a text of its own, as the value of an option: all of the text is plain, spaces and parentheses
 * too, unless it begins with / or with ".
 */
export function parsePattern(text: string): Pattern {
  checkLength(text);
  if (text === '') throw new FilterError('syntax', 'an empty pattern', { filter: text, position: 0, length: 0 });
  if (text[0] !== '/' && text[0] !== '"') return { kind: 'plain', text };
  const { pattern, end } = readPattern(text, 0);
  if (end < text.length) {
    const place = { filter: text, position: end, length: text.length - end };
    throw new FilterError('syntax', `nothing may follow the closing ${text[0]}`, place);
  }
  return pattern;
}

export interface PatternAt {
  readonly pattern: Pattern;
  /** Behind the pattern's last character. */
  readonly end: number;
}

/** The pattern at `position`; an empty word where there is none. Throws `FilterError`. */
export function readPattern(filter: string, position: number): PatternAt {
  const first = filter[position];
  if (first === '"') return readQuoted(filter, position);
  if (first === '/') return readRegex(filter, position);
  const text = readWord(filter, position);
  return { pattern: { kind: 'plain', text }, end: position + text.length };
}

export function checkLength(filter: string): void {
  if (filter.length <= MAX_FILTER_LENGTH) return;
  const place = { filter, position: MAX_FILTER_LENGTH, length: filter.length - MAX_FILTER_LENGTH };
  throw new FilterError('syntax', `longer than ${MAX_FILTER_LENGTH} characters`, place);
}

const NUMBERED = /\\u\{([0-9a-f]{1,6})\}/iy;

/** `\u{1b}` and its number; null where there is none. */
function readNumbered(filter: string, position: number): RegExpExecArray | null {
  NUMBERED.lastIndex = position;
  return NUMBERED.exec(filter);
}

function readQuoted(filter: string, position: number): PatternAt {
  let text = '';
  for (let at = position + 1; at < filter.length; at++) {
    const character = filter[at]!;
    if (character === '"') return { pattern: { kind: 'plain', text }, end: at + 1 };
    const next = filter[at + 1];
    if (character === '\\' && (next === '"' || next === '\\')) {
      text += next;
      at++;
      continue;
    }
    const [escape = '', digits = ''] = character === '\\' ? (readNumbered(filter, at) ?? []) : [];
    const code = parseInt(digits, 16);
    if (code <= 0x10ffff) {
      text += String.fromCodePoint(code);
      at += escape.length - 1;
    } else {
      text += character;
    }
  }
  throw new FilterError('syntax', 'the quotation mark is not closed', { filter, position, length: 1 });
}

function readRegex(filter: string, position: number): PatternAt {
  const close = findSlash(filter, position + 1);
  if (close < 0) {
    throw new FilterError(
      'syntax',
      `a value that begins with / is a regular expression and needs a closing /; for a path write ${quoteText(readWord(filter, position))}`,
      { filter, position, length: 1 },
    );
  }
  const tail = readWord(filter, close + 1);
  const end = close + 1 + tail.length;
  if (tail !== '' && tail !== 'i') {
    throw new FilterError(
      'syntax',
      `only the letter i may follow the closing / of a regular expression; for a path write ${quoteText(filter.slice(position, end))}`,
      { filter, position: close + 1, length: tail.length },
    );
  }
  const pattern: RegexPattern = { kind: 'regex', source: filter.slice(position + 1, close), ignoreCase: tail === 'i' };
  compilePattern(pattern, { filter, position, length: end - position });
  return { pattern, end };
}
