/**
 * Rust's names of both manglings → paths as people write them, without hashes: the older form, which looks like C++
 * (`_ZN4core3fmt5write17h0123456789abcdefE` → `core::fmt::write`), here; the newer (`_R…`, RFC 2603) in rust-v0.ts.
 */
import { demangleRustV0 } from './rust-v0.js';

const LEGACY = /^_ZN(\d[\w$.]*)17h([0-9a-f]{16})E(?:\.[\w.]*)?$/;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['SP', '@'],
  ['BP', '*'],
  ['RF', '&'],
  ['LT', '<'],
  ['GT', '>'],
  ['LP', '('],
  ['RP', ')'],
  ['C', ','],
]);
/** A random hash has many different digits: this tells it from a C++ name that ends in `h` and digits. */
const FEWEST_DIGITS = 5;

export function demangleRust(name: string): string | null {
  if (name.startsWith('_R')) return demangleRustV0(name);
  const match = LEGACY.exec(name);
  if (match === null || new Set(match[2]).size < FEWEST_DIGITS) return null;
  const parts: string[] = [];
  const text = match[1]!;
  let at = 0;
  while (at < text.length) {
    const digits = /^\d{1,5}/.exec(text.slice(at, at + 5))?.[0];
    if (digits === undefined) return null;
    const length = Number(digits);
    at += digits.length;
    if (length === 0 || at + length > text.length) return null;
    parts.push(unescape(text.slice(at, at + length)));
    at += length;
  }
  return parts.join('::');
}

/** `$LT$`, `$u20$` and `..` within a part of a path. */
function unescape(part: string): string {
  const start = part.startsWith('_$') ? part.slice(1) : part;
  return start.replaceAll(/\$([A-Z]{1,2}|u[0-9a-f]{1,6})\$|\.\./g, (escape: string, code: string | undefined) => {
    if (code === undefined) return '::';
    const known = ESCAPES.get(code);
    if (known !== undefined) return known;
    const point = Number.parseInt(code.slice(1), 16);
    return code.startsWith('u') && point >= 0x20 && point <= 0x10_ffff ? String.fromCodePoint(point) : escape;
  });
}
