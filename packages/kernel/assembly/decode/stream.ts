/**
 * From chunks of a file to records: detects LZ4, inflates block by block, keeps what a decoder could not finish in
 * front of what comes next. Two buffers: the input as it came, and the record stream, of which at least the last
 * 64 KiB stay for LZ4 matches.
 *
 * In a capture that is not compressed, a run of zeros at the end of what has come so far is held back: memray cuts the
 * zero padding off a killed process's capture before reading it (version 8 on), and only the end of the file tells
 * padding from zeros inside a record.
 */
import { allocate, enlarge } from '../shared/arena';
import * as cursor from './cursor';
import * as lz4 from './lz4-frame';
import { decodeAggregated } from './records-aggregated';
import { decodeVersion6 } from './records-v6';
import { decodeVersion7 } from './records-v7';
import { decodeVersion12 } from './records-v12';
import { entriesMade } from './operations';
import * as status from './status';

/** Readable and writable bytes behind each buffer: decoders and the inflater may run over by less. */
const SLACK: u32 = 256;
const RAW_STEP: u32 = 1 << 18;
/** Zeros that may belong to the last record of versions 6 and 7, whose readers cut nothing off. */
const LAST_ZEROS: u64 = 64;

/** "memr": how a capture begins that is not compressed. */
const MAGIC: u32 = 0x726d656d;

const SNIFFING: u32 = 0;
const RAW: u32 = 1;
const COMPRESSED: u32 = 2;

let input: usize = allocate((1 << 20) + SLACK);
let inputCapacity: u32 = 1 << 20;
let inputFrom: u32 = 0;
let inputTo: u32 = 0;
/** File offset of `inputFrom`. */
let fileOffset: u64 = 0;

let output: usize = allocate((1 << 19) + SLACK);
let outputCapacity: u32 = 1 << 19;
let outputFrom: u32 = 0;
let outputTo: u32 = 0;
/** Stream offset of the output buffer's first byte. */
let outputBase: u64 = 0;

let mode: u32 = SNIFFING;
let zerosHeld: u64 = 0;
/** File offset of the block that was inflated last. */
let blockOffset: u64 = 0;

const NO_VERSION: u32 = 0;
const AGGREGATED: u32 = 1;
let version: u32 = NO_VERSION;
let layout: u32 = 0;
/** The end mark was read: what follows is not decoded, but a compressed frame is still checked up to its end. */
let ended: bool = false;
/** What a cut block still says has been taken. */
let salvaged: bool = false;
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

/** Where the host writes the next `length` bytes of the file. */
export function reserve(length: u32): usize {
  if (inputFrom == inputTo) {
    inputFrom = 0;
    inputTo = 0;
  }
  if (inputTo + length > inputCapacity && inputFrom > 0) {
    memory.copy(input, input + inputFrom, inputTo - inputFrom);
    inputTo -= inputFrom;
    inputFrom = 0;
  }
  while (inputTo + length > inputCapacity) {
    input = enlarge(input, inputCapacity + SLACK, (inputCapacity << 1) + SLACK);
    inputCapacity <<= 1;
  }
  return input + inputTo;
}

/** The host has parsed the header: records follow `headerLength` bytes further on. */
export function beginRecords(headerLength: u32, headerVersion: u32, fileFormat: u32): void {
  outputFrom += headerLength;
  version = headerVersion;
  layout = fileFormat;
  wanted = 0;
  if (mode != RAW) return;
  // Zeros that were tried as the end of the header (see `finish`), and were not.
  while (outputTo > outputFrom && load<u8>(output + outputTo - 1) == 0) {
    outputTo--;
    zerosHeld++;
  }
}

/** Reads on with `length` more bytes of the file (0: after HEADER, whether or not `begin` was called). */
export function run(length: u32): u32 {
  inputTo += length;
  if (ended) return mode == COMPRESSED ? runCompressed() : status.DONE;
  if (mode == SNIFFING) {
    if (inputTo - inputFrom < 4) return status.MORE;
    mode = lz4.startsFrame(load<u32>(input + inputFrom)) ? COMPRESSED : RAW;
    if (mode == RAW && load<u32>(input + inputFrom) != MAGIC) return refuse();
  }
  const pending = decode();
  if (pending == status.CORRUPT || (pending == status.DONE && mode == RAW)) return pending;
  return mode == RAW ? runRaw() : runCompressed();
}

