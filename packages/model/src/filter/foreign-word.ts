/** Words that join terms in other languages but not in this one, and what to write instead. */
import { FilterError } from './filter-error.js';

/** Words of other languages → what to write here. */
const FOREIGN_WORDS: Readonly<Record<string, string>> = {
  and: 'terms side by side must all hold: leave it out',
  not: 'write - before what must not hold, as in -module:numpy',
  '&': 'terms side by side must all hold: leave it out',
  '&&': 'terms side by side must all hold: leave it out',
  '|': 'write or',
  '||': 'write or',
};

/** Whether a word without quotes would be something else than a term of that text. */
export function isReserved(word: string): boolean {
  return /^[-!]/.test(word) || word === 'or' || word === 'OR' || Object.hasOwn(FOREIGN_WORDS, word.toLowerCase());
}

/** Throws `FilterError` when `word`, at `position`, is of another language. */
export function checkForeignWord(filter: string, position: number, word: string): void {
  const name = word.toLowerCase();
  if (Object.hasOwn(FOREIGN_WORDS, name)) {
    const message = `${FOREIGN_WORDS[name]}; to find the word itself write "${word}"`;
    throw new FilterError('syntax', message, { filter, position, length: word.length });
  }
  if (word.startsWith('!')) {
    const message = 'write - before what must not hold; text that begins with ! needs quotes';
    throw new FilterError('syntax', message, { filter, position, length: 1 });
  }
}
