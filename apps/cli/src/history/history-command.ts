/** `memscope history`: captures → a run of a file of runs, and that file → trends, comparisons, and less of it. */
import { countNoun, nameRun, sayTrend, type HistoryDocument, type Profile, WHOLE_VIEW } from '@memscope/model';
import { findTrend } from '@memscope/model/history/find-trend';
import { printable } from '@memscope/model/text/printable';
import { compareRuns, diffDocument, MOST_DIFF_ROWS, OpenRun } from '@memscope/query';
import { addRun, pruneRuns, readRuns } from '@memscope/store';

import { measureProfiles } from '../baseline/measure-profiles.js';
import { isTestFolder } from '../check/pytest/list-tests.js';
import { memscopeVersion } from '../beside-program.js';
import { describeFileError, exitCodeOf, isFileError } from '../describe-error.js';
import { drawDiff } from '../diff/diff-lines.js';
import { EXIT, type ExitCode, UsageError } from '../exit-code.js';
import type { Host } from '../host.js';
import { refuseFamily, sayUnnamed } from '../reading/side-families.js';
import { reportStyle } from '../terminal/report-style.js';
import { complain, writeJson, writeOutput } from '../terminal/write-output.js';
import { readProfiles } from '../views/read-profile.js';
import { queryHost } from '../views/query-host.js';
import { chooseBranch, chooseRuns, findRuns, profilesOf } from './choose-runs.js';
import { findCheckedOut, resolveCommit } from './git-commit.js';
import type { HistoryAction, HistoryFlags } from './history-flags.js';
import { drawHistory } from './history-lines.js';

const DEFAULT_COUNT = 10;
const GREATEST_WIDTH = 120;
/** Runs that are shown where no number is asked for. */
const SHOWN_RUNS = 200;

export async function runHistory(
  action: HistoryAction,
  parameters: readonly string[],
  flags: HistoryFlags,
  host: Host,
): Promise<ExitCode> {
  try {
    switch (action) {
      case 'add':
        return await add(parameters, flags, host);
      case 'show':
        return await show(parameters, flags, host);
      case 'compare':
        return await compare(parameters, flags, host);
      case 'prune':
        return await prune(parameters, flags, host);
    }
  } catch (error) {
    if (!isFileError(error)) throw error;
    complain(host, describeFileError(error, { placeOption: '--history' }));
    return exitCodeOf(error, true);
  }
}

async function add(captures: readonly string[], flags: HistoryFlags, host: Host): Promise<ExitCode> {
  if (captures.length === 0) {
    throw new UsageError('history add: name the captures of the run, as in `memscope history add new-*.bin`');
  }
  if (captures.some((path) => isTestFolder(path))) {
    throw new UsageError(
      'history add: a folder of tests is no run of one program: `memscope baseline update` keeps each test',
    );
  }
  const checkedOut = await findCheckedOut(host.env);
  const commit = flags.commit ?? checkedOut.commit;
  const branch = flags.branch ?? checkedOut.branch;
  const isCheckedOut = commit !== null && commit === checkedOut.commit;
  const { code, answer } = await readProfiles({ paths: captures, together: true }, flags.reading, host, (profiles) => {
    if (!flags.together) refuseFamily('history add', profiles);
    for (const remark of sayUnnamed(profiles)) complain(host, `history add: ${printable(remark)}`);
    return {
      measured: measureProfiles(profiles, flags.together),
      captures: profiles.map(({ capture }) => ({ path: capture.path, startMs: capture.startMs })),
    };
  });
  if (answer === null) return code;
  const { measured } = answer;
  if (typeof measured === 'string') {
    complain(host, `history add: ${printable(measured)}`);
    return EXIT.input;
  }
  const recordedMs = answer.captures[0]!.startMs;
  const timeMs = flags.timeMs ?? (isCheckedOut ? checkedOut.timeMs : null) ?? recordedMs ?? Date.now();
  const { run, isNew } = addRun(flags.history, {
    commit,
    branch,
    timeMs,
    labels: flags.labels,
    measured,
    captures: answer.captures,
  });
  if (checkedOut.reason !== null && flags.commit === null) {
    complain(
      host,
      `${printable(checkedOut.reason)}: the run is kept without a commit; --commit and --branch name them`,
    );
  } else if (branch === null) {
    complain(host, 'no branch is checked out: the run is kept without one; --branch names it');
  }
  const what = [
    isNew ? `added as run ${run}` : `these recordings are run ${run} already`,
    countNoun(measured.runs, measured.together ? 'sum of processes' : 'repetition', 'repetitions'),
    ...(commit === null ? [] : [`commit ${printable(nameRun({ run, commit }))}`]),
    ...(branch === null ? [] : [`branch ${printable(branch)}`]),
  ];
  await writeOutput(host, `${printable(flags.history)}: ${what.join(', ')}\n`, flags);
  return code;
}

