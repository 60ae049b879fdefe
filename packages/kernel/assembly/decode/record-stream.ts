/**
 * The record stream as it grows → decoders, and what they could not finish kept in front of what comes next. At least
 * the last 64 KiB stay, for LZ4 matches. Reading may be told to stop at a record, or before a number of entries.
 */
import { allocate, checkArena, enlarge } from '../shared/arena';
import * as cursor from './cursor';
import { entriesMade } from './operations';
import { decodeAggregated } from './records-aggregated';
import { decodeVersion6 } from './records-v6';
import { decodeVersion7 } from './records-v7';
import { decodeVersion12 } from './records-v12';
import * as status from './status';

/** Readable and writable bytes behind the buffer: decoders and the inflater may run over by less. */
export const SLACK: u32 = 256;

export let output: usize = allocate((1 << 19) + SLACK);
let outputCapacity: u32 = 1 << 19;
let outputFrom: u32 = 0;
let outputTo: u32 = 0;
/** Stream offset of the output buffer's first byte. */
let outputBase: u64 = 0;

const NO_VERSION: u32 = 0;
const AGGREGATED: u32 = 1;
export let version: u32 = NO_VERSION;
let layout: u32 = 0;
/** The end mark was read: what follows is not decoded, but a compressed frame is still checked up to its end. */
export let ended: bool = false;
/**
 * Bytes of the record stream without which a decoder, or the host with its header, need not try again: twice what a
 * long record lacked the last time, so that one that comes in tiny pieces is not read from its start for each of them.
 */
let wanted: u32 = 0;
const LONG_RECORD: u32 = 1 << 12;

/** See `stopAt`. */
let stopOffset: u64 = u64.MAX_VALUE;
let stopEntries: u64 = u64.MAX_VALUE;
/** Bytes of records that are decoded between two looks at the entries they make, at most. */
const SLICE: u32 = 1 << 12;

/** Stream offset of a record, up to which all has taken effect. */
export let soundOffset: u64 = 0;

/** Reading stops at the record at `offset`, and before there are `entries` entries: 0 = it does not. */
export function stopAt(offset: u64, entries: u64): void {
  if (offset) stopOffset = offset;
  if (entries) stopEntries = entries;
}

export function beginDecoding(headerLength: u32, headerVersion: u32, fileFormat: u32): void {
  outputFrom += headerLength;
  version = headerVersion;
  layout = fileFormat;
  wanted = 0;
}

/** Whatever is left is tried, however little has come since. */
export function wantLess(): void {
  wanted = 0;
}

/** Appends bytes (or zeros, for 0) to the record stream. */
export function append(from: usize, length: u32): void {
  makeRoom(length, 0);
  if (from) memory.copy(output + outputTo, from, length);
  else memory.fill(output + outputTo, 0, length);
  outputTo += length;
}

/** Where `makeRoom` has made room. */
@inline
export function outputEnd(): usize {
  return output + outputTo;
}

/** So many bytes were written there. */
@inline
export function extend(length: u32): void {
  outputTo += length;
}

/** Takes zeros off the end again; says how many. */
export function dropLastZeros(): u32 {
  const to = outputTo;
  while (outputTo > outputFrom && load<u8>(output + outputTo - 1) == 0) outputTo--;
  return to - outputTo;
}

/** Room for `length` bytes behind the record stream, keeping at least `window` bytes of it. */
export function makeRoom(length: u32, window: u32): void {
  if (outputTo + length <= outputCapacity) return;
  const from = min(outputFrom, outputTo > window ? outputTo - window : 0);
  if (from) {
    memory.copy(output, output + from, outputTo - from);
    outputBase += from;
    outputFrom -= from;
    outputTo -= from;
  }
  while (outputTo + length > outputCapacity) {
    output = enlarge(output, outputCapacity + SLACK, (outputCapacity << 1) + SLACK);
    outputCapacity <<= 1;
  }
}

/** HEADER when the host has to try, or to try again, whether the header is there. */
export function decode(): u32 {
  const available = outputTo - outputFrom;
  if (ended) {
    outputFrom = outputTo;
    return status.DONE;
  }
  if (available < wanted) return status.MORE;
  if (version == NO_VERSION) {
    wanted = available << 1;
    return available ? status.HEADER : status.MORE;
  }
  soundOffset = streamOffset();
  const to = output + outputTo;
  const result = (stopOffset & stopEntries) == u64.MAX_VALUE ? decodeRange(to) : decodeToStop(to);
  if (result == status.DONE) ended = true;
  const left = outputTo - outputFrom;
  wanted = left < LONG_RECORD ? 0 : left << 1;
  checkArena();
  return result;
}

/** Decodes whole records up to `to`. */
function decodeRange(to: usize): u32 {
  const from = output + outputFrom;
  let result: u32;
  if (layout == AGGREGATED) result = decodeAggregated(from, to);
  else if (version >= 12) result = decodeVersion12(from, to);
  else if (version >= 7) result = decodeVersion7(from, to);
  else result = decodeVersion6(from, to);
  outputFrom = <u32>(cursor.stoppedAt - output);
  return result;
}

/** The same in slices, up to where reading is to stop. A byte of records makes at most two entries. */
function decodeToStop(to: usize): u32 {
  let slice = firstSlice();
  // How much of it may lie behind its first record.
  let spare = slice;
  while (true) {
    const at = streamOffset();
    if (at >= stopOffset || <u64>spare * 2 > stopEntries - entriesMade()) return status.corrupt(status.STOPPED);
    const left = <u32>min<u64>(to - output - outputFrom, stopOffset - at);
    const before = outputFrom;
    const result = decodeRange(output + outputFrom + min(left, slice));
    if (result != status.MORE) return result;
    if (outputFrom != before) {
      slice = firstSlice();
      spare = slice;
    } else {
      if (slice >= left) return status.MORE;
      // A longer record: the slice was all of its own.
      spare = max(1, slice >> 3);
      slice += spare;
    }
  }
}

function firstSlice(): u32 {
  return <u32>max<u64>(1, min<u64>(SLICE, (stopEntries - entriesMade()) >> 1));
}

export function streamStart(): usize {
  return output + outputFrom;
}
/** Bytes of the record stream that no decoder has taken. */
export function streamLeft(): u32 {
  return outputTo - outputFrom;
}
/** Offset of the first of them in the uncompressed stream. */
export function streamOffset(): u64 {
  return outputBase + outputFrom;
}
/** Was the capture's own end mark read? */
export function recordsEnded(): bool {
  return ended;
}
