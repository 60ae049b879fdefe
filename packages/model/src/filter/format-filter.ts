/** A filter → its canonical text, which `parseFilter` turns into an equal one: as few quotes and parentheses as can be. */
import type { Filter, NumberTerm, TextTerm } from './filter.js';
import { formatPattern, quotePlain } from './pattern.js';
import { formatQuantity } from './quantity.js';
import { isBareWord } from './read-term.js';

/** "" for the filter that everything passes. */
export function formatFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'all':
      return filter.filters.map((part) => formatWithin(part, part.kind === 'any')).join(' ');
    case 'any':
      if (filter.filters.length === 0) return '-()';
      return filter.filters.map((part) => formatWithin(part, false)).join(' or ');
    case 'not':
      return `-${formatWithin(filter.filter, filter.filter.kind === 'any' || filter.filter.kind === 'all')}`;
    case 'text':
      return formatTextTerm(filter);
    case 'number':
      return formatNumberTerm(filter);
  }
}

/** Only an empty filter as a whole may be written as nothing. */
function formatWithin(filter: Filter, needsParentheses: boolean): string {
  const isEmpty = filter.kind === 'all' && filter.filters.length === 0;
  const text = formatFilter(filter);
  return isEmpty || (needsParentheses && text !== '-()') ? `(${text})` : text;
}

function formatTextTerm({ field, pattern }: TextTerm): string {
  if (field !== 'name') return `${field}:${formatPattern(pattern)}`;
  return pattern.kind === 'regex' || isBareWord(pattern.text) ? formatPattern(pattern) : quotePlain(pattern.text);
}

function formatNumberTerm({ field, comparison, value }: NumberTerm): string {
  return `${field}${comparison}${formatQuantity(field, value)}`;
}
