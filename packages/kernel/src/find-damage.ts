/** How reading ended → whether something of the capture is missing, and what happened to it: killed, cut, torn, corrupt. */
import type { CaptureHeader } from './header.js';
import { readAllocatorSums } from './read-tables.js';
import { describeReason, isCompressionReason, STOPPED } from './status.js';
import { OUT_OF_MEMORY, type DecodeExports } from './wasm.js';

/** `reading`: the file ended before the capture's own end was found. */
export type ReadingState = 'reading' | 'done' | 'corrupt';

/** Why reading ended early. Offsets in bytes. */
export interface RawDamage {
  readonly kind: 'killed' | 'cut' | 'corrupt' | 'limit';
  /** In the file; of the block, when compressed. */
  readonly fileOffset: number;
  /** In the uncompressed stream. */
  readonly recordOffset: number;
  readonly reason: string;
}

const PAGE_BYTES = 4096n;
/** So many zeros in a row are no part of a record. */
const LEAST_HOLE = 64;
const TORN =
  'zeros stand where a record should, with data behind them: most likely a copy that was made while the process was ' +
  'still recording; copy it again when it has ended';

/** Null when the capture's own end was found and all before it was understood. Called when no more bytes come. */
export function findDamage(decode: DecodeExports, header: CaptureHeader, state: ReadingState): RawDamage | null {
  const recordOffset = Number(decode.streamOffset());
  const fileOffset = Number(decode.takenOffset());
  if (state === 'done') return null;
  if (state === 'corrupt') {
    const reason = decode.failure();
    if (reason === STOPPED) return { kind: 'limit', fileOffset, recordOffset, reason: OUT_OF_MEMORY };
    if (!wasFinished(header) && isTorn(decode)) return { kind: 'corrupt', fileOffset, recordOffset, reason: TORN };
    const where = isCompressionReason(reason) ? 'in the compressed file' : 'in the records';
    return { kind: 'corrupt', fileOffset, recordOffset, reason: `${describeReason(reason)}, ${where}` };
  }
  if (decode.isCompressed() && !decode.atFrameEnd()) {
    const reason = decode.recordsEnded()
      ? 'the end of the compressed file is missing; all records are there'
      : 'the compressed file ends in the middle of a frame';
    return { kind: 'cut', fileOffset, recordOffset, reason };
  }
  const finished = wasFinished(header);
  if (isInsideRecord(decode)) {
    const kind = finished || endsWithinPage(decode) ? 'cut' : 'killed';
    return { kind, fileOffset, recordOffset, reason: 'the file ends in the middle of a record' };
  }
  // Versions 6 and 7 have no end mark: only the header's count tells whether all records are there.
  const counts = readAllocatorSums(decode, decode.recordCountTable() >>> 0);
  const records = counts.reduce((sum, count) => sum + count, 0);
  if (header.version <= 7 && finished && records >= header.records) return null;
  const kind = finished ? 'cut' : 'killed';
  if (header.version > 7 || !finished) {
    return { kind, fileOffset, recordOffset, reason: 'the file ends without the end mark of a finished capture' };
  }
  const reason = 'the file ends before the last of the records that its header counts';
  return { kind, fileOffset, recordOffset, reason };
}

/** Less than a record is left, and it is more than the last zeros of version 6, whose padding need not be even. */
function isInsideRecord(decode: DecodeExports): boolean {
  return new Uint8Array(decode.memory.buffer, decode.streamStart() >>> 0, decode.streamLeft()).some(Boolean);
}

/**
 * The file of a process that was killed is as long as memray made it, in whole pages, or ends behind a record where
 * memray kept a buffer of its own: one that ends within both has lost its end in another way.
 */
function endsWithinPage(decode: DecodeExports): boolean {
  const left = new Uint8Array(decode.memory.buffer, decode.streamStart() >>> 0, decode.streamLeft());
  if (decode.isCompressed() || decode.heldZeros() > 0n || left.at(-1) === 0) return false;
  return (decode.streamOffset() + BigInt(decode.streamLeft())) % PAGE_BYTES !== 0n;
}

/** Zeros stand where a record should, and there is something behind them. */
function isTorn(decode: DecodeExports): boolean {
  const left = Math.min(decode.streamLeft(), LEAST_HOLE);
  if (left < LEAST_HOLE) return false;
  return !new Uint8Array(decode.memory.buffer, decode.streamStart() >>> 0, left).some(Boolean);
}

/**
 * memray completes the header last: until then, and so in a killed process's capture, it counts no records. Its times
 * tell nothing: they are two readings of the clock at the start, and may differ.
 */
export function wasFinished({ records, layout }: CaptureHeader): boolean {
  return records > 0 || layout === 'aggregated';
}
