/**
 * The numbers of the filter language: a number and, but for counts, a unit → bytes, allocations or milliseconds, and
 * back. Units in any case: B, K KiB, M MiB, G GiB, T TiB are powers of 1024; kB, MB, GB, TB powers of 1000, as the
 * standards have it (IEC 80000-13); ms, s, m min, h.
 */
import type { NumberField } from './filter-field.js';

type Units = Readonly<Record<string, number>>;

const KIB = 1024;
const BYTE_UNITS: Units = {
  b: 1,
  k: KIB,
  m: KIB ** 2,
  g: KIB ** 3,
  t: KIB ** 4,
  kib: KIB,
  mib: KIB ** 2,
  gib: KIB ** 3,
  tib: KIB ** 4,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
};
const TIME_UNITS: Units = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 };

/** Greatest first: what a value is written in. */
const WRITTEN_BYTE_UNITS = ['TiB', 'GiB', 'MiB', 'KiB'] as const;
const WRITTEN_TIME_UNITS = ['h', 'min', 's'] as const;

const NUMBER = /^((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z]*)$/i;

/** What is wrong, as the rest of a sentence, instead of a number. */
export interface Refusal {
  readonly reason: string;
}

/** "1.5MiB" of `size` → 1572864. */
export function parseQuantity(field: NumberField, text: string): number | Refusal {
  const [, digits = '', written = ''] = NUMBER.exec(text) ?? [];
  const unit = written.toLowerCase();
  if (digits === '') return { reason: `is not a number such as ${EXAMPLES[field]}` };
  const units = unitsOf(field);
  if (units === null && unit !== '') return { reason: `has a unit, but ${field} is a plain number` };
  if (field === 'lifetime' && unit === '') return { reason: 'has no unit: ms, s, min or h' };
  const factor = unit === '' ? 1 : units === null ? undefined : Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (factor === undefined) {
    const known = field === 'size' ? 'B, KiB, MiB, GiB, TiB, or kB, MB, GB, TB' : 'ms, s, min, h';
    return { reason: `has a unit that is none of ${known}` };
  }
  const value = Number(digits) * factor;
  return Number.isFinite(value) ? value : { reason: 'is too large' };
}

/** The text that `parseQuantity` turns into the same number: in the greatest unit in which it is whole. */
export function formatQuantity(field: NumberField, value: number): string {
  if (field === 'count') return String(value);
  const units = unitsOf(field);
  for (const unit of field === 'size' ? WRITTEN_BYTE_UNITS : WRITTEN_TIME_UNITS) {
    const scaled = value / (units?.[unit.toLowerCase()] ?? 1);
    if (scaled >= 1 && Number.isSafeInteger(scaled) && parseQuantity(field, `${scaled}${unit}`) === value) {
      return `${scaled}${unit}`;
    }
  }
  return `${value}${field === 'size' ? 'B' : 'ms'}`;
}

const EXAMPLES: Readonly<Record<NumberField, string>> = { size: '1MiB', count: '100', lifetime: '2s' };

function unitsOf(field: NumberField): Units | null {
  if (field === 'size') return BYTE_UNITS;
  return field === 'lifetime' ? TIME_UNITS : null;
}
