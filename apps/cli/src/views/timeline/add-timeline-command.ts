/** `memscope timeline` on the command line. */
import { equipCommand, type AddCommand } from '../../command.js';
import { outputOptions } from '../../options/output-options.js';
import { READING_OPTIONS } from '../../options/reading-options.js';
import { CAPTURE_PARAMETER, viewFlags, type RawViewFlags } from '../view-options.js';

const REMARKS = `Fewer rows than ticks: each row then stands for several, with the highest heap
and RSS among them, so that no spike is lost. -n 1000000 shows every tick.`;

const OUTPUT_OPTIONS = outputOptions({
  count: 'rows at most (default: 40; with --json or --csv: all)',
  schema: 'memscope.timeline/1',
  csv: 'print every tick as CSV',
  example: () => ({ line: 'memscope timeline capture.bin --csv > ticks.csv', remark: 'every tick, for a spreadsheet' }),
});

export const addTimelineCommand: AddCommand = (program, host, setCode) => {
  const command = program.command('timeline').argument(...CAPTURE_PARAMETER);
  equipCommand(
    command,
    {
      description: 'Show heap and RSS over time: a chart, and a row for each stretch of time.',
      remarks: REMARKS,
      examples: [{ line: 'memscope timeline capture.bin', remark: 'when the memory was held' }],
    },
    [OUTPUT_OPTIONS, READING_OPTIONS],
  ).action(async (capture: string, raw: RawViewFlags) => {
    const [{ runView }, { TIMELINE_VIEW }] = await Promise.all([
      import('../run-view.js'),
      import('./timeline-view.js'),
    ]);
    setCode(await runView(capture, viewFlags(raw), host, TIMELINE_VIEW));
  });
};
