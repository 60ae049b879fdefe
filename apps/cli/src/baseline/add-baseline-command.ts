/** `memscope baseline update` and `memscope baseline show` on the command line. */
import { Argument, Option } from 'commander';

import { equipCommand, type AddCommand } from '../command.js';
import { withExample, type OptionGroup } from '../options/option-group.js';
import { outputFlags, outputOptions, type RawOutputFlags } from '../options/output-options.js';
import { PASS_OPTIONS, readingFlags, type RawReadingFlags } from '../options/reading-options.js';

interface RawBaselineFlags extends RawReadingFlags, RawOutputFlags {
  readonly together?: boolean;
  readonly process?: boolean;
}

const REMARKS = `update keeps what a gate compares with: totals and functions of one run or of
several repetitions, in a small file for the repository: sorted, a line for each
function, without dates or folders of a machine, so that a review shows what
changed, and branches conflict only where numbers do. What the new runs do not
differ in from what stands there, but by what unchanged runs differ by, stays:
remove the file to have every number anew. Of a folder that pytest-memray filled
it keeps every test. show prints such a file.

\`memscope check new.bin --baseline memscope-baseline.json\` judges by it as by
the captures that it was made of. It has neither stacks nor times: changes of
libraries, threads, sites or filters, and of what keeps growing, are not judged
against it, and that is said; budgets are.`;

const WRITING_OPTIONS: OptionGroup = {
  heading: 'Writing:',
  options: () => [
    new Option('-o, --output <file>', 'the file (default: memscope-baseline.json)'),
    new Option('--together', 'add up the captures: the processes of one program'),
    new Option('--process', 'also RSS and how long it ran, for rules about them: they differ in every run'),
    new Option('--force', 'also over a file that is no baseline'),
  ],
  example: () => ({
    line: 'memscope baseline update new.bin -o ci/memory.json',
    remark: 'choose where it goes',
  }),
};

const OUTPUT_OPTIONS = outputOptions({
  count: 'functions or tests at the most (default: 10)',
  schema: 'memscope.baseline/1',
  example: () => ({ line: 'memscope baseline show --json', remark: 'for programs' }),
});

const READING_OPTIONS = withExample(
  PASS_OPTIONS,
  'memscope baseline update new.bin --max-ticks 5000',
  'a long recording, in finer steps of time',
);

export const addBaselineCommand: AddCommand = (program, host, setCode) => {
  const command = program
    .command('baseline')
    .addArgument(new Argument('<action>', 'update or show').choices(['update', 'show']))
    .argument('[files...]', 'captures or profiles to keep the numbers of; of show the file');
  equipCommand(
    command,
    {
      description: 'Keep the numbers of runs in a small file, for a repository: what `check --baseline` compares with.',
      remarks: REMARKS,
      examples: [
        { line: 'memscope baseline update new-*.bin', remark: 'three repetitions tell noise' },
        { line: 'memscope check new.bin --baseline memscope-baseline.json', remark: 'judge by it' },
      ],
    },
    [WRITING_OPTIONS, OUTPUT_OPTIONS, READING_OPTIONS],
  ).action(async (action: 'update' | 'show', files: readonly string[], raw: RawBaselineFlags) => {
    const { showBaseline, updateBaseline } = await import('./baseline-command.js');
    const { output, force = false, ...reading } = raw;
    const flags = {
      ...outputFlags(raw),
      reading: readingFlags(reading),
      output: output ?? null,
      together: raw.together === true,
      withProcess: raw.process === true,
      force,
    };
    setCode(await (action === 'update' ? updateBaseline : showBaseline)(files, flags, host));
  });
};
