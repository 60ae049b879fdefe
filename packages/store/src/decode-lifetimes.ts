/**
 * One Arrow IPC stream → one batch of lifetimes. Reads what the encoder writes, and the same columns from any other
 * Arrow writer: integers of any width, plain or compressed by Zstandard, one record batch. Nothing in the stream is trusted; every fault
 * throws a `RangeError` or `TypeError`, never reads outside the bytes, and never allocates more than a few times their
 * number. Arrow's own reader trusts its metadata: with single bytes of it changed it runs for minutes.
 */
import { zstdDecompressSync } from 'node:zlib';
import { NEVER, type LifetimeBatch } from '@memscope/model/recorded';
import {
  BUFFER_PREFIX_BYTES,
  CODEC_ZSTD,
  COMPRESSION_SLOT,
  CONTINUATION,
  FIELD_SLOT,
  HEADER_RECORD_BATCH,
  HEADER_SCHEMA,
  INT_SLOT,
  LIFETIME_COLUMNS,
  MESSAGE_SLOT,
  NOT_COMPRESSED,
  PREFIX_BYTES,
  RECORD_BATCH_SLOT,
  SCHEMA_SLOT,
  STRUCT_BYTES,
  TYPE_INT,
  type IntegerType,
} from './arrow-layout.js';
import { FlatTable } from './flat-table.js';

/** Sixteen batches of ours: what is compressed may be a thousand times as much as there are bytes. */
const MOST_COMPRESSED_ROWS = 1 << 20;
/** Arrow's greatest alignment. */
const PADDING = 64;

export interface DecodedLifetimes extends LifetimeBatch {
  /** Whether there is an amount below 0, which no capture has. */
  readonly hasNegative: () => boolean;
}

/** Decodes into columns that belong to the caller; amounts when they are first asked for, since many ask for bytes alone. */
export function decodeLifetimes(arrow: Uint8Array): DecodedLifetimes {
  const { rows, column } = readColumns(arrow);
  const [site, born, died, count, bytes] = LIFETIME_COLUMNS.map((_, index) => column(index));
  let [counts, sizes]: (Float64Array | null)[] = [null, null];
  return {
    rows,
    site: asMoments(site!.values),
    born: asMoments(born!.values),
    died: withNever(asMoments(died!.values), died!.validity),
    get count() {
      return (counts ??= asDoubles(count!.values));
    },
    get bytes() {
      return (sizes ??= asDoubles(bytes!.values));
    },
    hasNegative: () => isNegative(count!.values) || isNegative(bytes!.values),
  };
}

/** The same of those rows alone that are born or die at a moment that is marked with 1, valid until the next call. */
export function decodeMarked(arrow: Uint8Array, marked: Uint8Array): LifetimeBatch {
  const { rows, column } = readColumns(arrow);
  const [born, died] = [column(1), column(2)];
  const found = markedRows(born.values, died, rows, marked);
  if (found.length === 0) return NO_ROWS;
  const [site, count, bytes] = [column(0).values, column(3).values, column(4).values];
  return {
    rows: found.length,
    site: momentsAt(room.site, site, found),
    born: momentsAt(room.born, born.values, found),
    died: deathsAt(room.died, died, found),
    count: doublesAt(room.count, count, found),
    bytes: doublesAt(room.bytes, bytes, found),
  };
}

const NO_ROWS: LifetimeBatch = {
  rows: 0,
  site: new Uint32Array(0),
  born: new Uint32Array(0),
  died: new Uint32Array(0),
  count: new Float64Array(0),
  bytes: new Float64Array(0),
};

interface Column {
  readonly values: Integers;
  /** A bit a row, 0 where there is no value; null where there are all. */
  readonly validity: Uint8Array | null;
}

/** Columns by their place in `LIFETIME_COLUMNS`, each read when it is asked for. */
function readColumns(arrow: Uint8Array): { readonly rows: number; readonly column: (index: number) => Column } {
  const { types, batch } = readStream(arrow);
  const rows = batch.header.int64(RECORD_BATCH_SLOT.length);
  const isCompressed = readCompression(batch.header);
  if (isCompressed && !(rows >= 0 && rows <= MOST_COMPRESSED_ROWS)) throw new RangeError(`${rows} compressed rows`);
  const sections = readSections(batch.header, batch.body);
  const plain = (part: Uint8Array, bytes: number): Uint8Array => (isCompressed ? decompress(part, bytes) : part);
  const column = (index: number): Column => {
    const [validity, values] = [sections[2 * index]!, sections[2 * index + 1]!];
    const name = LIFETIME_COLUMNS[index]!;
    const { nulls, length } = readNode(batch.header, index);
    if (length !== rows) throw new RangeError(`column ${name} has ${length} of ${rows} rows`);
    if (nulls > 0 && name !== 'died') throw new TypeError(`column ${name} has nulls`);
    const bits = nulls > 0 ? section(plain(validity, Math.ceil(rows / 8)), 0, Math.ceil(rows / 8)) : null;
    return {
      values: integersOf(plain(values, (rows * types[index]!.bits) / 8), types[index]!, rows),
      validity: bits,
    };
  };
  return { rows, column };
}

