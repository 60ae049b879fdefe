/** The version of the command line, from its package.json (beside both `src` and `dist`). */
import { readFileSync } from 'node:fs';

export function memscopeVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}
