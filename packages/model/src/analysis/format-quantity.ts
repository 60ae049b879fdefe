/**
 * Numbers as people read them: bytes in binary units with three significant digits, counts with thousands separated,
 * shares in percent, durations. Machines get the exact integers instead.
 */

const BYTE_UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** 1536 → "1.50 KiB"; below 1 KiB the exact number of bytes. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return '?';
  const sign = bytes < 0 ? '-' : '';
  const size = Math.abs(bytes);
  if (size < 1024) return `${sign}${Math.round(size)} B`;
  let scaled = size;
  for (const unit of BYTE_UNITS) {
    scaled /= 1024;
    if (scaled < 999.5 || unit === 'EiB') return `${sign}${threeDigits(scaled)} ${unit}`;
  }
  return '?';
}

/** 1234567 → "1,234,567". */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return '?';
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A number of things: "1 allocation", "1,505 allocations"; `plural` where it is not the noun with an s. */
export function countNoun(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

/** A change with its sign: "+1.50 KiB", "−3"; "0" for none. */
export function signedChange(change: number, format: (value: number) => string): string {
  if (change === 0) return '0';
  return `${change > 0 ? '+' : '−'}${format(Math.abs(change))}`;
}

/** `part` of `whole` in percent: "80.1%". Never "0.0%" for something, never "100%" for less than all. */
export function formatShare(part: number, whole: number): string {
  if (!(whole > 0) || !Number.isFinite(part)) return '–';
  const percent = (part / whole) * 100;
  if (percent === 0) return '0%';
  if (percent < 0.1) return '<0.1%';
  if (percent < 100 && percent > 99.9) return '>99.9%';
  if (percent === 100) return '100%';
  return `${percent.toFixed(1)}%`;
}

/** 0.19 → "0.19 ms", 43 → "43 ms", 3812 → "3.81 s", 252000 → "4 min 12 s", 7500000 → "2 h 5 min". */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return '?';
  const length = Math.abs(milliseconds);
  const sign = milliseconds < 0 ? '-' : '';
  if (length < 9.995 && !Number.isInteger(length)) return `${sign}${length.toFixed(2)} ms`;
  if (length < 999.5) return `${sign}${Math.round(length)} ms`;
  if (length < 59_950) return `${sign}${threeDigits(length / 1000)} s`;
  const seconds = Math.round(length / 1000);
  if (seconds < 3600) return sign + joinUnits(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(length / 60_000);
  if (minutes < 48 * 60) return sign + joinUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(length / 3_600_000);
  // Longer than any recording: a damaged clock.
  if (hours >= 24_000_000) return `${sign}over 1,000,000 d`;
  return sign + joinUnits(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** When temporary allocations of a threshold are freed, at the latest: "before their thread made 2 more". */
export function describeThreshold(threshold: number): string {
  return threshold === 0
    ? 'before their thread made another'
    : `before their thread made ${formatCount(threshold + 1)} more`;
}

function joinUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

function threeDigits(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  if (value >= 9.995) return value.toFixed(1);
  return value.toFixed(value >= 0.9995 ? 2 : 3);
}
