/** `owner:` terms → which sites' memory is meant: by library or category, as lists of them name it. */
import { nameCategory } from '../analysis/libraries/library-rule.js';
import { NO_PYTHON_FRAME } from '../analysis/module-of-file.js';
import type { FilterSubject } from './match-sites.js';
import { foldCase, matchTexts, type PatternTester } from './pattern-tester.js';
import type { Pattern } from './pattern.js';

/** What memory with nothing on the stack is called. */
export const NOBODY: readonly string[] = [NO_PYTHON_FRAME, '<no frame>'];

/** By site: 1 where the owner is meant. Plain text is a whole name where there is one like it, else a part of names. */
export function matchOwners(pattern: Pattern, { owners, stack }: FilterSubject, test: PatternTester): Uint8Array {
  const { attributions, ofSite } = owners?.() ?? { attributions: [], ofSite: new Int32Array(stack.length).fill(-1) };
  const namesOf = [...attributions.map(({ library, category }) => [library, category, nameCategory(category)]), NOBODY];
  const isMeant = hitsOf(namesOf, pattern, test);
  return Uint8Array.from(ofSite, (owner) => isMeant[owner < 0 ? attributions.length : owner]!);
}

function hitsOf(namesOf: readonly (readonly string[])[], pattern: Pattern, test: PatternTester): Uint8Array {
  if (pattern.kind === 'plain') {
    const text = foldCase(pattern.text);
    const whole = Uint8Array.from(namesOf, (names) => (names.some((name) => foldCase(name) === text) ? 1 : 0));
    if (whole.includes(1)) return whole;
  }
  const hits = matchTexts(pattern, namesOf.flat(), test);
  let at = 0;
  return Uint8Array.from(namesOf, (names) => {
    const own = hits.subarray(at, (at += names.length));
    return own.includes(1) ? 1 : 0;
  });
}
