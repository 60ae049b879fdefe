/**
 * Records of versions 12 and 13, all allocations. The token's highest bit that is set tells the record:
 *
 *   1ppppaaa  ALLOCATION    [pointer zigzag if p = 15] [allocator u8 if a = 0] [native id zigzag] [size varint]
 *   01uuuuue  FRAME_PUSH    code object varint, instruction offset zigzag; e = entry frame
 *   001ppppc  OBJECT_RECORD [pointer zigzag if p = 15] [native id zigzag if c]; c = created
 *   0001nnnn  FRAME_POP     of n + 1 frames
 *   0000rrrr  the rest, by number
 *
 * The state of the inner loop stands in locals: position, stack, depth. A record takes effect only when its last byte
 * was there; else the position goes back to its token.
 */
import { isFree, isTooLarge, LARGE_SIZE, MUNMAP, recordAllocation, recordFree, recordUnmapping } from './account';
import * as cursor from './cursor';
import { codeFrameKey, codeNumber, defineCode } from './frames';
import { nativeLength } from './native';
import * as rare from './rare-records';
import { createObject, destroyObject } from './objects';
import { pushCodeFrame } from './stacks';
import * as status from './status';
import { intern } from './strings';
import { current, currentThread, deepen, Thread } from './threads';

const TRAILER: u32 = 1;
const MEMORY_RECORD: u32 = 2;
const NATIVE_TRACE_INDEX: u32 = 5;
const MEMORY_MAP_START: u32 = 6;
const SEGMENT_HEADER: u32 = 7;
const SEGMENT: u32 = 8;
const THREAD_RECORD: u32 = 10;
const CONTEXT_SWITCH: u32 = 12;
const CODE_OBJECT: u32 = 14;

const MAX_OFFSET: u64 = 1 << 31;

let native: bool = false;
let dataPointer: u64 = 0;
let firstLine: i64 = 0;

// The last 15 addresses, newest at `newest`; a ring of 16.
const addresses = memory.data(16 * 8, 8);
let newest: u32 = 0;

export function configureVersion12(nativeTraces: bool): void {
  native = nativeTraces;
}

@inline
function cachedAddress(index: u32): u64 {
  return load<u64>(addresses + (<usize>((newest + index) & 15) << 3));
}

/** A miss is remembered; the oldest address falls out. */
@inline
function cacheAddress(pointer: u64): void {
  dataPointer = pointer;
  newest = (newest - 1) & 15;
  store<u64>(addresses + (<usize>newest << 3), pointer << 3);
}

