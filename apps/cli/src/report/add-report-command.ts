/** `memscope report` on the command line. */
import { Option } from 'commander';

import { equipCommand, type AddCommand } from '../command.js';
import type { OptionGroup } from '../options/option-group.js';
import { PASS_OPTIONS, readingFlags, type RawReadingFlags } from '../options/reading-options.js';
import { selectionFlags, selectionOptions, type RawSelectionFlags } from '../options/selection-options.js';
import { SYMBOL_OPTIONS } from '../options/symbol-options.js';
import { CAPTURE_PARAMETER } from '../views/view-options.js';

type RawReportFlags = RawReadingFlags & RawSelectionFlags;

const FILE_OPTIONS: OptionGroup = {
  heading: 'Report:',
  options: () => [
    new Option('-o, --output <file>', 'where to write it; - for standard output (default: CAPTURE.report.html)'),
    new Option('--force', 'replace the file, also if it is no report'),
  ],
  example: (command) => ({
    line: `memscope ${command} capture.bin -o report.html`,
    remark: 'choose where it goes',
  }),
};

const REMARKS = `The file holds the page of memscope serve with the heaviest of what it shows: at
most 10 MB, whatever the capture; what was folded is said there. It opens
without memscope and without a network, and asks nobody anything. It holds
names of functions, files and threads and the command line, but no source code.`;

export const addReportCommand: AddCommand = (program, host, setCode) => {
  const command = program.command('report').argument(...CAPTURE_PARAMETER);
  equipCommand(
    command,
    {
      description: 'Write one HTML file with timelines, flame graphs, tables and leaks, to attach or to archive.',
      remarks: REMARKS,
      examples: [{ line: 'memscope report capture.bin', remark: 'writes capture.bin.report.html' }],
    },
    [...selectionOptions('report', { own: [FILE_OPTIONS] }), PASS_OPTIONS, SYMBOL_OPTIONS],
  ).action(async (capture: string, raw: RawReportFlags) => {
    const { output, force = false, ...rest } = raw;
    const { runReport } = await import('./report-command.js');
    const flags = { ...selectionFlags(rest), output: output ?? null, force, reading: readingFlags(rest) };
    setCode(await runReport(capture, flags, host));
  });
};
