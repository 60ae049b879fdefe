/** Where an axis has its lines: round amounts in binary units, and round times since the start of the recording. */

/** Ascending from 0, about `count` of them, none above `most`. */
export function byteTicks(most: number, count: number): number[] {
  if (!(most > 0)) return [0];
  let step = 2 ** Math.floor(Math.log2(most / Math.max(1, count)));
  while (most / step > count) step *= 2;
  step = Math.max(1, step);
  const ticks: number[] = [];
  for (let bytes = 0; bytes <= most; bytes += step) ticks.push(bytes);
  return ticks;
}

/** Steps of milliseconds that people read easily: 1, 2, 5, 10 … ms, seconds, minutes, hours, days. */
const STEPS = [
  ...[0.001, 0.01, 0.1, 1, 10, 100, 1000].flatMap((unit) => [unit, 2 * unit, 5 * unit]),
  ...[10, 15, 30, 60, 120, 300, 600, 900, 1800].map((seconds) => seconds * 1000),
  ...[1, 2, 3, 6, 12, 24, 48, 120, 240, 720, 2400, 8760].map((hours) => hours * 3_600_000),
];

/** Ascending, within `from`..`to` (milliseconds since the start), about `count` of them. */
export function timeTicks(from: number, to: number, count: number): number[] {
  const length = to - from;
  if (!(length > 0)) return [from];
  const step = STEPS.find((each) => length / each <= Math.max(1, count)) ?? length;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step); at * step <= to; at++) ticks.push(at * step);
  return ticks;
}

/** A time since the start at the resolution of the axis: "0", "1.25 s", "3 min 20 s". */
export function formatAxisTime(ms: number, step: number): string {
  if (ms === 0) return '0';
  if (ms < 1000 && step < 1000) return `${trim(ms, step)} ms`;
  if (step >= 3_600_000 * 24) return `${Math.round(ms / 86_400_000)} d`;
  if (ms < 60_000) return `${trim(ms / 1000, step / 1000)} s`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = (ms - minutes * 60_000) / 1000;
  const rest = step >= 60_000 ? '' : `:${trim(seconds, step / 1000).padStart(2, '0')}`;
  if (minutes < 60) return rest === '' ? `${minutes} min` : `${minutes}${rest}`;
  const hours = Math.floor(minutes / 60);
  if (rest === '' && minutes % 60 === 0) return `${hours} h`;
  return `${hours}:${String(minutes % 60).padStart(2, '0')}${rest}`;
}

function trim(value: number, step: number): string {
  const digits = Math.max(0, Math.min(6, Math.ceil(-Math.log10(step))));
  return value.toFixed(digits);
}
