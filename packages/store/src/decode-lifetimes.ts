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
  const { types, batch } = readStream(arrow);
  const rows = batch.header.int64(RECORD_BATCH_SLOT.length);
  const isCompressed = readCompression(batch.header);
  if (isCompressed && !(rows >= 0 && rows <= MOST_COMPRESSED_ROWS)) throw new RangeError(`${rows} compressed rows`);
  const sections = readSections(batch.header, batch.body);

  const [site, born, died, count, bytes] = LIFETIME_COLUMNS.map((name, index) => {
    const [validity, values] = [sections[2 * index]!, sections[2 * index + 1]!];
    const { nulls, length } = readNode(batch.header, index);
    if (length !== rows) throw new RangeError(`column ${name} has ${length} of ${rows} rows`);
    if (nulls > 0 && name !== 'died') throw new TypeError(`column ${name} has nulls`);
    const plain = (part: Uint8Array, bytes: number): Uint8Array => (isCompressed ? decompress(part, bytes) : part);
    const column = copyIntegers(plain(values, (rows * types[index]!.bits) / 8), types[index]!, rows);
    return { column, validity: nulls > 0 ? plain(validity, Math.ceil(rows / 8)) : null };
  });
  let [counts, sizes]: (Float64Array | null)[] = [null, null];
  return {
    rows,
    site: asMoments(site!.column),
    born: asMoments(born!.column),
    died: withNever(asMoments(died!.column), died!.validity),
    get count() {
      return (counts ??= asDoubles(count!.column));
    },
    get bytes() {
      return (sizes ??= asDoubles(bytes!.column));
    },
    hasNegative: () => isNegative(count!.column) || isNegative(bytes!.column),
  };
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

/** Copies the values of a column into an aligned array of its own type. */
function copyIntegers(values: Uint8Array, { bits, signed }: IntegerType, rows: number): Integers {
  const copy = new Uint8Array(section(values, 0, (rows * bits) / 8)).buffer;
  if (bits === 8) return signed ? new Int8Array(copy) : new Uint8Array(copy);
  if (bits === 16) return signed ? new Int16Array(copy) : new Uint16Array(copy);
  if (bits === 32) return signed ? new Int32Array(copy) : new Uint32Array(copy);
  return new BigInt64Array(copy);
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

function withNever(died: Uint32Array, validity: Uint8Array | null): Uint32Array {
  if (validity === null) return died;
  section(validity, 0, Math.ceil(died.length / 8));
  for (let i = 0; i < died.length; i++) if ((validity[i >> 3]! & (1 << (i & 7))) === 0) died[i] = NEVER;
  return died;
}
