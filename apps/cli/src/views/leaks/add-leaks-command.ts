/** `memscope leaks` on the command line. */
import { Option } from 'commander';

import { equipCommand, type AddCommand } from '../../command.js';
import type { OptionGroup } from '../../options/option-group.js';
import { outputOptions } from '../../options/output-options.js';
import { CAPTURES_PARAMETER, viewFlags, viewOptions, type RawViewFlags } from '../view-options.js';

interface RawLeaksFlags extends RawViewFlags {
  readonly warmUp?: string;
}

const WARM_UP_OPTION: OptionGroup = {
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
  csv: 'print a row for each line',
});

const REMARKS = `What grows comes first, with the numbers of memscope analyze. A row below it is
a line of the application and all that is live at the end below it, whatever
library allocated it and whichever thread did. With --window it is what was
allocated in the window and was live at its end. With --together each capture is
judged by itself; a line of several has the verdict of most of its bytes.`;

export const addLeaksCommand: AddCommand = (program, host, setCode) => {
  const command = program.command('leaks').argument(...CAPTURES_PARAMETER);
  equipCommand(
    command,
    {
      description:
        'List what grows, and what is live at the end by line of the application: since when and how it grew.',
      remarks: REMARKS,
      examples: [{ line: 'memscope leaks capture.bin', remark: 'what was never freed, and which of it grows' }],
    },
    viewOptions('leaks', OUTPUT_OPTIONS, { own: [WARM_UP_OPTION] }),
  ).action(async (captures: string[], raw: RawLeaksFlags) => {
    const [{ runView }, { leaksView }] = await Promise.all([import('../run-view.js'), import('./leaks-view.js')]);
    const flags = { ...viewFlags(raw), measure: 'leaked' as const, warmUp: raw.warmUp ?? null };
    setCode(await runView(captures, flags, host, leaksView(flags)));
  });
};
