/**
 * How much a row has to change before it is worth a word: less is what unchanged runs of real programs differ by. From
 * recordings of twelve programs, eight times each: functions of one thread are the same to a few KiB, arenas of Python's
 * allocator come and go by the mebibyte, which worker holds what at the peak is chance, and the import system's own
 * frames carry what modules happen to load.
 */
import type { ComparedMeasure } from './compared-measures.js';
import type { ChangedRowKind } from './row-groups.js';

const KIB = 1024;
const MIB = 1024 * KIB;

export interface NoiseContext {
  readonly measure: ComparedMeasure;
  /** The smaller peak of the two sides, and the smaller total of the measure. */
  readonly peak: number;
  readonly total: number;
  /** The fewest runs of a side. */
  readonly repetitions: number;
}

interface RowSort {
  readonly kind: ChangedRowKind;
  readonly threads: number;
}

/** A change is worth a word from so many bytes and such a share of the peak on. */
export const LEAST_OF = {
  function: { bytes: 64 * KIB, share: 0.005 },
  objects: { bytes: 3 * MIB, share: 0.03 },
  imports: { bytes: 2 * MIB, share: 0.02 },
  whole: { bytes: 2 * MIB, share: 0.02 },
} as const;
const LEAST_BYTES = LEAST_OF.function.bytes;
const LEAST_COUNT = 1000;
const FEW = 3;

/**
 * In units of the measure. `isBacked`: what is kept, or all that was ever allocated, changed as well, so that it is not
 * chance which thread held what at the peak.
 */
export function noiseFloor(
  { kind, threads }: RowSort,
  { measure, peak, total, repetitions }: NoiseContext,
  isBacked: boolean,
): number {
  if (measure === 'count') return Math.max(LEAST_COUNT, 0.01 * total);
  if (measure === 'total' || measure === 'temporary') return Math.max(LEAST_BYTES, 0.01 * total);
  if (kind === 'objects' || kind === 'imports') return leastOf(kind, peak);
  const ofOne = leastOfOneThread(peak);
  if (threads < 2) return ofOne;
  if (measure === 'leaked') return Math.max(ofOne, 0.01 * peak);
  if (isBacked) return ofOne;
  const isRepeated = repetitions >= FEW;
  const share = measure === 'peak' ? (isRepeated ? 0.12 : 0.2) : isRepeated ? 0.06 : 0.08;
  return Math.max(ofOne, share * peak);
}

/** Bytes of a function that one thread runs. */
export function leastOfOneThread(peak: number): number {
  return leastOf('function', peak);
}

function leastOf(kind: keyof typeof LEAST_OF, peak: number): number {
  const { bytes, share } = LEAST_OF[kind];
  return Math.max(bytes, share * peak);
}

/** The same of the whole by a measure. */
export function totalNoiseFloor(measure: ComparedMeasure, whole: number): number {
  if (measure === 'count') return Math.max(LEAST_COUNT, 0.01 * whole);
  return Math.max(LEAST_BYTES, measure === 'peak' || measure === 'leaked' ? 0.005 * whole : 0.02 * whole);
}
