/**
 * The command line itself: commands, options, help, and what they return. Everything a command needs is loaded when
 * the command runs, so that `--help` is quick.
 */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';

import { EXIT, type ExitCode } from './exit-code.js';
import type { Host } from './host.js';
import { memscopeVersion } from './memscope-version.js';

const EXIT_CODES = `
Exit codes: 0 fine (also for the capture of a killed process, with a warning),
2 wrong usage, 3 unreadable, cut or damaged input, 4 internal fault,
130 stopped by Ctrl-C.`;

const EXAMPLES = `
Examples:
  memscope analyze capture.bin              what a capture holds
  memscope analyze capture.bin --json       the same for programs
  memscope help analyze                     all options, more examples`;

const ANALYZE_HELP = `
The capture is read once; what was found is kept beside it, in NAME.memscope
(or in the cache folder where that cannot be written), and used again until the
capture changes.

Examples:
  memscope analyze capture.bin
  memscope analyze capture.bin --sort leaked -n 30
  memscope analyze captures/ 'run-*.bin'    several: a table, then each report
  memscope analyze - < capture.bin          from standard input
  memscope analyze capture.bin --json | jq .totals.peakBytes
${EXIT_CODES}`;

interface AnalyzeFlags {
  readonly output?: string;
  readonly count?: number;
  readonly sort?: 'peak' | 'leaked' | 'total' | 'count' | 'temporary';
  readonly json?: boolean;
  readonly force?: boolean;
  readonly temporaryThreshold?: number;
  readonly maxTicks?: number;
  readonly jobs?: number;
  readonly color: boolean;
  readonly pager: boolean;
}

/** Runs one command. `args` are the parameters alone, without `node` and the script. Throws on an internal fault. */
export async function runProgram(args: readonly string[], host: Host): Promise<ExitCode> {
  let code: ExitCode = EXIT.fine;
  const program = new Command('memscope')
    .description('Reads what a memory profiler recorded (Memray captures of every version) and answers from it.')
    .version(memscopeVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .showSuggestionAfterError()
    .showHelpAfterError('Run `memscope analyze --help` for parameters, options and examples.')
    .addHelpText('after', `${EXAMPLES}\n${EXIT_CODES}`)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text.replace(/^error: /, 'memscope: ')),
      getOutHelpWidth: () => Math.min(100, host.stdout.columns ?? 80),
      getErrHelpWidth: () => Math.min(100, host.stderr.columns ?? 80),
    });
  program
    .command('analyze')
    .description('Say what a capture holds: peak, leaks, timeline, where memory came from, and what stands out.')
    .argument('<captures...>', 'capture files, folders, patterns, .memscope profiles, or - for standard input')
    .option('-o, --output <file>', 'where to keep the profile of a single capture')
    .option('-n, --count <count>', 'rows of each table (default: 10; with --json: all)', wholeNumber(1))
    .addOption(
      new Option('--sort <measure>', 'show only the locations by this measure, and order all lists by it').choices([
        'peak',
        'leaked',
        'total',
        'count',
        'temporary',
      ]),
    )
    .option('--json', 'print one JSON document (memscope.analysis/1) instead of the report')
    .option('--force', 'read the capture even if a current profile of it exists')
    .option(
      '--temporary-threshold <count>',
      'temporary = freed after at most this many further allocations of its thread (default: 1)',
      wholeNumber(0, 1_000_000),
    )
    .option('--max-ticks <count>', 'time steps to keep (default: 1000)', wholeNumber(2, 1_000_000))
    .option('-j, --jobs <count>', 'captures to read at once (default: one per core)', wholeNumber(1))
    .option('--no-pager', 'no pager, even where the report is longer than the screen')
    .option('--no-color', 'no colours, even on a terminal')
    .addHelpText('after', ANALYZE_HELP)
    .action(async (captures: string[], flags: AnalyzeFlags) => {
      const { runAnalyze } = await import('./analyze/analyze-command.js');
      const { json = false, force = false, count, sort, ...rest } = flags;
      code = await runAnalyze(captures, { ...rest, count: count ?? null, sort: sort ?? null, json, force }, host);
    });

  try {
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return EXIT.usage;
    }
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
    if (error instanceof Error && error.name === 'UsageError') {
      host.stderr.write(`memscope: ${error.message}\n`);
      return EXIT.usage;
    }
    throw error;
  }
}

function wholeNumber(least: number, greatest = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = greatest === Number.MAX_SAFE_INTEGER ? `at least ${least}` : `from ${least} to ${greatest}`;
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > greatest) {
      throw new InvalidArgumentError(`It must be a whole number, ${range}.`);
    }
    return value;
  };
}
