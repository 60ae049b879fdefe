/** Everything a reader said of a capture as one digest: tables, order of rows, bulk table; equal only when all is. */
import { createHash, type Hash } from 'node:crypto';
import type { CaptureRead } from './read-capture.js';

export interface FingerprintOptions {
  /** Leaves out what is about the file and not about its records: compression, padding, offsets. */
  readonly recordsOnly?: boolean;
}

export function fingerprint(
  { decoded, heap, lifetimes, merges }: CaptureRead,
  options: FingerprintOptions = {},
): string {
  const hash = createHash('sha256');
  const { compressed, paddingBytes, damage, ...records } = decoded;
  addValue(hash, { records, heap, lifetimes, merges });
  if (!options.recordsOnly) addValue(hash, { compressed, paddingBytes, damage });
  return hash.digest('hex');
}

function addValue(hash: Hash, value: unknown): void {
  if (ArrayBuffer.isView(value)) {
    hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    hash.update(`:${value.constructor.name}`);
  } else if (Array.isArray(value) && value.every((cell) => typeof cell === 'number')) {
    addValue(hash, Float64Array.from(value));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      hash.update(`;${key}=`);
      addValue(hash, part);
    }
  } else {
    hash.update(`${typeof value}:${String(value)}`);
  }
}
