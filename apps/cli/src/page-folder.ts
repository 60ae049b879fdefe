/** Where the built page lies: beside the bundle. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Ends in a slash; null where the page has not been built. */
export function findPage(): string | null {
  const folder = fileURLToPath(new URL('./web/', import.meta.url));
  return existsSync(`${folder}index.html`) ? folder : null;
}
