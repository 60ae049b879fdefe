/**
 * Aggregated captures, versions 10 to 13: what each stack held at the peak and at the end, already added up by memray.
 * Tokens are one byte without flags.
 *
 *   1  MEMORY_SNAPSHOT        milliseconds since the epoch u64, rss u64, heap u64
 *   2  AGGREGATED_ALLOCATION  72 bytes, below
 *   3  PYTHON_TRACE_INDEX     frame id varint, parent varint; versions 10, 11: u64, u32
 *   4  PYTHON_FRAME_INDEX     frame id varint, code object varint, instruction offset zigzag, entry u8;
 *                             versions 10, 11: id u64, function cstr, file cstr, line i32, entry u8
 *  13  SURVIVING_OBJECT       address >> 3 varint, [native id varint]
 *  15  AGGREGATED_TRAILER
 *   5, 6, 7, 8, 10, 12, 14 as among all allocations
 *
 *  AGGREGATED_ALLOCATION
 *   0  tid u64             24  Python trace u64      48  count leaked u64
 *   8  allocator u8        32  generation u64        56  bytes at peak u64
 *  16  native id u64       40  count at peak u64     64  bytes leaked u64
 */
import { allocate, release } from '../shared/arena';
import { isFree, MAX_SIZE, MAX_TOTAL, MUNMAP } from './account';
import { SNAPSHOT } from '../shared/operations';
import { allocatorOfVersion7 } from './allocators';
import * as cursor from './cursor';
import { codeFrameKey, codeNumber, defineFrame, frameOfCode, frameOfId, unknownFrame } from './frames';
import { ABSENT, findRow, newRowMap, putRow } from '../shared/hash';
import { appendRow, newTable } from '../shared/table';
import { nativeLength } from './native';
import { codeObject } from './records-v12';
import { noteTime } from './operations';
import * as rare from './rare-records';
import { areArenas } from './arenas';
import { findSite, heldAt, OF_ARENA, siteTag } from './sites';
import { nodeAt, stackOf } from './stacks';
import * as status from './status';
import { intern } from './strings';
import { threadAt, threadOf } from './threads';

const MEMORY_SNAPSHOT: u32 = 1;
const AGGREGATED_ALLOCATION: u32 = 2;
const PYTHON_TRACE_INDEX: u32 = 3;
const PYTHON_FRAME_INDEX: u32 = 4;
const NATIVE_TRACE_INDEX: u32 = 5;
const MEMORY_MAP_START: u32 = 6;
const SEGMENT_HEADER: u32 = 7;
const SEGMENT: u32 = 8;
const THREAD_RECORD: u32 = 10;
const CONTEXT_SWITCH: u32 = 12;
const SURVIVING_OBJECT: u32 = 13;
const CODE_OBJECT: u32 = 14;
const TRAILER: u32 = 15;

const MAX_OFFSET: u64 = 1 << 31;

let byCode: bool = false;
let native: bool = false;
let startMs: u64 = 0;

@unmanaged
class Trace {
  /** Call tree row; and of the same without the tracker's frames + 1, made when asked for (0 = not yet). */
  whole: u32;
  kept: u32;
  parent: u32;
  depth: u32;
}

const TRACE_SIZE: u32 = offsetof<Trace>();

const traces = newTable(TRACE_SIZE, 1 << 10);
// The empty stack.
memory.fill(appendRow(traces), 0, TRACE_SIZE);

/** Frames of versions 12 and 13 by their number in this layout. */
const framesById = newRowMap(1 << 8);

export let survivingObjects: u64 = 0;

/** Everything that all rows say together: no column may overflow. */
let sums: u64 = 0;

export function configureAggregated(version: u32, nativeTraces: bool, start: u64): void {
  byCode = version >= 12;
  native = nativeTraces;
  startMs = start;
}

export function decodeAggregated(from: usize, to: usize): u32 {
  let at = from;
  while (at < to) {
    cursor.seek(at, to);
    const token = cursor.byte();
    const result = record(token);
    if (result != status.DONE) return cursor.stop(at, result);
    at = cursor.at;
    if (token == TRAILER) return cursor.stop(at, status.DONE);
  }
  return cursor.stop(at, status.MORE);
}

function record(token: u32): u32 {
  if (rare.expectsSegment() && token != SEGMENT) return status.corrupt(status.BAD_SEGMENT);
  if (token == AGGREGATED_ALLOCATION) return aggregatedAllocation();
  if (token == PYTHON_TRACE_INDEX) return traceIndex();
  if (token == PYTHON_FRAME_INDEX) return byCode ? codeFrameIndex() : frameIndex();
  if (token == NATIVE_TRACE_INDEX) return rare.nativeTraceIndex();
  if (token == MEMORY_SNAPSHOT) return memorySnapshot();
  if (token == SURVIVING_OBJECT && byCode) return survivingObject();
  if (token == CODE_OBJECT && byCode) return codeObject();
  if (token == SEGMENT) return rare.segment();
  if (token == SEGMENT_HEADER) return rare.segmentHeader();
  if (token == MEMORY_MAP_START) return rare.memoryMapStart();
  if (token == THREAD_RECORD) return rare.threadRecord();
  if (token == CONTEXT_SWITCH) return rare.contextSwitch();
  return token == TRAILER ? status.DONE : status.corrupt(status.BAD_TOKEN);
}

