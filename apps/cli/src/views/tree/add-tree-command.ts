/** `memscope tree` on the command line. */
import { InvalidArgumentError, Option } from 'commander';

import { equipCommand, type AddCommand } from '../../command.js';
import { wholeNumber, type OptionGroup } from '../../options/option-group.js';
import { outputOptions } from '../../options/output-options.js';
import { CAPTURES_PARAMETER, viewOptions, viewFlags, type RawViewFlags } from '../view-options.js';

interface RawTreeFlags extends RawViewFlags {
  readonly inverted?: boolean;
  readonly maxDepth?: number;
  readonly threshold?: number;
}

const TREE_OPTIONS: OptionGroup = {
  heading: 'Tree:',
  options: () => [
    new Option('--inverted', 'start from the frames that allocated, with their callers below'),
    maxDepthOption(),
    thresholdOption('fold what holds less of the whole (default: 1%)'),
  ],
  example: (command) => ({
    line: `memscope ${command} capture.bin --inverted --threshold 5%`,
    remark: 'only what matters most',
  }),
};

const OUTPUT_OPTIONS = outputOptions({
  count: 'nodes at the most, the heaviest (default: 60; with --json or --csv: all)',
  schema: 'memscope.tree/1',
  csv: 'print a row for each node',
});

export const addTreeCommand: AddCommand = (program, host, setCode) => {
  const command = program.command('tree').argument(...CAPTURES_PARAMETER);
  equipCommand(
    command,
    {
      description: 'Show the call tree: who called whom, and how much was allocated there and below.',
      examples: [{ line: 'memscope tree capture.bin', remark: 'what held the peak' }],
    },
    viewOptions('tree', OUTPUT_OPTIONS, { own: [TREE_OPTIONS] }),
  ).action(async (captures: readonly string[], raw: RawTreeFlags) => {
    const [{ runView }, { DEFAULT_THRESHOLD, treeView }] = await Promise.all([
      import('../run-view.js'),
      import('./tree-view.js'),
    ]);
    const flags = {
      ...viewFlags(raw),
      inverted: raw.inverted ?? false,
      maxDepth: raw.maxDepth ?? null,
      threshold: raw.threshold ?? DEFAULT_THRESHOLD,
    };
    setCode(await runView(captures, flags, host, treeView(flags)));
  });
};

export function maxDepthOption(): Option {
  return new Option('--max-depth <levels>', 'no deeper than this').argParser(wholeNumber(1));
}

export function thresholdOption(help: string): Option {
  return new Option('--threshold <share>', help).argParser(parseShare);
}

/** "1%" → 0.01. */
function parseShare(text: string): number {
  const percent = /^(\d{1,3}(?:\.\d{1,9})?)%$/.exec(text);
  if (percent === null || Number(percent[1]) > 100) {
    throw new InvalidArgumentError('It must be a share in percent, as in 1% or 0.5%.');
  }
  return Number(percent[1]) / 100;
}
