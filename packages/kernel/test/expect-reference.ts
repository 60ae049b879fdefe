/** A script of records, written as a capture and read back, must say what the reference model says of the records. */
import {
  type BuildOptions,
  type CaptureScript,
  computeReference,
  encodeCapture,
  parseCapture,
} from '@memscope/fixtures';
import { expect } from 'vitest';
import { summarizeRead, summarizeReference } from './capture-summary.js';
import { type CaptureRead, readCapture, type ReadOptions } from './read-capture.js';

export interface ExpectOptions
  extends Pick<ReadOptions, 'chunkBytes' | 'temporaryThreshold'>, Pick<BuildOptions, 'compression'> {
  /** Names the case where many are tried. */
  readonly name?: string;
}

/** Keeps every tick apart, as the reference model does. */
const ALL_TICKS = 100_000;

export function expectReference(script: CaptureScript, options: ExpectOptions = {}): CaptureRead {
  const { name = '', compression = 'none', ...readOptions } = options;
  const read = readCapture(encodeCapture(script, { compression }), { ...readOptions, maxTicks: ALL_TICKS });
  const actual = summarizeRead(read);
  const expected = summarizeReference(computeReference(script, options.temporaryThreshold), script.header.startMs);
  // A deep comparison costs more than reading and modelling together.
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect({ name, ...actual }).toEqual({ name, ...expected });
  const { damage } = read.decoded;
  if (!script.header.killed && damage !== null) expect({ name, damage }).toEqual({ name, damage: null });
  return read;
}

export const ALL_VERSIONS: readonly number[] = [6, 7, 8, 9, 10, 11, 12, 13];

/** The same for text in the capture language, at each of some versions, raw and compressed. The last raw read. */
export function expectText(text: string, versions = ALL_VERSIONS, temporaryThreshold = 1): CaptureRead {
  let last: CaptureRead | null = null;
  for (const version of versions) {
    const script = parseCapture(text, { version });
    last = expectReference(script, { name: `version ${version}, raw`, temporaryThreshold });
    expectReference(script, { name: `version ${version}, compressed`, temporaryThreshold, compression: 'lz4' });
  }
  if (!last) throw new RangeError('no version to read');
  return last;
}
