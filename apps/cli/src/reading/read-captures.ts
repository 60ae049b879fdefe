/**
 * From paths to stored profiles with progress on the terminal, and from a stored profile to an answer about it. What
 * goes wrong with a file comes back as a value, so that the others go on.
 */
import type { IngestOutcome } from '@memscope/ingest';
import type { Profile } from '@memscope/model';

import { isFileError, type FileError } from '../describe-error.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { Engine, Host } from '../host.js';
import type { ReadingFlags } from '../options/reading-options.js';
import { startProgress } from '../terminal/progress.js';
import { warnUnwritten } from './warn-incomplete.js';

export type Answer<T> = { readonly answer: T } | { readonly error: FileError };

/** `jobs`: captures to read at once. */
type Reading = ReadingFlags & { readonly jobs?: number };

export interface ReadCaptures {
  /** One for each path, in their order. */
  readonly outcomes: readonly IngestOutcome[];
  /** Not fine where profiles could not be written at the place that the user named. */
  readonly code: ExitCode;
}

/**
 * A profile that cannot be written where it belongs (a full disk, a wrong `-o`) is a nuisance for the next look, not for
 * this one: it is written to a folder of the system's for temporary files, which is gone when the process is.
 */
export async function readCaptures(
  paths: readonly string[],
  reading: Reading,
  host: Host,
  engine: Engine,
): Promise<ReadCaptures> {
  const outcomes = await ingest(paths, reading, host, engine);
  // What came from a pipe is gone.
  const unwritten = outcomes.filter(({ path, error }) => error?.code === 'cannotWrite' && path !== '-');
  if (unwritten.length === 0 || host.signal.aborted) return { outcomes, code: EXIT.fine };
  const { temporaryFolder } = await import('./temporary-folder.js');
  const saved = new Map<string, IngestOutcome>();
  for (const { path } of unwritten) {
    const output = temporaryFolder();
    const [outcome] = output === null ? [] : await ingest([path], { ...reading, output }, host, engine);
    if (outcome !== undefined && outcome.error === undefined) saved.set(path, outcome);
  }
  for (const { path, error } of unwritten) if (saved.has(path)) warnUnwritten(error!, host);
  const wasNamed = reading.output !== undefined && saved.size > 0;
  return { outcomes: outcomes.map((each) => saved.get(each.path) ?? each), code: wasNamed ? EXIT.usage : EXIT.fine };
}

async function ingest(
  paths: readonly string[],
  reading: Reading,
  host: Host,
  engine: Engine,
): Promise<IngestOutcome[]> {
  const progress = startProgress(host);
  try {
    return await engine.ingest({
      ...reading,
      paths,
      signal: host.signal,
      ...(progress === null ? {} : { onProgress: progress.show }),
    });
  } finally {
    progress?.stop();
  }
}

/** Asks the profile and closes it. Throws what `ask` throws, unless that is about the file. */
export async function askProfile<T>(
  profilePath: string,
  engine: Engine,
  ask: (profile: Profile) => T | Promise<T>,
): Promise<Answer<T>> {
  try {
    const profile = engine.openProfile(profilePath);
    try {
      return { answer: await ask(profile) };
    } finally {
      profile.close();
    }
  } catch (error) {
    if (isFileError(error)) return { error };
    throw error;
  }
}
