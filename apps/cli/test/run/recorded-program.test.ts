/** How a command line becomes one under memray. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

import { recordedProgram, underMemray, underPlugin } from '../../src/run/recorded-program.js';

const folder = mkdtempSync(join(tmpdir(), 'memscope-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

const recorded = (...words: string[]): ReturnType<typeof recordedProgram> => recordedProgram(words, { PATH: folder });
const lineOf = (...words: string[]): string => {
  const program = recorded(...words);
  const parameters = underMemray(program, { options: ['--native'], output: '/o.bin', overwrites: false });
  return [program.python, ...parameters].join(' ');
};

describe('a command line under memray', () => {
  test.each([
    ['python app.py --native x', 'python -m memray run --quiet --native --output /o.bin app.py --native x'],
    ['python3.12 -m pkg.app -v', 'python3.12 -m memray run --quiet --native --output /o.bin -m pkg.app -v'],
    ['.venv/bin/python -c pass a', '.venv/bin/python -m memray run --quiet --native --output /o.bin -c pass a'],
    ['app.py 1', 'python3 -m memray run --quiet --native --output /o.bin app.py 1'],
    ['-m app', 'python3 -m memray run --quiet --native --output /o.bin -m app'],
    ['-mapp x', 'python3 -m memray run --quiet --native --output /o.bin -m app x'],
  ])('of %s', (command, expected) => {
    expect(lineOf(...command.split(' '))).toBe(expected);
  });

  test("keeps the interpreter's own options, with their values, before memray", () => {
    const expected = 'python -u -X dev -Werror -I -m memray run --quiet --native --output /o.bin -m app -u';
    expect(lineOf('python', '-u', '-X', 'dev', '-Werror', '-Im', 'app', '-u')).toBe(expected);
  });

  test('of an installed script runs it by the Python of its first line', () => {
    const serve = script('serve', '#!/opt/venv/bin/python3.12 -E\nimport serve\n');
    const memray = 'memray run --quiet --native --output /o.bin';
    expect(lineOf('serve', '--port', '80')).toBe(`/opt/venv/bin/python3.12 -E -m ${memray} ${serve} --port 80`);
    const env = script('enved', '#!/usr/bin/env -S python3 -u\n');
    expect(lineOf('enved')).toBe(`python3 -u -m ${memray} ${env}`);
    const long = script('long', `#!/bin/sh\n'''exec' "/a long place/bin/python" "$0" "$@"\n' '''\n`);
    expect(lineOf('long')).toBe(`/a long place/bin/python -m ${memray} ${long}`);
  });

  test('writes over a capture only where that is asked for', () => {
    const parameters = underMemray(recorded('app.py'), { options: [], output: '/o.bin', overwrites: true });
    expect(parameters.join(' ')).toBe('-m memray run --quiet --force --output /o.bin app.py');
  });

  test('of tests is the same with the plugin, whose options come before those of the tests', () => {
    script('pytest', '#!/opt/venv/bin/python\n');
    const recording = { options: ['--native'], output: '/tests', overwrites: false };
    for (const words of [
      ['pytest', '-k', 'a b'],
      ['python', '-m', 'pytest', '-k', 'a b'],
    ]) {
      const program = recorded(...words);
      expect(program.isPytest).toBe(true);
      const expected = ['--memray', '--memray-bin-path', '/tests', '--native', '-k', 'a b'];
      expect(underPlugin(program, recording).slice(-6)).toEqual(expected);
    }
  });

  test('gives its captures a name that is no path', () => {
    const names = [
      ['python', '../a/app.py'],
      ['-m', 'pkg.app'],
      ['python', '-c', 'pass'],
      ['-m', '../../etc'],
    ];
    expect(names.map((words) => recorded(...words).name)).toEqual(['app', 'pkg.app', 'command', '.._.._etc']);
  });
});

describe('what is no Python program', () => {
  test.each([
    [['nothing-here'], 'nothing-here is not there'],
    [['sh-script'], 'sh-script is no Python program'],
    [['python'], 'python needs a program to record'],
    [['python', '-'], 'python needs a program to record'],
    [['python', '-u', '-m'], 'python needs a program to record'],
  ])('is refused: %j', (words, message) => {
    script('sh-script', '#!/bin/sh\n');
    expect(() => recorded(...words)).toThrow(message);
  });
});
