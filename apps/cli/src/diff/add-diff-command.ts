/** `memscope diff` on the command line. */
import { InvalidArgumentError, Option } from 'commander';
import {
  COMPARED_GROUPINGS,
  COMPARED_MEASURES,
  type ComparedGrouping,
  type ComparedMeasure,
} from '@memscope/model/diff/compared-measures';

import { equipCommand, type AddCommand } from '../command.js';
import { collect, type OptionGroup } from '../options/option-group.js';
import { outputOptions } from '../options/output-options.js';
import { PASS_OPTIONS } from '../options/reading-options.js';
import { selectionOptions } from '../options/selection-options.js';
import { SYMBOL_OPTIONS } from '../options/symbol-options.js';
import { UsageError } from '../exit-code.js';
import { viewFlags, type RawViewFlags } from '../views/view-options.js';

interface RawDiffFlags extends Omit<RawViewFlags, 'measure'> {
  readonly base?: readonly string[];
  readonly head?: readonly string[];
  readonly measure: ComparedMeasure;
  readonly by: ComparedGrouping;
  readonly lines?: boolean;
  readonly map?: readonly string[];
  readonly baseWindow?: string;
  readonly markdown?: boolean;
}

const RUN_OPTIONS: OptionGroup = {
  heading: 'Runs:',
  options: () => [
    new Option('--base <captures...>', 'the runs to compare with: repetitions, of which medians are taken'),
    new Option('--head <captures...>', 'the runs that are compared'),
    new Option('--together', 'add up the runs of each side: the processes of one program'),
  ],
  example: (command) => ({
    line: `memscope ${command} --base a1.bin a2.bin a3.bin --head b1.bin b2.bin b3.bin`,
    remark: 'repetitions tell a change from noise',
  }),
};

const DIFF_OPTIONS: OptionGroup = {
  heading: 'Comparison:',
  options: () => [
    new Option('--measure <measure>', 'what is compared: live at the peak, the most that each function held at once, …')
      .choices(COMPARED_MEASURES)
      .default('peak'),
    new Option('--by <grouping>', 'what a row is').choices(COMPARED_GROUPINGS).default('function'),
    new Option('--lines', 'tell functions and sites apart by their lines, too'),
    new Option('--base-window <from..to>', 'another stretch of time of the base'),
    new Option('--map <old=new>', 'a part of paths that has another name in the head; repeatable').argParser(readMap),
  ],
  example: (command) => ({
    line: `memscope ${command} base.bin head.bin --by library --measure leaked`,
    remark: 'what is kept, by whose code it is',
  }),
};

const OUTPUT_OPTIONS: OptionGroup = (() => {
  const usual = outputOptions({
    count: 'rows of each list at the most (default: 10; with --json or --csv: 10,000)',
    schema: 'memscope.diff/1',
    csv: 'print the rows as CSV',
  });
  return {
    ...usual,
    options: () => [
      ...usual.options(),
      new Option('--markdown', 'print Markdown for a pull request').conflicts(['json', 'csv']),
    ],
    example: (command) => ({
      line: `memscope ${command} base.bin head.bin --markdown > comment.md`,
      remark: 'for a pull request',
    }),
  };
})();

export const addDiffCommand: AddCommand = (program, host, setCode) => {
  const command = program
    .command('diff')
    .argument('[base]', 'the capture or profile to compare with')
    .argument('[head]', 'the one that is compared');
  equipCommand(
    command,
    {
      description: 'Say what changed between two runs, or two sets of runs: what grew, what shrank, what moved.',
      remarks: REMARKS,
      furtherParameter: 'head.bin',
      examples: [{ line: 'memscope diff base.bin head.bin', remark: 'what changed' }],
    },
    [
      RUN_OPTIONS,
      DIFF_OPTIONS,
      ...selectionOptions('diff', { groupings: COMPARED_GROUPINGS }),
      OUTPUT_OPTIONS,
      PASS_OPTIONS,
      SYMBOL_OPTIONS,
    ],
  ).action(async (base: string | undefined, head: string | undefined, raw: RawDiffFlags) => {
    const sides = sidesOf(base, head, raw);
    const { runDiff } = await import('./diff-command.js');
    const { measure, by, lines = false, map = [], baseWindow, markdown = false, ...rest } = raw;
    const flags = {
      ...viewFlags(rest),
      compared: measure,
      by,
      lines,
      renamed: map.map(renamedPath),
      markdown,
      ...(baseWindow === undefined ? {} : { baseWindow }),
    };
    setCode(await runDiff(sides, flags, host));
  });
};

function sidesOf(
  base: string | undefined,
  head: string | undefined,
  raw: RawDiffFlags,
): { base: readonly string[]; head: readonly string[] } {
  const named = { base: raw.base ?? [], head: raw.head ?? [] };
  const places = [base, head].filter((path) => path !== undefined);
  const [only] = places;
  if (named.base.length + named.head.length === 0) {
    if (base !== undefined && head !== undefined) return { base: [base], head: [head] };
    throw new UsageError('diff: name two runs, as in `memscope diff BASE HEAD`, or both --base and --head');
  }
  if (places.length === 1 && only !== undefined) {
    if (named.head.length === 0) return { base: named.base, head: [only] };
    if (named.base.length === 0) return { base: [only], head: named.head };
  }
  if (places.length === 0 && named.base.length > 0 && named.head.length > 0) return named;
  throw new UsageError('diff: name each side once, as BASE HEAD or with --base and --head');
}

function readMap(text: string, before: readonly string[] | undefined): string[] {
  if (!/^[^=]+=[^=]*$/.test(text)) throw new InvalidArgumentError('It must be OLD=NEW, parts of paths.');
  return collect(text, before);
}

function renamedPath(text: string): { from: string; to: string } {
  const [from = '', to = ''] = text.split('=');
  return { from, to };
}

const REMARKS = `Functions are matched by name and file: lines, addresses, and what lies before
site-packages, lib/python3.x or the folders of a project do not count. Arenas of
Python's allocator are one row, whoever needed them, and so are the frames of
the import system. At the peak a function counts as grown only if the most that
it ever held grew as well; else the peak lies at another moment, which is told
apart. A gone and a new function of one library with the same bytes are memory
that moved. What grew and what shrank is never netted.`;
