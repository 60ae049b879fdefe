/**
 * Column types and row counts → the metadata messages of an Arrow IPC stream with the five columns of `lifetime`. Both
 * flatbuffers have a fixed layout: a table's vtable is shared by all tables of its kind and stands before the first of
 * them, everything else follows what refers to it. Offsets below count from the start of the flatbuffer.
 */
import {
  CONTINUATION,
  FIELD_SLOT,
  HEADER_RECORD_BATCH,
  HEADER_SCHEMA,
  INT_SLOT,
  LIFETIME_COLUMNS,
  MESSAGE_SLOT,
  METADATA_V5,
  PREFIX_BYTES,
  RECORD_BATCH_SLOT,
  SCHEMA_SLOT,
  STRUCT_BYTES,
  TYPE_INT,
  type IntegerType,
} from './arrow-layout.js';

export interface BatchColumn {
  readonly type: IntegerType;
  /** Rows without a value. */
  readonly nulls: number;
  /** Padded length of the validity bitmap, 0 without nulls. */
  readonly validityBytes: number;
  /** Padded length of the values. */
  readonly valueBytes: number;
}

/** Position of a table's fields from its start, by slot; 0 = absent. */
type Vtable = readonly number[];

function vtable(size: number, fields: Record<number, number>): Vtable {
  const slots = Math.max(...Object.keys(fields).map(Number)) + 1;
  return [4 + 2 * slots, size, ...Array.from({ length: slots }, (_, slot) => fields[slot] ?? 0)];
}

const COLUMN_COUNT = LIFETIME_COLUMNS.length;

/*
 * Message | at | field
 *       0 | root offset
 *       4 | vtable
 *      16 | table: vtable offset, +4 header, +8 body length, +16 version, +18 header type
 *      36 | what the header offset leads to
 */
const MESSAGE = {
  vtable: vtable(20, {
    [MESSAGE_SLOT.version]: 16,
    [MESSAGE_SLOT.headerType]: 18,
    [MESSAGE_SLOT.header]: 4,
    [MESSAGE_SLOT.bodyLength]: 8,
  }),
  at: 16,
  end: 36,
};

/*
 * Schema  | at | field
 *      36 | vtable
 *      44 | table: vtable offset, +4 fields
 *      52 | vector of fields: length, five offsets
 *      76 | vtable of Field
 *      92 | vtable of Int
 *     100 | five times: Field (20 bytes), Int (12), name (12)
 *     320 | the empty vector of children that all fields share
 */
const SCHEMA = { vtable: vtable(8, { [SCHEMA_SLOT.fields]: 4 }), vtableAt: 36, at: 44, fieldsAt: 52 };
const FIELD = {
  vtable: vtable(20, {
    [FIELD_SLOT.name]: 4,
    [FIELD_SLOT.nullable]: 17,
    [FIELD_SLOT.typeType]: 16,
    [FIELD_SLOT.type]: 8,
    [FIELD_SLOT.children]: 12,
  }),
  vtableAt: 76,
  at: 100,
  stride: 44,
};
const INT = { vtable: vtable(12, { [INT_SLOT.bitWidth]: 4, [INT_SLOT.isSigned]: 8 }), vtableAt: 92 };
const CHILDREN_AT = FIELD.at + COLUMN_COUNT * FIELD.stride;
const SCHEMA_BYTES = CHILDREN_AT + 8;

/*
 * Batch   | at | field
 *      36 | vtable
 *      48 | table: vtable offset, +4 nodes, +8 length, +16 buffers
 *      68 | vector of nodes: length, five times (rows, nulls)
 *     156 | vector of buffers: length, ten times (offset in the body, length)
 */
const BATCH = {
  vtable: vtable(20, {
    [RECORD_BATCH_SLOT.length]: 8,
    [RECORD_BATCH_SLOT.nodes]: 4,
    [RECORD_BATCH_SLOT.buffers]: 16,
  }),
  vtableAt: 36,
  at: 48,
  nodesAt: 68,
  buffersAt: 156,
};
const BATCH_BYTES = BATCH.buffersAt + 4 + 2 * COLUMN_COUNT * STRUCT_BYTES;

