/**
 * Python frames. A capture names them by a key: from version 12 on code object, instruction offset and entry flag,
 * before that a frame id that a record has defined. Equal function, file and line become one frame, so that stacks
 * that read the same are the same; captures with native stacks keep entry frames apart, since joining needs them.
 */
import { allocate, allocateZeroed, release } from '../shared/arena';
import { ABSENT, findRow, mix2, newRowMap, putRow } from '../shared/hash';
import { appendRow, newTable } from '../shared/table';
import { intern } from './strings';
import { lineAt, LineTable, setLineTable } from './line-table';

@unmanaged
export class Frame {
  functionName: u32;
  file: u32;
  line: i32;
  entry: u32;
  /** Of memory with this frame innermost, see owners.ts; 0 until somebody asked. */
  owner: u32;
}

@unmanaged
class Code extends LineTable {
  functionName: u32;
  file: u32;
}

const FRAME_SIZE: u32 = offsetof<Frame>();
const CODE_SIZE: u32 = offsetof<Code>();

const frames = newTable(FRAME_SIZE, 1 << 10);
let slots: usize = allocateZeroed(4 << 12);
let slotsMask: u32 = (1 << 12) - 1;

const framesByKey = newRowMap(1 << 10);

const codesById = newRowMap(1 << 8);
const wideCodes = newRowMap(1 << 4);
const codes = newTable(CODE_SIZE, 1 << 8);

let python: u32 = 0;
let keepEntry: bool = false;

/** "<unknown>", the name of what a damaged capture never defined. */
const UNKNOWN = memory.data<u8>([60, 117, 110, 107, 110, 111, 119, 110, 62]);
const UNKNOWN_LENGTH: u32 = 9;

export function configureFrames(pythonVersion: u32, nativeTraces: bool): void {
  python = pythonVersion;
  keepEntry = nativeTraces;
}

/** Code object ids are small in practice; the rest get numbers of their own, so that a key fits 64 bits. */
export function codeNumber(id: u64): u32 {
  if (id < 0x80000000) return <u32>id;
  let number = findRow(wideCodes, id);
  if (number == ABSENT) {
    number = wideCodes.length;
    putRow(wideCodes, id, number);
  }
  return 0x80000000 | number;
}

/** `offset` is zigzag coded and below 2^31. */
@inline
export function codeFrameKey(code: u32, offset: u32, entry: u32): u64 {
  return (<u64>code << 32) | (offset << 1) | entry;
}

/** Keeps a code object; its line table is copied. The first definition of an id stands. */
export function defineCode(id: u64, functionName: u32, file: u32, firstLine: i32, table: usize, length: u32): void {
  const number: u64 = codeNumber(id);
  if (findRow(codesById, number) != ABSENT) return;
  const copy = length ? allocate(length) : 0;
  memory.copy(copy, table, length);
  const code = changetype<Code>(appendRow(codes));
  code.functionName = functionName;
  code.file = file;
  setLineTable(code, <u32>copy, length, firstLine);
  putRow(codesById, number, codes.length - 1);
}

/** Keeps what a frame id stands for (versions before 12). The first definition of an id stands. */
export function defineFrame(id: u64, functionName: u32, file: u32, line: i32, entry: u32): void {
  if (findRow(framesByKey, id) == ABSENT) putRow(framesByKey, id, internFrame(functionName, file, line, entry));
}

/** The frame of a key made by `codeFrameKey`. */
export function frameOfCode(key: u64): u32 {
  let frame = findRow(framesByKey, key);
  if (frame != ABSENT) return frame;
  const row = findRow(codesById, key >> 32);
  const entry = <u32>key & 1;
  if (row == ABSENT) return unknownFrame(entry);
  const code = changetype<Code>(codes.rows + row * CODE_SIZE);
  const zigzag = <u32>key >> 1;
  const offset = <i32>(zigzag >> 1) ^ -(<i32>(zigzag & 1));
  const line = lineAt(code, offset, python);
  frame = internFrame(code.functionName, code.file, line, entry);
  putRow(framesByKey, key, frame);
  return frame;
}

/** The frame of an id before version 12. */
export function frameOfId(id: u64): u32 {
  const frame = findRow(framesByKey, id);
  return frame != ABSENT ? frame : unknownFrame(1);
}

/** What stands for a frame that was never defined. */
export function unknownFrame(entry: u32): u32 {
  const row = intern(UNKNOWN, UNKNOWN_LENGTH);
  return internFrame(row, row, 0, entry);
}

function internFrame(functionName: u32, file: u32, line: i32, entry: u32): u32 {
  if (!keepEntry) entry = 0;
  const hash = mix2(((<u64>functionName) << 32) | file, ((<u64>(<u32>line)) << 1) | entry);
  let slot = hash & slotsMask;
  while (true) {
    const row = load<u32>(slots + (<usize>slot << 2));
    if (row == 0) break;
    const frame = frameAt(row - 1);
    if (frame.functionName == functionName && frame.file == file && frame.line == line && frame.entry == entry) {
      return row - 1;
    }
    slot = (slot + 1) & slotsMask;
  }
  const frame = changetype<Frame>(appendRow(frames));
  frame.functionName = functionName;
  frame.file = file;
  frame.line = line;
  frame.entry = entry;
  frame.owner = 0;
  store<u32>(slots + (<usize>slot << 2), frames.length);
  if (frames.length * 2 > slotsMask) growSlots();
  return frames.length - 1;
}

@inline
export function frameAt(row: u32): Frame {
  return changetype<Frame>(frames.rows + row * FRAME_SIZE);
}

function growSlots(): void {
  release(slots, (slotsMask + 1) << 2);
  slotsMask = (slotsMask << 1) | 1;
  slots = allocateZeroed((slotsMask + 1) << 2);
  for (let row: u32 = 0; row < frames.length; row++) {
    const frame = frameAt(row);
    const key = ((<u64>frame.functionName) << 32) | frame.file;
    let slot = mix2(key, ((<u64>(<u32>frame.line)) << 1) | frame.entry) & slotsMask;
    while (load<u32>(slots + (<usize>slot << 2)) != 0) slot = (slot + 1) & slotsMask;
    store<u32>(slots + (<usize>slot << 2), row + 1);
  }
}

export function frameTable(): usize {
  return frames.rows;
}
export function frameLength(): u32 {
  return frames.length;
}
