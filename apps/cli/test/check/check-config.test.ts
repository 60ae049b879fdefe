/** The configuration of `memscope check`: its rules, and what it suppresses. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

import { isBuilt } from '../built-cli.js';
import { runOnDisk, useFolder, writeCapture } from '../views/captures-on-disk.js';
import { LARGER_SHOP, SHOP } from '../views/view-captures.js';
import { check } from './check-document.js';

/** Reading captures needs the built workers. */
describe.skipIf(!isBuilt())('the configuration of memscope check', () => {
  const folder = useFolder();
  let [shop, next] = ['', ''];
  beforeAll(() => {
    shop = writeCapture(folder, 'shop', SHOP);
    next = writeCapture(folder, 'next', LARGER_SHOP);
  });

  const config = (name: string, value: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(value));
    return path;
  };

  test('sets rules and what is suppressed; the command line stands in their place', async () => {
    const { rules } = await check(next, '--baseline', shop, '--rule', 'each function: peak +1 B');
    const grown = rules[0]!.functions[0]!;
    const own = config('own.json', {
      rules: ['each function: peak +1 B'],
      suppressions: [
        { function: grown.name, reason: 'known' },
        { function: 'nobody', reason: 'gone' },
      ],
    });
    const suppressed = await check(next, '--baseline', shop, '--config', own);
    expect([suppressed.code, suppressed.verdict]).toEqual([0, 'pass']);
    expect(suppressed.rules[0]!.verdict).toBe('suppressed');
    expect(suppressed.suppressions.map(({ status }) => status)).toEqual(['used', 'unused']);
    const both = await check(next, '--baseline', shop, '--config', own, '--default-rules');
    expect(both.rules.map(({ source }) => source)).toContain('default');
    const named = await check(next, '--baseline', shop, '--config', own, '--rule', 'peak +1 B');
    expect(named.rules.map(({ rule }) => rule)).toEqual(['peak +1 B']);
    const { code, stderr } = await runOnDisk(['check', next, '--config', config('bad.json', { rules: ['peak'] })]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/bad\.json:1:\d+: "peak": /);
  });

  test('of what is suppressed says in the first sentence what it is, until when and why', async () => {
    const expiring = config('expiring.json', {
      rules: ['each function: peak +1 B'],
      suppressions: [
        { function: 'load', reason: 'a cache', expires: '9999-12-31' },
        { function: 'store', reason: 'a cache', expires: '2020-01-31' },
      ],
    });
    const args = [next, '--baseline', shop, '--config', expiring];
    const sentence = /load \(\S+:\d+\) \+586 KiB at the peak is suppressed until 9999-12-31 \(a cache\); no other/;
    expect((await check(...args)).summary).toMatch(sentence);
    const { code, stdout } = await runOnDisk(['check', ...args, '--markdown']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^\*\*memscope: PASS\*\* load .* is suppressed until /)]);
    expect(stdout).toContain('\nThe suppression of store ended on 2020-01-31: it no longer holds.\n');
  });

  test('a suppression holds up to its size, and says where that is exceeded', async () => {
    const upTo = (size: string): string =>
      config('up-to.json', { suppressions: [{ function: 'load', reason: 'a cache', upTo: size }] });
    expect((await check(next, '--baseline', shop, '--config', upTo('600 kB'))).code).toBe(0);
    const more = await check(next, '--baseline', shop, '--config', upTo('599 kB'));
    expect([more.code, more.suppressions[0]!.status]).toEqual([1, 'exceeded']);
    const { stdout } = await runOnDisk(['check', next, '--baseline', shop, '--config', upTo('599 kB')]);
    expect(stdout).toContain('! The suppression of load holds up to 585 KiB, which is exceeded.');
    const { code, stderr } = await runOnDisk(['check', next, '--baseline', shop, '--config', upTo('600')]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/up-to\.json:1:\d+: "600" has no unit: B, KiB/)]);
  });
});
