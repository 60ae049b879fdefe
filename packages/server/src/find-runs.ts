/**
 * What the user named → the captures and profiles to serve: files as they are, folders by the captures in them and by
 * profiles whose capture is not there.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expandInputs, IngestError } from '@memscope/ingest';
import { profileBeside, PROFILE_SUFFIX } from '@memscope/store';

export interface FoundRuns {
  /** Absolute, each once. */
  readonly paths: readonly string[];
  /** Folders among what was named, absolute. */
  readonly folders: readonly string[];
  /** What was named, but is not there. */
  readonly failures: readonly IngestError[];
}

/** An empty folder is no failure: a capture may come. */
export async function findRuns(named: readonly string[]): Promise<FoundRuns> {
  const folders = named.filter(isFolder).map((path) => resolve(path));
  const files = await expandInputs(named.filter((path) => !isFolder(path)));
  const inside = await Promise.all(folders.map(runsIn));
  const missing = files.paths.filter((path) => !existsSync(path));
  const failures = missing.map((path) => new IngestError({ code: 'notFound', path, message: 'there is no such file' }));
  const there = files.paths.filter((path) => !missing.includes(path));
  return {
    paths: [...new Set([...there, ...inside.flat()].map((path) => resolve(path)))],
    folders: [...new Set(folders)],
    failures: [...files.failures, ...failures],
  };
}

/** In a folder that can be read: captures, and profiles without one, by name. Absolute paths. */
export async function runsIn(folder: string): Promise<string[]> {
  const { paths } = await expandInputs([folder]);
  const profiles = new Set(paths.map(profileBeside));
  return [...new Set(paths), ...profilesIn(folder).filter((path) => !profiles.has(path))];
}

function profilesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(PROFILE_SUFFIX) && name !== PROFILE_SUFFIX)
      .toSorted()
      .map((name) => join(folder, name))
      .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
  } catch {
    // Gone or closed since it was named: nothing to serve from it now.
    return [];
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}
