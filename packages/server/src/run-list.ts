/**
 * The runs that are served: each capture or profile with an opaque id, a name that tells it from the others, how far it
 * has been read and, once ready, where its profile is. Listeners hear of every change.
 */
import { parentsOfForks, type Run } from '@memscope/model';
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, dirname, sep } from 'node:path';
import type { RunPlace } from './open-runs.js';

/** Identity of a profile that is not there. */
export const GONE = 'gone';

type RunChange = Partial<Omit<Run, 'id' | 'name' | 'parent'>>;

/** Where a run's files are. */
export interface KnownRun {
  readonly path: string;
  run: Run;
  profilePath: string | null;
}

const WAITING = {
  state: 'waiting',
  readBytes: 0,
  totalBytes: null,
  message: null,
  startMs: null,
  durationMs: null,
  durationIsLeast: false,
  peakBytes: null,
  commandLine: null,
  answers: null,
  parent: null,
} as const;

export class RunList {
  readonly #runs = new Map<string, KnownRun>();
  readonly #idOfPath = new Map<string, string>();
  readonly #listeners = new Set<(run: Run) => void>();

  /** In the order in which they came. */
  list(): Run[] {
    return [...this.#runs.values()].map(({ run }) => run);
  }

  find(id: string): Run | null {
    return this.#runs.get(id)?.run ?? null;
  }

  stateOf(path: string): Run['state'] | null {
    return this.#runs.get(this.#idOfPath.get(path) ?? '')?.run.state ?? null;
  }

  /** Adds what is new, as waiting. */
  add(paths: readonly string[]): void {
    const added = new Set<string>();
    for (const path of paths) {
      if (this.#idOfPath.has(path)) continue;
      // The same for the same path, so that links to a run outlive the server.
      const id = createHash('sha256').update(`run\0${path}`).digest('hex').slice(0, 16);
      this.#idOfPath.set(path, id);
      this.#runs.set(id, { path, run: { id, name: basename(path), ...WAITING }, profilePath: null });
      added.add(id);
    }
    this.#relateAll(added);
  }

  places(): readonly Readonly<KnownRun>[] {
    return [...this.#runs.values()];
  }

  /** Told once more, as gone; after that it is a stranger. */
  remove(path: string, message: string): void {
    const id = this.#idOfPath.get(path) ?? '';
    const known = this.#runs.get(id);
    if (known === undefined) return;
    this.#idOfPath.delete(path);
    this.#runs.delete(id);
    this.#tell({ ...known.run, state: 'gone', message });
    this.#relateAll(new Set());
  }

  change(path: string, change: RunChange, profilePath?: string): void {
    const known = this.#runs.get(this.#idOfPath.get(path) ?? '');
    if (known === undefined) return;
    known.run = { ...known.run, ...change };
    if (profilePath !== undefined) known.profilePath = profilePath;
    this.#tell(known.run);
  }

  /** Null where there is no profile to ask. */
  placeOf(id: string): RunPlace | null {
    const known = this.#runs.get(id);
    if (known === undefined || known.profilePath === null || known.run.state !== 'ready') return null;
    const { profilePath } = known;
    const stat = statSync(profilePath, { bigint: true, throwIfNoEntry: false });
    return { profilePath, identity: stat === undefined ? GONE : `${stat.ino}-${stat.size}-${stat.mtimeNs}` };
  }

  /** Returns what stops it. */
  listen(listener: (run: Run) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(run: Run): void {
    for (const listener of this.#listeners) listener(run);
  }

  idOf(path: string): string | null {
    return this.#idOfPath.get(path) ?? null;
  }

  /**
   * As many folders before each file's name as tell it from the others, and whose process each is: new ones may change
   * both of older ones.
   */
  #relateAll(added: ReadonlySet<string>): void {
    const namesakes = new Map<string, string[]>();
    for (const { path } of this.#runs.values()) {
      const paths = namesakes.get(basename(path));
      if (paths === undefined) namesakes.set(basename(path), [path]);
      else paths.push(path);
    }
    const parents = parentsOfForks([...this.#idOfPath.keys()]);
    for (const known of this.#runs.values()) {
      const { path, run } = known;
      const others = namesakes.get(basename(path))!.filter((other) => other !== path);
      const name = nameApart(path, others);
      const parent = this.idOf(parents.get(path) ?? '');
      if (name === run.name && parent === run.parent && !added.has(run.id)) continue;
      known.run = { ...run, name, parent };
      this.#tell(known.run);
    }
  }
}

function nameApart(path: string, others: readonly string[]): string {
  let name = basename(path);
  let folder = dirname(path);
  while (others.some((other) => other.endsWith(`${sep}${name}`)) && folder !== dirname(folder)) {
    name = `${basename(folder)}${sep}${name}`;
    folder = dirname(folder);
  }
  return name;
}
