/** What who reads a capture writes into shared cells → what it is doing, for people. */
import type { ReadingState } from './capture-pool.js';
import { PROGRESS_STATE, RESOLVING, WRITING } from './ingest-capture.js';

const STATES: ReadonlyMap<number, ReadingState> = new Map([
  [0, 'waiting'],
  [RESOLVING, 'resolving'],
  [WRITING, 'writing'],
]);

/** `progress` as in `CaptureTask`. */
export function readingState(progress: Float64Array): ReadingState {
  return STATES.get(progress[PROGRESS_STATE]!) ?? 'reading';
}
