/** What `memscope history` is told on its command line. */
import type { OutputFlags } from '../options/output-options.js';
import type { ReadingFlags } from '../options/reading-options.js';
import type { HistoryChoice } from './history-options.js';

export const HISTORY_ACTIONS = ['add', 'show', 'compare', 'prune'] as const;
export type HistoryAction = (typeof HISTORY_ACTIONS)[number];

export interface HistoryFlags extends OutputFlags, HistoryChoice {
  /** Null: git's. */
  readonly commit: string | null;
  /** Milliseconds since the epoch; null: of the commit, or of the recording. */
  readonly timeMs: number | null;
  readonly together: boolean;
  readonly keep: number | null;
  readonly beforeMs: number | null;
  readonly dryRun: boolean;
  readonly reading: ReadingFlags;
}
