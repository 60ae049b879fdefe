/**
 * Files of one run after the other → one name for each, so that the same file of two runs has the same. The first run's
 * names are kept; a later run's file takes the name of the known file that it is:
 *
 * 1. what the user maps (`--map OLD=NEW`) is renamed first;
 * 2. equal portable names (portable-file.ts) are equal files;
 * 3. a file of the application is the known one with which it shares the longest end of its path, where no other known
 *    file and no other file of its run shares as much: `build-1/app/svc.py` is `release/2024/src/app/svc.py`.
 */
import { liesAnywhere, portableFile } from './portable-file.js';

/** A part of a path that changed its name between the runs. */
export interface RenamedPath {
  readonly from: string;
  readonly to: string;
}

export class FileNames {
  readonly #known = new Set<string>();
  readonly #renamed: readonly RenamedPath[];

  constructor(renamed: readonly RenamedPath[] = []) {
    this.#renamed = renamed;
  }

  /** By file of the run: its name in all runs. */
  addRun(files: Iterable<string>): Map<string, string> {
    const names = new Map<string, string>();
    const strays: string[] = [];
    for (const file of new Set(files)) {
      const portable = portableFile(this.#rename(file));
      if (this.#known.has(portable) || !liesAnywhere(file)) names.set(file, portable);
      else strays.push(file);
    }
    const taken = new Set(names.values());
    const homes = [...this.#known].filter((name) => !taken.has(name) && liesAnywhere(name));
    const portables = strays.map((file) => portableFile(this.#rename(file)));
    const homeOf = bestPartners(portables, homes);
    const strayOf = bestPartners(homes, portables);
    portables.forEach((portable, at) => {
      const home = homeOf[at]!;
      names.set(strays[at]!, home >= 0 && strayOf[home] === at ? homes[home]! : portable);
    });
    for (const name of names.values()) this.#known.add(name);
    return names;
  }

  #rename(file: string): string {
    for (const { from, to } of this.#renamed) {
      const at = file.indexOf(from);
      if (from !== '' && at >= 0) return file.slice(0, at) + to + file.slice(at + from.length);
    }
    return file;
  }
}

/** By path: position of the other one that shares the longest end, -1 where none does or several share as much. */
function bestPartners(paths: readonly string[], others: readonly string[]): number[] {
  const root = new PathEnd();
  others.forEach((other, at) => {
    let end = root;
    for (const name of other.split('/').reverse()) end = end.longer(name).take(at);
  });
  return paths.map((path) => {
    let end = root;
    for (const name of path.split('/').reverse()) {
      const longer = end.find(name);
      if (longer === undefined) break;
      end = longer;
    }
    return end.only;
  });
}

/** An end of paths: the last names of all that have it. */
class PathEnd {
  /** Position of the one path that has it; -1 for none, or several. */
  only = -1;
  #paths = 0;
  readonly #longer = new Map<string, PathEnd>();

  take(path: number): this {
    this.only = this.#paths++ === 0 ? path : -1;
    return this;
  }

  find(name: string): PathEnd | undefined {
    return this.#longer.get(name);
  }

  longer(name: string): PathEnd {
    let end = this.#longer.get(name);
    if (end === undefined) this.#longer.set(name, (end = new PathEnd()));
    return end;
  }
}
