/**
 * `owner:` terms → which sites' memory is meant. Memory has an owner at three levels: a category, in it a library, and
 * in that the function that asked. Lists by category, library and owner name them; a name of any of these lists works.
 */
import { nameCategory, type Attribution } from '../analysis/libraries/library-rule.js';
import { NO_FRAME, NO_PYTHON_FRAME } from '../analysis/module-of-file.js';
import { OWNER_KINDS, type OwnerTable } from '../tables.js';
import { foldCase, matchTexts, type PatternTester } from './pattern-tester.js';
import type { Pattern } from './pattern.js';

/** Who owns memory. Columns by site are borrowed. */
export interface FilterOwners {
  readonly attributions: readonly Attribution[];
  /** By site: position in `attributions`; -1 = nothing is on the stack. */
  readonly ofSite: Int32Array;
  readonly functions: Pick<OwnerTable, 'kind' | 'functionName' | 'file'>;
  /** By site: row of `functions`. */
  readonly functionOf: Uint32Array;
}

/** What memory with nothing on the stack is called. */
export const NOBODY: readonly string[] = [NO_PYTHON_FRAME, NO_FRAME];

/**
 * By site: 1 where the owner is meant. Plain text is a whole name where there is one, else a part of names; libraries
 * and categories come before functions, so that the name of a list's row always gives that row's memory.
 */
export function matchOwners(
  pattern: Pattern,
  { attributions, ofSite, functions, functionOf }: FilterOwners,
  test: PatternTester,
): Uint8Array {
  const libraries = [
    ...attributions.map(({ library, category }) => [library, category, nameCategory(category)]),
    NOBODY,
  ];
  const byLibrary = (hits: Uint8Array): Uint8Array =>
    Uint8Array.from(ofSite, (owner) => hits[owner < 0 ? attributions.length : owner]!);
  const byFunction = (hits: Uint8Array): Uint8Array => Uint8Array.from(functionOf, (owner) => hits[owner]!);
  const names = namesOfFunctions(functions);
  if (pattern.kind === 'plain') {
    const text = foldCase(pattern.text);
    const library = wholeHits(libraries, text);
    if (library.includes(1)) return byLibrary(library);
    const named = wholeHits(names, text);
    if (named.includes(1)) return byFunction(named);
  }
  const library = hitsOf(libraries, pattern, test);
  return library.includes(1) ? byLibrary(library) : byFunction(hitsOf(names, pattern, test));
}

/** Of arenas and of nobody there is no function; native code without a Python frame goes by its file. */
export function namesOfFunctions({ kind, functionName, file }: FilterOwners['functions']): string[][] {
  return Array.from(kind, (each, row) => {
    switch (OWNER_KINDS[each]!) {
      case 'function':
        return [functionName[row] ?? ''];
      case 'native':
        return [(file[row] ?? '').replace(/^.*\//, '')];
      case 'objects':
      case 'rest':
      case 'none':
        return [];
    }
  });
}

function wholeHits(namesOf: readonly (readonly string[])[], text: string): Uint8Array {
  return Uint8Array.from(namesOf, (names) => (names.some((name) => foldCase(name) === text) ? 1 : 0));
}

export function hitsOf(namesOf: readonly (readonly string[])[], pattern: Pattern, test: PatternTester): Uint8Array {
  const hits = matchTexts(pattern, namesOf.flat(), test);
  let at = 0;
  return Uint8Array.from(namesOf, (names) => {
    const own = hits.subarray(at, (at += names.length));
    return own.includes(1) ? 1 : 0;
  });
}
