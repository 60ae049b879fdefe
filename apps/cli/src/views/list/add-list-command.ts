/** `memscope list` on the command line. */
import { Option } from 'commander';

import { equipCommand, type AddCommand } from '../../command.js';
import { collect, type OptionGroup } from '../../options/option-group.js';
import { outputOptions } from '../../options/output-options.js';
import { splitFunction, viewFlags, viewOptions, withFunctionParameters, type RawViewFlags } from '../view-options.js';

interface RawListFlags extends RawViewFlags {
  readonly source?: readonly string[];
}

const SOURCE_OPTIONS: OptionGroup = {
  heading: 'Source:',
  options: () => [
    new Option(
      '--source <folder>',
      'where source files may be read; repeatable (default: the current folder)',
    ).argParser(collect),
  ],
  example: (command) => ({ line: `memscope ${command} capture.bin --source .`, remark: 'sources are here' }),
};

const OUTPUT_OPTIONS = outputOptions({
  count: 'functions at the most, the heaviest (default: 5; with --json or --csv: all)',
  schema: 'memscope.list/1',
  csv: 'print a row for each line',
});

export const addListCommand: AddCommand = (program, host, setCode) => {
  equipCommand(
    withFunctionParameters(program.command('list')),
    {
      description: 'Show the source lines of a function with what was allocated in each.',
      remarks: LIST_REMARKS,
      examples: [{ line: 'memscope list capture.bin load', remark: 'which of its lines?' }],
      furtherParameter: 'load',
    },
    viewOptions('list', OUTPUT_OPTIONS, { own: [SOURCE_OPTIONS] }),
  ).action(async (capture: string, rest: readonly string[], raw: RawListFlags) => {
    const [{ runView }, { listView }] = await Promise.all([import('../run-view.js'), import('./list-view.js')]);
    const flags = { ...viewFlags(raw), source: raw.source ?? ['.'] };
    const { captures, name } = splitFunction(capture, rest);
    setCode(await runView(captures, flags, host, listView(name, flags)));
  });
};

const LIST_REMARKS = `FUNCTION is meant as in memscope callers. A file that the capture names is read
only if it lies in a --source folder: at its recorded path, or where the end of
that path leads from the folder. Other files are never opened.`;
