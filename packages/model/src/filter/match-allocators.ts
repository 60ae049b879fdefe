/** `allocator:` terms → which allocators they mean: by name, or by family. */
import { familyOfAllocator } from '../analysis/allocator-family.js';
import { ALLOCATOR_NAMES, type AllocatorName } from '../tables.js';
import { matchTexts, type PatternTester } from './pattern-tester.js';
import type { Pattern } from './pattern.js';

const NAMES = ALLOCATOR_NAMES.filter((name): name is AllocatorName => name !== '');

/** What plain text may be: the families, then the names that are no family. */
export const ALLOCATOR_WORDS: readonly string[] = [...new Set<string>([...NAMES.map(familyOfAllocator), ...NAMES])];

export function isAllocatorWord(text: string): boolean {
  return ALLOCATOR_WORDS.includes(text.toLowerCase());
}

/**
 * By index into `ALLOCATOR_NAMES`: 1 where the allocator is meant. A family's name means all of the family, also where
 * an allocator is called the same (`malloc`, `mmap`). A regular expression matches names only.
 */
export function matchAllocators(pattern: Pattern, test: PatternTester): Uint8Array {
  if (pattern.kind === 'regex') {
    const hits = matchTexts(pattern, ALLOCATOR_NAMES, test);
    hits[0] = 0;
    return hits;
  }
  const word = pattern.text.toLowerCase();
  return Uint8Array.from(ALLOCATOR_NAMES, (name) =>
    name !== '' && (name === word || familyOfAllocator(name) === word) ? 1 : 0,
  );
}
