/**
 * Expected answers are files in `test/expected` that a person can read. `UPDATE_EXPECTED=1` writes them anew; a run
 * without it never does, not even where one is missing.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

export function expectFile(name: string, text: string): void {
  const file = new URL(`expected/${name}`, import.meta.url);
  if (process.env['UPDATE_EXPECTED'] === '1') writeFileSync(file, text);
  if (!existsSync(file)) expect.fail(`test/expected/${name} is missing: run the tests with UPDATE_EXPECTED=1`);
  expect(text).toBe(readFileSync(file, 'utf8'));
}
