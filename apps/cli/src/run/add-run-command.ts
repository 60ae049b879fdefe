/** `memscope run` on the command line. */
import { Option } from 'commander';

import {
  checkFlags,
  RULE_OPTIONS,
  CI_OPTIONS,
  MARKDOWN_OPTION,
  type RawCheckFlags,
} from '../check/add-check-command.js';
import { equipCommand, type AddCommand } from '../command.js';
import { HISTORY_OPTIONS } from '../history/history-options.js';
import { wholeNumber, withExample, type OptionGroup } from '../options/option-group.js';
import { PASS_OPTIONS } from '../options/reading-options.js';
import { SYMBOL_OPTIONS } from '../options/symbol-options.js';
import { viewFlags } from '../views/view-options.js';
import { MEMRAY_FLAGS } from './memray-flags.js';

interface RawRunFlags extends RawCheckFlags {
  readonly repeat?: number;
  readonly output?: string;
  readonly force?: boolean;
  readonly check?: boolean;
}

const MOST_REPETITIONS = 1000;

const RECORDING_OPTIONS: OptionGroup = {
  heading: 'Recording:',
  options: () => [
    new Option('--repeat <count>', 'record it so often: repetitions tell a change from noise').argParser(
      wholeNumber(1, MOST_REPETITIONS),
    ),
    new Option('-o, --output <path>', 'the capture, or for tests the folder of captures (default: by the program)'),
    new Option('--force', 'write over a capture that is there'),
    ...memrayOptions(),
  ],
  example: () => ({ line: 'memscope run --native -- python serve.py', remark: 'with native stacks' }),
};

const CHECK_OPTIONS: OptionGroup = {
  heading: 'Check:',
  options: () => [
    new Option('--check', 'judge the recording as `memscope check` does; also by any of the options of it below'),
    new Option(
      '--baseline <captures...>',
      'what to compare with: captures, of which medians are taken, a file of `baseline update`, or "history"',
    ),
    MARKDOWN_OPTION(),
  ],
  example: () => ({
    line: "memscope run --rule 'peak <= 512 MiB' -- python app.py",
    remark: 'fail above a budget',
  }),
};

export const addRunCommand: AddCommand = (program, host, setCode) => {
  const command = program
    .command('run')
    .argument('<program...>', 'behind --: python FILE, python -m MODULE, FILE.py, pytest …, or an installed script')
    .usage('[options] -- <program...>');
  equipCommand(
    command,
    {
      description: 'Record a program with the memray that its Python has, then analyse it, or judge it by rules.',
      remarks: REMARKS,
      examples: [
        { line: 'memscope run -- python app.py --size 10', remark: '' },
        { line: 'memscope run --repeat 3 --baseline old-*.bin -- python app.py', remark: '' },
        { line: 'memscope run --baseline main/ -- pytest tests', remark: 'test by test' },
      ],
    },
    [
      RECORDING_OPTIONS,
      CHECK_OPTIONS,
      withExample(
        HISTORY_OPTIONS,
        'memscope run --baseline history --branch main -- app.py',
        'by the last runs of a branch',
      ),
      withExample(RULE_OPTIONS, 'memscope run --baseline old.bin --rule peak+5% -- app.py', 'by a rule of your own'),
      withExample(CI_OPTIONS, 'memscope run --baseline old.bin --junit memory.xml -- app.py', 'as a test a rule'),
      withExample(PASS_OPTIONS, 'memscope run --max-ticks 5000 -- app.py', 'a long one, in finer steps of time'),
      withExample(SYMBOL_OPTIONS, 'memscope run --native --debuginfod -- app.py', 'names from symbol servers'),
    ],
  ).action(async (words: readonly string[], raw: RawRunFlags) => {
    const { runProgramUnderMemray } = await import('./run-command.js');
    // Here they are about the capture, not about its profile.
    const { output, force, ...ofViews } = raw;
    const { repeat = 1, check, baseline, history, branch, label, last, rule, defaultRules, config } = raw;
    const { allow, warmUp, explain, markdown, github, junit, sarif, gitlab } = raw;
    const ofCheck = [
      check,
      baseline,
      history,
      branch,
      label,
      last,
      rule,
      defaultRules,
      config,
      allow,
      warmUp,
      explain,
      markdown,
      github,
      junit,
      sarif,
      gitlab,
    ];
    const values = raw as Readonly<Record<string, unknown>>;
    const memray = memrayOptions().filter((option) => values[option.attributeName()] === !option.negate);
    setCode(
      await runProgramUnderMemray(
        words,
        {
          repeat,
          output: output ?? null,
          overwrites: force ?? false,
          memrayFlags: memray.map((option) => option.long!),
          check: ofCheck.some((flag) => flag !== undefined) ? checkFlags(ofViews) : null,
          view: viewFlags(ofViews),
        },
        host,
      ),
    );
  });
};

function memrayOptions(): Option[] {
  return MEMRAY_FLAGS.map(({ flag, help }) => new Option(flag, `memray's: ${help}`));
}

const REMARKS = `The program keeps its input, output and exit code: what memscope says goes to
standard error. A program that fails, or that is killed, is a failed run: it is
analysed as far as it came, never judged, and its exit code is memscope's.
Ctrl-C is the program's: a server that it stops is analysed then.

Captures stay: app.bin, app-2.bin and so on. Of pytest with pytest-memray each
test is recorded, in a folder that \`memscope check\` takes as a baseline; without
that plugin all tests are one run.

Programs that something else starts come last: uv run memscope run -- app.py`;
