/**
 * Owners: who is answerable for the memory of a site, so that the heap can keep what each of them held at most. An owner
 * is a function, which its name and file make, whatever the line: that of the innermost Python frame; comprehensions
 * belong to the function around them, of which they were calls of their own up to CPython 3.11. pymalloc's arenas are one
 * owner, whoever asked for the object that needed a new one. Without a Python frame it is the file of the innermost
 * native frame, whose function nobody knows while the capture is read.
 */
import { ABSENT, findRow, newRowMap, putRow } from '../shared/hash';
import { appendRow, newTable } from '../shared/table';
import { frameAt } from './frames';
import { nativeNodeAt, segmentAt, segmentLength } from './native';
import { nodeAt } from './stacks';
import { isText } from './strings';

@unmanaged
export class Owner {
  kind: u32;
  /** String row; 0 for what is no function. */
  functionName: u32;
  /** String row; 0 for neither function nor native file. */
  file: u32;
}

const OWNER_SIZE: u32 = offsetof<Owner>();

/** No frame at all. */
const NOBODY: u32 = 0;
const ARENAS: u32 = 1;
const FUNCTION: u32 = 2;
const NATIVE_FILE: u32 = 3;

/** In place of a frame's owner. */
const COMPREHENSION: u32 = 0xffffffff;
// "<listcomp>", "<dictcomp>", "<setcomp>"
const LIST = memory.data<u8>([60, 108, 105, 115, 116, 99, 111, 109, 112, 62]);
const DICT = memory.data<u8>([60, 100, 105, 99, 116, 99, 111, 109, 112, 62]);
const SET = memory.data<u8>([60, 115, 101, 116, 99, 111, 109, 112, 62]);

/** Files of addresses are looked for one segment after the other; more of that than any real capture needs is an attack. */
let searches: u64 = 1 << 30;

const owners = newTable(OWNER_SIZE, 1 << 8);

const ownersByName = newRowMap(1 << 8);
const ownersByFile = newRowMap(1 << 4);
const filesByAddress = newRowMap(1 << 4);

appendOwner(NOBODY, 0, 0);
appendOwner(ARENAS, 0, 0);

export function ownerOf(pythonStack: u32, nativeStack: u32, ofArena: bool): u32 {
  if (ofArena) return ARENAS;
  if (pythonStack != 0) return functionOwner(pythonStack);
  return nativeStack != 0 ? fileOwner(nativeStack) : NOBODY;
}

function functionOwner(pythonStack: u32): u32 {
  let row = pythonStack;
  let owner = frameOwner(nodeAt(row).frame);
  while (owner == COMPREHENSION && nodeAt(row).parent != 0) {
    row = nodeAt(row).parent;
    owner = frameOwner(nodeAt(row).frame);
  }
  // A comprehension that nobody called.
  return owner == COMPREHENSION ? namedOwner(nodeAt(row).frame) : owner;
}

function frameOwner(row: u32): u32 {
  const known = frameAt(row).owner;
  if (known) return known;
  const owner = isComprehension(frameAt(row).functionName) ? COMPREHENSION : namedOwner(row);
  frameAt(row).owner = owner;
  return owner;
}

function isComprehension(name: u32): bool {
  return isText(name, LIST, 10) || isText(name, DICT, 10) || isText(name, SET, 9);
}

function namedOwner(row: u32): u32 {
  const frame = frameAt(row);
  const key = (<u64>frame.functionName << 32) | frame.file;
  let owner = findRow(ownersByName, key);
  if (owner == ABSENT) {
    owner = appendOwner(FUNCTION, frame.functionName, frame.file);
    putRow(ownersByName, key, owner);
  }
  return owner;
}

function fileOwner(nativeStack: u32): u32 {
  const node = nativeNodeAt(nativeStack);
  // Addresses have 48 bits: the generation goes above them.
  const key = node.ip ^ (<u64>node.generation << 48);
  let file = findRow(filesByAddress, key);
  if (file == ABSENT) {
    file = fileAt(node.ip - 1, node.generation);
    putRow(filesByAddress, key, file);
  }
  if (file == 0) return NOBODY;
  let owner = findRow(ownersByFile, file);
  if (owner == ABSENT) {
    owner = appendOwner(NATIVE_FILE, 0, file);
    putRow(ownersByFile, file, owner);
  }
  return owner;
}

/** String row of the file that is mapped at an address; 0 where none is. */
function fileAt(address: u64, generation: u32): u32 {
  for (let row = segmentLength(); row != 0 && searches != 0; row--, searches--) {
    const segment = segmentAt(row - 1);
    if (segment.generation != generation) continue;
    if (address - (segment.loadAddress + segment.virtualAddress) < segment.size) return segment.file;
  }
  return 0;
}

function appendOwner(kind: u32, functionName: u32, file: u32): u32 {
  const owner = changetype<Owner>(appendRow(owners));
  owner.kind = kind;
  owner.functionName = functionName;
  owner.file = file;
  return owners.length - 1;
}

export function ownerTable(): usize {
  return owners.rows;
}
export function ownerLength(): u32 {
  return owners.length;
}