function outcome(): u32 {
  if (cursor.overrun()) return status.MORE;
  return cursor.malformed ? status.corrupt(status.BAD_VARINT) : status.DONE;
}

function memorySnapshot(): u32 {
  const time = cursor.u64le();
  const rss = cursor.u64le();
  const heap = cursor.u64le();
  if (cursor.overrun()) return status.MORE;
  const since = <i64>(time - startMs);
  if (rare.isNoTime(since)) return status.corrupt(status.BAD_TIME);
  if (max(rss, heap) >= MAX_SIZE) return status.corrupt(status.BAD_SIZE);
  noteTime(SNAPSHOT, since, rss, heap);
  return status.DONE;
}

function codeFrameIndex(): u32 {
  const id = cursor.varint();
  const code = cursor.varint();
  const offset = cursor.varint();
  const entry = cursor.byte();
  const result = outcome();
  if (result != status.DONE) return result;
  if (offset >= MAX_OFFSET) return status.corrupt(status.BAD_OFFSET);
  if (findRow(framesById, id) == ABSENT) {
    putRow(framesById, id, frameOfCode(codeFrameKey(codeNumber(code), <u32>offset, entry & 1)));
  }
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
  const entry = cursor.byte();
  if (cursor.overrun()) return status.MORE;
  const name = intern(functionName, functionLength);
  defineFrame(id, name, intern(file, fileLength), line, entry & 1);
  return status.DONE;
}

function traceIndex(): u32 {
  let id: u64;
  let parent: u64;
  if (byCode) {
    id = cursor.varint();
    parent = cursor.varint();
  } else {
    id = cursor.u64le();
    parent = cursor.u32le();
  }
  const result = outcome();
  if (result != status.DONE) return result;
  const below = parent < <u64>traces.length ? <u32>parent : 0;
  const trace = changetype<Trace>(appendRow(traces));
  trace.whole = stackOf(traceAt(below).whole, frameOfTrace(id));
  trace.kept = 0;
  trace.parent = below;
  trace.depth = traceAt(below).depth + 1;
  return status.DONE;
}

@inline
function traceAt(row: u32): Trace {
  return changetype<Trace>(traces.rows + row * TRACE_SIZE);
}

function frameOfTrace(id: u64): u32 {
  if (!byCode) return frameOfId(id);
  const frame = findRow(framesById, id);
  return frame != ABSENT ? frame : unknownFrame(1);
}

/** The trace's stack without its outermost `skipped` frames (the same for all calls that skip any). */
function stackOfTrace(number: u64, skipped: u32): u32 {
  if (number >= <u64>traces.length) return 0;
  const trace = traceAt(<u32>number);
  if (skipped == 0) return trace.whole;
  if (trace.depth <= skipped) return 0;
  return trace.kept ? trace.kept - 1 : keptStackOf(<u32>number, skipped);
}

/** Down from the nearest trace below whose shorter stack is known; each is made once. */
function keptStackOf(number: u32, skipped: u32): u32 {
  const most = (traceAt(number).depth - skipped) << 2;
  const path = allocate(most);
  let length: u32 = 0;
  let row = number;
  while (traceAt(row).depth > skipped && !traceAt(row).kept) {
    store<u32>(path + (length++ << 2), row);
    row = traceAt(row).parent;
  }
  let stack = traceAt(row).kept ? traceAt(row).kept - 1 : 0;
  while (length) {
    const trace = traceAt(load<u32>(path + (--length << 2)));
    stack = stackOf(stack, nodeAt(trace.whole).frame);
    trace.kept = stack + 1;
  }
  release(path, most);
  return stack;
}

function aggregatedAllocation(): u32 {
  const at = cursor.at;
  cursor.skip(72);
  if (cursor.overrun()) return status.MORE;
  const number: u32 = load<u8>(at, 8);
  const allocator = byCode ? number : allocatorOfVersion7(number < 16 ? number : 0);
  if (allocator == 0 || allocator >= MUNMAP || isFree(allocator)) return status.corrupt(status.BAD_ALLOCATOR);
  const peakCount = load<u64>(at, 40);
  const leakedCount = load<u64>(at, 48);
  const peakBytes = load<u64>(at, 56);
  const leakedBytes = load<u64>(at, 64);
  if (max(max(peakCount, leakedCount), max(peakBytes, leakedBytes)) >= MAX_SIZE) return status.corrupt(status.BAD_SIZE);
  sums += peakCount + leakedCount + peakBytes + leakedBytes;
  if (sums >= MAX_TOTAL) return status.corrupt(status.BAD_SIZE);
  const thread = threadOf(load<u64>(at));
  const nativeId = load<u64>(at, 16);
  const stack = stackOfTrace(load<u64>(at, 24), threadAt(thread).skipped);
  const ofArenas =
    areArenas(allocator, peakBytes, peakCount) && areArenas(allocator, leakedBytes, leakedCount) && peakCount + leakedCount > 0;
  const tag = siteTag(thread, allocator) | (ofArenas ? OF_ARENA : 0);
  const held = heldAt(findSite(tag, stack, nativeId < nativeLength() ? <u32>nativeId : 0));
  held.peakBytes += peakBytes;
  held.peakCount += peakCount;
  held.leakedBytes += leakedBytes;
  held.leakedCount += leakedCount;
  return status.DONE;
}

function survivingObject(): u32 {
  cursor.varint();
  if (native) cursor.varint();
  const result = outcome();
  if (result == status.DONE) survivingObjects++;
  return result;
}
