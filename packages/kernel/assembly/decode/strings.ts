/**
 * Names from the capture (functions, files, threads, modules), each kept once as the bytes that stood there, up to a
 * length that no name of a program has. Row 0 is the empty string.
 */
import { allocate, allocateZeroed, enlarge, release } from '../shared/arena';
import { mix2 } from '../shared/hash';

/** Names are cut behind so many bytes; and behind fewer when those before them come to very many. */
const LONGEST: u32 = 1 << 16;
const LONGEST_OF_MANY: u32 = 1 << 10;
const MANY_BYTES: u32 = 1 << 26;
/** The most that all of them may come to: they become text on the host's side, which has less memory than we. */
const MOST_BYTES: u32 = 1 << 29;

/** How many names were cut. */
export let cutNames: u32 = 0;

let bytes: usize = allocate(1 << 16);
let bytesLength: u32 = 0;
let bytesCapacity: u32 = 1 << 16;

// Row i spans bytes[ends[i - 1]..ends[i]].
let ends: usize = allocateZeroed(4 << 10);
let endsCapacity: u32 = 1 << 10;
let count: u32 = 1;

let slots: usize = allocateZeroed(4 << 12);
let slotsMask: u32 = (1 << 12) - 1;

@inline
function startOf(row: u32): u32 {
  return row == 0 ? 0 : load<u32>(ends + (<usize>(row - 1) << 2));
}

function hashOf(text: usize, length: u32): u32 {
  let hash: u32 = length;
  let i: u32 = 0;
  for (; i + 8 <= length; i += 8) hash = mix2(load<u64>(text + i), hash);
  let rest: u64 = 0;
  for (; i < length; i++) rest = (rest << 8) | load<u8>(text + i);
  return mix2(rest, hash);
}

/** How much of a name of `length` bytes is kept: whole characters of UTF-8. */
function keptLength(text: usize, length: u32): u32 {
  const most = bytesLength < MANY_BYTES ? LONGEST : LONGEST_OF_MANY;
  if (length <= most) return length;
  let kept = most;
  while (kept > most - 4 && (load<u8>(text + kept) & 0xc0) == 0x80) kept--;
  return kept;
}

/** The row of the string at `text`; a new one when it has not been seen. */
export function intern(text: usize, whole: u32): u32 {
  if (whole == 0) return 0;
  const length = keptLength(text, whole);
  let slot = hashOf(text, length) & slotsMask;
  while (true) {
    const row = load<u32>(slots + (<usize>slot << 2));
    if (row == 0) break;
    const start = startOf(row);
    if (load<u32>(ends + (<usize>row << 2)) - start == length && memory.compare(bytes + start, text, length) == 0) {
      return row;
    }
    slot = (slot + 1) & slotsMask;
  }
  if (length < whole) cutNames++;
  const row = append(text, length);
  store<u32>(slots + (<usize>slot << 2), row);
  if (count * 2 > slotsMask) growSlots();
  return row;
}

function append(text: usize, length: u32): u32 {
  if (bytesLength + length > MOST_BYTES) unreachable();
  while (bytesLength + length > bytesCapacity) {
    bytes = enlarge(bytes, bytesCapacity, bytesCapacity << 1);
    bytesCapacity <<= 1;
  }
  if (count == endsCapacity) {
    ends = enlarge(ends, endsCapacity << 2, endsCapacity << 3);
    endsCapacity <<= 1;
  }
  memory.copy(bytes + bytesLength, text, length);
  bytesLength += length;
  store<u32>(ends + (<usize>count << 2), bytesLength);
  return count++;
}

function growSlots(): void {
  release(slots, (slotsMask + 1) << 2);
  slotsMask = (slotsMask << 1) | 1;
  slots = allocateZeroed((slotsMask + 1) << 2);
  for (let row: u32 = 1; row < count; row++) {
    const start = startOf(row);
    let slot = hashOf(bytes + start, load<u32>(ends + (<usize>row << 2)) - start) & slotsMask;
    while (load<u32>(slots + (<usize>slot << 2)) != 0) slot = (slot + 1) & slotsMask;
    store<u32>(slots + (<usize>slot << 2), row);
  }
}

/** Whether a row holds these bytes. */
export function isText(row: u32, text: usize, length: u32): bool {
  const start = startOf(row);
  return load<u32>(ends + (<usize>row << 2)) - start == length && memory.compare(bytes + start, text, length) == 0;
}

export function stringCount(): u32 {
  return count;
}
export function stringBytes(): usize {
  return bytes;
}
export function stringEnds(): usize {
  return ends;
}
