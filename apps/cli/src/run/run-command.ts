/**
 * `memscope run`: a program → its captures, by the memray that its Python has → the report of `analyze`, or the verdict of
 * `check`. Standard output is the program's; what memscope says goes to standard error.
 */
import { closeSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formatBytes, formatCount } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { runAnalyze } from '../analyze/analyze-command.js';
import { shortestPath } from '../analyze/shown-command.js';
import { isBaselineFile } from '../baseline/read-baseline.js';
import { chooseBaseline, type ChosenBaseline } from '../check/chosen-baseline.js';
import { refuseBadPlaces, runCheck, type CheckFlags } from '../check/check-command.js';
import { readGateRules } from '../check/gate-rules.js';
import { captureNames } from '../check/pytest/list-tests.js';
import { describeFileError, exitCodeOf, isFileError } from '../describe-error.js';
import { codeOfEnd, EXIT, UsageError } from '../exit-code.js';
import type { Host } from '../host.js';
import { isFolder, requireFolderOf } from '../options/require-folder.js';
import { childrenOfRun, processesOfRun } from '../reading/find-processes.js';
import { complain } from '../terminal/write-output.js';
import type { ViewFlags } from '../views/view-options.js';
import { installedMemray } from './installed-memray.js';
import { MEMRAY_FLAGS } from './memray-flags.js';
import { recordedProgram, underMemray, underPlugin, type RecordedProgram } from './recorded-program.js';
import { inputOnceMore, isReadOnce } from './repeated-input.js';

export interface RunFlags {
  /** At least 1. */
  readonly repeat: number;
  /** Null: a new name, after the program. */
  readonly output: string | null;
  readonly overwrites: boolean;
  /** As memray's command line has them. */
  readonly memrayFlags: readonly string[];
  /** Null: analysed, not judged. */
  readonly check: CheckFlags | null;
  readonly view: ViewFlags;
}

/** Resolves with what the process should end with: the program's own code where that is not 0. */
export async function runProgramUnderMemray(words: readonly string[], flags: RunFlags, host: Host): Promise<number> {
  try {
    return await recordAndJudge(words, flags, host);
  } catch (error) {
    // Of a history; what is wrong with captures is told where they are read.
    if (!isFileError(error)) throw error;
    complain(host, describeFileError(error, { placeOption: '--history' }));
    return exitCodeOf(error);
  }
}

async function recordAndJudge(words: readonly string[], flags: RunFlags, host: Host): Promise<number> {
  const program = recordedProgram(words, host.env);
  const isFamily = flags.memrayFlags.includes('--follow-fork');
  // What is wrong with the flags is said before a program runs for hours.
  const check = flags.check === null ? null : checkOfFamily(flags.check, isFamily);
  const baseline = check === null ? null : await findBaseline(check, isFamily, host);
  const { hasPlugin } = await installedMemray(program, host.signal);
  const isTested = program.isPytest && hasPlugin;
  if (baseline !== null) refuseOtherKind(baseline, isTested);
  if (program.isPytest && !hasPlugin) {
    complain(
      host,
      `warning: all tests are recorded as one run; each by itself: ${printable(program.python)} -m pip install pytest-memray`,
    );
  }
  if (isTested) refuseFlagsOfPlugin(flags, program);
  if (isFamily && flags.repeat > 1) {
    throw new UsageError(
      'run: --follow-fork records several processes a run; repeat that without --repeat, run by run',
    );
  }
  const outputs = isTested ? [newFolder(flags, program)] : newCaptures(flags, program, baseline?.captures ?? []);
  if (flags.repeat > 1 && isReadOnce())
    complain(
      host,
      'warning: standard input is a pipe: the first run alone reads it; give a file instead, as in `< FILE`',
    );
  for (let turn = 0; turn < flags.repeat; turn++) {
    // Repetitions of a test lie in one folder, told apart by what is random in their names.
    const output = resolve(outputs[isTested ? 0 : turn]!);
    const recording = { options: flags.memrayFlags, output, overwrites: flags.overwrites };
    const parameters = isTested ? underPlugin(program, recording) : underMemray(program, recording);
    const code = await runOnce(program.python, parameters, turn > 0, host);
    if (code === 0) continue;
    const turns = flags.repeat === 1 ? '' : `, in run ${formatCount(turn + 1)} of ${formatCount(flags.repeat)}`;
    const consequence = flags.check === null ? '' : ': a failed run, which is not judged';
    complain(host, `the program ended with ${code}${turns}${consequence}`);
    await analyze(recordedBy(output), flags, host);
    return code;
  }
  const captures = outputs.flatMap((output) => recordedBy(output));
  if (captures.length === 0) {
    complain(host, `${printable(program.name)} left no capture${isTested ? ': no test ran' : ''}`);
    return EXIT.input;
  }
  if (check === null) return analyze(captures, flags, host);
  say(host, captures);
  const judged = isTested ? outputs.map((folder) => shortestPath(folder)) : captures;
  return runCheck(judged, check, aside(host));
}

