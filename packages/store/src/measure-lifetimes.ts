/** Ranges of a batch's columns, for batches that come without. */
import { NEVER, type LifetimeBatch, type LifetimeRanges, type ValueRange } from '@memscope/model/recorded';

/** Of a batch of at least one row. */
export function measureLifetimes({ rows, site, born, died, count, bytes }: LifetimeBatch): LifetimeRanges {
  return {
    site: rangeOfIntegers(site.subarray(0, rows)),
    born: rangeOfIntegers(born.subarray(0, rows)),
    ...rangeOfDeaths(died.subarray(0, rows)),
    count: rangeOfDoubles(count.subarray(0, rows)),
    bytes: rangeOfDoubles(bytes.subarray(0, rows)),
  };
}

// One loop for each kind of array: shared, it would see both and be several times slower.

function rangeOfIntegers(values: Uint32Array): ValueRange {
  let least = values[0]!;
  let greatest = least;
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return { least, greatest };
}

function rangeOfDoubles(values: Float64Array): ValueRange {
  let least = values[0]!;
  let greatest = least;
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return { least, greatest };
}

/** Rows that never die, and the last death of the others. */
function rangeOfDeaths(died: Uint32Array): { never: number; lastDeath: number } {
  let never = 0;
  let lastDeath = 0;
  for (let i = 0; i < died.length; i++) {
    const moment = died[i]!;
    if (moment === NEVER) never++;
    else if (moment > lastDeath) lastDeath = moment;
  }
  return { never, lastDeath };
}
