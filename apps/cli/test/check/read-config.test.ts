import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

import { isBaselineFile } from '../../src/baseline/read-baseline.js';
import { parseConfig, readConfig } from '../../src/check/read-config.js';
import { UsageError } from '../../src/exit-code.js';
import { readRules } from '../../src/options/read-rules.js';
import { run } from '../fake-host.js';

const folder = mkdtempSync(join(tmpdir(), 'memscope-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function refusal(text: string): string {
  try {
    parseConfig(text, 'memscope.config.json');
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as UsageError).message;
  }
  throw new Error('it was taken');
}

describe('memscope.config.json', () => {
  test('has rules, some of which only tell, suppressions and allowances; comments and trailing commas are fine', () => {
    const config = parseConfig(
      `{
        // why
        "rules": ["peak +5%", { "rule": "each function: own-peak +1 MiB", "severity": "note" },],
        "defaultRules": true,
        "suppressions": [{ "function": "load", "reason": "a cache", "expires": "2026-12-31" }],
        "allow": ["pythonAllocators"],
      }`,
      'memscope.config.json',
    );
    expect(config.rules.map(({ rule, severity, source }) => [rule.text, severity, source])).toEqual([
      ['peak +5%', 'fail', 'config'],
      ['each function: own-peak +1 MiB', 'note', 'config'],
    ]);
    expect(config.defaultRules).toBe(true);
    expect(parseConfig('{}', 'memscope.config.json').defaultRules).toBeNull();
    expect(config.suppressions).toEqual([
      { function: 'load', file: null, rule: null, reason: 'a cache', expires: '2026-12-31', upTo: null },
    ]);
    expect(config.allow).toEqual(['pythonAllocators']);
  });

  test.each([
    ['{ "__proto__": { "rules": [] } }', 'memscope.config.json:1:3: it has no "__proto__"'],
    ['{ "defaultRules": NaN }', /^memscope\.config\.json:1:19: no JSON: this is no value/],
    ['{ "\\u001b[31m\\u202e": 1 }', /^memscope\.config\.json:1:3: it has no "\\x1b\[31m\\u\{202e\}"$/],
    [`{ "rules": ["peak <= 1${'0'.repeat(400)} GiB"] }`, /^memscope\.config\.json:1:\d+: (?!"peak)/],
    [`{ "rules": ["peak\\n::error::x +1"] }`, /^memscope\.config\.json:1:\d+: "peak\\n::error::x \+1": /],
    ['', 'memscope.config.json:1:1: is empty; write {} for the default rules'],
    ['{\n  "rules": [', /^memscope\.config\.json:2:\d+: no JSON: /],
    ['{\n  "rule": []\n}', 'memscope.config.json:2:3: it has no "rule"; did you mean rules?'],
    ['{\n  "allow": [\n    "magic"\n  ]\n}', /^memscope\.config\.json:3:5: allow\[0\] is one of aggregated, /],
    [
      '{ "rules": [\n  "peak +5%",\n  "pek +5%"\n] }',
      /^memscope\.config\.json:3:4: "pek \+5%": .*did you mean peak\?$/,
    ],
    ['{ "rules": [\n  { "rule": "peak 5%" }\n] }', /^memscope\.config\.json:2:18: "peak 5%": /],
    ['{ "suppressions": [\n  { "function": "f" }\n] }', /^memscope\.config\.json:2:3: suppressions\[0\] .*reason/],
    [
      '{ "suppressions": [\n  { "function": "f", "reason": "r", "expires": "2026-13-41" }\n] }',
      /^memscope\.config\.json:2:48: "2026-13-41" is no date$/,
    ],
    [
      '{ "suppressions": [\n  { "function": "f", "reason": "r", "expires": "2026-02-29" }\n] }',
      /:2:48: "2026-02-29" is no date$/,
    ],
    [
      '{ "suppressions": [\n  { "function": "f", "reason": "r", "expires": "soon" }\n] }',
      /:2:48: suppressions\[0\]\.expires is written as 2026-12-31$/,
    ],
    [
      '{ "rules": [\n  "peak +5%",\n  { "rule": "peak +5%", "severity": "noet" }\n] }',
      /:3:37: rules\[1\]\.severity is one of fail, note; did you mean note\?$/,
    ],
    [
      '{ "rules": [\n  { "rule": "peak +5%", "sevrity": "note" }\n] }',
      /:2:25: rules\[0\] has no "sevrity"; did you mean severity\?$/,
    ],
    ['{ "rules": [\n  7\n] }', /:2:3: rules\[0\] must be a text in double quotes$/],
    ['{ "defaultRules": true\n  "rules": [] }', /:2:3: no JSON: a comma is missing before this$/],
    ['{ "rules": ["peak +5%"],\n  "rules": [] }', /:2:3: "rules" is there twice$/],
    [
      '{ "rules": [\n<<<<<<< HEAD\n=======\n>>>>>>> topic\n] }',
      /:2:1: a merge left a conflict here: take one of its sides$/,
    ],
    ['{ "rules": [\n  { "rle": "x" }\n] }', /:2:3: rules\[0\] has no "rule", which it needs$/],
    ['{ "rules": "peak +5%" }', /:1:12: rules must be a list: \[ … \]$/],
    ['[]', /^memscope\.config\.json:1:1: it must be an object: \{ … \}$/],
    ['['.repeat(100_000), /^memscope\.config\.json:1:1: brackets are more than 100 deep$/],
  ])('points at the line that is wrong: %#', (text, message) => {
    expect(refusal(text)).toMatch(message);
  });

  test('without a rule, and without the default rules, is none to judge by', async () => {
    const path = join(folder, 'no-rules.json');
    writeFileSync(path, '{ "rules": [], "defaultRules": false }');
    const { code, stderr } = await run(['check', 'a.bin', '--baseline', 'b.bin', '--config', path]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('check: there is no rule')]);
  });

  test.skipIf(process.platform === 'win32')('is a file, and no pipe that would be waited for', () => {
    const path = join(folder, 'pipe.json');
    execFileSync('mkfifo', [path]);
    expect(() => readConfig(path)).toThrow(/is no file/);
    expect(() => readRules(path)).toThrow(/is no file/);
    // As a baseline it may be a capture that is piped in: those are read so that a signal ends it.
    expect(isBaselineFile(path)).toBe(false);
  });

  test('has a bounded number of rules', () => {
    const rules = Array.from({ length: 1001 }, () => 'peak <= 1 MiB');
    expect(refusal(JSON.stringify({ rules }))).toMatch(/^memscope\.config\.json:1:10: there are more than 1000 rules$/);
  });

  test('need not be there where none is named, and must be where one is', () => {
    expect(() => readConfig(join(folder, 'none.json'))).toThrow(/none\.json: no such file/);
    expect(() => readConfig(folder)).toThrow(/is no file/);
    const path = join(folder, 'own.json');
    writeFileSync(path, '\uFEFF{ "rules": ["peak <= 1 GiB"] }');
    expect(readConfig(path).rules).toHaveLength(1);
  });
});
