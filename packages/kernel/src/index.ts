export { CaptureReader, type CaptureReaderOptions, type RawCapture } from './capture-reader.js';
export {
  BLOCK_LENGTH,
  Decoder,
  DEFAULT_TEMPORARY_THRESHOLD,
  ENTRY_SIZE,
  MOST_NEW_SITES,
  type Decoded,
  type DecodedLengths,
  type DecoderOptions,
  type OperationBlock,
  type RawObjects,
} from './decoder.js';
export { wasFinished, type RawDamage } from './find-damage.js';
export { KernelError, type KernelErrorCode } from './error.js';
export { pythonVersionOf, type CaptureHeader } from './header.js';
export {
  DEFAULT_MAX_TICKS,
  Heap,
  heapConfig,
  type HeapConfig,
  type HeapLengths,
  type HeapOptions,
  type HeapTables,
  type RawClock,
  type RawLifetimes,
} from './heap.js';
export type * from './raw-tables.js';
export { nearerStop, type StopPoint } from './stop-point.js';
