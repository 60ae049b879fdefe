/** A name → a text of the filter language that finds it (`parse-filter.ts` of the model). */
import { MAX_FILTER_LENGTH } from '@memscope/model';

/** Quoted; a name that is too long for a filter is found by its beginning. */
export function quoteForFilter(name: string): string {
  const most = Math.min(200, MAX_FILTER_LENGTH >> 2);
  return `"${name.slice(0, most).replaceAll(/["\\]/g, '\\$&')}"`;
}
