/**
 * From chunks of a file to the record stream: detects LZ4 and inflates block by block.
 *
 * In a capture that is not compressed, a run of zeros at the end of what has come so far is held back: memray cuts the
 * zero padding off a killed process's capture before reading it (version 8 on), and only the end of the file tells
 * padding from zeros inside a record.
 */
import { allocate, enlarge } from '../shared/arena';
import * as lz4 from './lz4-frame';
import {
  append,
  beginDecoding,
  decode,
  dropLastZeros,
  ended,
  extend,
  makeRoom,
  output,
  outputEnd,
  SLACK,
  streamOffset,
  version,
  wantLess,
} from './record-stream';
import * as status from './status';

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

let mode: u32 = SNIFFING;
let zerosHeld: u64 = 0;
/** File offset of the block that was inflated last. */
let blockOffset: u64 = 0;

/** What a block that is not valid still says has been taken. */
let broken: bool = false;
/** What a cut block still says has been taken. */
let salvaged: bool = false;

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
  beginDecoding(headerLength, headerVersion, fileFormat);
  // Zeros that were tried as the end of the header (see `finish`), and were not.
  if (mode == RAW) zerosHeld += dropLastZeros();
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
    const rest = lz4.salvage(input + inputFrom, inputTo - inputFrom, outputEnd(), output);
    if (rest) blockOffset = fileOffset + (inputTo - inputFrom);
    extend(rest);
    salvaged = true;
  }
  if (mode == RAW && version <= 7) {
    // A header, or a record of the versions that cut nothing off, may end in zeros.
    const zeros = <u32>min(zerosHeld, LAST_ZEROS);
    zerosHeld -= zeros;
    append(0, zeros);
  }
  wantLess();
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

function runCompressed(): u32 {
  while (true) {
    // Behind the frame in which a capture ends, whatever stands there is nobody's loss.
    if (ended && lz4.betweenFrames()) return status.DONE;
    makeRoom(lz4.blockLimit, lz4.WINDOW);
    const step = broken
      ? lz4.STEP_CORRUPT
      : lz4.step(input + inputFrom, inputTo - inputFrom, outputEnd(), output);
    if (step == lz4.STEP_CORRUPT) return takeBadBlock();
    if (step == lz4.STEP_MORE) return status.MORE;
    if (step == lz4.STEP_BLOCK) blockOffset = fileOffset;
    inputFrom += lz4.taken;
    fileOffset += lz4.taken;
    extend(lz4.produced);
    if (step != lz4.STEP_BLOCK) continue;
    const result = decode();
    if (result != status.MORE && result != status.DONE) return result;
  }
}

/** Decodes what the block says before the place where it is not valid. CORRUPT, or HEADER as `decode`. */
function takeBadBlock(): u32 {
  if (!broken) {
    broken = true;
    extend(lz4.produced);
    wantLess();
  }
  blockOffset = fileOffset;
  return decode() == status.HEADER ? status.HEADER : status.CORRUPT;
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
/** Zeros held back at the end: padding. */
export function heldZeros(): u64 {
  return zerosHeld;
}
