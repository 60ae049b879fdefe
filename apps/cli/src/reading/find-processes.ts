/** A capture → all captures of its run: the parent's and those of the children that it was followed into, as they lie beside it. */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parentsOfForks } from '@memscope/model';

/** The parent first; the capture alone where it is the only one, or its folder cannot be read. */
export function processesOfRun(path: string): readonly string[] {
  const folder = dirname(path);
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => !name.endsWith('.memscope'));
  } catch {
    return [path];
  }
  const parents = parentsOfForks(names.map((name) => join(folder, name)));
  const parent = parents.get(path) ?? path;
  const children = [...parents].flatMap(([child, of]) => (of === parent ? [child] : []));
  return [parent, ...children.toSorted()];
}
