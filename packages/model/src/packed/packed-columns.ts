/**
 * A value of tables in columns ↔ one that JSON can hold. A typed column becomes its kind and its numbers, or the steps from
 * one number to the next where these are shorter, as in sorted columns; what is not known (NaN) becomes null, a map its
 * entries.
 */

const COLUMNS = {
  f64: Float64Array,
  u32: Uint32Array,
  i32: Int32Array,
  u16: Uint16Array,
  u8: Uint8Array,
} as const;
type ColumnKind = keyof typeof COLUMNS;
type NumberColumn = InstanceType<(typeof COLUMNS)[ColumnKind]>;

/** What `JSON.stringify` takes. */
export type Packed = null | boolean | number | string | readonly Packed[] | { readonly [name: string]: Packed };

interface PackedColumn {
  readonly column: ColumnKind | 'u64' | 'map';
  readonly values: readonly Packed[];
  /** Of each to the one before. */
  readonly steps?: boolean;
}

/** What is undefined is left out; texts are what `cut` makes of them. Throws `TypeError` for functions and columns of other kinds. */
export function packColumns(value: unknown, cut: (text: string) => string = (text) => text): Packed {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return cut(value);
  if (typeof value === 'number') return Number.isNaN(value) ? null : value;
  if (value instanceof BigUint64Array) return packed({ column: 'u64', values: Array.from(value, String) });
  if (ArrayBuffer.isView(value)) return packed(packNumbers(value));
  if (Array.isArray(value)) return value.map((each) => packColumns(each, cut));
  if (value instanceof Map) {
    return packed({ column: 'map', values: Array.from(value, (entry) => entry.map((each) => packColumns(each, cut))) });
  }
  if (typeof value !== 'object') throw new TypeError(`no ${typeof value} can be packed`);
  const known = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(known.map(([name, each]) => [name, packColumns(each, cut)]));
}

/** The reverse. What was packed by `packColumns` is taken as it is. */
export function unpackColumns(value: Packed): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map((each) => unpackColumns(each));
  if (isColumn(value)) {
    const { column, values } = value;
    if (column === 'u64') return BigUint64Array.from(values as string[], BigInt);
    if (column === 'map') return new Map(values.map((entry) => unpackColumns(entry) as [unknown, unknown]));
    return unpackNumbers(column, values as (number | null)[], value.steps === true);
  }
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, unpackColumns(each)]));
}

const packed = (column: PackedColumn): Packed => ({ ...column });

function packNumbers(column: ArrayBufferView): PackedColumn {
  const kind = (Object.keys(COLUMNS) as ColumnKind[]).find((name) => column instanceof COLUMNS[name]);
  if (kind === undefined) throw new TypeError('no column of that kind can be packed');
  const numbers = column as NumberColumn;
  const steps = numbers.some((each) => !Number.isSafeInteger(each)) ? null : stepsOf(numbers);
  if (steps !== null && digitsOf(steps) < digitsOf(numbers)) return { column: kind, values: steps, steps: true };
  return { column: kind, values: Array.from(numbers, (each) => (Number.isNaN(each) ? null : each)) };
}

function stepsOf(numbers: NumberColumn): number[] {
  return Array.from(numbers, (number, row) => number - (row === 0 ? 0 : numbers[row - 1]!));
}

function digitsOf(numbers: ArrayLike<number>): number {
  let digits = 0;
  for (let row = 0; row < numbers.length; row++) {
    const number = numbers[row]!;
    digits += number === 0 ? 1 : Math.log10(Math.abs(number)) + (number < 0 ? 2 : 1);
  }
  return digits;
}

function unpackNumbers(kind: ColumnKind, values: readonly (number | null)[], steps: boolean): NumberColumn {
  const numbers = new COLUMNS[kind](values.length);
  let before = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? Number.NaN;
    before = steps ? before + value : value;
    numbers[row] = before;
  }
  return numbers;
}

const isList = (value: Packed): value is readonly Packed[] => Array.isArray(value);

function isColumn(value: object): value is PackedColumn {
  return 'column' in value && 'values' in value && Array.isArray(value.values);
}
