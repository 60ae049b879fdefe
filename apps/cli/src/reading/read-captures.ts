/**
 * From paths to stored profiles with progress on the terminal, and from a stored profile to an answer about it. What
 * goes wrong with a file comes back as a value, so that the others go on.
 */
import type { IngestOutcome } from '@memscope/ingest';
import type { Profile } from '@memscope/model';

import { isFileError, type FileError } from '../describe-error.js';
import type { Engine, Host } from '../host.js';
import type { ReadingFlags } from '../options/reading-options.js';
import { startProgress } from '../terminal/progress.js';

export type Answer<T> = { readonly answer: T } | { readonly error: FileError };

/** One outcome for each path, in their order. `jobs`: captures to read at once. */
export async function readCaptures(
  paths: readonly string[],
  reading: ReadingFlags & { readonly jobs?: number },
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
