/** The completion scripts: loaded into real shells, they offer what the command line takes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Option } from 'commander';
import { beforeAll, describe, expect, test } from 'vitest';

import { createProgram } from '../../src/program.js';
import { scratchFolder } from '../built-cli.js';
import { fakeHost, run } from '../fake-host.js';
import { askBash, askFish, askZsh, hasShell } from './real-shells.js';

const program = createProgram(fakeHost().host, () => undefined);
const commands: readonly Command[] = program.commands;
const names = [...commands.map((command) => command.name()), 'help'].toSorted();

const longs = (options: readonly Option[]): string[] =>
  [...options.filter(({ hidden }) => !hidden).flatMap(({ long }) => long ?? []), '--help'].toSorted();

/** A folder as users have it: captures, profiles, and what is neither. */
function workFolder(): string {
  const folder = scratchFolder();
  mkdirSync(join(folder, 'captures'));
  const files = [
    'a run.bin',
    'fork.bin.4711',
    'kept.memscope',
    'notes.txt',
    'run.bin',
    'captures/inner.bin',
    'captures/x.md',
  ];
  for (const file of files) writeFileSync(join(folder, file), '');
  return folder;
}

describe.each([
  ['bash', askBash],
  ['zsh', askZsh],
  ['fish', askFish],
] as const)('%s', (shell, askShell) => {
  describe.skipIf(!hasShell(shell))('offers', () => {
    let script: string;
    beforeAll(async () => {
      script = (await run(['completion', shell])).stdout;
    });

    /** Folders without their slash, names without the quoting of their blanks. */
    const ask = async (line: string): Promise<string[]> =>
      (await askShell(line, { script, cwd: workFolder() })).map((word) => word.replace(/\/$/, '').replace('\\ ', ' '));

    test('the commands, and the one that was begun', async () => {
      expect(await ask('memscope ')).toEqual(names);
      expect(await ask('memscope tim')).toEqual(['timeline']);
      expect(await ask('memscope help ')).toEqual(names);
    });

    test.each(commands.map((command) => [command.name(), command] as const))(
      'every option of %s, and no other',
      async (name, command) => {
        expect(await ask(`memscope ${name} --`)).toEqual(longs(command.options));
      },
    );

    test('the choices of an option, and of a parameter', async () => {
      expect(await ask('memscope analyze --sort ')).toEqual(['count', 'leaked', 'peak', 'temporary', 'total']);
      expect(await ask('memscope analyze run.bin --sort le')).toEqual(['leaked']);
      expect(await ask('memscope completion ')).toEqual(['bash', 'fish', 'zsh']);
    });

    test('captures, profiles and folders where a capture is asked for, and in a folder what is in it', async () => {
      const all = ['a run.bin', 'captures', 'fork.bin.4711', 'kept.memscope', 'run.bin'];
      expect(await ask('memscope timeline ')).toEqual(all);
      expect(await ask('memscope analyze --json run.bin ')).toEqual(expect.arrayContaining(all.slice(0, 4)));
      expect(await ask('memscope timeline ru')).toEqual(['run.bin']);
      expect((await ask('memscope timeline captures/')).map((path) => path.replace('captures/', ''))).toEqual([
        'inner.bin',
      ]);
    });

    test('each of several parameters', async () => {
      expect(await ask('memscope symbols li')).toEqual(['list']);
      expect(await ask('memscope symbols list kept')).toEqual(['kept.memscope']);
    });

    test('any file where an option takes one, and nothing where it takes a number', async () => {
      expect(await ask('memscope timeline -o no')).toEqual(['notes.txt']);
      expect(await ask('memscope timeline -n ')).toEqual([]);
    });
  });
});

describe.skipIf(!hasShell('bash'))('in bash', () => {
  test('a value after = is completed as well', async () => {
    const { stdout: script } = await run(['completion', 'bash']);
    const session = { script, cwd: workFolder() };
    expect(await askBash('memscope analyze --sort=', session)).toEqual([
      'count',
      'leaked',
      'peak',
      'temporary',
      'total',
    ]);
    expect(await askBash('memscope analyze --sort=le', session)).toEqual(['leaked']);
  });
});

test('every choice of every option stands in each script', async () => {
  const choices = commands.flatMap(({ options }) => options.flatMap(({ argChoices }) => argChoices ?? []));
  expect(choices).toContain('leaked');
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { stdout } = await run(['completion', shell]);
    for (const choice of choices) expect(stdout).toMatch(new RegExp(`\\b${choice}\\b`));
  }
});

test('another shell is wrong usage, and says which there are', async () => {
  const { code, stdout, stderr } = await run(['completion', 'tcsh']);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('bash, zsh, fish');
});

test('the script is never paged', async () => {
  const { code, paged, stdout, stderr } = await run(['completion', 'bash'], { terminal: 80, rows: 24 });
  expect([code, paged, stderr]).toEqual([0, [], '']);
  expect(stdout).toContain('complete -F _memscope memscope');
});
