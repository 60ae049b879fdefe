/** A profile → the recordings of its children that lie beside it: memray calls the file of a forked child `FILE.PID`. */
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parentsOfForks } from '@memscope/model/recorded';

/** Names of files by number: captures, else profiles. A folder that cannot be read has none. */
export function childrenBeside(profilePath: string, capturePath: string): readonly string[] {
  const captures = capturePath === '-' ? [] : childrenOf(capturePath, (name) => !name.endsWith(PROFILE_SUFFIX));
  return captures.length > 0 ? captures : childrenOf(profilePath, (name) => name.endsWith(PROFILE_SUFFIX));
}

const PROFILE_SUFFIX = '.memscope';

function childrenOf(path: string, isWanted: (name: string) => boolean): string[] {
  const folder = dirname(path);
  let names: string[];
  try {
    names = readdirSync(folder).filter(isWanted);
  } catch {
    return [];
  }
  const parents = parentsOfForks([...names.map((name) => join(folder, name)), path]);
  return [...parents]
    .flatMap(([child, parent]) => (parent === path ? [basename(child)] : []))
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}
