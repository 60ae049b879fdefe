/** `memscope filters`: what the options of every view take, and nothing that they do not. */
import { expect, test } from 'vitest';
import { parseFilter } from '@memscope/model';

import { run } from './fake-host.js';
import { runOn } from './views/fixture-profiles.js';

test('fits 80 columns, and its examples are filters', async () => {
  const { stdout, code } = await run(['filters']);
  expect(code).toBe(0);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  const examples = stdout.split('\n').flatMap((line) => /^ {2}(\S.{20,35}\S) {2,}\S/.exec(line)?.[1]?.trim() ?? []);
  expect(examples.length).toBeGreaterThan(4);
  for (const example of examples) expect(() => parseFilter(example)).not.toThrow();
});

test('its windows are windows', async () => {
  const { stdout } = await run(['filters']);
  const windows = [...stdout.matchAll(/^ {2}(#?[\w.%]*\.\.#?[\w.%]*|peak|peak\.\.)  /gm)].map(([, window]) => window!);
  expect(windows).toEqual(['10%..50%', '3.5s..12s', '#100..#250', 'peak', 'peak..']);
  for (const window of windows) {
    const { stderr } = await runOn('mixed-v13', ['tree', '--window', window]);
    expect(stderr).not.toMatch(/is no window/);
  }
});

test.each(['tree', 'table', 'leaks', 'analyze'])(
  '%s says of a filter whose name nobody has that nobody has it',
  async (command) => {
    for (const field of ['owner', 'library', 'category', 'function', 'line', 'thread']) {
      const { code, stdout, stderr } = await runOn('mixed-v13', [command, '--filter', `${field}:nobody_at_all`]);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toContain(`No ${field} is called "nobody_at_all"`);
    }
  },
);
