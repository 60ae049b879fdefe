/**
 * One batch of lifetimes → one Arrow IPC stream, each column in the narrowest integer type that holds the batch. Five
 * fixed columns make the metadata a fixed layout, so it is written in place; `arrow-layout.ts` has the format. Any Arrow
 * reader opens the result.
 */
import { NEVER, type LifetimeBatch } from '@memscope/model';
import { padTo8, type IntegerType } from './arrow-layout.js';
import { writeEndMark, writeRecordBatchMessage, writeSchemaMessage, type BatchColumn } from './arrow-messages.js';

export interface EncodedLifetimes {
  /** Borrowed: overwritten by the encoder's next batch. */
  readonly arrow: Buffer;
  readonly rows: number;
  /** Least `born`. */
  readonly firstMoment: number;
  /** Greatest `died`; null when a row is live at the end of the capture. */
  readonly lastMoment: number | null;
}

/** Room for all metadata of a stream. */
const METADATA_BYTES = 1024;

export class LifetimeEncoder {
  #room = Buffer.alloc(0);

  /** Encodes a batch of at least one row; its columns are only read during the call. */
  encode(batch: LifetimeBatch): EncodedLifetimes {
    const { rows } = batch;
    const site = batch.site.subarray(0, rows);
    const born = batch.born.subarray(0, rows);
    const died = batch.died.subarray(0, rows);
    const count = batch.count.subarray(0, rows);
    const bytes = batch.bytes.subarray(0, rows);
    const births = extentOf(born);
    const deaths = summarizeDeaths(died);
    const columns = [
      planColumn(rows, 0, unsignedType(extentOf(site).greatest)),
      planColumn(rows, 0, unsignedType(births.greatest)),
      planColumn(rows, deaths.never, unsignedType(deaths.last)),
      planColumn(rows, 0, signedType(extentOf(count))),
      planColumn(rows, 0, byteType(extentOf(bytes))),
    ];

    const bodyBytes = columns.reduce((sum, column) => sum + column.validityBytes + column.valueBytes, 0);
    if (this.#room.length < bodyBytes + METADATA_BYTES) this.#room = Buffer.alloc(bodyBytes + METADATA_BYTES);
    const room = this.#room;
    let at = writeSchemaMessage(room, 0, columns);
    at = writeRecordBatchMessage(room, at, rows, columns);
    for (const [index, values] of [site, born, died, count, bytes].entries()) {
      const { type, validityBytes, valueBytes } = columns[index]!;
      if (validityBytes > 0) writeValidity(room.subarray(at, at + validityBytes), died);
      at += validityBytes;
      const target = room.subarray(at, at + valueBytes);
      target.fill(0, (rows * type.bits) / 8);
      writeIntegers(target, values, type);
      at += valueBytes;
    }
    at = writeEndMark(room, at);
    return {
      arrow: room.subarray(0, at),
      rows,
      firstMoment: births.least,
      lastMoment: deaths.never > 0 ? null : deaths.last,
    };
  }
}

type Numbers = Uint32Array | Float64Array;

function planColumn(rows: number, nulls: number, type: IntegerType): BatchColumn {
  return {
    type,
    nulls,
    validityBytes: nulls === 0 ? 0 : padTo8(Math.ceil(rows / 8)),
    valueBytes: padTo8((rows * type.bits) / 8),
  };
}

interface Extent {
  readonly least: number;
  readonly greatest: number;
}

function extentOf(values: Numbers): Extent {
  let least = values[0]!;
  let greatest = least;
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!;
    if (value > greatest) greatest = value;
    else if (value < least) least = value;
  }
  return { least, greatest };
}

function unsignedType(greatest: number): IntegerType {
  return { bits: greatest < 2 ** 8 ? 8 : greatest < 2 ** 16 ? 16 : 32, signed: false };
}

function signedType({ least, greatest }: Extent): IntegerType {
  const reach = Math.max(greatest, -1 - least);
  return { bits: reach < 2 ** 7 ? 8 : reach < 2 ** 15 ? 16 : reach < 2 ** 31 ? 32 : 64, signed: true };
}

function byteType({ least, greatest }: Extent): IntegerType {
  return least < 0 || greatest >= 2 ** 32 ? { bits: 64, signed: true } : unsignedType(greatest);
}

/** Rows that never die, and the last death of the others. */
function summarizeDeaths(died: Uint32Array): { never: number; last: number } {
  let never = 0;
  let last = 0;
  for (let i = 0; i < died.length; i++) {
    const moment = died[i]!;
    if (moment === NEVER) never++;
    else if (moment > last) last = moment;
  }
  return { never, last };
}

/** Bit i (least significant first) is set where row i has a value. */
function writeValidity(target: Uint8Array, died: Uint32Array): void {
  target.fill(0);
  for (let i = 0; i < died.length; i++) if (died[i] !== NEVER) target[i >> 3]! |= 1 << (i & 7);
}

/**
 * Writes the low bits of each value; those of `NEVER` stay in the null rows. `set` between typed arrays is ten times
 * as fast as a loop where both hold integers.
 */
function writeIntegers(target: Uint8Array, values: Numbers, type: IntegerType): void {
  const { buffer, byteOffset } = target;
  const { length } = values;
  if (type.bits === 8) target.set(values);
  else if (type.bits === 16) new Uint16Array(buffer, byteOffset, length).set(values);
  else if (type.bits === 32) new Uint32Array(buffer, byteOffset, length).set(values);
  else {
    const halves = new Uint32Array(buffer, byteOffset, 2 * length);
    for (let i = 0; i < length; i++) {
      const value = values[i]!;
      halves[2 * i] = value;
      halves[2 * i + 1] = Math.floor(value / 2 ** 32);
    }
  }
}
