/**
 * The captures that a view is about: paths → profiles, read if need be → the answer to a question. Progress, warnings
 * and errors go to standard error, with the exit codes of `analyze`.
 */
import type { Profile } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { describeFileError, exitCodeOf, type FileError } from '../describe-error.js';
import { EXIT, type ExitCode, UsageError, worse } from '../exit-code.js';
import type { Host } from '../host.js';
import type { ReadingFlags } from '../options/reading-options.js';
import { askProfile, readCaptures } from '../reading/read-captures.js';
import { warnIncomplete } from '../reading/warn-incomplete.js';
import { warnSymbols } from '../reading/warn-symbols.js';
import { complain } from '../terminal/write-output.js';

export interface ProfileAnswer<T> {
  readonly code: ExitCode;
  /** Null where there is no profile, or Ctrl-C was pressed. */
  readonly answer: T | null;
  /** Which capture could not be read, and why; it was complained of. */
  readonly failure?: FileError;
}

/** The profile is open while `ask` runs, no longer. Throws what `ask` throws, and `UsageError` for several captures. */
export async function readProfile<T>(
  path: string,
  reading: ReadingFlags,
  host: Host,
  ask: (profile: Profile) => T | Promise<T>,
): Promise<ProfileAnswer<T>> {
  return readProfiles({ paths: [path], together: null }, reading, host, ([profile]) => ask(profile!));
}

export interface NamedRuns {
  /** Captures, profiles, folders and patterns. */
  readonly paths: readonly string[];
  /** Take all of them as one; else there may be only one. Null where the command cannot. */
  readonly together: boolean | null;
}

/** The same of one or several, which are all open while `ask` runs. One that cannot be read fails all. */
export async function readProfiles<T>(
  { paths: named, together }: NamedRuns,
  reading: ReadingFlags,
  host: Host,
  ask: (profiles: readonly Profile[]) => T | Promise<T>,
): Promise<ProfileAnswer<T>> {
  const engine = await host.loadEngine();
  const { paths, failures } = await engine.expandInputs(named);
  if (paths.length > 1 && together !== true) {
    const several = `${printable(named.join(' '))}: ${paths.length} captures, of which one must be named`;
    throw new UsageError(together === null ? several : `${several}; or give --together to take them as one`);
  }
  return openRuns(paths, failures, reading, host, ask);
}

/** Captures and profiles of both sides, read side by side. One that cannot be read fails all. */
export async function readSides<T>(
  named: { readonly base: readonly string[]; readonly head: readonly string[] },
  reading: ReadingFlags,
  host: Host,
  ask: (sides: { readonly base: readonly Profile[]; readonly head: readonly Profile[] }) => T | Promise<T>,
): Promise<ProfileAnswer<T>> {
  const engine = await host.loadEngine();
  const base = await engine.expandInputs([...named.base]);
  const head = await engine.expandInputs([...named.head]);
  // A run may be compared with itself, in another window.
  const paths = [...new Set([...base.paths, ...head.paths])];
  return openRuns(paths, [...base.failures, ...head.failures], reading, host, (profiles) => {
    const pick = (side: readonly string[]): Profile[] => side.map((path) => profiles[paths.indexOf(path)]!);
    return ask({ base: pick(base.paths), head: pick(head.paths) });
  });
}

/** Repetitions are the matter of `memscope diff`: elsewhere several runs of a side are one. Throws `UsageError`. */
export function refuseSeveral(
  { head, base }: { readonly base: readonly Profile[]; readonly head: readonly Profile[] },
  together: boolean,
): void {
  const several = Math.max(base.length, head.length) > 1;
  if (several && !together) throw new UsageError('several runs of a side: --together adds them up');
}

async function openRuns<T>(
  paths: readonly string[],
  failures: readonly FileError[],
  reading: ReadingFlags,
  host: Host,
  ask: (profiles: readonly Profile[]) => T | Promise<T>,
): Promise<ProfileAnswer<T>> {
  const engine = await host.loadEngine();
  const fail = (error: FileError): ProfileAnswer<T> => {
    if (host.signal.aborted) return { code: EXIT.interrupted, answer: null };
    complain(host, describeFileError(error));
    return { code: exitCodeOf(error, reading.output !== undefined), answer: null, failure: error };
  };
  const [failure] = failures;
  if (failure !== undefined) return fail(failure);
  if (paths.length === 0) return { code: EXIT.interrupted, answer: null };
  const { outcomes, code: readCode } = await readCaptures(paths, reading, host, engine);
  if (host.signal.aborted || outcomes.length < paths.length) return { code: EXIT.interrupted, answer: null };
  const places: string[] = [];
  const wasRead: boolean[] = [];
  for (const outcome of outcomes) {
    if (outcome.error !== undefined) return fail(outcome.error);
    places.push(outcome.profilePath);
    wasRead.push(!outcome.reused);
  }
  let code = readCode;
  const openAll = async (profiles: readonly Profile[]): Promise<{ answer: T } | { error: FileError }> => {
    const place = places[profiles.length];
    if (place !== undefined) {
      const inner = await askProfile(place, engine, (profile) => openAll([...profiles, profile]));
      return 'error' in inner ? inner : inner.answer;
    }
    const answer = await ask(profiles);
    for (const [at, profile] of profiles.entries()) {
      code = worse(code, warnIncomplete(profile, host));
      if (wasRead[at] === true) warnSymbols(profile, host);
    }
    return { answer };
  };
  const result = await openAll([]);
  if (host.signal.aborted) return { code: EXIT.interrupted, answer: null };
  return 'error' in result ? fail(result.error) : { code, answer: result.answer };
}