/** Of the batch that was decoded last: places of the rows that were found, and what they hold. */
let places = new Uint32Array(0);
let room = roomFor(0);

function roomFor(rows: number): Omit<LifetimeBatch, 'rows'> {
  return {
    site: new Uint32Array(rows),
    born: new Uint32Array(rows),
    died: new Uint32Array(rows),
    count: new Float64Array(rows),
    bytes: new Float64Array(rows),
  };
}

function markedRows(born: Integers, { values, validity }: Column, rows: number, marked: Uint8Array): Uint32Array {
  if (born instanceof BigInt64Array || values instanceof BigInt64Array)
    throw new TypeError('moments and sites of 64 bits');
  if (places.length < rows) [places, room] = [new Uint32Array(rows), roomFor(rows)];
  const found = places;
  let length = 0;
  for (let row = 0; row < rows; row++) {
    if (marked[born[row]!] !== 1) {
      if (marked[values[row]!] !== 1) continue;
      if (validity !== null && (validity[row >> 3]! & (1 << (row & 7))) === 0) continue;
    }
    found[length++] = row;
  }
  return found.subarray(0, length);
}

/** Whether buffers are compressed, which must be by Zstandard. */
function readCompression(batch: FlatTable): boolean {
  const compression = batch.table(RECORD_BATCH_SLOT.compression);
  if (compression === null) return false;
  if (compression.uint8(COMPRESSION_SLOT.codec) !== CODEC_ZSTD || compression.uint8(COMPRESSION_SLOT.method) !== 0)
    throw new TypeError('Arrow columns that are compressed in another way than by Zstandard');
  return true;
}

/** A buffer of `bytes` bytes, and what pads it to a multiple of 64 at most. */
function decompress(buffer: Uint8Array, bytes: number): Uint8Array {
  const prefix = section(buffer, 0, BUFFER_PREFIX_BYTES);
  const told = new DataView(prefix.buffer, prefix.byteOffset).getBigInt64(0, true);
  const content = buffer.subarray(BUFFER_PREFIX_BYTES);
  if (told === NOT_COMPRESSED) return content;
  const length = Number(told);
  if (!(length >= bytes && length < bytes + PADDING)) throw new RangeError(`a buffer of ${length} for ${bytes} bytes`);
  return zstdDecompressSync(content, { maxOutputLength: Math.max(1, length) });
}

/** The buffers of a stream's record batch: views of it. */
export function buffersOf(arrow: Uint8Array): Uint8Array[] {
  const { batch } = readStream(arrow);
  return readSections(batch.header, batch.body);
}

function readStream(arrow: Uint8Array): { types: IntegerType[]; batch: Message } {
  const schema = readMessage(arrow, 0);
  if (schema.headerType !== HEADER_SCHEMA) throw new TypeError('no Arrow schema at the start');
  const types = readTypes(schema.header);
  const batch = readMessage(arrow, schema.end);
  if (batch.headerType !== HEADER_RECORD_BATCH) throw new TypeError('no Arrow record batch after the schema');
  return { types, batch };
}

function isNegative(values: Integers): boolean {
  if (values instanceof Uint8Array || values instanceof Uint16Array || values instanceof Uint32Array) return false;
  for (let row = 0; row < values.length; row++) if (values[row]! < 0) return true;
  return false;
}

interface Message {
  readonly headerType: number;
  readonly header: FlatTable;
  readonly body: Uint8Array;
  /** Where the next message starts. */
  readonly end: number;
}

function readMessage(arrow: Uint8Array, at: number): Message {
  const prefix = new DataView(arrow.buffer, arrow.byteOffset + at, Math.min(PREFIX_BYTES, arrow.length - at));
  if (prefix.getUint32(0, true) !== CONTINUATION) throw new TypeError('no Arrow message');
  const start = at + PREFIX_BYTES;
  const metadata = section(arrow, start, prefix.getUint32(4, true));
  const message = FlatTable.root(metadata);
  const body = section(arrow, start + metadata.length, message.int64(MESSAGE_SLOT.bodyLength));
  const header = message.table(MESSAGE_SLOT.header);
  if (header === null) throw new TypeError('an Arrow message without header');
  return {
    headerType: message.uint8(MESSAGE_SLOT.headerType),
    header,
    body,
    end: start + metadata.length + body.length,
  };
}

