/** The captures of many tests, read all at once → their profiles, of which those of one test are open at a time. */
import type { Profile } from '@memscope/model';

import { isFileError, type FileError } from '../../describe-error.js';
import type { ExitCode } from '../../exit-code.js';
import type { Engine, Host } from '../../host.js';
import type { ReadingFlags } from '../../options/reading-options.js';
import { readCaptures } from '../../reading/read-captures.js';

export class TestProfiles {
  readonly code: ExitCode;
  readonly #places: ReadonlyMap<string, string>;
  readonly #failures: ReadonlyMap<string, FileError>;
  readonly #engine: Engine;

  private constructor(
    code: ExitCode,
    places: ReadonlyMap<string, string>,
    failures: ReadonlyMap<string, FileError>,
    engine: Engine,
  ) {
    [this.code, this.#places, this.#failures, this.#engine] = [code, places, failures, engine];
  }

  /** Null where Ctrl-C was pressed. */
  static async read(captures: readonly string[], reading: ReadingFlags, host: Host): Promise<TestProfiles | null> {
    const engine = await host.loadEngine();
    const paths = [...new Set(captures)];
    const { outcomes, code } = await readCaptures(paths, reading, host, engine);
    if (host.signal.aborted || outcomes.length < paths.length) return null;
    const places = new Map<string, string>();
    const failures = new Map<string, FileError>();
    for (const [position, outcome] of outcomes.entries()) {
      if (outcome.error === undefined) places.set(paths[position]!, outcome.profilePath);
      else failures.set(paths[position]!, outcome.error);
    }
    return new TestProfiles(code, places, failures, engine);
  }

  /** Profiles are closed afterwards; the error of one that cannot be read is the answer. */
  ask<T>(paths: readonly string[], question: (profiles: readonly Profile[]) => T): T | FileError {
    const failure = paths.map((path) => this.#failures.get(path)).find((error) => error !== undefined);
    if (failure !== undefined) return failure;
    const opened: Profile[] = [];
    try {
      for (const path of paths) opened.push(this.#engine.openProfile(this.#places.get(path)!));
      return question(opened);
    } catch (error) {
      if (isFileError(error)) return error;
      throw error;
    } finally {
      for (const profile of opened) profile.close();
    }
  }
}
