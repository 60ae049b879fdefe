/** The help of every command: fits 80 columns, and has an example for each group of options. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command, Option } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createProgram } from '../src/program.js';
import { fakeHost, run } from './fake-host.js';

const program = createProgram(fakeHost().host, () => undefined);

/** Examples may write where they are run. */
const folder = mkdtempSync(join(tmpdir(), 'memscope-help-'));
const here = process.cwd();
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(here);
  rmSync(folder, { recursive: true });
});

function groupsOf(command: Command): Map<string, Option[]> {
  const groups = new Map<string, Option[]>();
  for (const option of command.options) {
    if (option.long === '--help-all') continue;
    const heading = option.helpGroupHeading ?? '';
    groups.set(heading, [...(groups.get(heading) ?? []), option]);
  }
  return groups;
}

const spellings = ({ long, short }: Option): string[] => [long ?? [], short ?? []].flat();

/** Where nothing is folded there is one help. */
function wholeHelp(command: Command): string {
  return command.options.some(({ long }) => long === '--help-all') ? '--help-all' : '--help';
}

describe.each(program.commands.map((command) => [command.name(), command] as const))('help %s', (name, command) => {
  test('is the same as --help, on standard output, within 80 columns, and begins with what it is for', async () => {
    const { code, stdout, stderr } = await run(['help', name]);
    expect([code, stderr]).toEqual([0, '']);
    if (name !== 'filters') {
      expect((await run([name, '--help'])).stdout).toBe(stdout);
      const flat = stdout.replaceAll(/\s+/g, ' ');
      expect(flat.slice(0, flat.indexOf(' Usage: '))).toBe(command.description());
    }
    for (const line of stdout.split('\n')) expect(line).toMatch(/^.{0,80}$/);
  });

  test('names every option, the rare ones behind --help-all', async () => {
    const { code, stdout, stderr } = await run([name, wholeHelp(command)]);
    expect([code, stderr]).toEqual([0, '']);
    for (const option of command.options.filter(({ hidden }) => !hidden)) expect(stdout).toContain(option.flags);
  });

  test('has an example for each group of options, and exit codes', async () => {
    const { stdout } = await run([name, wholeHelp(command)]);
    const examples = stdout.slice(stdout.indexOf('\nExamples:'));
    expect(examples).toContain(`memscope ${name}`);
    for (const [heading, options] of groupsOf(command)) {
      expect(heading).toMatch(/^[A-Z][a-z ]+:$/);
      const shown = options.flatMap(spellings).filter((flag) => examples.split(/\s/).includes(flag));
      expect([heading, shown.length]).not.toEqual([heading, 0]);
    }
    expect(examples).toContain('Exit codes:');
  });

  test('has only examples that the command line takes', async () => {
    const { stdout } = await run([name, wholeHelp(command)]);
    const lines = stdout
      .slice(stdout.indexOf('\nExamples:'))
      .split('\n')
      .filter((line) => line.startsWith('  memscope '));
    expect(lines).not.toEqual([]);
    for (const line of lines) {
      const [first = ''] = line.trim().split(/ {2,}| [|<>] /);
      const words = first
        .split(' ')
        .slice(1)
        .map((word) => word.replace(/^'(.*)'$/, '$1'))
        // Folders of the reader's, which have to be there.
        .map((word, at, all) => (/^--(?:sysroot|symbol-path)$/.test(all[at - 1] ?? '') ? '.' : word));
      // It would start a program: its options have to do.
      if (name === 'run') {
        expect([line, command.parseOptions(words.slice(1)).unknown]).toEqual([line, []]);
        continue;
      }
      // Nothing is there to be read, but that is not wrong usage.
      expect([line, (await run(words)).code]).not.toEqual([line, 2]);
    }
  });
});

test('help folds options that are rarely needed, and names them', async () => {
  const short = await run(['help', 'tree']);
  const whole = await run(['tree', '--help-all']);
  expect(short.stdout).not.toContain('--sysroot');
  expect(short.stdout).toContain('More options (--help-all): native code, reading, symbols.');
  expect(whole.stdout).toContain('--sysroot');
  expect(whole.stdout).not.toContain('More options');
});

test('help for filters is the text about them', async () => {
  expect((await run(['help', 'filters'])).stdout).toBe((await run(['filters'])).stdout);
});

test('help for what is none is wrong usage, with the nearest name', async () => {
  const { code, stdout, stderr } = await run(['help', 'fliters']);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('(Did you mean filters?)');
});
