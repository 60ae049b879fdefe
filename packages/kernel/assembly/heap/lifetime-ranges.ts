/**
 * Ranges of a batch's columns, a vector of values at a time, so that whoever stores the batch in narrower columns need
 * not look at every value. Columns are read in whole vectors: the caller fills the last one up with a row of the batch.
 */

/** Two f64 for each column: least and greatest; of deaths, how many are NEVER and the greatest of the others. */
const ranges = memory.data(5 * 16, 16);

@inline
function note(column: u32, first: f64, second: f64): void {
  store<f64>(ranges + (<usize>column << 4), first);
  store<f64>(ranges + (<usize>column << 4), second, 8);
}

const lanes = memory.data(16, 16);

/** Lane `index` of the vector that was stored last to `lanes`. */
@inline
function lane(index: usize): u32 {
  return load<u32>(lanes + (index << 2));
}

@inline
function greatestLane(vector: v128): u32 {
  v128.store(lanes, vector);
  return max(max(lane(0), lane(1)), max(lane(2), lane(3)));
}

@inline
function leastLane(vector: v128): u32 {
  v128.store(lanes, vector);
  return min(min(lane(0), lane(1)), min(lane(2), lane(3)));
}

@inline
function sumOfLanes(vector: v128): u32 {
  v128.store(lanes, vector);
  return lane(0) + lane(1) + lane(2) + lane(3);
}

/** Of u32 values. */
export function measureIntegers(column: u32, from: usize, rows: u32): void {
  const past = from + (<usize>rows << 2);
  let least = v128.load(from);
  let greatest = least;
  for (let at = from + 16; at < past; at += 16) {
    const values = v128.load(at);
    least = i32x4.min_u(least, values);
    greatest = i32x4.max_u(greatest, values);
  }
  note(column, <f64>leastLane(least), <f64>greatestLane(greatest));
}

/** Of moments below 2^31 and NEVER, which is -1 as a signed number; 0 where there are no moments. */
export function measureDeaths(column: u32, from: usize, rows: u32): void {
  const whole = from + (<usize>(rows & ~3) << 2);
  let greatest = i32x4.splat(0);
  let nevers = i32x4.splat(0);
  let at = from;
  for (; at < whole; at += 16) {
    const values = v128.load(at);
    greatest = i32x4.max_s(greatest, values);
    nevers = i32x4.sub(nevers, i32x4.eq(values, i32x4.splat(-1)));
  }
  let never = sumOfLanes(nevers);
  let last = greatestLane(greatest);
  for (const past = from + (<usize>rows << 2); at < past; at += 4) {
    const died = load<u32>(at);
    if (died == 0xffffffff) never++;
    else last = max(last, died);
  }
  note(column, <f64>never, <f64>last);
}

/** Of f64 values. */
export function measureDoubles(column: u32, from: usize, rows: u32): void {
  const past = from + (<usize>rows << 3);
  let least = v128.load(from);
  let greatest = least;
  for (let at = from + 16; at < past; at += 16) {
    const values = v128.load(at);
    least = f64x2.pmin(least, values);
    greatest = f64x2.pmax(greatest, values);
  }
  note(
    column,
    min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1)),
    max(f64x2.extract_lane(greatest, 0), f64x2.extract_lane(greatest, 1)),
  );
}

export function lifetimeRanges(): usize {
  return ranges;
}
