/**
 * A column of whole numbers in as few bytes as its greatest takes: what millions of sites hold by all measures at once
 * is a quarter of what it is in doubles.
 */
export type NumberColumn = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** Weights of sites that are only read. */
export interface NarrowWeights {
  readonly bytes: NumberColumn;
  readonly count: NumberColumn;
}

/** A copy, or the same column where a number is negative, unknown or above 2^32. */
export function narrowed(numbers: Float64Array): NumberColumn {
  let greatest = 0;
  for (let row = 0; row < numbers.length; row++) {
    const number = numbers[row]!;
    if (!(number >= 0)) return numbers;
    if (number > greatest) greatest = number;
  }
  if (greatest >= 2 ** 32) return numbers;
  if (greatest >= 2 ** 16) return new Uint32Array(numbers);
  return greatest >= 2 ** 8 ? new Uint16Array(numbers) : new Uint8Array(numbers);
}

export function narrowWeights({ bytes, count }: Readonly<Record<'bytes' | 'count', Float64Array>>): NarrowWeights {
  return { bytes: narrowed(bytes), count: narrowed(count) };
}
