/** `memscope run` with a Python that only says what it has: which programs it starts, and what becomes of their captures. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildCapture } from '@memscope/fixtures';

import { loadEngine, type ChildEnd } from '../../src/host.js';
import { runProgram } from '../../src/program.js';
import { isBuilt } from '../built-cli.js';
import { fakeHost } from '../fake-host.js';
import { LARGER_SHOP, SHOP } from '../views/view-captures.js';

let folder = '';
const here = process.cwd();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'memscope-run-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(here);
  rmSync(folder, { recursive: true, force: true });
});

/** Answers which of memray and its plugin it has. */
function python(answer: string): string {
  const path = join(folder, 'python');
  writeFileSync(path, `#!/bin/sh\necho "${answer}"\n`);
  chmodSync(path, 0o755);
  return path;
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly started: readonly string[];
}

/** Each program that is started leaves a capture of the next of `texts`, and ends as `end` says. */
async function runs(args: readonly string[], texts: readonly string[] = [], end: Partial<ChildEnd> = {}): Promise<Ran> {
  const { host, soFar } = fakeHost();
  const started: string[] = [];
  const code = await runProgram(['run', ...args], {
    ...host,
    loadEngine,
    runInTerminal: (_program, parameters) => {
      const text = texts[started.length];
      started.push(parameters.join(' '));
      const flag = parameters.findIndex((word) => word === '--output' || word === '--memray-bin-path');
      const output = parameters[flag + 1]!;
      if (text !== undefined && parameters[flag] === '--output') writeFileSync(output, buildCapture(text));
      if (text !== undefined && parameters[flag] !== '--output') leaveTest(output, `${started.length}`, text);
      return Promise.resolve({ code: 0, signal: null, ...end });
    },
  });
  return { code, ...soFar(), started };
}

/** As pytest-memray does. */
function leaveTest(output: string, digit: string, text: string): void {
  const stem = `${digit.repeat(32)}-test_a.py-test_one`;
  mkdirSync(join(output, 'metadata'), { recursive: true });
  writeFileSync(join(output, `${stem}.bin`), buildCapture(text));
  writeFileSync(join(output, 'metadata', `${stem}.metadata`), JSON.stringify({ test_id: 'test_a.py::test_one' }));
}