async function show(parameters: readonly string[], flags: HistoryFlags, host: Host): Promise<ExitCode> {
  if (parameters.length > 0)
    throw new UsageError('history show: the file is named by --history, the branch by --branch');
  const checkedOut = flags.branch === null ? (await findCheckedOut(host.env)).branch : null;
  const { branch, why } = chooseBranch(flags, checkedOut);
  const runs = chooseRuns({ ...flags, branch }, SHOWN_RUNS, flags.branch !== null);
  const trend = findTrend(runs);
  const document: HistoryDocument = {
    schema: 'memscope.history/1',
    memscopeVersion: memscopeVersion(),
    history: flags.history,
    branch,
    summary: sayTrend(trend),
    ...trend,
  };
  const style = reportStyle(host, { ...flags, count: flags.count ?? DEFAULT_COUNT, greatestWidth: GREATEST_WIDTH });
  const few = { ...document, functions: document.functions.slice(0, flags.count ?? document.functions.length) };
  const text = flags.json ? writeJson(few) : drawHistory(document, why, style).join('\n');
  await writeOutput(host, `${text}\n`, flags);
  return EXIT.fine;
}

async function compare(parameters: readonly string[], flags: HistoryFlags, host: Host): Promise<ExitCode> {
  if (parameters.length !== 2) {
    throw new UsageError(
      'history compare: name two, as in `memscope history compare main topic`: commits, branches or #numbers',
    );
  }
  const all = chooseRuns({ ...flags, branch: null, last: null }, null);
  const resolve = (name: string): Promise<string | null> => resolveCommit(name, host.env);
  const [base, head] = (await Promise.all(
    parameters.map(async (name) => profilesOf(await findRuns(all, name, flags.last, resolve), flags.history)),
  )) as [Profile[], Profile[]];
  const run = new OpenRun({ head, base, lines: false }, queryHost());
  const request = { measure: 'peak', by: 'function', lines: false, together: false } as const;
  const compared = compareRuns(run, WHOLE_VIEW, request);
  const style = reportStyle(host, { ...flags, count: flags.count ?? DEFAULT_COUNT, greatestWidth: GREATEST_WIDTH });
  const text = flags.json
    ? writeJson(diffDocument(compared, memscopeVersion(), flags.count ?? MOST_DIFF_ROWS))
    : drawDiff(compared, style, { isKept: true }).join('\n');
  await writeOutput(host, `${text}\n`, flags);
  return EXIT.fine;
}

async function prune(parameters: readonly string[], flags: HistoryFlags, host: Host): Promise<ExitCode> {
  if (parameters.length > 0)
    throw new UsageError('history prune takes no names: say --keep 500 or --before 2026-01-31');
  const { keep, beforeMs, branch, dryRun } = flags;
  if (keep === null && beforeMs === null) {
    throw new UsageError('history prune: say what goes: --keep 500, or --before 2026-01-31');
  }
  // Nothing is made where nothing is.
  readRuns(flags.history, { branch: null, labels: {}, last: 1 });
  const { removed, left } = pruneRuns(flags.history, { keep, beforeMs, branch, isDry: dryRun });
  const what = dryRun ? `would remove ${countNoun(removed, 'run')}` : `${countNoun(removed, 'run')} removed`;
  await writeOutput(host, `${printable(flags.history)}: ${what}, ${left} left\n`, flags);
  return EXIT.fine;
}
