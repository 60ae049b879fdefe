/**
 * Tables of columns → the memory of their typed arrays, so that another thread can be given it instead of a copy. Whoever
 * gives tables away must not look at them again.
 */
import type { Transferable } from 'node:worker_threads';

/** Each once; columns that are views of memory that others see too are copied all the same. */
export function columnBuffers(tables: object): Transferable[] {
  const buffers = new Set<ArrayBuffer>();
  collect(tables, buffers);
  return [...buffers];
}

function collect(value: unknown, buffers: Set<ArrayBuffer>): void {
  if (ArrayBuffer.isView(value)) {
    const isWhole = value.byteLength === value.buffer.byteLength;
    if (value.buffer instanceof ArrayBuffer && isWhole) buffers.add(value.buffer);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  // Long lists hold text.
  if (Array.isArray(value) && typeof value[0] !== 'object') return;
  for (const each of Object.values(value)) collect(each, buffers);
}
