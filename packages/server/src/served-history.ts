/**
 * A history and the runs that are served → what the page's view of it shows: the trend, and which of its runs can be
 * opened. Read again where the file has changed; a run that was added is there at the next look.
 */
import { findTrend } from '@memscope/model/history/find-trend';
import { mainBranch, sayTrend, type HistoryPage } from '@memscope/model';
import { MEMSCOPE_VERSION, readBranches, readRuns } from '@memscope/store';
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { RunList } from './run-list.js';

/** More points than that are no picture; and functions that have a band, with some that moved. */
const MOST_RUNS = 500;
const MOST_FUNCTIONS = 30;
/** Branches whose trends are kept. */
const MOST_KEPT = 16;

interface ReadTrend extends Pick<HistoryPage, 'history' | 'branches'> {
  /** By run of the history. */
  readonly captures: readonly (string | null)[];
}

export class ServedHistory {
  readonly #path: string;
  #stamp = '';
  readonly #trends = new Map<string | null, ReadTrend>();

  /** `path` is absolute. */
  constructor(path: string) {
    this.#path = path;
  }

  /** `branch` null: the main one, or all where nobody can know. Throws `StoreError`. */
  answer(runs: RunList, branch: string | null): HistoryPage {
    const { mtimeMs, size } = statSync(this.#path, { throwIfNoEntry: false }) ?? { mtimeMs: 0, size: 0 };
    const stamp = `${mtimeMs} ${size}`;
    if (stamp !== this.#stamp || this.#trends.size > MOST_KEPT) this.#trends.clear();
    this.#stamp = stamp;
    const trend = this.#trends.get(branch) ?? this.#read(branch);
    this.#trends.set(branch, trend);
    const { history, branches, captures } = trend;
    return { history, branches, runIds: captures.map((path) => (path === null ? null : runs.idOf(path))) };
  }

  #read(asked: string | null): ReadTrend {
    const branches = readBranches(this.#path);
    const branch = asked ?? mainBranch(branches);
    const trend = findTrend(readRuns(this.#path, { branch, labels: {}, last: MOST_RUNS }));
    return {
      branches,
      captures: trend.runs.map(({ capturePath }) => capturePath),
      history: {
        schema: 'memscope.history/1',
        memscopeVersion: MEMSCOPE_VERSION,
        history: basename(this.#path),
        branch,
        summary: sayTrend(trend),
        ...trend,
        // Where captures lie is nobody's business on the other side.
        runs: trend.runs.map((run) => ({ ...run, capturePath: null })),
        functions: trend.functions
          .filter(({ steps }, at) => at < MOST_FUNCTIONS || steps.length > 0)
          .slice(0, 2 * MOST_FUNCTIONS),
      },
    };
  }
}
