/** `memscope timeline` on the command line. */
import { Option } from 'commander';

import { equipCommand, type AddCommand } from '../../command.js';
import { wholeNumber, type OptionGroup } from '../../options/option-group.js';
import { outputOptions } from '../../options/output-options.js';
import { BAND_GROUPINGS, type BandGrouping } from '@memscope/model/view/groupings';
import { CAPTURES_PARAMETER, viewFlags, viewOptions, type RawViewFlags } from '../view-options.js';

interface RawTimelineFlags extends RawViewFlags {
  readonly by?: BandGrouping;
  readonly top?: number;
}

const REMARKS = `Fewer rows than ticks: each row then stands for several, with the highest heap
and RSS among them, so that no spike is lost. -n 1000000 shows every tick.
--by shows bands in place of rows: what each of them held. Modules are those of
innermost frames; libraries and categories own memory, as in memscope table.
A filter takes away from the bands; without --by, what passes it is one band.
--together adds captures up over the time of day that their recordings share;
--by run tells them apart. Of captures of which no two were recorded at the same
time there is no such sum: each is shown since its own start.`;

const BAND_OPTIONS: OptionGroup = {
  heading: 'Bands:',
  options: () => [
    new Option('--by <grouping>', 'who held the memory when').choices(BAND_GROUPINGS),
    new Option('--top <count>', 'bands besides the rest, the heaviest (default: 6)').argParser(wholeNumber(1, 1000)),
  ],
  example: (command) => ({ line: `memscope ${command} capture.bin --by module`, remark: 'who held the memory when' }),
};

const OUTPUT_OPTIONS = outputOptions({
  count: 'rows at most (default: 40; with --json or --csv: all)',
  schema: 'memscope.timeline/1',
  csv: 'print every tick as CSV, with bands a row for each tick and band',
  example: () => ({ line: 'memscope timeline capture.bin --csv > ticks.csv', remark: 'every tick, for a spreadsheet' }),
});

export const addTimelineCommand: AddCommand = (program, host, setCode) => {
  const command = program.command('timeline').argument(...CAPTURES_PARAMETER);
  equipCommand(
    command,
    {
      description: 'Show heap and RSS over time: a chart, and a row for each stretch of time or bands of who held it.',
      remarks: REMARKS,
      examples: [{ line: 'memscope timeline capture.bin', remark: 'when the memory was held' }],
    },
    viewOptions('timeline', OUTPUT_OPTIONS, { groupings: BAND_GROUPINGS, own: [BAND_OPTIONS] }),
  ).action(async (captures: string[], raw: RawTimelineFlags) => {
    const [{ runView }, { timelineView }] = await Promise.all([import('../run-view.js'), import('./timeline-view.js')]);
    const flags = { ...viewFlags(raw), by: raw.by ?? null, top: raw.top ?? null };
    setCode(await runView(captures, flags, host, timelineView(flags)));
  });
};