function readTypes(schema: FlatTable): IntegerType[] {
  const fields = schema.tables(SCHEMA_SLOT.fields, LIFETIME_COLUMNS.length);
  if (schema.int16(SCHEMA_SLOT.endianness) !== 0) throw new TypeError('big-endian Arrow columns');
  return fields.map((field, index) => {
    const name = field.string(FIELD_SLOT.name);
    if (name !== LIFETIME_COLUMNS[index]) throw new TypeError(`column ${index} is not ${LIFETIME_COLUMNS[index]}`);
    const int = field.table(FIELD_SLOT.type);
    const plain = field.uint8(FIELD_SLOT.typeType) === TYPE_INT && field.table(FIELD_SLOT.dictionary) === null;
    const bits = int?.int32(INT_SLOT.bitWidth);
    if (!plain || int === null || (bits !== 8 && bits !== 16 && bits !== 32 && bits !== 64))
      throw new TypeError(`column ${name} does not hold plain integers`);
    return { bits, signed: int.uint8(INT_SLOT.isSigned) !== 0 };
  });
}

function readSections(batch: FlatTable, body: Uint8Array): Uint8Array[] {
  const buffers = batch.structs(RECORD_BATCH_SLOT.buffers, 2 * LIFETIME_COLUMNS.length, STRUCT_BYTES);
  return buffers.map((at) => section(body, batch.int64At(at), batch.int64At(at + 8)));
}

function readNode(batch: FlatTable, index: number): { length: number; nulls: number } {
  const at = batch.structs(RECORD_BATCH_SLOT.nodes, LIFETIME_COLUMNS.length, STRUCT_BYTES)[index]!;
  return { length: batch.int64At(at), nulls: batch.int64At(at + 8) };
}

function section(bytes: Uint8Array, offset: number, length: number): Uint8Array {
  if (!(offset >= 0 && length >= 0 && offset + length <= bytes.length))
    throw new RangeError(`${length} bytes at ${offset} of ${bytes.length}`);
  return bytes.subarray(offset, offset + length);
}

type Integers = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | BigInt64Array;

/** The values of a column, as they stand there where that is possible. */
function integersOf(values: Uint8Array, { bits, signed }: IntegerType, rows: number): Integers {
  const part = section(values, 0, (rows * bits) / 8);
  const { buffer, byteOffset } = part.byteOffset % (bits / 8) === 0 ? part : new Uint8Array(part);
  if (bits === 8) return signed ? new Int8Array(buffer, byteOffset, rows) : new Uint8Array(buffer, byteOffset, rows);
  if (bits === 16) return signed ? new Int16Array(buffer, byteOffset, rows) : new Uint16Array(buffer, byteOffset, rows);
  if (bits === 32) return signed ? new Int32Array(buffer, byteOffset, rows) : new Uint32Array(buffer, byteOffset, rows);
  return new BigInt64Array(buffer, byteOffset, rows);
}

function asMoments(values: Integers): Uint32Array {
  if (values instanceof Uint32Array) return values;
  if (values instanceof BigInt64Array) throw new TypeError('moments and sites of 64 bits');
  const moments = new Uint32Array(values.length);
  moments.set(values);
  return moments;
}

function asDoubles(values: Integers): Float64Array {
  const doubles = new Float64Array(values.length);
  if (values instanceof BigInt64Array) for (let i = 0; i < values.length; i++) doubles[i] = Number(values[i]!);
  else doubles.set(values);
  return doubles;
}

function momentsAt(target: Uint32Array, values: Integers, rows: Uint32Array): Uint32Array {
  if (values instanceof BigInt64Array) throw new TypeError('moments and sites of 64 bits');
  for (let at = 0; at < rows.length; at++) target[at] = values[rows[at]!]!;
  return target.subarray(0, rows.length);
}

function deathsAt(target: Uint32Array, { values, validity }: Column, rows: Uint32Array): Uint32Array {
  const moments = momentsAt(target, values, rows);
  if (validity === null) return moments;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    if ((validity[row >> 3]! & (1 << (row & 7))) === 0) moments[at] = NEVER;
  }
  return moments;
}

function doublesAt(target: Float64Array, values: Integers, rows: Uint32Array): Float64Array {
  if (values instanceof BigInt64Array) for (let at = 0; at < rows.length; at++) target[at] = Number(values[rows[at]!]!);
  else for (let at = 0; at < rows.length; at++) target[at] = values[rows[at]!]!;
  return target.subarray(0, rows.length);
}

/** Changes the column, which belongs to the caller alone. */
function withNever(died: Uint32Array, validity: Uint8Array | null): Uint32Array {
  if (validity === null) return died;
  for (let i = 0; i < died.length; i++) if ((validity[i >> 3]! & (1 << (i & 7))) === 0) died[i] = NEVER;
  return died;
}
