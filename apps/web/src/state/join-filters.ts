/** Two filters of which both must pass, as one text. */
import { allOf, formatFilter, parseFilter } from '@memscope/model';

/** `filter` null: everything passes. One that cannot be read stays as it is: what is wrong with it is said where it stands. */
export function joinFilters(filter: string | null, more: string): string {
  if (filter === null || filter === more) return more;
  try {
    return formatFilter(allOf(parseFilter(filter), parseFilter(more)));
  } catch {
    return filter;
  }
}
