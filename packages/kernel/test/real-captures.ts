/** Real captures, each read once for the tests of one file, with memray's answers where there are any. */
import { readFileSync } from 'node:fs';
import { type CaptureFile, listCaptures, type Oracle, readOracle } from '@memscope/fixtures';
import { type CaptureRead, readCapture } from './read-capture.js';

/** Keeps every memory record's tick apart, as memray does below 10,000. */
export const ALL_TICKS = 10_000;

let last: { path: string; temporaryThreshold: number; read: CaptureRead } | null = null;

/** The result of the last call is kept, since a capture's tests come one behind the other. */
export function readReal({ path }: CaptureFile, temporaryThreshold = 1): CaptureRead {
  if (last?.path !== path || last.temporaryThreshold !== temporaryThreshold) {
    const read = readCapture(readFileSync(path), { maxTicks: ALL_TICKS, temporaryThreshold, chunkBytes: 1 << 18 });
    last = { path, temporaryThreshold, read };
  }
  return last.read;
}

export interface OracleCase {
  readonly capture: CaptureFile;
  readonly oracle: Oracle;
}

/** All captures whose answers `select` wants, by name. */
export function oracleCases(select: (oracle: Oracle) => boolean = () => true): [name: string, OracleCase][] {
  return listCaptures().flatMap((capture): [string, OracleCase][] => {
    if (!capture.hasOracle) return [];
    const oracle = readOracle(capture.path);
    return select(oracle) ? [[capture.name, { capture, oracle }]] : [];
  });
}
