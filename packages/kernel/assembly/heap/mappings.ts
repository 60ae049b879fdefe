/**
 * Mapped ranges (mmap) that are live, in a treap ordered by start address and augmented with the greatest end below
 * each node, so that what a munmap overlaps is found without a scan. Ranges may overlap each other.
 *
 * A range is a piece of a mapping. Cutting a mapping in the middle gives it one more piece, which counts as an
 * allocation from then on: the mapping keeps when each extra count was born.
 */
import { allocate } from '../shared/arena';
import { appendRow, initTable, newTable, Table } from '../shared/table';

@unmanaged
export class Range {
  start: u64;
  end: u64;
  maxEnd: u64;
  left: u32;
  right: u32;
  priority: u32;
  mapping: u32;
}

@unmanaged
export class Mapping {
  site: u32;
  bornTick: u32;
  bornEpoch: u32;
  pieces: u32;
  /** Row of the newest extra count, 0 = none; row of the next free mapping when unused. */
  extra: u32;
  /** 1 while a walk over all ranges has met it. */
  seen: u32;
}

@unmanaged
export class Extra {
  bornTick: u32;
  bornEpoch: u32;
  next: u32;
}

/** A table whose rows from 1 on are used; row 0 stands for none. Freed rows are chained and used again. */
@unmanaged
class Pool extends Table {
  freed: u32;
}

function newPool(size: u32): Pool {
  const pool = changetype<Pool>(allocate(offsetof<Pool>()));
  initTable(pool, size, 1 << 6);
  pool.freed = 0;
  memory.fill(appendRow(pool), 0, size);
  return pool;
}

function take(pool: Pool): u32 {
  if (pool.freed) {
    const row = pool.freed;
    pool.freed = load<u32>(pool.rows + row * pool.size);
    return row;
  }
  appendRow(pool);
  return pool.length - 1;
}

function give(pool: Pool, row: u32): void {
  store<u32>(pool.rows + row * pool.size, pool.freed);
  pool.freed = row;
}

const ranges = newPool(offsetof<Range>());
const mappings = newPool(offsetof<Mapping>());
const extras = newPool(offsetof<Extra>());

let root: u32 = 0;
export let rangeCount: u32 = 0;
let random: u32 = 0x2545f491;

@inline
export function rangeAt(row: u32): Range {
  return changetype<Range>(ranges.rows + row * offsetof<Range>());
}
@inline
export function mappingAt(row: u32): Mapping {
  return changetype<Mapping>(mappings.rows + row * offsetof<Mapping>());
}
@inline
export function extraAt(row: u32): Extra {
  return changetype<Extra>(extras.rows + row * offsetof<Extra>());
}

export function newMapping(site: u32, bornTick: u32, bornEpoch: u32): u32 {
  const row = take(mappings);
  const mapping = mappingAt(row);
  mapping.site = site;
  mapping.bornTick = bornTick;
  mapping.bornEpoch = bornEpoch;
  mapping.pieces = 0;
  mapping.extra = 0;
  mapping.seen = 0;
  return row;
}

export function freeMapping(row: u32): void {
  give(mappings, row);
}

export function pushExtra(row: u32, bornTick: u32, bornEpoch: u32): void {
  const extra = take(extras);
  extraAt(extra).bornTick = bornTick;
  extraAt(extra).bornEpoch = bornEpoch;
  extraAt(extra).next = mappingAt(row).extra;
  mappingAt(row).extra = extra;
}

/** Removes the newest extra count of a mapping. */
export function dropExtra(row: u32): void {
  const extra = mappingAt(row).extra;
  mappingAt(row).extra = extraAt(extra).next;
  give(extras, extra);
}

@inline
function maxEndOf(row: u32): u64 {
  return row ? rangeAt(row).maxEnd : 0;
}

function refresh(row: u32): u32 {
  const range = rangeAt(row);
  range.maxEnd = max(range.end, max(maxEndOf(range.left), maxEndOf(range.right)));
  return row;
}

/** Both trees in order, all of `a` before all of `b`. */
function join(a: u32, b: u32): u32 {
  if (!a) return b;
  if (!b) return a;
  if (rangeAt(a).priority > rangeAt(b).priority) {
    const right = join(rangeAt(a).right, b);
    rangeAt(a).right = right;
    return refresh(a);
  }
  const left = join(a, rangeAt(b).left);
  rangeAt(b).left = left;
  return refresh(b);
}

let splitLeft: u32 = 0;
let splitRight: u32 = 0;

/** Cuts a tree into the ranges that start before `start` and the rest. */
function split(row: u32, start: u64): void {
  if (!row) {
    splitLeft = 0;
    splitRight = 0;
  } else if (rangeAt(row).start < start) {
    split(rangeAt(row).right, start);
    rangeAt(row).right = splitLeft;
    splitLeft = refresh(row);
  } else {
    split(rangeAt(row).left, start);
    rangeAt(row).left = splitRight;
    splitRight = refresh(row);
  }
}

/** Adds a piece of a mapping. */
export function addRange(mapping: u32, start: u64, end: u64): void {
  const row = take(ranges);
  random ^= random << 13;
  random ^= random >> 17;
  random ^= random << 5;
  const range = rangeAt(row);
  range.start = start;
  range.end = end;
  range.maxEnd = end;
  range.left = 0;
  range.right = 0;
  range.priority = random;
  range.mapping = mapping;
  split(root, start);
  root = join(join(splitLeft, row), splitRight);
  mappingAt(mapping).pieces++;
  rangeCount++;
}

/** Rows of ranges. */
const cut = newTable(4, 1 << 6);

/** Takes out every range that overlaps [start, end); they stand in `cutRange` until the next call. */
export function takeOverlapping(start: u64, end: u64): u32 {
  cut.length = 0;
  split(root, end);
  const after = splitRight;
  root = join(extract(splitLeft, start), after);
  rangeCount -= cut.length;
  return cut.length;
}

/** What is left of a tree without the ranges that end behind `start`. */
function extract(row: u32, start: u64): u32 {
  if (!row || rangeAt(row).maxEnd <= start) return row;
  const left = extract(rangeAt(row).left, start);
  const right = extract(rangeAt(row).right, start);
  const range = rangeAt(row);
  range.left = left;
  range.right = right;
  if (range.end <= start) return refresh(row);
  store<u32>(appendRow(cut), row);
  return join(left, right);
}

/** Row `index` of the ranges that were taken out; the caller frees it. */
export function cutRange(index: u32): u32 {
  return load<u32>(cut.rows + (<usize>index << 2));
}

export function freeRange(row: u32): void {
  give(ranges, row);
}

/** Rows of ranges that a walk has yet to meet. */
const ahead = newTable(4, 1 << 8);

/** Starts a walk over all live ranges. */
export function firstRange(): u32 {
  ahead.length = 0;
  if (root) store<u32>(appendRow(ahead), root);
  return nextRange();
}

/** The next range of the walk, 0 at its end. */
export function nextRange(): u32 {
  if (!ahead.length) return 0;
  const row = load<u32>(ahead.rows + (<usize>--ahead.length << 2));
  const range = rangeAt(row);
  if (range.left) store<u32>(appendRow(ahead), range.left);
  if (range.right) store<u32>(appendRow(ahead), range.right);
  return row;
}
