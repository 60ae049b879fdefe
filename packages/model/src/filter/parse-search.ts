/**
 * What is typed to find frames → a filter: the filter language, in which a word without a field also is the whole name of
 * a library, as the frames of native code are known by. A filter takes no library for a word: that of the application
 * would pass nearly all there is.
 */
import { allOf, anyOf, not, textTerm, type Filter } from './filter.js';
import { parseFilter } from './parse-filter.js';
import { wholePattern } from './pattern.js';

/** Throws `FilterError`. */
export function parseSearch(text: string): Filter {
  return withLibraries(parseFilter(text));
}

function withLibraries(filter: Filter): Filter {
  switch (filter.kind) {
    case 'all':
      return allOf(...filter.filters.map(withLibraries));
    case 'any':
      return anyOf(...filter.filters.map(withLibraries));
    case 'not':
      return not(withLibraries(filter.filter));
    case 'number':
      return filter;
    case 'text': {
      const { field, pattern } = filter;
      if (field !== 'name' || pattern.kind === 'regex' || pattern.text === '') return filter;
      return anyOf(filter, textTerm('library', wholePattern(pattern.text)));
    }
  }
}
