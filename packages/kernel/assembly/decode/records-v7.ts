/**
 * Records of versions 7 to 11, all allocations. The token's low nibble is the type, its high nibble holds flags:
 *
 *   0  TRAILER (flags 1; version 7: padding)     6  MEMORY_MAP_START
 *   1  ALLOCATION: flags = allocator;            7  SEGMENT_HEADER
 *      pointer zigzag [size varint]              8  SEGMENT
 *   2  ALLOCATION_WITH_NATIVE: pointer zigzag,   9  FRAME_POP of flags + 1 frames
 *      size varint, native id zigzag            10  THREAD_RECORD
 *   3  FRAME_INDEX: flag 1 = not an entry frame; 11  MEMORY_RECORD
 *      frame id zigzag, function cstr,          12  CONTEXT_SWITCH
 *      file cstr, line zigzag
 *   4  FRAME_PUSH: frame id zigzag
 *   5  NATIVE_TRACE_INDEX
 */
import { isFree, isTooLarge, LARGE_SIZE, MUNMAP, recordAllocation, recordFree, recordUnmapping } from './account';
import { allocatorOfVersion7 } from './allocators';
import * as cursor from './cursor';
import { defineFrame } from './frames';
import { nativeLength } from './native';
import * as rare from './rare-records';
import { pushFrameId } from './stacks';
import * as status from './status';
import { intern } from './strings';
import { current, currentThread, deepen } from './threads';

const OTHER: u32 = 0;
const ALLOCATION: u32 = 1;
const ALLOCATION_WITH_NATIVE: u32 = 2;
const FRAME_INDEX: u32 = 3;
const FRAME_PUSH: u32 = 4;
const NATIVE_TRACE_INDEX: u32 = 5;
const MEMORY_MAP_START: u32 = 6;
const SEGMENT_HEADER: u32 = 7;
const SEGMENT: u32 = 8;
const FRAME_POP: u32 = 9;
const THREAD_RECORD: u32 = 10;
const MEMORY_RECORD: u32 = 11;
const CONTEXT_SWITCH: u32 = 12;

const TRAILER: u32 = 0x10;

let padded: bool = false;
let dataPointer: u64 = 0;
let frameId: u64 = 0;
let line: i64 = 0;

export function configureVersion7(version: u32): void {
  padded = version == 7;
}

export function decodeVersion7(from: usize, to: usize): u32 {
  if (rare.lacksSegment(from, to, 15)) return cursor.stop(from, status.corrupt(status.BAD_SEGMENT));
  cursor.seek(from, to);
  let at = from;
  let thread = current();
  let row = currentThread;
  let stack = thread.node;
  let depth = thread.depth;
  let result = status.MORE;
  while (at < to) {
    const start = at;
    const token: u32 = load<u8>(at++);
    const type = token & 15;
    if (type == FRAME_PUSH) {
      let zigzag: u64 = load<u8>(at++);
      if (zigzag >= 128) {
        cursor.seek(at - 1, to);
        zigzag = cursor.varint();
        at = cursor.at;
      }
      if (at > to) {
        at = start;
        break;
      }
      if (cursor.malformed) {
        result = status.corrupt(status.BAD_VARINT);
        at = start;
        break;
      }
      frameId += cursor.unzigzag(zigzag);
      if (depth == thread.stackCapacity) deepen(thread);
      store<u32>(thread.stack + (<usize>depth << 2), stack);
      if (depth++ >= thread.skipped) stack = pushFrameId(stack, frameId);
    } else if (type == ALLOCATION || type == ALLOCATION_WITH_NATIVE) {
      const allocator = allocatorOfVersion7(token >> 4);
      if (allocator == 0) {
        result = status.corrupt(status.BAD_ALLOCATOR);
        at = start;
        break;
      }
      cursor.seek(at, to);
      const address = dataPointer + cursor.signed();
      const free = isFree(allocator);
      const size = free && type == ALLOCATION ? 0 : cursor.varint();
      const nativeId = type == ALLOCATION_WITH_NATIVE ? rare.lastNativeId() + cursor.signed() : 0;
      at = cursor.at;
      if (at > to) {
        at = start;
        break;
      }
      if (cursor.malformed || (size >= LARGE_SIZE && isTooLarge(size))) {
        result = status.corrupt(cursor.malformed ? status.BAD_VARINT : status.BAD_SIZE);
        at = start;
        break;
      }
      dataPointer = address;
      if (type == ALLOCATION_WITH_NATIVE) rare.setNativeId(nativeId);
      if (free) {
        recordFree(thread, allocator, address);
      } else if (allocator != MUNMAP) {
        const node = nativeId < nativeLength() ? <u32>nativeId : 0;
        recordAllocation(thread, row, stack, allocator, address, size, node);
      } else {
        recordUnmapping(thread, address, size);
      }
    } else if (type == FRAME_POP) {
      const count = (token >> 4) + 1;
      if (count > depth) {
        result = status.corrupt(status.BAD_POP);
        at = start;
        break;
      }
      depth -= count;
      stack = load<u32>(thread.stack + (<usize>depth << 2));
    } else {
      thread.node = stack;
      thread.depth = depth;
      cursor.seek(at, to);
      result = rareRecord(token);
      if (result == status.DONE && (token != TRAILER || padded)) {
        at = cursor.at;
        thread = current();
        row = currentThread;
        stack = thread.node;
        depth = thread.depth;
        result = rare.lacksSegment(at, to, 15) ? status.corrupt(status.BAD_SEGMENT) : status.MORE;
        if (result == status.MORE) continue;
        break;
      }
      at = result == status.DONE ? cursor.at : start;
      break;
    }
  }
  thread.node = stack;
  thread.depth = depth;
  return cursor.stop(at, result);
}

function rareRecord(token: u32): u32 {
  const type = token & 15;
  if (type == MEMORY_RECORD) return rare.memoryRecord();
  if (type == CONTEXT_SWITCH) return rare.contextSwitch();
  if (type == FRAME_INDEX) return frameIndex(token >> 4);
  if (type == NATIVE_TRACE_INDEX) return rare.nativeTraceIndex();
  if (type == SEGMENT) return rare.segment();
  if (type == SEGMENT_HEADER) return rare.segmentHeader();
  if (type == MEMORY_MAP_START) return rare.memoryMapStart();
  if (type == THREAD_RECORD) return rare.threadRecord();
  return type == OTHER && (padded || token == TRAILER) ? status.DONE : status.corrupt(status.BAD_TOKEN);
}

function frameIndex(flags: u32): u32 {
  const id = frameId + cursor.signed();
  const functionName = cursor.at;
  const functionLength = cursor.cstring();
  const file = cursor.at;
  const fileLength = cursor.cstring();
  if (functionLength > rare.MAX_NAME || fileLength > rare.MAX_NAME) return status.corrupt(status.BAD_LENGTH);
  const frameLine = line + cursor.signed();
  if (cursor.overrun()) return status.MORE;
  if (cursor.malformed) return status.corrupt(status.BAD_VARINT);
  frameId = id;
  line = frameLine;
  const name = intern(functionName, functionLength);
  defineFrame(id, name, intern(file, fileLength), <i32>frameLine, (flags & 1) ^ 1);
  return status.DONE;
}
