/**
 * Records of version 6: structs as they lay in memory, each behind a token of 4 bytes that is not aligned. Nothing is
 * a varint or a delta, and each record names its own thread.
 *
 *   0  padding             –
 *   1  ALLOCATION         40  tid u64, address u64, size u64, allocator i32, 4 padding, native id u64; frees too
 *   2  FRAME_INDEX            frame id u64, function cstr, file cstr, line i32
 *   3  FRAME_PUSH         16  frame id u64, tid u64
 *   4  NATIVE_TRACE_INDEX 16  ip u64, parent u32, 4 padding
 *   5  MEMORY_MAP_START    –
 *   6  SEGMENT_HEADER         file cstr, number of segments u64, load address u64
 *   7  SEGMENT            16  vaddr u64, memsz u64
 *   8  FRAME_POP          16  tid u64, count u8, 7 padding
 *   9  THREAD_RECORD          tid u64, name cstr
 *  10  MEMORY_RECORD      16  milliseconds since the epoch u64, rss u64
 */
import { isFree, isTooLarge, LARGE_SIZE, MUNMAP, recordAllocation, recordFree, recordUnmapping } from './account';
import { allocatorOfVersion6 } from './allocators';
import * as cursor from './cursor';
import { defineFrame } from './frames';
import * as native from './native';
import * as rare from './rare-records';
import { pushFrameId } from './stacks';
import * as status from './status';
import { intern } from './strings';
import { current, currentThread, deepen, switchThread, threadAt } from './threads';

const PADDING: u32 = 0;
const ALLOCATION: u32 = 1;
const FRAME_INDEX: u32 = 2;
const FRAME_PUSH: u32 = 3;
const NATIVE_TRACE_INDEX: u32 = 4;
const MEMORY_MAP_START: u32 = 5;
const SEGMENT_HEADER: u32 = 6;
const SEGMENT: u32 = 7;
const FRAME_POP: u32 = 8;
const THREAD_RECORD: u32 = 9;
const MEMORY_RECORD: u32 = 10;

let startMs: u64 = 0;

export function configureVersion6(start: u64): void {
  startMs = start;
}

export function decodeVersion6(from: usize, to: usize): u32 {
  let at = from;
  while (at + 4 <= to) {
    cursor.seek(at, to);
    const result = record(cursor.u32le());
    if (result != status.DONE) return cursor.stop(at, result);
    at = cursor.at;
  }
  return cursor.stop(at, status.MORE);
}

/** DONE, MORE when the body is not all there, or CORRUPT. */
function record(token: u32): u32 {
  if (rare.expectsSegment() && token != SEGMENT) return status.corrupt(status.BAD_SEGMENT);
  if (token == ALLOCATION) return allocation();
  if (token == FRAME_PUSH) return framePush();
  if (token == FRAME_POP) return framePop();
  if (token == PADDING) return status.DONE;
  if (token == FRAME_INDEX) return frameIndex();
  if (token == MEMORY_RECORD) return memoryRecord();
  if (token == NATIVE_TRACE_INDEX) return nativeTraceIndex();
  if (token == MEMORY_MAP_START) return rare.memoryMapStart();
  if (token == SEGMENT) return segment();
  if (token == SEGMENT_HEADER) return segmentHeader();
  return token == THREAD_RECORD ? threadRecord() : status.corrupt(status.BAD_TOKEN);
}

@inline
function selectThread(tid: u64): void {
  if (currentThread != 0xffffffff && threadAt(currentThread).tid == tid) return;
  switchThread(tid);
}

function allocation(): u32 {
  const tid = cursor.u64le();
  const address = cursor.u64le();
  const size = cursor.u64le();
  const number = <u32>cursor.u64le();
  const nativeId = cursor.u64le();
  if (cursor.overrun()) return status.MORE;
  const allocator = allocatorOfVersion6(number);
  if (allocator == 0) return status.corrupt(status.BAD_ALLOCATOR);
  selectThread(tid);
  const thread = current();
  if (isFree(allocator)) {
    recordFree(thread, allocator, address);
    return status.DONE;
  }
  if (size >= LARGE_SIZE && isTooLarge(size)) return status.corrupt(status.BAD_SIZE);
  if (allocator == MUNMAP) {
    recordUnmapping(thread, address, size);
    return status.DONE;
  }
  const node = nativeId < native.nativeLength() ? <u32>nativeId : 0;
  recordAllocation(thread, currentThread, thread.node, allocator, address, size, node);
  return status.DONE;
}

function framePush(): u32 {
  const id = cursor.u64le();
  const tid = cursor.u64le();
  if (cursor.overrun()) return status.MORE;
  selectThread(tid);
  const thread = current();
  if (thread.depth == thread.stackCapacity) deepen(thread);
  store<u32>(thread.stack + (<usize>thread.depth << 2), thread.node);
  thread.depth++;
  thread.node = pushFrameId(thread.node, id);
  return status.DONE;
}

function framePop(): u32 {
  const tid = cursor.u64le();
  const count = <u32>cursor.u64le() & 255;
  if (cursor.overrun()) return status.MORE;
  selectThread(tid);
  const thread = current();
  if (count > thread.depth) return status.corrupt(status.BAD_POP);
  if (count == 0) return status.DONE;
  thread.depth -= count;
  thread.node = load<u32>(thread.stack + (<usize>thread.depth << 2));
  return status.DONE;
}

function frameIndex(): u32 {
  const id = cursor.u64le();
  const functionName = cursor.at;
  const functionLength = cursor.cstring();
  const file = cursor.at;
  const fileLength = cursor.cstring();
  if (functionLength > rare.MAX_NAME || fileLength > rare.MAX_NAME) return status.corrupt(status.BAD_LENGTH);
  const line = <i32>cursor.u32le();
  if (cursor.overrun()) return status.MORE;
  const name = intern(functionName, functionLength);
  defineFrame(id, name, intern(file, fileLength), line, 1);
  return status.DONE;
}

function nativeTraceIndex(): u32 {
  const ip = cursor.u64le();
  const parent = cursor.u64le() & 0xffffffff;
  if (cursor.overrun()) return status.MORE;
  native.appendNativeNode(ip, parent);
  return status.DONE;
}

function segmentHeader(): u32 {
  const name = cursor.at;
  const length = cursor.cstring();
  if (length > rare.MAX_NAME) return status.corrupt(status.BAD_LENGTH);
  const count = cursor.u64le();
  const load = cursor.u64le();
  return cursor.overrun() ? status.MORE : rare.announceSegments(name, length, count, load);
}

function segment(): u32 {
  const virtualAddress = cursor.u64le();
  const size = cursor.u64le();
  return cursor.overrun() ? status.MORE : rare.takeSegment(virtualAddress, size);
}

function threadRecord(): u32 {
  const tid = cursor.u64le();
  const name = cursor.at;
  const length = cursor.cstring();
  if (length > rare.MAX_NAME) return status.corrupt(status.BAD_LENGTH);
  if (cursor.overrun()) return status.MORE;
  selectThread(tid);
  current().name = intern(name, length) + 1;
  return status.DONE;
}

function memoryRecord(): u32 {
  const time = cursor.u64le();
  const rss = cursor.u64le();
  if (cursor.overrun()) return status.MORE;
  return rare.takeMemory(<i64>(time - startMs), rss);
}