/** The file has ended. MORE = not at the end of a record or frame; after HEADER and `begin`, to be called again. */
export function finish(): u32 {
  if (mode == SNIFFING) mode = RAW;
  const result = run(0);
  if (ended || result == status.CORRUPT) return result;
  if (mode == COMPRESSED && !salvaged) {
    makeRoom(lz4.blockLimit, lz4.WINDOW);
    const rest = lz4.salvage(input + inputFrom, inputTo - inputFrom, output + outputTo, output);
    if (rest) blockOffset = fileOffset + (inputTo - inputFrom);
    outputTo += rest;
    salvaged = true;
  }
  if (mode == RAW && version <= 7) {
    // A header, or a record of the versions that cut nothing off, may end in zeros.
    const zeros = <u32>min(zerosHeld, LAST_ZEROS);
    zerosHeld -= zeros;
    append(0, zeros);
  }
  wanted = 0;
  const last = decode();
  // All records may be there, but a frame without its end is not whole.
  return last == status.DONE && mode == COMPRESSED && !atFrameEnd() ? status.MORE : last;
}

/** No capture: the host has to see how it begins, even where that is zeros, of which there may be no end. */
function refuse(): u32 {
  append(input + inputFrom, min(inputTo - inputFrom, 16));
  return status.HEADER;
}

function runRaw(): u32 {
  while (inputFrom < inputTo) {
    const available = min(inputTo - inputFrom, RAW_STEP);
    const from = input + inputFrom;
    let length = available;
    while (length && load<u8>(from + length - 1) == 0) length--;
    if (length) {
      while (zerosHeld) {
        const zeros = <u32>min(zerosHeld, <u64>RAW_STEP);
        zerosHeld -= zeros;
        append(0, zeros);
        const result = decode();
        if (result != status.MORE) return result;
      }
    }
    zerosHeld += available - length;
    inputFrom += available;
    fileOffset += available;
    if (length) {
      append(from, length);
      const result = decode();
      if (result != status.MORE) return result;
    }
  }
  return status.MORE;
}

/** Appends bytes (or zeros, for 0) to the record stream. */
function append(from: usize, length: u32): void {
  makeRoom(length, 0);
  if (from) memory.copy(output + outputTo, from, length);
  else memory.fill(output + outputTo, 0, length);
  outputTo += length;
}

function runCompressed(): u32 {
  while (true) {
    // Behind the frame in which a capture ends, whatever stands there is nobody's loss.
    if (ended && lz4.betweenFrames()) return status.DONE;
    makeRoom(lz4.blockLimit, lz4.WINDOW);
    const step = lz4.step(input + inputFrom, inputTo - inputFrom, output + outputTo, output);
    if (step == lz4.STEP_CORRUPT) {
      blockOffset = fileOffset;
      return status.CORRUPT;
    }
    if (step == lz4.STEP_MORE) return status.MORE;
    if (step == lz4.STEP_BLOCK) blockOffset = fileOffset;
    inputFrom += lz4.taken;
    fileOffset += lz4.taken;
    outputTo += lz4.produced;
    if (step != lz4.STEP_BLOCK) continue;
    const result = decode();
    if (result != status.MORE && result != status.DONE) return result;
  }
}

/** Room for `length` bytes behind the record stream, keeping at least `window` bytes of it. */
function makeRoom(length: u32, window: u32): void {
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
function decode(): u32 {
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
export function isCompressed(): bool {
  return mode == COMPRESSED;
}
/** True where a compressed file may end. */
export function atFrameEnd(): bool {
  return lz4.betweenFrames() && inputFrom == inputTo;
}
/** File offset up to which the file was taken: of the last block when compressed. */
export function takenOffset(): u64 {
  return mode == COMPRESSED ? blockOffset : streamOffset();
}
/** Was the capture's own end mark read? */
export function recordsEnded(): bool {
  return ended;
}
/** Zeros held back at the end: padding. */
export function heldZeros(): u64 {
  return zerosHeld;
}
