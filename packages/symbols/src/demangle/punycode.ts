/** Identifiers beyond ASCII in Rust's v0 mangling: Punycode (RFC 3492) with `_` in place of `-`. */
import { NotMangled } from './printer.js';

const BASE = 36;
const LEAST_THRESHOLD = 1;
const MOST_THRESHOLD = 26;
const SKEW = 38;
const DAMP = 700;
const MOST_POINTS = 1024;

/** Throws `NotMangled` for what is no Punycode. */
export function decodePunycode(text: string): string {
  const separator = text.lastIndexOf('_');
  const points = Array.from(text.slice(0, Math.max(0, separator)), (character) => character.codePointAt(0)!);
  let [point, index, bias] = [128, 0, 72];
  let at = separator + 1;
  while (at < text.length) {
    const before = index;
    for (let [weight, k] = [1, BASE]; ; k += BASE) {
      const digit = '0123456789abcdefghijklmnopqrstuvwxyz'.indexOf(text[at++] ?? '-');
      if (digit < 0) throw new NotMangled('no Punycode');
      // Rust writes a-z for 0-25 and 0-9 for 26-35, as the RFC does.
      index += (digit < 10 ? digit + 26 : digit - 10) * weight;
      const threshold = Math.min(MOST_THRESHOLD, Math.max(LEAST_THRESHOLD, k - bias));
      if ((digit < 10 ? digit + 26 : digit - 10) < threshold) break;
      weight *= BASE - threshold;
      if (weight > 2 ** 40) throw new NotMangled('no Punycode');
    }
    const count = points.length + 1;
    bias = adapt(index - before, count, before === 0);
    point += Math.floor(index / count);
    index %= count;
    if (point > 0x10_ffff || count > MOST_POINTS) throw new NotMangled('no Punycode');
    points.splice(index++, 0, point);
  }
  return String.fromCodePoint(...points);
}

function adapt(delta: number, count: number, isFirst: boolean): number {
  let left = isFirst ? Math.floor(delta / DAMP) : delta >> 1;
  left += Math.floor(left / count);
  let k = 0;
  for (; left > ((BASE - LEAST_THRESHOLD) * MOST_THRESHOLD) >> 1; k += BASE)
    left = Math.floor(left / (BASE - LEAST_THRESHOLD));
  return k + Math.floor((BASE * left) / (left + SKEW));
}
