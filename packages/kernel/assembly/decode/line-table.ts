/**
 * CPython's three line tables: from an instruction offset to a source line. Source: CPython's
 * Objects/lnotab_notes.txt (3.9, 3.10) and InternalDocs/code_objects.md (3.11 to 3.14).
 *
 * memray reads the address steps of the oldest table as signed; CPython and we don't (see the format notes).
 */

const NO_LINE: i32 = 0;

/** PY_VERSION_HEX of the first version with each table. */
const PYTHON_3_10: u32 = 0x030a0000;
const PYTHON_3_11: u32 = 0x030b0000;

/** The line at `offset` (as the capture holds it), or 0 when the table does not say. */
export function lineAt(table: usize, length: u32, firstLine: i32, offset: i32, python: u32): i32 {
  if (offset < 0 || length == 0) return NO_LINE;
  if (python >= PYTHON_3_11) return lineInLocations(table, length, firstLine, offset >> 1);
  if (python >= PYTHON_3_10) return lineInPairs(table, length, firstLine, offset << 1);
  return lineInLnotab(table, length, firstLine, offset);
}

/** Up to 3.9: pairs of (address step u8, line step i8). */
function lineInLnotab(table: usize, length: u32, firstLine: i32, offset: i32): i32 {
  let line = firstLine;
  let address: i32 = 0;
  for (let i: u32 = 0; i + 1 < length; i += 2) {
    address += load<u8>(table + i);
    if (address > offset) break;
    line += load<i8>(table + i + 1);
  }
  return line;
}

/** 3.10: pairs of (range length u8, line step i8 before the range; -128 = a range without a line). */
function lineInPairs(table: usize, length: u32, firstLine: i32, offset: i32): i32 {
  let line = firstLine;
  let address: i32 = 0;
  for (let i: u32 = 0; i + 1 < length; i += 2) {
    const step = <i32>load<i8>(table + i + 1);
    if (step != -128) line += step;
    address += load<u8>(table + i);
    if (address > offset) return line;
  }
  return NO_LINE;
}

/**
 * 3.11 on: entries of a head byte (1 kkkk lll: kind k, l + 1 code units) and a body by kind. Kind 15 has no location;
 * the running line stays.
 */
function lineInLocations(table: usize, length: u32, firstLine: i32, unit: i32): i32 {
  let line = firstLine;
  let units: i32 = 0;
  const past = table + length;
  let at = table;
  while (at < past) {
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
