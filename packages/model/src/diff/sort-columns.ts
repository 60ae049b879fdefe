/** Numbers of hundreds of thousands of rows → the order of the rows, without a comparison in JavaScript. Both are stable. */

export interface SortedRows {
  /** Where the rows of a number begin; one more than there are numbers. */
  readonly starts: Uint32Array;
  /** Those of one number after those of another, in each as they came. */
  readonly order: Uint32Array;
}

/** Whole numbers from 0 up to but not including `limit`. */
export function sortByNumber(numbers: Uint32Array, limit: number): SortedRows {
  const starts = new Uint32Array(limit + 1);
  for (const number of numbers) starts[number + 1]!++;
  for (let number = 0; number < limit; number++) starts[number + 1]! += starts[number]!;
  const order = new Uint32Array(numbers.length);
  const next = starts.slice();
  for (let row = 0; row < numbers.length; row++) order[next[numbers[row]!]!++] = row;
  return { starts, order };
}

/** Any numbers, least first: the rows of `before` in their order. */
export function sortBySize(sizes: Float64Array, before: Uint32Array): Uint32Array {
  const sorted = sizes.toSorted();
  const next = new Uint32Array(sizes.length);
  const order = new Uint32Array(sizes.length);
  for (const row of before) {
    const first = firstNotBelow(sorted, sizes[row]!);
    order[first + next[first]!++] = row;
  }
  return order;
}

function firstNotBelow(sorted: Float64Array, size: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < size) low = middle + 1;
    else high = middle;
  }
  return low;
}
