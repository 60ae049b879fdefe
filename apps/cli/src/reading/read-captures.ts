/**
 * From paths to stored profiles with progress on the terminal, and from a stored profile to an answer about it. What
 * goes wrong with a file comes back as a value, so that the others go on.
 */
import type { IngestOutcome, IngestRequest, ReadStacks } from '@memscope/ingest';
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

type ReadingListener = Pick<IngestRequest, 'onRead' | 'onStacks'>;

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
  listener: ReadingListener = {},
): Promise<ReadCaptures> {
  const outcomes = await ingest(paths, reading, host, engine, listener);
  // What came from a pipe is gone.
  const unwritten = outcomes.filter(({ path, error }) => error?.code === 'cannotWrite' && path !== '-');
  if (unwritten.length === 0 || host.signal.aborted) return { outcomes, code: EXIT.fine };
  const { temporaryFolder } = await import('./temporary-folder.js');
  const saved = new Map<string, IngestOutcome>();
  for (const { path } of unwritten) {
    const output = temporaryFolder();
    const [outcome] = output === null ? [] : await ingest([path], { ...reading, output }, host, engine, listener);
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
  listener: ReadingListener,
): Promise<IngestOutcome[]> {
  const progress = startProgress(host);
  try {
    return await engine.ingest({
      ...reading,
      paths,
      inCaller: true,
      signal: host.signal,
      ...(progress === null ? {} : { onProgress: progress.show }),
      ...listener,
    });
  } finally {
    progress?.stop();
  }
}

/** Asks the profile and closes it. Throws what `ask` throws, unless that is about the file. */
export function askProfile<T>(
  profilePath: string,
  engine: Engine,
  ask: (profile: Profile) => T | Promise<T>,
): Promise<Answer<T>> {
  return askOpened(() => engine.openProfile(profilePath), ask);
}

async function askOpened<T>(open: () => Profile, ask: (profile: Profile) => T | Promise<T>): Promise<Answer<T>> {
  try {
    const profile = open();
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

export interface Asking<T> {
  readonly ask: (profile: Profile) => T;
  /** Finds out ahead what it can of stacks alone. */
  readonly prepare: (stacks: ReadStacks) => void;
}

/** An answer that was looked for while a file was being written. */
interface Begun<T> {
  readonly profile: Profile;
  /** Null where that needs the file. */
  readonly answer: Promise<Answer<T> | null>;
}

/**
 * Reads captures and asks the profile of each the same, which may be while its file is still being written. Answers
 * stand in the order of the paths. Throws what `ask` throws, unless that is about the file.
 */
export async function askCaptures<T>(
  paths: readonly string[],
  reading: Reading,
  host: Host,
  engine: Engine,
  asking: Promise<Asking<T>>,
): Promise<ReadCaptures & { readonly answers: readonly Answer<T>[] }> {
  const begun = new Map<string, Begun<T>>();
  const { outcomes, code } = await readCaptures(paths, reading, host, engine, {
    onRead(path, profile) {
      begun.get(path)?.profile.close();
      // Its fault is thrown when it is asked again.
      begun.set(path, { profile, answer: asking.then(({ ask }) => ({ answer: ask(profile) })).catch(() => null) });
    },
    onStacks: (_, stacks) => void asking.then(({ prepare }) => prepare(stacks)).catch(() => undefined),
  });
  const { ask } = await asking;
  const answers: Answer<T>[] = [];
  for (const outcome of outcomes) {
    const early = begun.get(outcome.path);
    if (outcome.error !== undefined) answers.push({ error: outcome.error });
    else if (early === undefined) answers.push(await askProfile(outcome.profilePath, engine, ask));
    else answers.push((await early.answer) ?? (await askOpened(() => early.profile, ask)));
  }
  for (const { profile } of begun.values()) profile.close();
  return { answers, outcomes, code };
}
