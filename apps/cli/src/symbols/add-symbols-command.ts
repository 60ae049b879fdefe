/** `memscope symbols list` and `memscope symbols pack` on the command line. */
import { Argument, Option } from 'commander';

import { equipCommand, type AddCommand } from '../command.js';
import type { OptionGroup } from '../options/option-group.js';
import { outputFlags, outputOptions, type RawOutputFlags } from '../options/output-options.js';
import { symbolFlags, SYMBOL_OPTIONS, type RawSymbolFlags } from '../options/symbol-options.js';
import { CAPTURE_PARAMETER } from '../views/view-options.js';

const REMARKS = `list shows the modules that native stacks mention: how many frames each has, how
many got a name, and what kept the others from having one. pack writes a symbol
bundle, CAPTURE.symbols: run it where the capture was made, or with --sysroot,
and take both files along. Beside its capture a bundle is found by itself, and
stacks are the same on any machine. Both look at the files there are now; of a
.memscope profile, list shows what was known when it was made.`;

interface RawSymbolsFlags extends RawSymbolFlags, RawOutputFlags {
  readonly output?: string;
  readonly source?: boolean;
}

const PACK_OPTIONS: OptionGroup = {
  heading: 'Packing:',
  options: () => [
    new Option('-o, --output <file>', 'the bundle, or a folder for it (default: CAPTURE.symbols)'),
    new Option('--source', 'with the source lines that stacks mention'),
  ],
  example: () => ({ line: 'memscope symbols pack capture.bin -o kept.symbols --source', remark: '' }),
};

const OUTPUT_OPTIONS = outputOptions({
  count: 'modules at the most (default: all)',
  schema: 'memscope.symbols/1',
  csv: 'print a row a module as CSV',
  example: () => ({ line: 'memscope symbols list capture.bin --csv > modules.csv', remark: '' }),
});

export const addSymbolsCommand: AddCommand = (program, host, setCode) => {
  const command = program
    .command('symbols')
    .addArgument(new Argument('<action>', 'list or pack').choices(['list', 'pack']))
    .argument(...CAPTURE_PARAMETER);
  equipCommand(
    command,
    {
      description: 'List the modules of native code with what is known of them, or pack their symbols to take along.',
      remarks: REMARKS,
      examples: [
        { line: 'memscope symbols list capture.bin', remark: 'found or missing, and why' },
        { line: 'memscope symbols pack capture.bin', remark: 'write capture.bin.symbols' },
      ],
    },
    [
      PACK_OPTIONS,
      {
        ...SYMBOL_OPTIONS,
        isRare: false,
        example: () => ({ line: 'memscope symbols pack capture.bin --sysroot image/', remark: '' }),
      },
      OUTPUT_OPTIONS,
    ],
  ).action(async (action: 'list' | 'pack', capture: string, raw: RawSymbolsFlags) => {
    const { runSymbols } = await import('./symbols-command.js');
    const { output, source } = raw;
    const flags = { ...outputFlags(raw), symbols: symbolFlags(raw), output: output ?? null, source: source === true };
    setCode(await runSymbols(action, capture, flags, host));
  });
};
