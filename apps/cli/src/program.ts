/**
 * The command line itself: which commands there are, what is said when one is called wrongly, and what they return.
 */
import { Command, CommanderError, Help } from 'commander';

import { addAnalyzeCommand } from './analyze/add-analyze-command.js';
import { EXIT_CODES, layOutExamples, type AddCommand } from './command.js';
import { addBaselineCommand } from './baseline/add-baseline-command.js';
import { addCheckCommand } from './check/add-check-command.js';
import { addCompletionCommand } from './completion/add-completion-command.js';
import { addDiffCommand } from './diff/add-diff-command.js';
import { EXIT, UsageError } from './exit-code.js';
import { addFiltersCommand } from './filters/add-filters-command.js';
import type { Host } from './host.js';
import { memscopeVersion } from './beside-program.js';
import type { Example } from './options/option-group.js';
import { addReportCommand } from './report/add-report-command.js';
import { addRunCommand } from './run/add-run-command.js';
import { addServeCommand } from './serve/add-serve-command.js';
import { addSymbolsCommand } from './symbols/add-symbols-command.js';
import { columnsOf } from './terminal/columns.js';
import { addLeaksCommand } from './views/leaks/add-leaks-command.js';
import { addHistoryCommand } from './history/add-history-command.js';
import { addListCommand } from './views/list/add-list-command.js';
import { addSandwichCommands } from './views/sandwich/add-sandwich-commands.js';
import { addTableCommand } from './views/table/add-table-command.js';
import { addTimelineCommand } from './views/timeline/add-timeline-command.js';
import { addTreeCommand } from './views/tree/add-tree-command.js';

/** In the order of the help. */
const COMMANDS: readonly AddCommand[] = [
  addAnalyzeCommand,
  addTreeCommand,
  addTableCommand,
  addSandwichCommands,
  addListCommand,
  addTimelineCommand,
  addLeaksCommand,
  addDiffCommand,
  addCheckCommand,
  addBaselineCommand,
  addHistoryCommand,
  addRunCommand,
  addServeCommand,
  addReportCommand,
  addSymbolsCommand,
  addFiltersCommand,
  addCompletionCommand,
];

const EXAMPLES: readonly Example[] = [
  { line: 'memscope analyze capture.bin', remark: 'what a capture holds' },
  { line: 'memscope analyze capture.bin --json', remark: 'the same for programs' },
  { line: 'memscope tree capture.bin', remark: 'who called what allocated' },
  { line: 'memscope table capture.bin', remark: 'which functions held it' },
  { line: 'memscope timeline capture.bin', remark: 'when the memory was held' },
  { line: 'memscope leaks capture.bin', remark: 'what was never freed, and what grows' },
  { line: 'memscope diff base.bin head.bin', remark: 'what changed between two runs' },
  { line: 'memscope check new.bin --baseline old.bin', remark: 'fail where memory regressed' },
  { line: 'memscope run -- python app.py', remark: 'record it and analyse it' },
  { line: 'memscope serve capture.bin', remark: 'browse it' },
  { line: 'memscope report capture.bin', remark: 'the same as one file, to hand on' },
  { line: 'memscope help analyze', remark: 'its options, more examples' },
  { line: 'memscope help filters', remark: 'what --filter and --window take' },
];

const WIDTHS = `
Lines are as wide as the terminal, and 80 columns where they are piped; where
COLUMNS is set, as wide as it says.`;

/** Without anything on a terminal: somebody who tries it. */
const OPENS_PAGE =
  'memscope: opens a page on which captures can be dropped; `memscope --help` lists the\ncommands, `memscope analyze capture.bin` answers here.\n';

/** As the command's own help has it, where its parameters alone would say it otherwise. */
function termOf(command: Command): string {
  const takesFunction = command.registeredArguments.some((argument) => argument.name() === 'function');
  return takesFunction ? `${command.name()} ${command.usage()}` : new Help().subcommandTerm(command);
}

/** What a command is for stands above how it is called. */
function describeFirst(command: Command, help: Help): string {
  const [usage = '', description = '', ...rest] = new Help().formatHelp.call(help, command, help).split('\n\n');
  return [description, usage, ...rest].join('\n\n');
}

/** All commands, ready to parse. Their actions tell `setCode` what the process should end with. */
export function createProgram(host: Host, setCode: (code: number) => void): Command {
  const program = new Command('memscope')
    .description('Reads what a memory profiler recorded (Memray captures of every version) and answers from it.')
    .version(memscopeVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .showSuggestionAfterError()
    .showHelpAfterError('Run `memscope --help` for the commands.')
    .addHelpText('after', ['', 'Examples:', ...layOutExamples(EXAMPLES), WIDTHS, EXIT_CODES].join('\n'))
    .configureHelp({ subcommandTerm: termOf, formatHelp: describeFirst })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text.replace(/^error: /, 'memscope: ')),
      getOutHelpWidth: () => Math.min(100, columnsOf(host.stdout, host.env)),
      getErrHelpWidth: () => Math.min(100, columnsOf(host.stderr, host.env)),
    });
  for (const addCommand of COMMANDS) addCommand(program, host, setCode);
  return program;
}

/**
 * Help for a command that is none is told as the command itself is: with the nearest name. That for filters is what the
 * command prints.
 */
function namedOf(args: readonly string[], { commands }: Command): string[] {
  const [help, topic] = args;
  if (help !== 'help' || topic === undefined || topic.startsWith('-') || topic === 'help') return [...args];
  return topic === 'filters' || !commands.some((each) => each.name() === topic) ? [topic] : [...args];
}

/** Runs one command. `args` are the parameters alone, without `node` and the script. Throws on an internal fault. */
export async function runProgram(args: readonly string[], host: Host): Promise<number> {
  let code: number = EXIT.fine;
  const program = createProgram(host, (found) => (code = found));
  try {
    if (args.length === 0 && host.stdout.isTTY !== true) {
      program.outputHelp({ error: true });
      return EXIT.usage;
    }
    if (args.length === 0) host.stdout.write(OPENS_PAGE);
    await program.parseAsync(args.length === 0 ? ['serve', '--open'] : namedOf(args, program), { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
    if (error instanceof UsageError) {
      host.stderr.write(`memscope: ${error.message}\n`);
      return EXIT.usage;
    }
    throw error;
  }
}
