/**
 * What `--baseline` names → captures that have to be read, or runs that are kept beyond their captures: in a baseline
 * file, or in a history. Of a folder of tests either is by test.
 */
import { existsSync } from 'node:fs';
import { measuredProfiles, nameRun, type MeasuredRuns, type Profile } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { isBaselineFile, readBaseline } from '../baseline/read-baseline.js';
import { UsageError } from '../exit-code.js';
import { lastRuns, otherRuns, profilesOf as profilesOfRuns } from '../history/choose-runs.js';
import { HISTORY, type HistoryChoice } from '../history/history-options.js';
import { projectFolder } from './place-in-project.js';
import type { BaseTests } from './pytest/check-tests.js';
import { isTestFolder, listTests } from './pytest/list-tests.js';

export interface ChosenBaseline {
  /** Captures, profiles, folders and patterns. */
  readonly captures: readonly string[];
  readonly kept: readonly Profile[];
  /** Null: no history is the baseline. What is judged is left out of it, once that is read. */
  readonly history: HistoryBaseline | null;
  /** Null where it is of a program, not of tests. */
  readonly tests: BaseTests | null;
}

/** Runs to compare the profiles with, and sentences about those that are left out and how they were chosen. Throws `UsageError`. */
export type HistoryBaseline = (head: readonly Profile[]) => {
  readonly kept: readonly Profile[];
  readonly notes: readonly string[];
};

/** `together`: whether runs of a side are to be added up. Throws `UsageError`. */
export function chooseBaseline(paths: readonly string[], together: boolean, history: HistoryChoice): ChosenBaseline {
  const nothing = { captures: [], kept: [], history: null, tests: null };
  const files = paths.filter((path) => isBaselineFile(path));
  if (files.length > 0 && paths.length > 1) {
    throw new UsageError(`check: ${printable(files[0]!)} is a baseline by itself: name no other beside it`);
  }
  const [path] = paths;
  if (path === undefined) return nothing;
  if (paths.length === 1 && path === HISTORY && !existsSync(path))
    return { ...nothing, history: runsOfHistory(history, together) };
  if (files.length === 1) {
    const document = readBaseline(path);
    if (document.schema === 'memscope.baseline/1') return { ...nothing, kept: profilesOf(document, path, together) };
    return { ...nothing, tests: keptTests(document.tests, path, together) };
  }
  if (paths.length === 1 && isTestFolder(path))
    return { ...nothing, tests: { tests: listTests(path), kept: new Map() } };
  return { ...nothing, captures: paths };
}

/** Throws `UsageError` for runs that are of processes, or are not, and `StoreError`. */
function runsOfHistory(history: HistoryChoice, together: boolean): HistoryBaseline {
  const { runs, branch, why } = lastRuns(history);
  const unlike = runs.find(({ measured }) => measured.together !== together);
  if (unlike !== undefined) {
    throw new UsageError(
      together
        ? 'check: runs of the history are repetitions, not processes that were added up: leave --together out'
        : 'check: runs of the history are sums of several processes: --together adds up those of the head, too',
    );
  }
  return (head) => {
    const { others, own } = otherRuns(runs, head, history);
    const names = own.map((run) => `${nameRun(run)} (#${run.run})`).join(', ');
    const notes = [
      ...(own.length === 0 ? [] : [`Left out of the history, since it is what is judged: ${names}.`]),
      ...(why === null ? [] : [`Judged by runs of ${branch}, ${why}.`]),
    ];
    return { kept: profilesOfRuns(others, history.history), notes };
  };
}

function keptTests(
  tests: readonly (MeasuredRuns & { test: string; name: string; isCut: boolean; hasId: boolean })[],
  path: string,
  together: boolean,
): BaseTests {
  const kept = new Map<string, readonly Profile[]>();
  const captures = tests.map((each, position) => {
    const place = `${path}#${position + 1}`;
    kept.set(place, profilesOf(each, place, together));
    return {
      path: place,
      name: each.name,
      isCut: each.isCut,
      testId: each.hasId ? each.test : null,
      hasRaised: false,
    };
  });
  return { tests: captures, kept };
}

function profilesOf(measured: MeasuredRuns, path: string, together: boolean): Profile[] {
  if (measured.together !== together) {
    throw new UsageError(
      measured.together
        ? `check: ${printable(path)} has sums of several processes: --together adds up those of the head, too`
        : `check: ${printable(path)} has repetitions, not processes that could be added up: leave --together out`,
    );
  }
  return measuredProfiles(measured, { path, project: projectFolder() });
}
