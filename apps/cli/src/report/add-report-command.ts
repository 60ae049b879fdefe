/** `memscope report` on the command line. */
import { Option } from 'commander';

import { equipCommand, type AddCommand } from '../command.js';
import { collect, type OptionGroup } from '../options/option-group.js';
import { PASS_OPTIONS, readingFlags, type RawReadingFlags } from '../options/reading-options.js';
import { selectionFlags, selectionOptions, type RawSelectionFlags } from '../options/selection-options.js';
import { SYMBOL_OPTIONS } from '../options/symbol-options.js';
import { CAPTURES_PARAMETER, namedSides, SHOWN_OPTIONS } from '../views/view-options.js';

type RawReportFlags = RawReadingFlags &
  RawSelectionFlags & {
    readonly together?: boolean;
    readonly diff?: boolean;
    readonly base?: readonly string[];
    readonly source?: readonly string[];
  };

const FILE_OPTIONS: OptionGroup = {
  heading: 'Report:',
  options: () => [
    new Option('-o, --output <file>', 'where to write it; - for standard output (default: CAPTURE.report.html)'),
    new Option('--force', 'replace the file, also if it is no report'),
    new Option(
      '--source <folder>',
      'take along the lines that stacks mention of the files in it; repeatable (default: none)',
    ).argParser(collect),
  ],
  example: (command) => ({
    line: `memscope ${command} capture.bin -o report.html`,
    remark: 'choose where it goes',
  }),
};

const REMARKS = `The file holds the page of memscope serve with what answers it, at most 10 MB:
most captures whole, of large ones the heaviest; what was folded is said there.
It opens without memscope and without a network, and asks nobody anything. It
holds names of functions, files and threads and the command line of the whole
recording, whatever --window and --filter have it show first; of source code
the lines that stacks mention, with --source.`;

export const addReportCommand: AddCommand = (program, host, setCode) => {
  const command = program.command('report').argument(...CAPTURES_PARAMETER);
  equipCommand(
    command,
    {
      description: 'Write one HTML file with timelines, flame graphs, tables and leaks, to attach or to archive.',
      remarks: REMARKS,
      examples: [
        { line: 'memscope report capture.bin', remark: 'writes capture.bin.report.html' },
        { line: 'memscope report --diff before.bin after.bin', remark: 'both sides, in one file' },
      ],
    },
    [...selectionOptions('report', { own: [FILE_OPTIONS, SHOWN_OPTIONS] }), PASS_OPTIONS, SYMBOL_OPTIONS],
  ).action(async (captures: string[], raw: RawReportFlags) => {
    const { output, force = false, together = false, diff = false, base = [], source = [], ...rest } = raw;
    const sides = namedSides(captures, { diff, base });
    const { runReport } = await import('./report-command.js');
    const flags = {
      ...selectionFlags(rest),
      output: output ?? null,
      force,
      reading: readingFlags(rest),
      together,
      source,
    };
    setCode(await runReport(sides, flags, host));
  });
};
