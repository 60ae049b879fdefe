/**
 * The text of a filter → its tokens: parentheses, "-", "or", and terms, which are complete already. The last token is
 * always the end.
 */
import { FilterError } from './filter-error.js';
import type { NumberTerm, TextTerm } from './filter.js';
import { readWord } from './pattern.js';
import { checkForeignWord } from './foreign-word.js';
import { readTerm } from './read-term.js';

/** Place in UTF-16 units. */
export type Token =
  | { readonly kind: 'open' | 'close' | 'minus' | 'or' | 'end'; readonly position: number; readonly length: number }
  | {
      readonly kind: 'term';
      readonly term: TextTerm | NumberTerm;
      readonly position: number;
      readonly length: number;
    };

const SPACE = /\s*/y;

export function splitFilter(filter: string): Token[] {
  const tokens: Token[] = [];
  let position = skipSpace(filter, 0);
  while (position < filter.length) {
    const token = readToken(filter, position);
    tokens.push(token);
    position = skipSpace(filter, position + token.length);
  }
  tokens.push({ kind: 'end', position: filter.length, length: 0 });
  return tokens;
}

function readToken(filter: string, position: number): Token {
  const first = filter[position];
  if (first === '(') return { kind: 'open', position, length: 1 };
  if (first === ')') return { kind: 'close', position, length: 1 };
  if (first === '-') return readMinus(filter, position);
  const word = readWord(filter, position);
  if (word === 'or' || word === 'OR') return { kind: 'or', position, length: 2 };
  checkForeignWord(filter, position, word);
  const { term, end } = readTerm(filter, position);
  return { kind: 'term', term, position, length: end - position };
}

function readMinus(filter: string, position: number): Token {
  if (/^(?:\s|\)|$)/.test(filter.slice(position + 1, position + 2))) {
    const message = '- stands directly before what must not hold; to find a dash write "-"';
    throw new FilterError('syntax', message, { filter, position, length: 1 });
  }
  return { kind: 'minus', position, length: 1 };
}

function skipSpace(filter: string, position: number): number {
  SPACE.lastIndex = position;
  return position + (SPACE.exec(filter)?.[0].length ?? 0);
}