/** Reading captures needs the built workers. */
describe.skipIf(!isBuilt())('memscope run', { timeout: 120_000 }, () => {
  test('analyses what was recorded, on standard error, and leaves standard output to the program', async () => {
    const { code, stdout, stderr, started } = await runs(['--native', '--', python('1 0'), 'app.py', '-v'], [SHOP]);
    expect([code, stdout]).toEqual([0, '']);
    expect(started).toEqual([`-m memray run --quiet --native --output ${join(folder, 'app.bin')} app.py -v`]);
    expect(stderr).toContain('memscope: recorded app.bin (');
    expect(stderr).toContain('What stands out');
  });

  test('gives each capture a name that is free', async () => {
    writeFileSync('app.bin', '');
    const { stderr } = await runs(['--repeat', '2', '--', python('1 0'), 'app.py'], [SHOP, SHOP]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.bin'))).toEqual(['app-2.bin', 'app-3.bin', 'app.bin']);
    expect(stderr).toContain('recorded app-2.bin … app-3.bin (');
    expect(stderr).toContain('2 captures');
    expect(stderr).not.toContain('What stands out');
  });

  test('takes no process of a run that it writes over for one of its own', async () => {
    for (const name of ['app.bin', 'app.bin.17']) writeFileSync(name, buildCapture(SHOP));
    const args = ['--follow-fork', '-o', 'app.bin', '--', python('1 0'), 'app.py'];
    expect((await runs(args, [SHOP])).stderr).toContain('app.bin is there; --force');
    rmSync('app.bin');
    expect((await runs(args, [SHOP])).stderr).toContain('app.bin.17 is there; --force');
    const { code, stderr } = await runs(['--force', ...args], [SHOP]);
    expect([code, existsSync('app.bin.17')]).toEqual([0, false]);
    expect(stderr).not.toContain('2 runs together');
  });

  test('compares all processes of a run with all of the baseline’s', async () => {
    for (const name of ['old.bin', 'old.bin.17']) writeFileSync(name, buildCapture(SHOP));
    const args = ['--follow-fork', '--baseline', './old.bin', '--rule', 'peak <= 1 GiB'];
    const { code, stderr } = await runs([...args, '--', python('1 0'), 'app.py'], [SHOP]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('  baseline  old.bin, old.bin.17 (added up)\n')]);
  });

  test('does not write over what it would be compared with', async () => {
    for (const name of ['old.bin', 'old.bin.17']) writeFileSync(name, buildCapture(SHOP));
    for (const baseline of ['old.bin', './old.bin.17']) {
      const args = ['--force', '-o', 'old.bin', '--baseline', baseline, '--', python('1 0'), 'app.py'];
      const { code, stderr, started } = await runs(args);
      expect([code, stderr, started]).toEqual([2, expect.stringContaining('is the baseline; -o names another'), []]);
    }
    expect(existsSync('old.bin.17')).toBe(true);
  });

  test('judges repetitions against a baseline, and fails with 1', async () => {
    writeFileSync('old.bin', buildCapture(SHOP));
    const args = ['--repeat', '2', '--baseline', 'old.bin', '--junit', 'j.xml', '--', python('1 0'), 'app.py'];
    const { code, stdout, stderr } = await runs(args, [LARGER_SHOP, LARGER_SHOP]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^FAIL: /m);
    expect(stderr).toContain('(medians of 2)');
    expect(existsSync('j.xml')).toBe(true);
    expect((await runs([...args.slice(2, 6), '--', python('1 0'), 'app.py'], [SHOP])).code).toBe(0);
  });

  test('judges by the last runs of a branch of a history, and says what is wrong with it before anything runs', async () => {
    const add = async (text: string, branch: string): Promise<void> => {
      writeFileSync(`${branch}.bin`, buildCapture(text));
      const { host } = fakeHost();
      const args = [
        'history',
        'add',
        `${branch}.bin`,
        '--history',
        'runs.sqlite',
        '--commit',
        'abc',
        '--branch',
        branch,
      ];
      expect(await runProgram(args, { ...host, loadEngine })).toBe(0);
    };
    await add(SHOP, 'main');
    // Another peak: what is the very recording that is judged would be left out.
    await add(LARGER_SHOP.replace('2600000', '2600001'), 'topic');
    const by = (...args: string[]): Promise<Ran> =>
      runs(['--baseline', 'history', ...args, '--', python('1 0'), 'app.py'], [LARGER_SHOP]);
    const failed = await by('--history', 'runs.sqlite', '--branch', 'main');
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringMatching(/^FAIL: load /m)]);
    expect((await by('--history', 'runs.sqlite', '--branch', 'topic')).code).toBe(0);
    const none = await by('--history', 'gone.sqlite');
    expect([none.code, none.started]).toEqual([3, []]);
    expect(none.stderr).toContain('there is no such history');
    const other = await by('--history', 'runs.sqlite', '--branch', 'other');
    expect([other.code, other.started]).toEqual([2, []]);
    expect(other.stderr).toContain('it has runs of main, topic');
  });

  test('judges tests one by one, from a folder of their own', async () => {
    leaveTest('old', '9', SHOP);
    const args = ['--baseline', 'old', '--', python('1 1'), '-m', 'pytest', 'tests'];
    const { code, stderr, started } = await runs(args, [LARGER_SHOP]);
    expect(started).toEqual([`-m pytest --memray --memray-bin-path ${join(folder, 'pytest.memray')} tests`]);
    expect(code).toBe(1);
    expect(stderr).toContain('FAIL: 1 of 1 test failed: test_a.py::test_one');
    expect((await runs(['-o', 'old', ...args.slice(2)])).stderr).toContain('run: old is not empty');
  });

  test('records all tests as one run where the plugin is not there, and says so', async () => {
    const { started, stderr } = await runs(['--', python('1 0'), '-m', 'pytest'], [SHOP]);
    expect(started[0]).toContain('memray run');
    expect(stderr).toContain('all tests are recorded as one run');
  });

  test("passes a failed program's code on, does not judge it, and says how far it came", async () => {
    writeFileSync('old.bin', buildCapture(SHOP));
    const args = ['--repeat', '3', '--baseline', 'old.bin', '--', python('1 0'), 'app.py'];
    const { code, stderr, started } = await runs(args, [LARGER_SHOP], { code: 7 });
    expect([code, started.length]).toEqual([7, 1]);
    expect(stderr).toContain('the program ended with 7, in run 1 of 3: a failed run, which is not judged');
    expect(stderr).not.toContain('FAIL');
    expect(stderr).toContain('What stands out');
    const killed = await runs(['--', python('1 0'), 'app.py'], [SHOP], { code: null, signal: 'SIGKILL' });
    expect(killed.code).toBe(137);
  });

  test('is no pass where the program left no capture', async () => {
    writeFileSync('old.bin', buildCapture(SHOP));
    const { code, stderr } = await runs(['--baseline', 'old.bin', '--', python('1 0'), 'app.py']);
    expect(code).toBe(3);
    expect(stderr).toContain('app left no capture');
  });
});

