/**
 * The file of a frame → what it is called where it is kept beyond its run, and back: from the project's folder, or from
 * where packages are, so that it says nothing of the machine and is the same for everybody who makes it. What lies
 * elsewhere stays as it was recorded.
 */
import { moduleOfFile } from '../analysis/module-of-file.js';
import { portableFile } from '../owners/portable-file.js';

const PACKAGES = 'site-packages/';
const STANDARD_LIBRARY = 'lib/python3/';

/** `project` is absolute, with slashes. */
export function keptFile(file: string, project: string): string {
  const { kind, shortFile } = moduleOfFile(file);
  const short =
    kind === 'package'
      ? `${PACKAGES}${shortFile.replaceAll('\\', '/')}`
      : kind === 'standardLibrary' && !file.startsWith('<')
        ? `${STANDARD_LIBRARY}${shortFile.replaceAll('\\', '/')}`
        : kind === 'application' && file.startsWith(`${project}/`)
          ? file.slice(project.length + 1)
          : file;
  // A project may hold what only looks like a library.
  return isSameFile(foundFile(short, project), file) ? short : file;
}

/** The same file, as a run in `project` has it. */
export function foundFile(kept: string, project: string): string {
  if (kept.startsWith(PACKAGES) || kept.startsWith(STANDARD_LIBRARY)) return `/${kept}`;
  const isElsewhere = kept === '' || /^(?:[/\\<]|[A-Za-z]:)/.test(kept);
  return isElsewhere ? kept : `${project}/${kept}`;
}

function isSameFile(a: string, b: string): boolean {
  return moduleOfFile(a).name === moduleOfFile(b).name && portableFile(a) === portableFile(b);
}
