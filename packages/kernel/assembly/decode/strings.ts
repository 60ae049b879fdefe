/**
 * Names from the capture (functions, files, threads, modules), each kept once as the bytes that stood there.
 * Row 0 is the empty string.
 */
import { allocate, allocateZeroed, enlarge, release } from '../shared/arena';
import { mix2 } from '../shared/hash';

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

/** The row of the string at `text`; a new one when it has not been seen. */
export function intern(text: usize, length: u32): u32 {
  if (length == 0) return 0;
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
  const row = append(text, length);
  store<u32>(slots + (<usize>slot << 2), row);
  if (count * 2 > slotsMask) growSlots();
  return row;
}

function append(text: usize, length: u32): u32 {
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
