/** The two commands begin where nothing is installed yet: until the set-up has run there is only Node itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const workspace = join(import.meta.dirname, '..');

/** What a script loads before its first line runs, through its own files. */
function loadedAtOnce(script: string, seen = new Set<string>()): Set<string> {
  if (seen.has(script)) return seen;
  seen.add(script);
  if (!script.startsWith('./')) return seen;
  const source = readFileSync(join(workspace, script), 'utf8');
  for (const [, specifier = ''] of source.matchAll(/^(?:import|export)\b(?:[\w{}*,\s]+\bfrom)?\s*'([^']+)'/gm)) {
    loadedAtOnce(specifier, seen);
  }
  return seen;
}

test.each(['start', 'test', 'prepare', 'set-up', 'build', 'report-failure'])(
  '%s.mjs loads nothing that has to be installed first',
  (name) => {
    const loaded = [...loadedAtOnce(`./${name}.mjs`)];
    expect(loaded.length).toBeGreaterThan(1);
    expect(loaded.filter((specifier) => !/^(?:node:|\.\/)/.test(specifier))).toEqual([]);
  },
);

test('a script that needs a package at once is found', () => {
  expect([...loadedAtOnce('./write-schemas.mjs')]).toContain('prettier');
});
