/** Tables (nested objects of columns, numbers and texts) to a short digest, by which two results are compared. */
import { createHash, type Hash } from 'node:crypto';

/** Keys in `leftOut` are passed over wherever they stand. */
export function digestOf(value: unknown, leftOut: readonly string[] = []): string {
  const hash = createHash('sha256');
  addTo(hash, value, new Set(leftOut));
  return hash.digest('hex').slice(0, 16);
}

function addTo(hash: Hash, value: unknown, leftOut: ReadonlySet<string>): void {
  if (ArrayBuffer.isView(value)) {
    hash.update(`<${value.byteLength}>`);
    hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } else if (Array.isArray(value)) {
    hash.update(`[${value.length}]`);
    for (const each of value as unknown[]) addTo(hash, each, leftOut);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) {
      if (leftOut.has(key)) continue;
      hash.update(`{${key}}`);
      addTo(hash, each, leftOut);
    }
  } else {
    hash.update(`${typeof value}:${String(value)};`);
  }
}
