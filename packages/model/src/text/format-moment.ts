/** A moment in milliseconds of Unix time → its date, for people and for programs. Hostile values become null. */

/** Beyond this a Date is invalid. */
const GREATEST_MS = 8.64e15;
const DAY_MS = 86_400_000;

/** Local time with its offset: "2026-11-23 08:45:55 +01:00". */
export function formatLocalTime(timeMs: number): string | null {
  if (!(Math.abs(timeMs) <= GREATEST_MS - DAY_MS)) return null;
  const offset = -new Date(timeMs).getTimezoneOffset();
  const local = new Date(timeMs + offset * 60_000).toISOString();
  const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0');
  const minutes = String(Math.abs(offset) % 60).padStart(2, '0');
  return `${local.slice(0, local.indexOf('.')).replace('T', ' ')} ${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}

/** ISO 8601 in UTC: "2026-11-23T07:45:55.278Z". Null is no moment. */
export function formatIsoTime(timeMs: number | null): string | null {
  if (timeMs === null || !(Math.abs(timeMs) <= GREATEST_MS)) return null;
  return new Date(timeMs).toISOString();
}
