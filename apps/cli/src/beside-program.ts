/** What lies beside the program: its package.json (beside both `src` and `dist`), and the built page beside the bundle. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Of the command line, which is that of all of memscope. */
export function memscopeVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}

/** The folder of the page as it stands in reports, ending in a slash; null where it has not been built. */
export function findReportPage(): string | null {
  const folder = fileURLToPath(new URL('./web-report/', import.meta.url));
  return existsSync(`${folder}index.html`) ? folder : null;
}

/** The folder of the page, ending in a slash; null where it has not been built. */
export function findPage(): string | null {
  const folder = fileURLToPath(new URL('./web/', import.meta.url));
  return existsSync(`${folder}index.html`) ? folder : null;
}
