/**
 * Sums above 2^53. Bytes and counts are doubles, which are exact up to there; what is greater is the nearest double, and
 * whatever prints such a number says so: documents and answers of the API by `rounded`, text and CSV by a line.
 */

export const ROUNDED_SUMS = 'Sums above 2^53 (9,007,199,254,740,992) are rounded: about 16 digits of them are exact.';

export interface Rounded {
  readonly rounded?: true;
}

/** Whether a number anywhere in it is rounded. */
export function hasRounded(value: unknown): boolean {
  if (typeof value === 'number') return Math.abs(value) > Number.MAX_SAFE_INTEGER && Number.isFinite(value);
  if (value instanceof Float64Array) return value.some(hasRounded);
  if (ArrayBuffer.isView(value) || typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) ? value.some(hasRounded) : Object.values(value).some(hasRounded);
}

/** The same with `rounded` where that, or what goes with it, is so. */
export function markRounded<T extends object>(document: T, beside: unknown = null): T & Rounded {
  return hasRounded(document) || hasRounded(beside) ? { ...document, rounded: true } : document;
}
