/**
 * Patterns against texts: which of many texts a pattern matches. Plain text is sought in any case, letter by letter; for
 * regular expressions the caller may bring a tester that is bounded in time.
 */
import { compilePattern, ownPlace, patternError } from './compile-pattern.js';
import { FilterError } from './filter-error.js';
import type { Pattern } from './pattern.js';

/**
 * 1 for each text that the expression (without the flags g and y) matches, 0 for the others. May throw `FilterError`
 * `slow`.
 */
export type PatternTester = (expression: RegExp, texts: readonly string[]) => Uint8Array;

/** Also what runs out of stack. */
const LATE_REFUSALS = new Set(['SyntaxError', 'RangeError', 'InternalError']);

/** As long as it takes: an expression that backtracks without end is not stopped. */
export function testUnbounded(expression: RegExp, texts: readonly string[]): Uint8Array {
  const hits = new Uint8Array(texts.length);
  for (let row = 0; row < texts.length; row++) if (expression.test(texts[row]!)) hits[row] = 1;
  return hits;
}

/**
 * 1 for each text that the pattern matches: plain text is found anywhere within it. `isWhole` has regular expressions
 * match a text from its start to its end. Throws `FilterError` for an expression that the engine refuses or that `test`
 * stops.
 */
export function matchTexts(
  pattern: Pattern,
  texts: readonly string[],
  test: PatternTester,
  isWhole = false,
): Uint8Array {
  if (pattern.kind === 'plain') return findPlain(foldCase(pattern.text), texts);
  const expression = compilePattern(pattern);
  try {
    return test(isWhole ? new RegExp(`^(?:${expression.source})$`, expression.flags) : expression, texts);
  } catch (error) {
    if (error instanceof FilterError)
      throw new FilterError(error.code, error.message, ownPlace(pattern), { cause: error });
    // An engine compiles late, and only then finds that an expression is too large for it.
    if (error instanceof Error && LATE_REFUSALS.has(error.name)) throw patternError(pattern, error);
    throw error;
  }
}

/** The same for texts that differ in case only, in no language's special way; what is part of a text stays part of it. */
export function foldCase(text: string): string {
  const lower = text.toLowerCase();
  // The one letter that is lowered by where it stands.
  return lower.includes('ς') ? lower.replaceAll('ς', 'σ') : lower;
}

function findPlain(folded: string, texts: readonly string[]): Uint8Array {
  const hits = new Uint8Array(texts.length);
  for (let row = 0; row < texts.length; row++) if (foldCase(texts[row]!).includes(folded)) hits[row] = 1;
  return hits;
}
