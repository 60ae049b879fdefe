/**
 * From any string out of a capture to one that is safe and honest on a terminal or a page: control characters, escape
 * sequences, line breaks, invisible and direction-changing characters, and lone surrogates become visible escapes
 * (`\x1b`, `\u{202e}`). What is left prints on one line and cannot move the cursor, set colours, or reorder its
 * neighbours.
 */

/** Most names are; there are hundreds of thousands of them in a table. */
const PLAIN = /^[ -~]*$/;
/** Cc controls, Cf format (bidi, zero width), Zl and Zp separators, Cs surrogates, Co private use, Cn unassigned. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu;
/** More combining marks on one letter than any script needs. */
const EXCESS_MARKS = /(\p{M}{4})(\p{M}+)/gu;
/** Other spaces look like a space and hide what a name is. */
const ODD_SPACE = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u2800\u3164\uffa0\u115f\u1160]/gu;

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0' };

export function printable(text: string): string {
  return escapeUnsafe(text, escapeCharacter);
}

/** `escape` has each character that would not be shown as it is. */
export function escapeUnsafe(text: string, escape: (character: string) => string): string {
  if (PLAIN.test(text)) return text;
  return text
    .replace(EXCESS_MARKS, (_, kept: string, excess: string) => kept + Array.from(excess, escape).join(''))
    .replace(UNSAFE, escape)
    .replace(ODD_SPACE, escape);
}

function escapeCharacter(character: string): string {
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
