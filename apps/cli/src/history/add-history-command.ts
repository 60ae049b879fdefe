/** `memscope history add`, `show`, `compare` and `prune` on the command line. */
import { Argument, InvalidArgumentError, Option } from 'commander';

import { equipCommand, type AddCommand } from '../command.js';
import { wholeNumber, withExample, type OptionGroup } from '../options/option-group.js';
import { outputFlags, outputOptions, type RawOutputFlags } from '../options/output-options.js';
import { PASS_OPTIONS, readingFlags, type RawReadingFlags } from '../options/reading-options.js';
import { HISTORY_ACTIONS, type HistoryAction } from './history-flags.js';
import { given, HISTORY_OPTIONS, historyChoice, type RawHistoryChoice } from './history-options.js';

interface RawHistoryFlags extends RawReadingFlags, RawOutputFlags, RawHistoryChoice {
  readonly commit?: string;
  readonly time?: number;
  readonly together?: boolean;
  readonly keep?: number;
  readonly before?: number;
  readonly dryRun?: boolean;
}

const REMARKS = `add keeps the totals and functions of a run, of several repetitions of it, or,
with --together, of its processes, in one SQLite file, with the commit and the
branch that git names. Many jobs may add at once. show draws the trend of a
branch and says after which run a metric moved and stayed; a spike that went
away is no step, and a step that only the last run shows is not yet confirmed.
compare takes two of: a branch (its last runs, of which medians are taken), a
commit, what git calls one (HEAD~1, a tag), or #7, a run's number. prune removes
old runs.

\`memscope check new.bin --baseline history\` judges by the last runs of a
branch, and \`memscope serve --history FILE\` shows the trend in your browser.`;

const ADD_OPTIONS: OptionGroup = {
  heading: 'Adding:',
  options: () => [
    new Option('--commit <id>', 'the commit of the run (default: the one that is checked out)'),
    new Option('--time <date>', 'when it was made (default: the time of the commit, else of the recording)').argParser(
      momentOf,
    ),
    new Option('--together', 'add up the captures: the processes of one program'),
  ],
  example: () => ({
    line: 'memscope history add new-*.bin --commit 1f0c9be',
    remark: 'where git is not at hand',
  }),
};

const PRUNE_OPTIONS: OptionGroup = {
  heading: 'Pruning:',
  options: () => [
    new Option('--keep <count>', 'of each branch keep so many of the last runs').argParser(wholeNumber(0, 1_000_000)),
    new Option('--before <date>', 'remove runs that are older').argParser(momentOf),
    new Option('--dry-run', 'remove nothing, say how many it would be'),
  ],
  example: () => ({ line: 'memscope history prune --keep 500 --dry-run', remark: '' }),
};

const OUTPUT_OPTIONS = outputOptions({
  count: 'functions at the most (default: 10)',
  schema: 'memscope.history/1',
  example: () => ({ line: 'memscope history show --json', remark: 'for programs' }),
});

const READING_OPTIONS = withExample(PASS_OPTIONS, 'memscope history add new.bin --max-ticks 5000', 'a long recording');

export const addHistoryCommand: AddCommand = (program, host, setCode) => {
  const command = program
    .command('history')
    .addArgument(new Argument('<action>', 'add, show, compare or prune').choices(HISTORY_ACTIONS))
    .argument('[runs...]', 'of add captures or profiles; of compare two commits, branches or #numbers');
  equipCommand(
    command,
    {
      description: 'Keep the numbers of every run in one file, draw their trend, and say after which run they moved.',
      remarks: REMARKS,
      examples: [
        { line: 'memscope history add new-*.bin', remark: 'a run of what is checked out' },
        { line: 'memscope history show', remark: 'the trend, and what moved' },
      ],
    },
    [HISTORY_OPTIONS, ADD_OPTIONS, PRUNE_OPTIONS, OUTPUT_OPTIONS, READING_OPTIONS],
  ).action(async (action: HistoryAction, runs: readonly string[], raw: RawHistoryFlags) => {
    const { runHistory } = await import('./history-command.js');
    const flags = {
      ...outputFlags(raw),
      ...historyChoice(raw),
      commit: given(raw.commit),
      timeMs: raw.time ?? null,
      together: raw.together === true,
      keep: raw.keep ?? null,
      beforeMs: raw.before ?? null,
      dryRun: raw.dryRun === true,
      reading: readingFlags(raw),
    };
    setCode(await runHistory(action, runs, flags, host));
  });
};

function momentOf(text: string): number {
  const moment = Date.parse(text);
  if (Number.isNaN(moment)) throw new InvalidArgumentError('A date is written as 2026-11-30 or 2026-11-30T14:00:00Z.');
  return moment;
}
