/** A history and what was asked of it → its runs, or profiles of them that whatever compares runs compares with. */
import { mainBranch, measuredProfiles, nameRun, type HistoryRun, type Profile } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';
import { readBranches, readRuns } from '@memscope/store';

import { projectFolder } from '../check/place-in-project.js';
import { UsageError } from '../exit-code.js';
import type { HistoryChoice } from './history-options.js';

/** Runs of a branch of which medians are taken. */
export const COMPARED_RUNS = 5;

export interface ChosenBranch {
  /** Null: runs of any. */
  readonly branch: string | null;
  /** "the main branch", where none was named; null: it was, or there is no choice. */
  readonly why: string | null;
}

/** The branch to show: the one that is named, else the one that is checked out if it has runs, else the only or main one. */
export function chooseBranch({ history, branch }: HistoryChoice, checkedOut: string | null): ChosenBranch {
  if (branch !== null) return { branch, why: null };
  const branches = readBranches(history);
  if (branches.length < 2) return { branch: branches[0] ?? null, why: null };
  if (checkedOut !== null && branches.includes(checkedOut))
    return { branch: checkedOut, why: 'which is checked out; --branch shows another' };
  const main = mainBranch(branches);
  const without = checkedOut === null ? 'no branch is checked out' : `${checkedOut}, which is checked out, has no runs`;
  return { branch: main, why: main === null ? null : `the main branch, since ${without}` };
}

/** Throws `UsageError` where there are none. */
export function chooseRuns(
  { history, branch, labels, last }: HistoryChoice,
  usual: number | null,
  isBranchNamed = true,
): HistoryRun[] {
  const runs = readRuns(history, { branch, labels, last: last ?? usual });
  if (runs.length > 0) return runs;
  const others = readBranches(history).map((name) => printable(name));
  const of = [
    branch === null ? '' : ` of ${printable(branch)}${isBranchNamed ? '' : ', the main branch,'}`,
    Object.keys(labels).length === 0 ? '' : ' with such labels',
  ];
  throw new UsageError(
    `${printable(history)} has no runs${of.join('')}${others.length === 0 ? '' : `; it has runs of ${others.join(', ')}${isBranchNamed ? '' : ': --branch says which'}`}`,
  );
}

/** What git means by a name: the whole hash of a commit; null: nothing. */
export type ResolveCommit = (name: string) => Promise<string | null>;

/** `#7`, the last of a branch, a commit's, or those of the commit that git means by the name. Throws `UsageError`. */
export async function findRuns(
  all: readonly HistoryRun[],
  name: string,
  last: number | null,
  resolveCommit: ResolveCommit,
): Promise<readonly HistoryRun[]> {
  const number = /^#(\d+)$/.exec(name);
  if (number !== null) {
    const run = all.find((each) => each.run === Number(number[1]));
    if (run !== undefined) return [run];
  }
  const ofBranch = all.filter(({ branch }) => branch === name);
  if (ofBranch.length > 0) return ofBranch.slice(-(last ?? COMPARED_RUNS));
  const ofCommit = /^[0-9a-f]{4,64}$/i.test(name)
    ? all.filter(({ commit }) => commit?.startsWith(name.toLowerCase()))
    : [];
  const commits = new Set(ofCommit.map(({ commit }) => commit));
  if (commits.size === 1) return ofCommit;
  if (commits.size > 1) {
    throw new UsageError(`history compare: ${printable(name)} is the beginning of ${commits.size} commits`);
  }
  const resolved = await resolveCommit(name);
  // A run may be kept by the beginning of its commit.
  const ofResolved = all.filter(
    ({ commit }) => commit !== null && commit.length >= SHORTEST_COMMIT && resolved?.startsWith(commit) === true,
  );
  if (ofResolved.length > 0) return ofResolved;
  throw new UsageError(
    resolved === null
      ? `history compare: ${printable(name)} is neither a commit nor a branch of the history, nor a run as #7`
      : `history compare: ${printable(name)} is ${resolved.slice(0, 12)}, of which the history has no run`,
  );
}

/** As git abbreviates them at least. */
const SHORTEST_COMMIT = 4;

/** Every repetition of every run. */
export function profilesOf(runs: readonly HistoryRun[], path: string): Profile[] {
  return runs.flatMap((each) => {
    const { measured } = each;
    return measuredProfiles(measured, { path: `${path}/${nameRun(each)}`, project: projectFolder() });
  });
}

/**
 * The last runs of a branch, of which medians are taken: the one that is named, else the only one, or the main one. The one
 * that is checked out is none to judge by: a regression that was added once would be its own baseline. And one more, since one of them may be the very run that is judged by them (`otherRuns`).
 */
export function lastRuns(choice: HistoryChoice): ChosenBranch & { readonly runs: HistoryRun[] } {
  const branches = readBranches(choice.history);
  const branch = choice.branch ?? mainBranch(branches);
  if (branch === null && branches.length > 1) {
    const names = branches.map((name) => printable(name)).join(', ');
    throw new UsageError(`the history has runs of ${names}: say which by --branch`);
  }
  const isNamed = choice.branch !== null;
  const runs = chooseRuns({ ...choice, branch, last: (choice.last ?? COMPARED_RUNS) + 1 }, null, isNamed);
  return { runs, branch, why: isNamed || branches.length < 2 ? null : 'the main branch; --branch names another' };
}

/** Those of `lastRuns` that are of other recordings than the profiles, and those that are not. Throws `UsageError`. */
export function otherRuns(
  runs: readonly HistoryRun[],
  profiles: readonly Profile[],
  { history, last }: HistoryChoice,
): { readonly others: readonly HistoryRun[]; readonly own: readonly HistoryRun[] } {
  const isOwn = ({ captures, measured }: HistoryRun): boolean =>
    captures.some(({ path, startMs }, at) =>
      profiles.some(
        ({ capture }) =>
          startMs !== null &&
          capture.startMs !== null &&
          Math.round(capture.startMs) === startMs &&
          (capture.path === path || capture.peakBytes === measured.totals.peak[at]),
      ),
    );
  const others = runs.filter((run) => !isOwn(run)).slice(-(last ?? COMPARED_RUNS));
  const own = runs.filter(isOwn);
  if (others.length > 0) return { others, own };
  throw new UsageError(
    `${printable(history)} has no run of the branch but the one that is judged: there is nothing to compare with`,
  );
}
