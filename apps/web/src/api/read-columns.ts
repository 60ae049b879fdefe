/**
 * An Arrow IPC stream (apache.org/format) → plain columns of numbers. The rest of the answer is the JSON in the schema's
 * metadata under `head`.
 */
import { tableFromIPC, type Vector } from 'apache-arrow';

import type { Columns } from './question.js';

/** Columns are copied where they are not one Float64Array already. Throws on what is no such stream. */
export function readColumns(bytes: ArrayBuffer): Columns<unknown> {
  const table = tableFromIPC(new Uint8Array(bytes));
  const head: unknown = JSON.parse(table.schema.metadata.get('head') ?? 'null');
  const column: Record<string, Float64Array> = {};
  for (const [index, { name }] of table.schema.fields.entries()) {
    const vector = table.getChildAt(index);
    if (vector !== null) column[name] = numbersOf(vector);
  }
  return { head, length: table.numRows, column };
}

function numbersOf(vector: Vector): Float64Array {
  const values: unknown = vector.toArray();
  if (values instanceof Float64Array) return values;
  if (vector.nullCount === 0 && (values instanceof Uint32Array || values instanceof Int32Array)) {
    return Float64Array.from(values);
  }
  const numbers = new Float64Array(vector.length);
  for (let row = 0; row < numbers.length; row++) {
    const value: unknown = vector.get(row);
    numbers[row] = value === null || value === undefined ? Number.NaN : Number(value);
  }
  return numbers;
}
