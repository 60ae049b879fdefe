/** Values as programs read them: moments as ISO 8601 in UTC, and integers that stay exact. */

/** Beyond this a Date is invalid. */
const GREATEST_MS = 8.64e15;

/** "2026-11-23T07:45:55.278Z", or null for a moment that is no date. */
export function formatIsoTime(timeMs: number | null): string | null {
  if (timeMs === null || !(Math.abs(timeMs) <= GREATEST_MS)) return null;
  return new Date(timeMs).toISOString();
}

/** A number where it is exact, else its decimal digits. */
export function exactInteger(value: bigint): number | string {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}
