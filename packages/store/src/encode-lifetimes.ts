/**
 * One batch of lifetimes → one Arrow IPC stream, each column in the narrowest integer type that holds the batch.
 */
import { NEVER, type LifetimeBatch, type LifetimeRanges, type ValueRange } from '@memscope/model/recorded';
import { constants, zstdCompressSync } from 'node:zlib';
import {
  compressionRegistry,
  CompressionType,
  Field,
  Int16,
  Int32,
  Int64,
  Int8,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Uint16,
  Uint32,
  Uint8,
  type Data,
} from 'apache-arrow';
import { LIFETIME_COLUMNS, NOT_COMPRESSED } from './arrow-layout.js';
import { buffersOf } from './decode-lifetimes.js';
import { measureLifetimes } from './measure-lifetimes.js';

/** What stands beside each other is alike: the fastest level brings a third. */
const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Of the buffers that were compressed last. */
const plainBytes: number[] = [];

compressionRegistry.set(CompressionType.ZSTD, {
  encode(buffer) {
    plainBytes.push(buffer.length);
    return zstdCompressSync(buffer, FASTEST);
  },
});

export interface EncodedLifetimes {
  readonly arrow: Uint8Array;
  readonly rows: number;
  /** Least `born`. */
  readonly firstMoment: number;
  /** Greatest `died`; null when a row is live at the end of the capture. */
  readonly lastMoment: number | null;
}

/**
 * Encodes a batch of at least one row, compressed where that is said; its columns are only read during the call. `ranges`
 * are believed: values outside of them are cut off.
 */
export function encodeLifetimes(
  batch: LifetimeBatch,
  ranges: LifetimeRanges = measureLifetimes(batch),
  isCompressed = false,
): EncodedLifetimes {
  const { rows } = batch;
  const { born, never, lastDeath } = ranges;
  const died = batch.died.subarray(0, rows);
  const columns = [
    unsignedColumn(0, batch.site.subarray(0, rows), ranges.site),
    unsignedColumn(1, batch.born.subarray(0, rows), born),
    unsignedColumn(
      2,
      died,
      { least: 0, greatest: lastDeath },
      never === 0 ? null : { nulls: never, validity: validityOf(died) },
    ),
    countColumn(3, batch.count.subarray(0, rows), ranges.count),
    byteColumn(4, batch.bytes.subarray(0, rows), ranges.bytes),
  ];
  const fields = LIFETIME_COLUMNS.map((name, index) => new Field(name, columns[index]!.type, name === 'died'));
  const data = makeData({ type: new Struct(fields), length: rows, nullCount: 0, children: columns });
  plainBytes.length = 0;
  const writer = new RecordBatchStreamWriter(isCompressed ? { compressionType: CompressionType.ZSTD } : {});
  writer.write(new RecordBatch(new Schema(fields), data));
  writer.finish();
  const arrow = writer.toUint8Array(true);
  if (isCompressed) tellPlainBytes(arrow);
  return {
    arrow,
    rows,
    firstMoment: born.least,
    lastMoment: never > 0 ? null : lastDeath,
  };
}

/** Arrow's format has a compressed buffer begin with how long it is when it is not; its writer says how long it is now. */
function tellPlainBytes(arrow: Uint8Array): void {
  const lengths = plainBytes.values();
  for (const buffer of buffersOf(arrow)) {
    if (buffer.length === 0) continue;
    const view = new DataView(buffer.buffer, buffer.byteOffset);
    const plain = lengths.next().value!;
    if (view.getBigInt64(0, true) !== NOT_COMPRESSED) view.setBigInt64(0, BigInt(plain), true);
  }
}

type Numbers = Uint32Array | Float64Array;

interface Nulls {
  readonly nulls: number;
  readonly validity: Uint8Array;
}

/** Room for the narrowed columns, by column: Arrow copies them into the stream, so that they can be used again. */
const rooms: ArrayBuffer[] = [];

function roomOf(column: number, bytes: number): ArrayBuffer {
  const room = rooms[column];
  return room && room.byteLength >= bytes ? room : (rooms[column] = new ArrayBuffer(bytes));
}

interface Narrow<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, offset: number, length: number): T;
}

interface Integers {
  fill(value: number): unknown;
  set(values: Numbers): void;
}

/** The values, which lie in `range`, in a narrower type; the bits of `NEVER` in null rows are cut off. */
function narrow<T extends Integers>(Type: Narrow<T>, column: number, values: Numbers, range: ValueRange): T {
  const data = new Type(roomOf(column, values.length * Type.BYTES_PER_ELEMENT), 0, values.length);
  // Most counts are 1, and converting doubles is slow.
  if (range.least === range.greatest) data.fill(range.least);
  else data.set(values);
  return data;
}

/** `range` is that of the values that count. */
function unsignedColumn(column: number, values: Numbers, range: ValueRange, nulls: Nulls | null = null): Data {
  const { greatest } = range;
  const rest = { length: values.length, nullCount: nulls?.nulls ?? 0, nullBitmap: nulls?.validity ?? null };
  if (greatest < 2 ** 8)
    return makeData({ ...rest, type: new Uint8(), data: narrow(Uint8Array, column, values, range) });
  if (greatest < 2 ** 16)
    return makeData({ ...rest, type: new Uint16(), data: narrow(Uint16Array, column, values, range) });
  return makeData({ ...rest, type: new Uint32(), data: narrow(Uint32Array, column, values, range) });
}

function countColumn(column: number, values: Float64Array, range: ValueRange): Data {
  const { least, greatest } = range;
  const reach = Math.max(greatest, -1 - least);
  const rest = { length: values.length, nullCount: 0 };
  if (reach < 2 ** 7) return makeData({ ...rest, type: new Int8(), data: narrow(Int8Array, column, values, range) });
  if (reach < 2 ** 15) return makeData({ ...rest, type: new Int16(), data: narrow(Int16Array, column, values, range) });
  if (reach < 2 ** 31) return makeData({ ...rest, type: new Int32(), data: narrow(Int32Array, column, values, range) });
  return longColumn(values);
}

function byteColumn(column: number, values: Float64Array, range: ValueRange): Data {
  return range.least < 0 || range.greatest >= 2 ** 32 ? longColumn(values) : unsignedColumn(column, values, range);
}

function longColumn(values: Float64Array): Data {
  const data = BigInt64Array.from(values, (value) => BigInt(value));
  return makeData({ type: new Int64(), length: values.length, nullCount: 0, data });
}

/** Bit i (least significant first) is set where row i has a value. */
function validityOf(died: Uint32Array): Uint8Array {
  const validity = new Uint8Array(Math.ceil(died.length / 8));
  for (let i = 0; i < died.length; i++) if (died[i] !== NEVER) validity[i >> 3]! |= 1 << (i & 7);
  return validity;
}