/** Writes the schema message at `at`; returns where it ends. */
export function writeSchemaMessage(room: Buffer, at: number, columns: readonly BatchColumn[]): number {
  const start = writeMessage(room, at, SCHEMA_BYTES, HEADER_SCHEMA, SCHEMA.at, 0);
  writeVtable(room, start + SCHEMA.vtableAt, SCHEMA.vtable);
  writeVtable(room, start + FIELD.vtableAt, FIELD.vtable);
  writeVtable(room, start + INT.vtableAt, INT.vtable);
  room.writeInt32LE(SCHEMA.at - SCHEMA.vtableAt, start + SCHEMA.at);
  writeOffset(room, start + SCHEMA.at + 4, start + SCHEMA.fieldsAt);
  room.writeUInt32LE(COLUMN_COUNT, start + SCHEMA.fieldsAt);
  for (const [index, { type }] of columns.entries()) {
    const field = start + FIELD.at + index * FIELD.stride;
    const int = field + 20;
    const name = int + 12;
    writeOffset(room, start + SCHEMA.fieldsAt + 4 + 4 * index, field);
    room.writeInt32LE(field - start - FIELD.vtableAt, field);
    writeOffset(room, field + 4, name);
    writeOffset(room, field + 8, int);
    writeOffset(room, field + 12, start + CHILDREN_AT);
    room.writeUInt8(TYPE_INT, field + 16);
    room.writeUInt8(LIFETIME_COLUMNS[index] === 'died' ? 1 : 0, field + 17);
    room.writeInt32LE(int - start - INT.vtableAt, int);
    room.writeInt32LE(type.bits, int + 4);
    room.writeUInt8(type.signed ? 1 : 0, int + 8);
    room.writeUInt32LE(room.write(LIFETIME_COLUMNS[index]!, name + 4, 'latin1'), name);
  }
  return start + SCHEMA_BYTES;
}

/** Writes the metadata of the record batch at `at`; returns where its body begins. */
export function writeRecordBatchMessage(
  room: Buffer,
  at: number,
  rows: number,
  columns: readonly BatchColumn[],
): number {
  const bodyBytes = columns.reduce((sum, column) => sum + column.validityBytes + column.valueBytes, 0);
  const start = writeMessage(room, at, BATCH_BYTES, HEADER_RECORD_BATCH, BATCH.at, bodyBytes);
  writeVtable(room, start + BATCH.vtableAt, BATCH.vtable);
  room.writeInt32LE(BATCH.at - BATCH.vtableAt, start + BATCH.at);
  writeOffset(room, start + BATCH.at + 4, start + BATCH.nodesAt);
  writeInt64(room, start + BATCH.at + 8, rows);
  writeOffset(room, start + BATCH.at + 16, start + BATCH.buffersAt);
  room.writeUInt32LE(COLUMN_COUNT, start + BATCH.nodesAt);
  room.writeUInt32LE(2 * COLUMN_COUNT, start + BATCH.buffersAt);
  let node = start + BATCH.nodesAt + 4;
  let buffer = start + BATCH.buffersAt + 4;
  let offset = 0;
  for (const { nulls, validityBytes, valueBytes } of columns) {
    node = writePair(room, node, rows, nulls);
    buffer = writePair(room, buffer, offset, validityBytes);
    buffer = writePair(room, buffer, offset + validityBytes, valueBytes);
    offset += validityBytes + valueBytes;
  }
  return start + BATCH_BYTES;
}

/** Writes the end of the stream at `at`; returns where it ends. */
export function writeEndMark(room: Buffer, at: number): number {
  room.writeUInt32LE(CONTINUATION, at);
  room.writeUInt32LE(0, at + 4);
  return at + PREFIX_BYTES;
}

/** Writes the prefix and the table `Message`; returns where the flatbuffer starts. */
function writeMessage(
  room: Buffer,
  at: number,
  metadataBytes: number,
  headerType: number,
  headerAt: number,
  bodyBytes: number,
): number {
  const start = at + PREFIX_BYTES;
  room.fill(0, at, start + metadataBytes);
  room.writeUInt32LE(CONTINUATION, at);
  room.writeUInt32LE(metadataBytes, at + 4);
  room.writeUInt32LE(MESSAGE.at, start);
  writeVtable(room, start + 4, MESSAGE.vtable);
  room.writeInt32LE(MESSAGE.at - 4, start + MESSAGE.at);
  writeOffset(room, start + MESSAGE.at + 4, start + headerAt);
  writeInt64(room, start + MESSAGE.at + 8, bodyBytes);
  room.writeInt16LE(METADATA_V5, start + MESSAGE.at + 16);
  room.writeUInt8(headerType, start + MESSAGE.at + 18);
  return start;
}

function writeVtable(room: Buffer, at: number, entries: Vtable): void {
  for (const [index, entry] of entries.entries()) room.writeUInt16LE(entry, at + 2 * index);
}

/** Writes the distance from `at` to `target`. */
function writeOffset(room: Buffer, at: number, target: number): void {
  room.writeUInt32LE(target - at, at);
}

function writePair(room: Buffer, at: number, first: number, second: number): number {
  writeInt64(room, at, first);
  writeInt64(room, at + 8, second);
  return at + STRUCT_BYTES;
}

function writeInt64(room: Buffer, at: number, value: number): void {
  room.writeUInt32LE(value % 2 ** 32, at);
  room.writeUInt32LE(Math.floor(value / 2 ** 32), at + 4);
}