/** All processes of a run are compared with all of an earlier one, as they lie beside what is named. */
function checkOfFamily(check: CheckFlags, isFamily: boolean): CheckFlags {
  const withProcesses = (path: string): readonly string[] =>
    isBaselineFile(path) || !isThere(path) || isFolder(path) ? [path] : processesOfRun(path);
  const baseline = isFamily ? [...new Set(check.baseline.flatMap(withProcesses))] : check.baseline;
  return { ...check, baseline, together: isFamily };
}

/** Resolves with the exit code. */
async function runOnce(
  python: string,
  parameters: readonly string[],
  isRepetition: boolean,
  host: Host,
): Promise<number> {
  const input = isRepetition ? inputOnceMore() : null;
  try {
    return codeOfEnd(await host.runInTerminal(python, parameters, input ?? undefined));
  } finally {
    if (input !== null) closeSync(input);
  }
}

/** What the run will be compared with; null: nothing. Throws `UsageError`, also of rules, and `StoreError`. */
async function findBaseline(check: CheckFlags, isFamily: boolean, host: Host): Promise<ChosenBaseline | null> {
  readGateRules(check);
  refuseBadPlaces(check);
  if (check.baseline.length === 0) return null;
  const baseline = chooseBaseline(check.baseline, isFamily, check.history);
  if (baseline.captures.length === 0) return baseline;
  const { expandInputs, isCaptureOrProfile } = await host.loadEngine();
  const { paths, failures } = await expandInputs([...baseline.captures]);
  const [failure] = failures;
  if (failure !== undefined) throw new UsageError(`run: --baseline: ${describeFileError(failure)}`);
  const missing = paths.find((path) => path !== '-' && !isThere(path));
  if (missing !== undefined) throw new UsageError(`run: --baseline: ${printable(missing)} is not there`);
  // What is read through a pipe is known once it is read.
  const other = paths.find((path) => isFile(path) && !isCaptureOrProfile(path));
  if (other !== undefined) {
    throw new UsageError(
      `run: --baseline: ${printable(other)} is neither a capture nor a profile; what is to run stands behind --`,
    );
  }
  return { ...baseline, captures: paths };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Throws `UsageError` where one side is tests, and the other is not. */
function refuseOtherKind({ tests }: ChosenBaseline, isTested: boolean): void {
  if (isTested === (tests !== null)) return;
  throw new UsageError(
    isTested
      ? 'run: each test is recorded: name as --baseline a folder of an earlier run, or a file that `memscope baseline update` made of one'
      : 'run: --baseline is of tests under pytest-memray, and this is one program',
  );
}

/** Throws `UsageError` for options of memray that tests cannot be recorded with. */
function refuseFlagsOfPlugin({ memrayFlags }: RunFlags, { entry, parameters }: RecordedProgram): void {
  const unknown = memrayFlags.find((flag) => !MEMRAY_FLAGS.some((each) => each.flag === flag && each.isOfPlugin));
  if (unknown !== undefined) throw new UsageError(`run: pytest-memray has no ${unknown}`);
  const own = [...entry, ...parameters].find((word) => /^--memray(?:$|-bin-path)/.test(word));
  if (own !== undefined)
    throw new UsageError(`run: leave out ${printable(own)}: memscope gives it; -o names the folder`);
}

/** A folder that holds nothing yet, for the captures of tests. Throws `UsageError`. */
function newFolder({ output }: RunFlags, { name }: RecordedProgram): string {
  const folder = output ?? freeName((number) => `${name}${number}.memray`);
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length > 0) {
    throw new UsageError(
      `run: ${printable(folder)} is not empty; what lies there would count as repetitions: -o names another folder, or remove this one`,
    );
  }
  return folder;
}

