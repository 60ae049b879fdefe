/**
 * Text or bytes → hex digits that tell them from others. Every start of the program asks for some, so that they come of
 * zlib, which it loads anyway: Node's cryptography takes five milliseconds to load, in each thread.
 */
import { crc32 } from 'node:zlib';

/** CRC-32 of each part, eight digits a part: enough where size and time are compared, too, and nobody forges. */
export function checksum(...parts: readonly (string | Uint8Array)[]): string {
  return parts.map((part) => crc32(part).toString(16).padStart(8, '0')).join('');
}

/** The first 16 digits of SHA-256, for names that must not meet among any number of others; few are asked for. */
export function digestOfName(name: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(name).digest('hex').slice(0, 16);
}
