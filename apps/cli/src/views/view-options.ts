/**
 * The options that every view shares, and what they come as. A view names the groups that mean something to it; an
 * option of another has its default.
 */
import { Option, type Command } from 'commander';
import { printable } from '@memscope/model/text/printable';
import { readsBase, type ViewQuestion } from '@memscope/model/view/view-parts';

import { UsageError } from '../exit-code.js';
import { collect, type OptionGroup } from '../options/option-group.js';
import { outputFlags, type OutputFlags, type RawOutputFlags } from '../options/output-options.js';
import { READING_OPTIONS, readingFlags, type RawReadingFlags, type ReadingFlags } from '../options/reading-options.js';
import {
  selectionFlags,
  selectionOptions,
  type OfferedOptions,
  type RawSelectionFlags,
  type SelectionFlags,
} from '../options/selection-options.js';
import { SYMBOL_OPTIONS } from '../options/symbol-options.js';

export interface ViewFlags extends SelectionFlags, OutputFlags {
  readonly reading: ReadingFlags;
  /** Several captures are taken as one. */
  readonly together: boolean;
  /** What the captures are compared with; empty: with nothing. */
  readonly base: readonly string[];
}

/** What commander hands to a view's action. */
export type RawViewFlags = RawSelectionFlags &
  RawOutputFlags &
  RawReadingFlags & {
    readonly together?: boolean;
    readonly base?: readonly string[];
  };

export const CAPTURE_PARAMETER = ['<capture>', 'a capture file, a .memscope profile, or - for standard input'] as const;

/** The last of these is the FUNCTION; `choose-functions.ts` finds what it means. Words before it are captures. */
const FUNCTION_PARAMETER = [
  '<function...>',
  'after all captures: a name, part of one, FILE:NAME, or a regular expression /…/',
] as const;

/** For a command about a function: captures first, the function last. */
export function withFunctionParameters(command: Command): Command {
  return command
    .argument(CAPTURE_PARAMETER[0], `${CAPTURE_PARAMETER[1]}; several with --together`)
    .argument(...FUNCTION_PARAMETER)
    .usage('[options] <captures...> <function>');
}

/** What commander makes of them: one capture, then whatever followed. Throws `UsageError` where that ends with a file. */
export function splitFunction(capture: string, rest: readonly string[]): { captures: string[]; name: string } {
  const name = rest.at(-1) ?? '';
  if (/\.(?:bin|memscope)$/.test(name)) {
    throw new UsageError(`${printable(name)} is no function: its name comes last, after all captures`);
  }
  return { captures: [capture, ...rest.slice(0, -1)], name };
}

export const FUNCTION_REMARKS = `FUNCTION is found anywhere in a name, in any case; if it is a whole name, only
functions of that name count. FILE:NAME narrows it to files that end so.
Several functions are taken as one.`;

export const CAPTURES_PARAMETER = [
  '<captures...>',
  'a capture file, a .memscope profile, or - for standard input; several with --together',
] as const;

/** New at every call. */
export const TOGETHER_OPTION = (): Option =>
  new Option('--together', 'take several captures, or those of a folder or pattern, as one');

/** For a command that shows several runs as one, or two sides. */
export const SHOWN_OPTIONS: OptionGroup = {
  heading: 'Runs:',
  options: () => [
    TOGETHER_OPTION(),
    new Option('--diff', 'compare the second of two captures with the first: BASE HEAD'),
    new Option('--base <capture>', 'what the captures are compared with; repeatable').argParser(collect),
  ],
  example: (command) => ({
    line: `memscope ${command} 'rank-*.bin' --together`,
    remark: 'the processes of one program, as one',
  }),
};

export interface NamedSides {
  readonly head: readonly string[];
  readonly base: readonly string[];
}

/** Throws `UsageError`. */
export function namedSides(
  paths: readonly string[],
  { diff, base }: { readonly diff: boolean; readonly base: readonly string[] },
): NamedSides {
  if (!diff) {
    if (base.length > 0 && paths.length === 0) throw new UsageError('--base needs what is compared with it');
    return { head: paths, base };
  }
  const [before, after] = paths;
  if (base.length > 0)
    throw new UsageError('--diff BASE HEAD says what the base is; leave out one of --diff and --base');
  if (before === undefined || after === undefined || paths.length > 2)
    throw new UsageError('--diff takes two captures, BASE HEAD; --base names the base of several');
  return { head: [after], base: [before] };
}

/** For a command whose answers add up over several captures. */
export const RUN_OPTIONS: OptionGroup = {
  heading: 'Runs:',
  options: () => [TOGETHER_OPTION()],
  example: (command) => ({
    line: `memscope ${command} 'rank-*.bin' --together`,
    remark: 'the processes of one program, summed',
  }),
};

/** For a command whose answer has two columns of weights with a base. */
const BASE_OPTIONS: OptionGroup = {
  heading: 'Comparison:',
  options: () => [
    new Option('--base <capture>', 'compare with this run: what both hold, side by side; repeatable').argParser(
      collect,
    ),
  ],
  example: (command) => ({
    line: `memscope ${command} capture.bin --base before.bin`,
    remark: 'both sides of each line; see also memscope diff',
  }),
};

/** What a view of captures offers: what its question reads, then `output`. */
export function viewOptions(question: ViewQuestion, output: OptionGroup, offered: OfferedOptions = {}): OptionGroup[] {
  return [
    ...selectionOptions(question, offered),
    RUN_OPTIONS,
    ...(readsBase(question) ? [BASE_OPTIONS] : []),
    output,
    READING_OPTIONS,
    SYMBOL_OPTIONS,
  ];
}

export function viewFlags(raw: RawViewFlags): ViewFlags {
  return {
    ...selectionFlags(raw),
    ...outputFlags(raw),
    reading: readingFlags(raw),
    together: raw.together ?? false,
    base: raw.base ?? [],
  };
}
