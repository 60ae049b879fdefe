/** Why a filter cannot be used, and where in its text. */

/**
 * syntax: not in the grammar, or beyond its bounds. pattern: not a regular expression. slow: a pattern that was stopped
 * because it took too long.
 */
export type FilterErrorCode = 'syntax' | 'pattern' | 'slow';

/** A place in the text of a filter, in UTF-16 units. Length 0 is the place before `position`. */
export interface FilterPlace {
  /** The whole text. */
  readonly filter: string;
  readonly position: number;
  readonly length: number;
}

/** Its message is one sentence without the place; it may hold characters that are not safe on a terminal. */
export class FilterError extends Error implements FilterPlace {
  readonly code: FilterErrorCode;
  readonly filter: string;
  readonly position: number;
  readonly length: number;

  constructor(code: FilterErrorCode, message: string, place: FilterPlace, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FilterError';
    this.code = code;
    this.filter = place.filter;
    this.position = place.position;
    this.length = place.length;
  }
}

/** Text of a filter within a message: in quotes, and not all of it when it is long. */
export function quoteText(text: string): string {
  return `"${text.length > 40 ? `${text.slice(0, 39)}…` : text}"`;
}
