/**
 * A document ↔ gzipped JSON, as bundles and caches are stored. A bundle is picked up by itself, from wherever the capture
 * came, so a small file must cost little: how much it may unpack to follows from its size, and what the text may hold is
 * bounded before it is parsed.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { parseBoundedJson, type JsonBounds } from '@memscope/model';

/** Ours unpack to about seven times their size. */
const MOST_RATIO = 32;
/** However small the file is. */
const LEAST_ALLOWANCE = 4 << 20;
const MOST_UNPACKED_BYTES = 256 << 20;

/** Enough for tens of thousands of modules, millions of frames and hundreds of thousands of source lines. */
const BOUNDS: JsonBounds = { depth: 8, containers: 1 << 20, values: 32 << 20, members: 1 << 19 };

/** The text is always one that `unpackJson` takes, as far as its bounds allow. */
export function packJson(document: unknown, level: number): Uint8Array {
  const text = Buffer.from(JSON.stringify(document));
  const packed = gzipSync(text, { level });
  return text.length <= allowance(packed.length) ? packed : gzipSync(text, { level: 0 });
}

/**
 * Throws a `RangeError` where the bytes unpack to too much, a `JsonBoundsError` or `SyntaxError` for their text, and what
 * zlib says of damaged ones.
 */
export function unpackJson(packed: Uint8Array): unknown {
  const text = gunzipSync(packed, { maxOutputLength: allowance(packed.length) }).toString('utf8');
  return parseBoundedJson(text, BOUNDS);
}

function allowance(packedBytes: number): number {
  return Math.min(MOST_UNPACKED_BYTES, Math.max(LEAST_ALLOWANCE, MOST_RATIO * packedBytes));
}
