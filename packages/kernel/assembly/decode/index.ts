/**
 * The decoder: a capture's bytes in, operations on the heap and the tables of names, stacks and sites out. The host
 * writes chunks to `reserve`d memory and calls `run`; when it answers HEADER, the host parses the header in TypeScript
 * and calls `begin`; after the last chunk it calls `finish` and reads the tables where the getters say they are.
 * Nothing here throws: a trap means that memory (4 GiB) has run out.
 */
import { configureArenas } from './arenas';
import { configureAggregated } from './records-aggregated';
import { configureFrames } from './frames';
import { configureTemporaries } from './temporaries';
import { configureThreads } from './threads';
import { configureVersion12 } from './records-v12';
import { configureVersion6 } from './records-v6';
import { configureVersion7 } from './records-v7';
import { beginRecords } from './stream';
import * as status from './status';

/** What the header said, and what the user chose. */
export function begin(
  headerLength: u32,
  version: u32,
  fileFormat: u32,
  nativeTraces: bool,
  pythonVersion: u32,
  mainTid: u64,
  skippedFrames: u32,
  startMs: u64,
  temporaryThreshold: u32,
  arenaBytes: u32,
): void {
  configureVersion6(startMs);
  configureVersion7(version);
  configureVersion12(nativeTraces);
  configureAggregated(version, nativeTraces, startMs);
  configureFrames(pythonVersion, nativeTraces);
  configureThreads(mainTid, skippedFrames);
  configureTemporaries(temporaryThreshold);
  configureArenas(arenaBytes);
  beginRecords(headerLength, version, fileFormat);
}

/** Why a step was CORRUPT. */
export function failure(): u32 {
  return status.reason;
}

export { atFrameEnd, finish, heldZeros, isCompressed, reserve, run, takenOffset } from './stream';
export { recordsEnded, soundOffset, stopAt, streamLeft, streamOffset, streamStart } from './record-stream';
export { byteCountTable, recordCountTable } from './account';
export { flushOperations } from './operations';
export { frameLength, frameTable } from './frames';
export { largeSizeLength, largeSizes, sizesAreExact, smallSizes } from './sizes';
export { nativeLength, nativeTable, segmentLength, segmentTable } from './native';
export {
  livingObjects,
  objectsCreated,
  objectsDestroyed,
  objectsFromBefore,
  objectTable,
  placeObjects,
} from './objects';
export { ownerLength, ownerTable } from './owners';
export { heldTable, largeTemporaryTable, siteLength, siteTable, temporaryTable } from './sites';
export { cutNames, stringBytes, stringCount, stringEnds } from './strings';
export { survivingObjects } from './records-aggregated';
export { threadLength, threadTable } from './threads';
export { nodeCount as stackLength, nodes as stackTable } from './stacks';
