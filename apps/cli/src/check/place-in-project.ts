/**
 * A file as a capture names it → the file of the project that CI systems can point at: as it lies below the current
 * folder, or, of a run that was recorded elsewhere (a container, another checkout), by the longest end of its path that
 * lies there. Never outside of it.
 */
import { existsSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { CheckedRow, CheckedRule } from '@memscope/model';

export interface ProjectPlace {
  /** With forward slashes, from the project's folder. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** Finds places in the folder; answers are kept. */
export class ProjectPlaces {
  readonly #folder: string;
  readonly #known = new Map<string, string | null>();

  constructor(folder: string) {
    this.#folder = resolve(folder);
  }

  /** Of the line of the project that leads to the row, else of the row itself; null where neither lies in the project. */
  of({ way, file, line }: CheckedRow): ProjectPlace | null {
    for (const place of [way, { file, line }]) {
      if (place === null || place.file === null) continue;
      const found = this.#find(place.file);
      if (found !== null) return { file: found, line: Math.max(1, place.line ?? 1) };
    }
    return null;
  }

  /** Of what a CI system lists: that of its row, else the file of its test. */
  ofProblem({ test, row }: Problem): ProjectPlace | null {
    const place = row === null ? null : this.of(row);
    if (place !== null || test === null || !test.includes('::')) return place;
    const file = this.#find(test.split('::')[0]!);
    return file === null ? null : { file, line: 1 };
  }

  #find(file: string): string | null {
    let found = this.#known.get(file);
    if (found === undefined) this.#known.set(file, (found = this.#look(file)));
    return found;
  }

  #look(file: string): string | null {
    if (isAbsolute(file)) {
      const near = relative(this.#folder, file);
      if (isInside(near) && existsSync(file)) return near.split(sep).join('/');
    }
    const parts = file.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
    for (let from = 0; from < parts.length; from++) {
      const end = parts.slice(from);
      // A name that leads out of the folder is no file of it.
      if (end.includes('..')) continue;
      if (existsSync(join(this.#folder, ...end))) return end.join('/');
    }
    return null;
  }
}

function isInside(path: string): boolean {
  return path !== '' && !isAbsolute(path) && path.split(sep)[0] !== '..';
}

/** Rules that were judged on one run, or on a test of a folder. */
export interface JudgedPart {
  /** Null: the run itself. */
  readonly test: string | null;
  readonly rules: readonly CheckedRule[];
  /** Why it could not be judged; null: it was. */
  readonly unjudged: string | null;
}

/** What a CI system lists: one problem a function of each rule that failed, or one of a rule that no function broke. */
export interface Problem {
  readonly test: string | null;
  readonly rule: CheckedRule;
  readonly row: CheckedRow | null;
}

export function problemsOf(judged: readonly JudgedPart[], count: number): Problem[] {
  return judged.flatMap(({ test, rules }) =>
    rules
      .filter(({ verdict }) => verdict === 'fail' || verdict === 'note')
      .flatMap((rule): Problem[] =>
        rule.functions.length === 0
          ? [{ test, rule, row: null }]
          : rule.functions.slice(0, count).map((row) => ({ test, rule, row })),
      ),
  );
}

/** Absolute, with slashes: the folder where the command runs. */
export function projectFolder(): string {
  return process.cwd().replaceAll('\\', '/');
}