export function decodeVersion12(from: usize, to: usize): u32 {
  if (rare.lacksSegment(from, to, 0xff)) return cursor.stop(from, status.corrupt(status.BAD_SEGMENT));
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
    if ((token & 0xc0) == 0x40) {
      let code: u64 = load<u8>(at++);
      if (code >= 128) {
        cursor.seek(at - 1, to);
        code = cursor.varint();
        at = cursor.at;
        if (cursor.malformed && at <= to) {
          result = status.corrupt(status.BAD_VARINT);
          at = start;
          break;
        }
      }
      let offset: u64 = load<u8>(at++);
      if (offset >= 128) {
        offset = (offset & 127) | (<u64>load<u8>(at++) << 7);
        if (offset >= 16384) {
          cursor.seek(at - 2, to);
          offset = cursor.varint();
          at = cursor.at;
        }
      }
      if (at > to) {
        at = start;
        break;
      }
      if (offset >= MAX_OFFSET || cursor.malformed) {
        result = status.corrupt(status.BAD_OFFSET);
        at = start;
        break;
      }
      if (depth == thread.stackCapacity) deepen(thread);
      store<u32>(thread.stack + (<usize>depth << 2), stack);
      if (depth++ >= thread.skipped) {
        const key = codeFrameKey(code >= 0x80000000 ? codeNumber(code) : <u32>code, <u32>offset, token & 1);
        stack = pushCodeFrame(stack, key);
      }
    } else if (token & 0x80) {
      const index = (token >> 3) & 15;
      let address: u64;
      let pointer: u64 = 0;
      if (index == 15) {
        let zigzag: u64 = load<u8>(at++);
        if (zigzag >= 128) {
          zigzag = (zigzag & 127) | (<u64>load<u8>(at++) << 7);
          if (zigzag >= 16384) {
            cursor.seek(at - 2, to);
            zigzag = cursor.varint();
            at = cursor.at;
            if (cursor.malformed && at <= to) {
              result = status.corrupt(status.BAD_VARINT);
              at = start;
              break;
            }
          }
        }
        pointer = dataPointer + cursor.unzigzag(zigzag);
        address = pointer << 3;
      } else {
        address = cachedAddress(index);
      }
      let allocator = token & 7;
      if (allocator == 0) {
        allocator = load<u8>(at++);
        if (at <= to && (allocator == 0 || allocator > MUNMAP)) {
          result = status.corrupt(status.BAD_ALLOCATOR);
          at = start;
          break;
        }
      }
      if (isFree(allocator)) {
        if (at > to) {
          at = start;
          break;
        }
        if (index == 15) cacheAddress(pointer);
        recordFree(thread, allocator, address);
        continue;
      }
      let nativeId: u64 = 0;
      if (native) {
        cursor.seek(at, to);
        nativeId = rare.lastNativeId() + cursor.signed();
        at = cursor.at;
        if (cursor.malformed && at <= to) {
          result = status.corrupt(status.BAD_VARINT);
          at = start;
          break;
        }
      }
      let size: u64 = load<u8>(at++);
      if (size >= 128) {
        size = (size & 127) | (<u64>load<u8>(at++) << 7);
        if (size >= 16384) {
          cursor.seek(at - 2, to);
          size = cursor.varint();
          at = cursor.at;
        }
      }
      if (at > to) {
        at = start;
        break;
      }
      if (cursor.malformed || (size >= LARGE_SIZE && isTooLarge(size))) {
        result = status.corrupt(status.BAD_SIZE);
        at = start;
        break;
      }
      if (index == 15) cacheAddress(pointer);
      if (native) rare.setNativeId(nativeId);
      if (allocator != MUNMAP) {
        const node = nativeId < nativeLength() ? <u32>nativeId : 0;
        recordAllocation(thread, row, stack, allocator, address, size, node);
      } else {
        recordUnmapping(thread, address, size);
      }
    } else if ((token & 0xf0) == 0x10) {
      const count = (token & 15) + 1;
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
      result = token & 0x20 ? objectRecord(token) : rareRecord(token);
      if (result == status.DONE && token != TRAILER) {
        at = cursor.at;
        thread = current();
        row = currentThread;
        stack = thread.node;
        depth = thread.depth;
        result = rare.lacksSegment(at, to, 0xff) ? status.corrupt(status.BAD_SEGMENT) : status.MORE;
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
  if (token == MEMORY_RECORD) return rare.memoryRecord();
  if (token == CONTEXT_SWITCH) return rare.contextSwitch();
  if (token == CODE_OBJECT) return codeObject();
  if (token == NATIVE_TRACE_INDEX) return rare.nativeTraceIndex();
  if (token == SEGMENT) return rare.segment();
  if (token == SEGMENT_HEADER) return rare.segmentHeader();
  if (token == MEMORY_MAP_START) return rare.memoryMapStart();
  if (token == THREAD_RECORD) return rare.threadRecord();
  return token == TRAILER ? status.DONE : status.corrupt(status.BAD_TOKEN);
}

function objectRecord(token: u32): u32 {
  const index = (token >> 1) & 15;
  const pointer = index == 15 ? dataPointer + cursor.signed() : 0;
  const created = (token & 1) != 0;
  const nativeId = native && created ? rare.lastNativeId() + cursor.signed() : rare.lastNativeId();
  if (cursor.overrun()) return status.MORE;
  if (cursor.malformed) return status.corrupt(status.BAD_VARINT);
  const address = index == 15 ? pointer << 3 : cachedAddress(index);
  if (index == 15) cacheAddress(pointer);
  rare.setNativeId(nativeId);
  if (created) {
    const node = nativeId < nativeLength() ? <u32>nativeId : 0;
    createObject(address, currentThread, current().node, node);
  } else {
    destroyObject(address);
  }
  return status.DONE;
}

/** id varint, function cstr, file cstr, first line zigzag delta, table length varint, table. */
export function codeObject(): u32 {
  const id = cursor.varint();
  const functionName = cursor.at;
  const functionLength = cursor.cstring();
  const file = cursor.at;
  const fileLength = cursor.cstring();
  if (functionLength > rare.MAX_NAME || fileLength > rare.MAX_NAME) return status.corrupt(status.BAD_LENGTH);
  const line = firstLine + cursor.signed();
  const length = cursor.varint();
  if (cursor.overrun()) return status.MORE;
  if (cursor.malformed) return status.corrupt(status.BAD_VARINT);
  if (length > rare.MAX_TABLE) return status.corrupt(status.BAD_LENGTH);
  const table = cursor.at;
  cursor.skip(<usize>length);
  if (cursor.overrun()) return status.MORE;
  firstLine = line;
  const name = intern(functionName, functionLength);
  defineCode(id, name, intern(file, fileLength), <i32>line, table, <u32>length);
  return status.DONE;
}
