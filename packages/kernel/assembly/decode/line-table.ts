/**
 * CPython's three line tables: from an instruction offset to a source line. Source: CPython's
 * Objects/lnotab_notes.txt (3.9, 3.10) and InternalDocs/code_objects.md (3.11 to 3.14).
 *
 * memray reads the address steps of the oldest table as signed; CPython and we don't (see the format notes).
 *
 * A table can only be walked from its start. Long ones keep places on the way, so that a capture with a huge table and
 * many offsets into it does not cost their product.
 */
import { allocate, enlarge } from '../shared/arena';

@unmanaged
export class LineTable {
  bytes: u32;
  length: u32;
  firstLine: i32;
  /** Places in the order of the table, all that walks have come past so far. */
  places: u32;
  placeCount: u32;
  placeCapacity: u32;
  /** Where the next place is due. */
  nextPlace: u32;
}

/** Before the entry at `at`: bytes or units so far, and the running line. */
@unmanaged
class Place {
  at: u32;
  address: i32;
  line: i32;
}

const PLACE_SIZE: u32 = offsetof<Place>();
const PLACE_DISTANCE: u32 = 1 << 10;
const FIRST_PLACES: u32 = 1 << 6;

const NO_LINE: i32 = 0;

/** PY_VERSION_HEX of the first version with each table. */
const PYTHON_3_10: u32 = 0x030a0000;
const PYTHON_3_11: u32 = 0x030b0000;

/** A table of `length` bytes that stand at `bytes`. */
export function setLineTable(table: LineTable, bytes: u32, length: u32, firstLine: i32): void {
  table.bytes = bytes;
  table.length = length;
  table.firstLine = firstLine;
  table.places = 0;
  table.placeCount = 0;
  table.placeCapacity = 0;
  table.nextPlace = PLACE_DISTANCE;
}

/** The line at `offset` (as the capture holds it), or 0 when the table does not say. */
export function lineAt(table: LineTable, offset: i32, python: u32): i32 {
  if (offset < 0 || table.length == 0) return NO_LINE;
  if (python >= PYTHON_3_11) return lineInLocations(table, offset >> 1);
  if (python >= PYTHON_3_10) return lineInPairs(table, offset << 1);
  return lineInLnotab(table, offset);
}

/** Where the walk that `startWalk` has prepared begins. */
let startAt: u32 = 0;
let startAddress: i32 = 0;
let startLine: i32 = 0;

@inline
function placeAt(table: LineTable, row: u32): Place {
  return changetype<Place>(<usize>table.places + row * PLACE_SIZE);
}

/** Finds the last place that is not behind `offset`. */
function startWalk(table: LineTable, offset: i32): void {
  let low: u32 = 0;
  let high = table.placeCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (placeAt(table, middle).address <= offset) low = middle + 1;
    else high = middle;
  }
  startAt = low ? placeAt(table, low - 1).at : 0;
  startAddress = low ? placeAt(table, low - 1).address : 0;
  startLine = low ? placeAt(table, low - 1).line : table.firstLine;
}

/** Keeps a place that is due. */
function notePlace(table: LineTable, at: u32, address: i32, line: i32): void {
  if (table.placeCount == table.placeCapacity) {
    const size = table.placeCapacity * PLACE_SIZE;
    table.places = <u32>(size ? enlarge(table.places, size, size << 1) : allocate(FIRST_PLACES * PLACE_SIZE));
    table.placeCapacity = size ? table.placeCapacity << 1 : FIRST_PLACES;
  }
  const place = placeAt(table, table.placeCount++);
  place.at = at;
  place.address = address;
  place.line = line;
  table.nextPlace = at + PLACE_DISTANCE;
}

/** Up to 3.9: pairs of (address step u8, line step i8). */
function lineInLnotab(table: LineTable, offset: i32): i32 {
  startWalk(table, offset);
  const bytes: usize = table.bytes;
  let line = startLine;
  let address = startAddress;
  for (let i = startAt; i + 1 < table.length; i += 2) {
    if (i >= table.nextPlace) notePlace(table, i, address, line);
    address += load<u8>(bytes + i);
    if (address > offset) break;
    line += load<i8>(bytes + i + 1);
  }
  return line;
}

/** 3.10: pairs of (range length u8, line step i8 before the range; -128 = a range without a line). */
function lineInPairs(table: LineTable, offset: i32): i32 {
  startWalk(table, offset);
  const bytes: usize = table.bytes;
  let line = startLine;
  let address = startAddress;
  for (let i = startAt; i + 1 < table.length; i += 2) {
    if (i >= table.nextPlace) notePlace(table, i, address, line);
    const step = <i32>load<i8>(bytes + i + 1);
    if (step != -128) line += step;
    address += load<u8>(bytes + i);
    if (address > offset) return line;
  }
  return NO_LINE;
}

/**
 * 3.11 on: entries of a head byte (1 kkkk lll: kind k, l + 1 code units) and a body by kind. Kind 15 has no location;
 * the running line stays.
 */
function lineInLocations(table: LineTable, unit: i32): i32 {
  startWalk(table, unit);
  let line = startLine;
  let units = startAddress;
  const bytes: usize = table.bytes;
  const past = bytes + table.length;
  let at = bytes + startAt;
  while (at < past) {
    if (<u32>(at - bytes) >= table.nextPlace) notePlace(table, <u32>(at - bytes), units, line);
    const head = load<u8>(at++);
    const kind: u32 = (head >> 3) & 15;
    if (kind == 13 || kind == 14) {
      let value: u32 = 0;
      let shift: u32 = 0;
      let byte: u32 = 64;
      while (byte & 64 && at < past) {
        byte = load<u8>(at++);
        if (shift < 32) value |= (byte & 63) << shift;
        shift += 6;
      }
      line += value & 1 ? -(<i32>(value >> 1)) : <i32>(value >> 1);
    } else if (kind >= 10 && kind <= 12) {
      line += <i32>kind - 10;
    }
    units += (head & 7) + 1;
    if (units > unit) return line;
    // The columns that follow do not matter: the next entry is the next byte with its high bit set.
    while (at < past && !(load<u8>(at) & 128)) at++;
  }
  return NO_LINE;
}
