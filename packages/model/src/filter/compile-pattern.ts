/**
 * From the regular expression that a user wrote to the engine's own, or to an error that says in the engine's words why
 * it refuses it.
 */
import { FilterError, type FilterPlace } from './filter-error.js';
import { formatPattern, type RegexPattern } from './pattern.js';

/** Throws `FilterError` at `place` when the engine refuses the pattern. */
export function compilePattern(pattern: RegexPattern, place?: FilterPlace): RegExp {
  const { source, ignoreCase } = pattern;
  const flags = ignoreCase ? 'i' : '';
  let refusal: unknown;
  try {
    return new RegExp(source, `${flags}u`);
  } catch (error) {
    refusal = error;
  }
  // Without the flag u, escapes that other engines allow (\-, \<) are fine, but \p, \u{…} and \k mean something else.
  if (!/\\[pPku]/.test(source)) {
    try {
      return new RegExp(source, flags);
    } catch (error) {
      refusal = error;
    }
  }
  throw patternError(pattern, refusal, place);
}

/** The engine's own words on why it refuses a pattern, when compiling or later. */
export function patternError(pattern: RegexPattern, cause: unknown, place?: FilterPlace): FilterError {
  const words = cause instanceof Error ? cause.message : String(cause);
  const reason = words.slice(words.lastIndexOf(': ') + 1).trim();
  const hint = pattern.source.startsWith('(?i)') ? '; to ignore case write /…/i' : '';
  return new FilterError('pattern', `not a regular expression: ${reason}${hint}`, place ?? ownPlace(pattern), {
    cause,
  });
}

/** The place of a pattern that is known without its filter: all of its own text. */
export function ownPlace(pattern: RegexPattern): FilterPlace {
  const filter = formatPattern(pattern);
  return { filter, position: 0, length: filter.length };
}
