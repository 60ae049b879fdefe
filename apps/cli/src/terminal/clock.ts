/** Moments for people: local time with the offset. Hostile values become null. */

/** Beyond this a Date is invalid. */
const GREATEST_MS = 8.64e15;

/** "2026-11-23 08:45:55 +01:00", or null for a moment that is no date. */
export function formatLocalTime(timeMs: number): string | null {
  if (!(Math.abs(timeMs) <= GREATEST_MS - 86_400_000)) return null;
  const date = new Date(timeMs);
  const offset = -date.getTimezoneOffset();
  const local = new Date(timeMs + offset * 60_000).toISOString();
  const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0');
  const minutes = String(Math.abs(offset) % 60).padStart(2, '0');
  return `${local.slice(0, local.indexOf('.')).replace('T', ' ')} ${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}
