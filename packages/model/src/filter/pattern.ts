/**
 * The value of a text term, plain text or a regular expression of JavaScript's, and how it is written down. Reading it
 * is `read-pattern.ts`.
 *
 *     pattern = word | quoted | regex
 *     word    = any characters but space ( ) "          not beginning with /
 *     quoted  = " any characters, with \" and \\, and \u{1b} for the one of that number "
 *     regex   = / any characters, with \/ for a slash / [i]
 */
import { escapeUnsafe, printable } from '../text/printable.js';

export type Pattern = PlainPattern | RegexPattern;

/** Found anywhere in a text, in any case. */
export interface PlainPattern {
  readonly kind: 'plain';
  readonly text: string;
}

/** Matches anywhere in a text unless it holds anchors. */
export interface RegexPattern {
  readonly kind: 'regex';
  /** Between the slashes; known to be a regular expression. */
  readonly source: string;
  readonly ignoreCase: boolean;
}

/** Of these, dozens fit into a filter. */
const LONGEST_NAME = 200;
const WORD = /[^\s()"]*/y;

/** The text that `readPattern` and `parsePattern` turn into an equal pattern. */
export function formatPattern(pattern: Pattern): string {
  if (pattern.kind === 'regex') return `/${escapeSlashes(pattern.source)}/${pattern.ignoreCase ? 'i' : ''}`;
  const { text } = pattern;
  // Behind a field's colon another one would make a name of both, as of std::vector.
  if (text !== '' && text[0] !== '/' && text[0] !== ':' && readWord(text, 0) === text && printable(text) === text)
    return text;
  return quotePlain(text);
}

/** Within quotation marks, whatever it holds: what is not shown as it is by its number, so that it can be copied. */
export function quotePlain(text: string): string {
  return `"${escapeUnsafe(text.replaceAll(/["\\]/g, '\\$&'), (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)}"`;
}

/** A name → a term that finds it; one that is too long for a filter, by its beginning. */
export function quoteName(name: string): string {
  return quotePlain(name.slice(0, LONGEST_NAME));
}

/** All of a text, in any case. */
export function wholePattern(text: string): Pattern {
  return { kind: 'regex', source: `^${escapeRegex(text)}$`, ignoreCase: true };
}

/** The source of an expression that finds `text` as it is. */
export function escapeRegex(text: string): string {
  return text.replaceAll(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`);
}

/** Up to the next space, parenthesis or quotation mark. */
export function readWord(filter: string, position: number): string {
  WORD.lastIndex = position;
  return WORD.exec(filter)?.[0] ?? '';
}

/** The next slash that is neither escaped nor in a character class, or -1. */
export function findSlash(text: string, start: number): number {
  let isClass = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === '[') isClass = true;
    else if (character === ']') isClass = false;
    else if (character === '/' && !isClass) return at;
  }
  return -1;
}

function escapeSlashes(source: string): string {
  let text = source;
  for (let at = findSlash(text, 0); at >= 0; at = findSlash(text, at + 2)) {
    text = `${text.slice(0, at)}\\${text.slice(at)}`;
  }
  return text;
}
