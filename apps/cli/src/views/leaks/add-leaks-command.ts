/** `memscope leaks` on the command line. */
import { Option } from 'commander';

import { equipCommand, type AddCommand } from '../../command.js';
import type { OptionGroup } from '../../options/option-group.js';
import { outputOptions } from '../../options/output-options.js';
import { READING_OPTIONS } from '../../options/reading-options.js';
import { FILTER_OPTIONS, STACK_OPTIONS, NATIVE_OPTIONS } from '../../options/selection-options.js';
import { SYMBOL_OPTIONS } from '../../options/symbol-options.js';
import { CAPTURE_PARAMETER, viewFlags, type RawViewFlags } from '../view-options.js';

interface RawLeaksFlags extends RawViewFlags {
  readonly warmUp?: string;
}

const WARM_UP_OPTIONS: OptionGroup = {
  heading: 'Time:',
  options: () => [
    new Option('--warm-up <time>', 'leave out what was allocated before: a share (20%), a time (30s) or a tick (#100)'),
  ],
  example: (command) => ({
    line: `memscope ${command} capture.bin --warm-up 20%`,
    remark: 'without what start-up left behind',
  }),
};

const OUTPUT_OPTIONS = outputOptions({
  count: 'rows at the most (default: 20; with --json or --csv: all)',
  schema: 'memscope.leaks/1',
  csv: 'print a row for each site',
});

const REMARKS = `A row is an allocation site: a stack, an allocator and a thread. Its verdict
looks at all threads together, since they fill a cache in turns; the rule that
gave it stands below the table. What is still growing comes first.`;

export const addLeaksCommand: AddCommand = (program, host, setCode) => {
  const command = program.command('leaks').argument(...CAPTURE_PARAMETER);
  equipCommand(
    command,
    {
      description: 'List what is live at the end by site: since when, how it grew, and whether it looks like a leak.',
      remarks: REMARKS,
      examples: [{ line: 'memscope leaks capture.bin', remark: 'what was never freed, and which of it grows' }],
    },
    [WARM_UP_OPTIONS, FILTER_OPTIONS, STACK_OPTIONS, NATIVE_OPTIONS, OUTPUT_OPTIONS, READING_OPTIONS, SYMBOL_OPTIONS],
  ).action(async (capture: string, raw: RawLeaksFlags) => {
    const [{ runView }, { leaksView }] = await Promise.all([import('../run-view.js'), import('./leaks-view.js')]);
    const flags = { ...viewFlags(raw), measure: 'leaked' as const, warmUp: raw.warmUp ?? null };
    setCode(await runView(capture, flags, host, leaksView(flags)));
  });
};
