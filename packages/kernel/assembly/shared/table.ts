/**
 * A growing table: rows of one size that stand one after the other, as the host reads them. One that is full moves to
 * twice the room, so that where a row stands holds until the next is appended. The call tree, which every record walks,
 * keeps its place in globals instead (decode/stacks.ts).
 */
import { allocate, enlarge } from './arena';

@unmanaged
export class Table {
  rows: usize;
  /** Bytes of a row. */
  size: u32;
  capacity: u32;
  length: u32;
}

/** Without a row, and with room for `capacity` of them. */
export function newTable(size: u32, capacity: u32): Table {
  const table = changetype<Table>(allocate(offsetof<Table>()));
  initTable(table, size, capacity);
  return table;
}

export function initTable(table: Table, size: u32, capacity: u32): void {
  table.rows = allocate(size * capacity);
  table.size = size;
  table.capacity = capacity;
  table.length = 0;
}

/** Where a new last row stands; its contents are undefined. */
export function appendRow(table: Table): usize {
  if (table.length == table.capacity) {
    const bytes = table.capacity * table.size;
    table.rows = enlarge(table.rows, bytes, bytes * 2);
    table.capacity <<= 1;
  }
  return table.rows + table.size * table.length++;
}
