/** A capture → all captures of its run: the parent's and those of the children that it was followed into, as they lie beside it. */
import { readdirSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { parentsOfForks } from '@memscope/model';

const PROFILE_SUFFIX = '.memscope';

/** The parent first; the capture alone where it is the only one, or its folder cannot be read. Of a profile, profiles. */
export function processesOfRun(named: string): readonly string[] {
  const path = normalize(named);
  const folder = dirname(path);
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(PROFILE_SUFFIX) === path.endsWith(PROFILE_SUFFIX));
  } catch {
    return [named];
  }
  const parents = parentsOfForks(names.map((name) => join(folder, name)));
  const parent = parents.get(path) ?? path;
  const children = [...parents].flatMap(([child, of]) => (of === parent ? [child] : []));
  return [parent, ...children.toSorted()];
}

/** Captures that would count as of children of a run at the path, whether or not that is there. */
export function childrenOfRun(path: string): readonly string[] {
  const start = `${basename(path)}.`;
  try {
    return readdirSync(dirname(path))
      .filter((name) => name.startsWith(start) && /^\d+$/.test(name.slice(start.length)))
      .map((name) => join(dirname(path), name))
      .sort();
  } catch {
    return [];
  }
}