describe('memscope run, before anything runs,', () => {
  test.each([
    ['a baseline that is not there', ['--baseline', 'nowhere.bin'], 'run: --baseline: nowhere.bin is not there'],
    [
      'a branch that nothing is compared with',
      ['--branch', 'main'],
      '--branch says which runs --baseline history means',
    ],
    ['a baseline that was merged badly', ['--baseline', 'merged.json'], 'merged.json:1:1: has conflicts'],
    ['rules that need a baseline', ['--check'], 'the default rules need a baseline'],
    ['a rule that is none', ['--rule', 'peak < much'], '--rule:'],
    ['repetitions of several processes', ['--follow-fork', '--repeat', '2'], '--follow-fork records several processes'],
    ['a folder that is not there', ['-o', 'none/app.bin'], '-o none/app.bin: there is no folder none; make it first'],
    ['a capture that is there', ['-o', 'there.bin'], 'run: there.bin is there'],
  ])('refuses %s', async (_, flags, message) => {
    writeFileSync('there.bin', '');
    writeFileSync('merged.json', '<<<<<<< main\n');
    const { code, stderr, started } = await runs([...flags, '--', python('1 0'), 'app.py']);
    expect([code, started]).toEqual([2, []]);
    expect(stderr).toContain(message);
  });

  test('says how to get memray where a Python has none, and where there is no such Python', async () => {
    const path = python('0 0');
    expect((await runs(['--', path, 'app.py'])).stderr).toBe(
      `memscope: run: ${path} has no memray: ${path} -m pip install memray\n`,
    );
    expect((await runs(['--', './python9', 'app.py'])).stderr).toContain('there is no such program');
  });

  test('refuses a baseline of tests for a program, and of a program for tests', async () => {
    leaveTest('tests', '9', SHOP);
    writeFileSync('old.bin', buildCapture(SHOP));
    const one = await runs(['--baseline', 'tests', '--', python('1 1'), 'app.py']);
    expect([one.code, one.started, one.stderr]).toEqual([2, [], expect.stringContaining('this is one program')]);
    const many = await runs(['--baseline', 'old.bin', '--', python('1 1'), '-m', 'pytest']);
    expect([many.code, many.started, many.stderr]).toEqual([2, [], expect.stringContaining('each test is recorded')]);
  });

  test('refuses options that pytest-memray has not, and those that are memscope’s to give', async () => {
    const path = python('1 1');
    expect((await runs(['--follow-fork', '--', path, '-m', 'pytest'])).stderr).toContain(
      'pytest-memray has no --follow-fork',
    );
    expect((await runs(['--', path, '-m', 'pytest', '--memray'])).stderr).toContain('leave out --memray');
  });
});
