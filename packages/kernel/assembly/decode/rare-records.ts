/**
 * Records that all versions from 7 on share, and that are too rare to be fast. Each reads its body at the cursor and
 * takes effect only when all of it was there; MORE with an overrun cursor takes the record back.
 */
import * as cursor from './cursor';
import * as native from './native';
import * as status from './status';
import { intern } from './strings';
import { current, switchThread } from './threads';
import { MAX_SIZE, recordMemory } from './account';

/** Longest name, and longest line table, that is believed. */
export const MAX_NAME: u32 = 1 << 24;
export const MAX_TABLE: u64 = 1 << 26;
const MAX_SEGMENTS: u64 = 1 << 16;
/** A thousand years in milliseconds: a time further away from the start, before or after it, is none. */
const MAX_TIME: i64 = 1 << 45;

/** The type of a segment record, in all versions that share it. */
const SEGMENT: u32 = 8;

let segmentFile: u32 = 0;
let segmentLoad: u64 = 0;
let segmentsLeft: u64 = 0;

let ip: u64 = 0;
let nativeId: u64 = 0;

/** Delta state of native ids, shared by allocations and native nodes. */
@inline
export function lastNativeId(): u64 {
  return nativeId;
}
@inline
export function setNativeId(id: u64): void {
  nativeId = id;
}

/** True while a segment header announces segments: nothing else may come. */
@inline
export function expectsSegment(): bool {
  return segmentsLeft != 0;
}

/** True when segments are announced and something else comes. `mask` takes the type out of the token at `position`. */
export function lacksSegment(position: usize, to: usize, mask: u32): bool {
  return segmentsLeft != 0 && position < to && (<u32>load<u8>(position) & mask) != SEGMENT;
}

/** What a record came to: corrupt, not all there, or done. */
function outcome(): u32 {
  if (cursor.overrun()) return status.MORE;
  return cursor.malformed ? status.corrupt(status.BAD_VARINT) : status.DONE;
}

/** The string at the cursor has ended or may still end: MORE and DONE; too long: CORRUPT. */
export function nameOutcome(length: u32): u32 {
  if (length > MAX_NAME) return status.corrupt(status.BAD_LENGTH);
  return outcome();
}

export function memoryRecord(): u32 {
  const rss = cursor.varint();
  const time = <i64>cursor.varint();
  const result = outcome();
  return result != status.DONE ? result : takeMemory(time, rss);
}

/** `time` in milliseconds after the start by the clock of the machine; it is negative when that was set back. */
export function takeMemory(time: i64, rss: u64): u32 {
  if (isNoTime(time)) return status.corrupt(status.BAD_TIME);
  if (rss >= MAX_SIZE) return status.corrupt(status.BAD_SIZE);
  recordMemory(time, rss);
  return status.DONE;
}

export function isNoTime(time: i64): bool {
  return time > MAX_TIME || time < -MAX_TIME;
}

export function nativeTraceIndex(): u32 {
  const ipDelta = cursor.signed();
  const parentDelta = cursor.signed();
  const result = outcome();
  if (result != status.DONE) return result;
  ip += ipDelta;
  nativeId += parentDelta;
  native.appendNativeNode(ip, nativeId);
  return status.DONE;
}

export function segmentHeader(): u32 {
  const name = cursor.at;
  const length = cursor.cstring();
  if (nameOutcome(length) == status.CORRUPT) return status.CORRUPT;
  const count = cursor.varint();
  const load = cursor.u64le();
  const result = outcome();
  if (result != status.DONE) return result;
  return announceSegments(name, length, count, load);
}

export function announceSegments(name: usize, length: u32, count: u64, load: u64): u32 {
  if (count > MAX_SEGMENTS) return status.corrupt(status.BAD_LENGTH);
  segmentFile = intern(name, length);
  segmentLoad = load;
  segmentsLeft = count;
  return status.DONE;
}

export function segment(): u32 {
  const virtualAddress = cursor.u64le();
  const size = cursor.varint();
  const result = outcome();
  return result != status.DONE ? result : takeSegment(virtualAddress, size);
}

export function takeSegment(virtualAddress: u64, size: u64): u32 {
  if (segmentsLeft == 0) return status.corrupt(status.BAD_SEGMENT);
  segmentsLeft--;
  native.appendSegment(segmentFile, segmentLoad, virtualAddress, size);
  return status.DONE;
}

export function memoryMapStart(): u32 {
  native.startMemoryMap();
  return status.DONE;
}

export function threadRecord(): u32 {
  const name = cursor.at;
  const length = cursor.cstring();
  const result = nameOutcome(length);
  if (result == status.DONE) current().name = intern(name, length) + 1;
  return result;
}

/** The caller reloads what it knows of the current thread. */
export function contextSwitch(): u32 {
  const tid = cursor.u64le();
  const result = outcome();
  if (result == status.DONE) switchThread(tid);
  return result;
}