/** As many captures as there are repetitions, none of which is there, nor is written over a baseline. Throws `UsageError`. */
function newCaptures(
  { output, overwrites, repeat }: RunFlags,
  { name }: RecordedProgram,
  baseline: readonly string[],
): string[] {
  const numbered = Array.from({ length: repeat }, (_, turn) => turn + 1);
  if (output === null || isFolder(output)) {
    const used: string[] = [];
    for (const _ of numbered) used.push(freeName((number) => join(output ?? '', `${name}${number}.bin`), used));
    return used;
  }
  requireFolderOf(output);
  const stem = output.replace(/\.bin$/, '');
  const named = numbered.map((turn) => (turn === 1 ? output : `${stem}-${turn}.bin`));
  const taken = named.find((path) => isTaken(path));
  if (taken !== undefined && !overwrites) {
    const what = isThere(taken) ? taken : childrenOfRun(taken)[0]!;
    throw new UsageError(`run: ${printable(what)} is there; --force writes over it, -o names another`);
  }
  refuseOverBaseline(named, baseline);
  // Processes of the run that is written over would count as processes of this one.
  for (const child of named.flatMap((path) => childrenOfRun(path))) {
    for (const path of [child, `${child}.memscope`]) rmSync(path, { force: true });
  }
  return named;
}

/** A run would be compared with itself, once the program has ended. Throws `UsageError`. */
function refuseOverBaseline(named: readonly string[], baseline: readonly string[]): void {
  const taken = named.flatMap((path) => [path, ...childrenOfRun(path)]).filter((path) => isThere(path));
  const replaced = new Set(taken.map((path) => realpathSync(path)));
  const lost = baseline.find((path) => {
    const capture = path.replace(/\.memscope$/, '');
    return isThere(capture) && replaced.has(realpathSync(capture));
  });
  if (lost !== undefined) throw new UsageError(`run: ${printable(lost)} is the baseline; -o names another capture`);
}

/** The first of `name`, `name-2`, `name-3` … that is not there. */
function freeName(name: (number: string) => string, used: readonly string[] = []): string {
  for (let number = 1; ; number++) {
    const path = name(number === 1 ? '' : `-${number}`);
    if (!used.includes(path) && !isTaken(path)) return path;
  }
}

function isTaken(path: string): boolean {
  return isThere(path) || childrenOfRun(path).length > 0;
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** What a run left: of a folder the captures in it, of a capture those of its processes. */
function recordedBy(output: string): readonly string[] {
  if (!isThere(output)) return [];
  if (!isFolder(output)) return processesOfRun(output).map((path) => shortestPath(path));
  return captureNames(output).length > 0 ? [shortestPath(output)] : [];
}

async function analyze(captures: readonly string[], { view, memrayFlags }: RunFlags, host: Host): Promise<number> {
  if (captures.length === 0) return EXIT.input;
  say(host, captures);
  const together = memrayFlags.includes('--follow-fork') && captures.length > 1;
  // Of repetitions and tests the table says enough; each by itself is a command away.
  const isOne = together || (captures.length === 1 && !isFolder(captures[0]!));
  const sections = isOne ? 'first screen' : [];
  return runAnalyze(captures, { ...view, part: view, sort: null, sections, together }, aside(host));
}

/** Where the captures are, and how large. */
function say(host: Host, outputs: readonly string[]): void {
  const bytes = outputs
    .flatMap((path) => (isFolder(path) ? captureNames(path).map((name) => join(path, name)) : [path]))
    .reduce((sum, path) => sum + statSync(path).size, 0);
  const named = [...new Set([outputs[0]!, outputs.at(-1)!])].map((path) => printable(shortestPath(path)));
  complain(host, `recorded ${named.join(' … ')} (${formatBytes(bytes)})`);
}

/** Standard output is the program's. */
function aside(host: Host): Host {
  return { ...host, stdout: host.stderr };
}
