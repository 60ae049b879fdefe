/**
 * What can be typed after `memscope`, read off the commander definition: commands, their options, and what an option or
 * parameter takes. The completion scripts are written from this, so that they know every option there is.
 */
import type { Argument, Command, Option } from 'commander';

import { collect } from '../options/option-group.js';

/** What stands in the place of a value. */
export type Expected =
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  /** A capture, a profile, or a folder on the way there. */
  | { readonly kind: 'capture' }
  /** A file or a folder. */
  | { readonly kind: 'file' }
  /** The name of a command. */
  | { readonly kind: 'command' }
  /** Nothing that could be known before. */
  | { readonly kind: 'text' };

export interface OptionSurface {
  /** `-n`, or null. */
  readonly short: string | null;
  /** `--rows` */
  readonly long: string;
  readonly description: string;
  /** Null for an option without a value. */
  readonly value: { readonly name: string; readonly expected: Expected } | null;
  readonly isRepeatable: boolean;
}

export interface ParameterSurface {
  readonly name: string;
  readonly expected: Expected;
  readonly isRepeatable: boolean;
}

export interface CommandSurface {
  /** Empty for the program itself. */
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionSurface[];
  /** In their order. */
  readonly parameters: readonly ParameterSurface[];
}

/** The program itself first, then its commands in the order of the help. */
export function surfaceOf(program: Command): readonly [CommandSurface, ...CommandSurface[]] {
  const help = program.createHelp();
  const describe = (command: Command): CommandSurface => ({
    name: command === program ? '' : command.name(),
    description: command.description(),
    options: help.visibleOptions(command).map(describeOption),
    parameters: command.registeredArguments.map(describeParameter),
  });
  const itself = { ...describe(program), parameters: [{ name: 'command', expected: COMMAND, isRepeatable: false }] };
  return [itself, ...help.visibleCommands(program).map(describe)];
}

export function commandNames([, ...commands]: readonly CommandSurface[]): string[] {
  return commands.map(({ name }) => name);
}

const COMMAND: Expected = { kind: 'command' };

function describeOption(option: Option): OptionSurface {
  const name = /[<[]([^>\]]+)[>\]]/.exec(option.flags)?.[1] ?? null;
  return {
    short: option.short ?? null,
    long: option.long ?? '',
    description: option.description,
    value: name === null ? null : { name, expected: expect(name, option.argChoices) },
    isRepeatable: option.variadic || option.parseArg === collect,
  };
}

function describeParameter(argument: Argument): ParameterSurface {
  const name = argument.name();
  // Behind one capture stand more of them, and the function last.
  const expected = name === 'function' ? expect('captures', undefined) : expect(name, argument.argChoices);
  return { name, expected, isRepeatable: argument.variadic };
}

/** Placeholders say what they take: `<file>`, `<folder>`, `<capture>`, `<captures...>`, `<command>`. */
function expect(name: string, choices: readonly string[] | undefined): Expected {
  if (choices !== undefined) return { kind: 'choices', choices };
  if (/^captures?$/.test(name)) return { kind: 'capture' };
  if (name === 'command') return { kind: 'command' };
  if (name === 'file' || name === 'folder') return { kind: 'file' };
  return { kind: 'text' };
}
