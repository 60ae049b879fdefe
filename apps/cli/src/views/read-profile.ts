/**
 * The one capture that a view is about: path → profile, read if need be → the answer to a question. Progress, warnings
 * and errors go to standard error, with the exit codes of `analyze`.
 */
import type { Profile } from '@memscope/model';

import { describeFileError, exitCodeOf, type FileError } from '../describe-error.js';
import { EXIT, worse, type ExitCode } from '../exit-code.js';
import type { Host } from '../host.js';
import type { ReadingFlags } from '../options/reading-options.js';
import { askProfile, readCaptures } from '../reading/read-captures.js';
import { warnIncomplete } from '../reading/warn-incomplete.js';
import { warnSymbols } from '../reading/warn-symbols.js';
import { printable } from '../terminal/printable.js';
import { complain } from '../terminal/write-output.js';
import { UsageError } from '../usage-error.js';

export interface ProfileAnswer<T> {
  readonly code: ExitCode;
  /** Null where there is no profile, or Ctrl-C was pressed. */
  readonly answer: T | null;
}

/** The profile is open while `ask` runs, no longer. Throws what `ask` throws, and `UsageError` for several captures. */
export async function readProfile<T>(
  path: string,
  reading: ReadingFlags,
  host: Host,
  ask: (profile: Profile) => T | Promise<T>,
): Promise<ProfileAnswer<T>> {
  const engine = await host.loadEngine();
  const { paths, failures } = await engine.expandInputs([path]);
  const [only, ...others] = paths;
  if (others.length > 0) {
    throw new UsageError(`${printable(path)}: ${paths.length} captures, of which one must be named`);
  }
  const fail = (error: FileError): ProfileAnswer<T> => {
    if (host.signal.aborted) return { code: EXIT.interrupted, answer: null };
    complain(host, describeFileError(error));
    return { code: exitCodeOf(error, reading.output !== undefined), answer: null };
  };
  const [failure] = failures;
  if (failure !== undefined) return fail(failure);
  const read = only === undefined ? null : await readCaptures([only], reading, host, engine);
  const [outcome] = read?.outcomes ?? [];
  if (host.signal.aborted || read === null || outcome === undefined) return { code: EXIT.interrupted, answer: null };
  if (outcome.error !== undefined) return fail(outcome.error);

  let code = read.code;
  const result = await askProfile(outcome.profilePath, engine, async (profile) => {
    const answer = await ask(profile);
    code = worse(code, warnIncomplete(profile, host));
    warnSymbols(profile, host);
    return answer;
  });
  if (host.signal.aborted) return { code: EXIT.interrupted, answer: null };
  return 'error' in result ? fail(result.error) : { code, answer: result.answer };
}
