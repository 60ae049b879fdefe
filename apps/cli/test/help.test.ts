/** The help of every command: fits 80 columns, and has an example for each group of options. */
import type { Command, Option } from 'commander';
import { describe, expect, test } from 'vitest';

import { createProgram } from '../src/program.js';
import { fakeHost, run } from './fake-host.js';

const program = createProgram(fakeHost().host, () => undefined);

function groupsOf(command: Command): Map<string, Option[]> {
  const groups = new Map<string, Option[]>();
  for (const option of command.options) {
    const heading = option.helpGroupHeading ?? '';
    groups.set(heading, [...(groups.get(heading) ?? []), option]);
  }
  return groups;
}

const spellings = ({ long, short }: Option): string[] => [long ?? [], short ?? []].flat();

describe.each(program.commands.map((command) => [command.name(), command] as const))('help %s', (name, command) => {
  test('is the same as --help, on standard output, within 80 columns', async () => {
    const { code, stdout, stderr } = await run(['help', name]);
    expect([code, stderr]).toEqual([0, '']);
    expect((await run([name, '--help'])).stdout).toBe(stdout);
    for (const line of stdout.split('\n')) expect(line).toMatch(/^.{0,80}$/);
  });

  test('names every option', async () => {
    const { stdout } = await run(['help', name]);
    for (const option of command.options.filter(({ hidden }) => !hidden)) expect(stdout).toContain(option.flags);
  });

  test('has an example for each group of options, and exit codes', async () => {
    const { stdout } = await run(['help', name]);
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
    const { stdout } = await run(['help', name]);
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
        .map((word) => word.replace(/^'(.*)'$/, '$1'));
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
