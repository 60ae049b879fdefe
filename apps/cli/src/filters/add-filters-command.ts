/** `memscope filters`: the filter language and windows of time, explained where they are used. */
import { equipCommand, type AddCommand } from '../command.js';
import { EXIT } from '../exit-code.js';

const WINDOW_HELP = `A window of time (--window) is FROM..TO, or one place alone:

  10%..50%       shares of the recording
  3.5s..12s      times since its start; also ms, min, h
  #100..#250     ticks (memory records), both included
  peak           the tick in which the heap was greatest; rss-peak: RSS
  peak..         from there to the end; ..peak from the start to there

It covers whole ticks, every one that it touches: captures know time only from
one memory record to the next.
`;

export const addFiltersCommand: AddCommand = (program, host, setCode) => {
  const command = program.command('filters');
  equipCommand(command, {
    description: 'Explain what --filter and --window take.',
    examples: [{ line: 'memscope filters', remark: '' }],
  }).action(async () => {
    const [{ FILTER_HELP }, { writeOutput }] = await Promise.all([
      import('@memscope/model'),
      import('../terminal/write-output.js'),
    ]);
    await writeOutput(host, `${FILTER_HELP.trimEnd()}\n\n${WINDOW_HELP}`, { pager: true });
    setCode(EXIT.fine);
  });
};
