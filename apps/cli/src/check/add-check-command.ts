/** `memscope check` on the command line. */
import { Option } from 'commander';
import { OBSTACLES, type ObstacleName } from '@memscope/model/diff/compared-measures';

import { equipCommand, type AddCommand } from '../command.js';
import { UsageError } from '../exit-code.js';
import { given, HISTORY, HISTORY_OPTIONS, historyChoice, type RawHistoryChoice } from '../history/history-options.js';
import { collect, type OptionGroup } from '../options/option-group.js';
import { outputOptions } from '../options/output-options.js';
import { PASS_OPTIONS } from '../options/reading-options.js';
import { selectionOptions } from '../options/selection-options.js';
import { SYMBOL_OPTIONS } from '../options/symbol-options.js';
import { viewFlags, type RawViewFlags } from '../views/view-options.js';
import type { CheckFlags } from './check-command.js';

export interface RawCheckFlags extends RawViewFlags, RawHistoryChoice {
  readonly baseline?: readonly string[];
  readonly rule?: readonly string[];
  readonly defaultRules?: boolean;
  readonly config?: string;
  readonly allow?: readonly ObstacleName[];
  readonly warmUp?: string;
  readonly explain?: boolean;
  readonly markdown?: boolean;
  readonly github?: boolean;
  readonly junit?: string;
  readonly sarif?: string;
  readonly gitlab?: string;
}

const RUN_OPTIONS: OptionGroup = {
  heading: 'Runs:',
  options: () => [
    new Option(
      '--baseline <captures...>',
      'what to compare with: captures, of which medians are taken, a file of `baseline update`, or "history"',
    ),
    new Option('--together', 'add up the runs of each side: the processes of one program'),
  ],
  example: (command) => ({
    line: `memscope ${command} new-*.bin --baseline old-*.bin`,
    remark: 'repetitions tell a change from noise',
  }),
};

const BRANCH_OPTIONS: OptionGroup = {
  ...HISTORY_OPTIONS,
  example: (command) => ({
    line: `memscope ${command} new.bin --baseline history --branch main`,
    remark: 'the last runs of a branch',
  }),
};

export const RULE_OPTIONS: OptionGroup = {
  heading: 'Rules:',
  options: () => [
    new Option('--rule <rule>', 'a rule, as "peak +5% and +1 MiB"; repeatable; in place of all others').argParser(
      collect,
    ),
    new Option('--default-rules', 'the default rules beside your own'),
    new Option('--config <file>', 'rules and suppressions (default: memscope.config.json, where there is one)'),
    new Option('--allow <difference...>', 'judge although the two sides differ in this').choices(OBSTACLES),
    new Option(
      '--warm-up <time>',
      'of rules by leaked and growing, leave out what was allocated before: 20%, 30s or #100',
    ),
    new Option('--explain', 'the arithmetic of each rule; without captures, the default rules'),
  ],
  example: (command) => ({
    line: `memscope ${command} new.bin --baseline old.bin --rule peak+5%`,
    remark: 'by a rule of your own',
  }),
};

export const CI_OPTIONS: OptionGroup = {
  heading: 'Reports:',
  options: () => [
    new Option('--github', "annotations of GitHub Actions, and Markdown in the step's summary").conflicts('json'),
    new Option('--junit <file>', "write JUnit's XML: a test a rule"),
    new Option('--sarif <file>', 'write SARIF 2.1.0, for code scanning'),
    new Option('--gitlab <file>', 'write a code quality report of GitLab'),
  ],
  example: (command) => ({
    line: `memscope ${command} new.bin --baseline old.bin --github --junit memory.xml`,
    remark: 'beside the code, and as tests',
  }),
};

/** New at every call. */
export const MARKDOWN_OPTION = (): Option =>
  new Option('--markdown', 'print Markdown for a pull request').conflicts('json');

const OUTPUT_OPTIONS: OptionGroup = (() => {
  const usual = outputOptions({
    count: 'functions of each rule at the most (default: 5; with --json: all)',
    schema: 'memscope.check/1',
  });
  return {
    ...usual,
    options: () => [...usual.options(), MARKDOWN_OPTION()],
  };
})();

export const addCheckCommand: AddCommand = (program, host, setCode) => {
  const command = program
    .command('check')
    .argument('[captures...]', 'the captures or profiles to judge, or a folder that pytest-memray filled');
  equipCommand(
    command,
    {
      description: 'Judge a run by rules, against a baseline: fails where memory regressed, and says where.',
      remarks: REMARKS,
      furtherParameter: '--baseline old.bin',
      examples: [{ line: 'memscope check new.bin --baseline old.bin', remark: 'by the default rules' }],
    },
    [
      RUN_OPTIONS,
      BRANCH_OPTIONS,
      RULE_OPTIONS,
      ...selectionOptions('check'),
      OUTPUT_OPTIONS,
      CI_OPTIONS,
      PASS_OPTIONS,
      SYMBOL_OPTIONS,
    ],
  ).action(async (captures: readonly string[], raw: RawCheckFlags) => {
    const { runCheck } = await import('./check-command.js');
    setCode(await runCheck(captures, checkFlags(raw), host));
  });
};

/** Throws `UsageError`. */
export function checkFlags(raw: RawCheckFlags): CheckFlags {
  const { baseline = [], rule = [], defaultRules = false, config, allow = [], explain = false } = raw;
  const { markdown = false, github = false, junit, sarif, gitlab } = raw;
  refuseChoiceWithoutHistory(raw);
  return {
    ...viewFlags(raw),
    baseline,
    history: historyChoice(raw),
    gateRules: rule,
    defaultRules,
    config: config ?? null,
    allow,
    warmUp: given(raw.warmUp),
    explain,
    markdown,
    github,
    files: {
      ...(junit === undefined ? {} : { junit }),
      ...(sarif === undefined ? {} : { sarif }),
      ...(gitlab === undefined ? {} : { gitlab }),
    },
  };
}

/** A branch or a file that nothing reads would be a mistake that nobody sees. */
function refuseChoiceWithoutHistory({ baseline = [], history, branch, label = [], last }: RawCheckFlags): void {
  if (baseline.includes(HISTORY)) return;
  const named = Object.entries({ history: given(history), branch: given(branch), label: label[0], last }).find(
    ([, value]) => value !== undefined && value !== null,
  );
  if (named !== undefined) throw new UsageError(`--${named[0]} says which runs --baseline ${HISTORY} means: add that`);
}

const REMARKS = `A rule is a budget of the new run (peak <= 512 MiB) or a change against the
baseline (peak +5% and +1 MiB: more than both fails). Before it may stand what
it is about: "each function: peak +256 KiB", also each library, category,
module, thread, site or allocator; "python objects: …"; "import system: …"; or a
filter, as in "library:torch: peak <= 200 MiB". Measures: peak, own-peak,
leaked, total, temporary, count, growing, rss, duration.

A budget needs no baseline.

Exit code 1 says that a rule failed; 3 also that a rule could not be judged, as
where Python's allocators were traced on one of the two sides only.`;
