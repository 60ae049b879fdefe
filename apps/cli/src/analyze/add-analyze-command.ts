/** `memscope analyze` on the command line. */
import { InvalidArgumentError, Option } from 'commander';
import type { Measure } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { equipCommand, type AddCommand } from '../command.js';
import { wholeNumber, type OptionGroup } from '../options/option-group.js';
import { outputFlags, outputOptions, type RawOutputFlags } from '../options/output-options.js';
import { readingFlags, READING_OPTIONS, type RawReadingFlags } from '../options/reading-options.js';
import { selectionFlags, selectionOptions, type RawSelectionFlags } from '../options/selection-options.js';
import { isReportSection, REPORT_SECTIONS, type ReportSection } from './report-sections.js';
import { SYMBOL_OPTIONS } from '../options/symbol-options.js';
import { TOGETHER_OPTION } from '../views/view-options.js';

const REMARKS = `The capture is read once; what was found is kept beside it, in NAME.memscope
(or in the cache folder where that cannot be written), and used again until the
capture changes.
--together sums totals and lists of several. Each was at its peak at another
moment; the report says what they held together at most.`;

interface RawAnalyzeFlags extends RawReadingFlags, Omit<RawSelectionFlags, 'measure' | 'counts'>, RawOutputFlags {
  readonly sort?: Measure;
  readonly jobs?: number;
  readonly verbose?: boolean;
  readonly sections?: readonly ReportSection[];
  readonly together?: boolean;
}

const ORDER_OPTIONS: OptionGroup = {
  heading: 'Order:',
  options: () => [
    new Option('--sort <measure>', 'show only the locations by this measure, and order all lists by it').choices([
      'peak',
      'leaked',
      'total',
      'count',
      'temporary',
    ]),
  ],
  example: () => ({ line: 'memscope analyze capture.bin --sort leaked -n 30', remark: 'only what is live at the end' }),
};

const SECTION_OPTIONS: OptionGroup = {
  heading: 'Sections:',
  options: () => [
    new Option('-v, --verbose', 'every section, whole; without it what fits a screen'),
    new Option('--sections <names>', `only these, with commas: ${REPORT_SECTIONS.join(', ')}`)
      .argParser(readSections)
      .conflicts('verbose'),
  ],
  example: () => ({ line: 'memscope analyze capture.bin --sections findings,threads', remark: 'two of them, whole' }),
};

function readSections(text: string): readonly ReportSection[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !isReportSection(name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(`There is no section ${printable(unknown)}: ${REPORT_SECTIONS.join(', ')}.`);
  }
  return names.filter(isReportSection);
}

const OUTPUT_OPTIONS = outputOptions({
  count: 'rows of each table (default: 10; with --json or --csv: all)',
  schema: 'memscope.analysis/1',
  csv: 'print a row for each source line that allocated',
  example: () => ({ line: 'memscope analyze capture.bin --json | jq .totals.peakBytes', remark: 'for programs' }),
});

const WHICH_STACKS = 'innermost frames of which stacks are locations: joined, python or native (default: python)';

const SEVERAL_OPTIONS: OptionGroup = {
  heading: 'Several captures:',
  options: () => [
    TOGETHER_OPTION(),
    new Option('-j, --jobs <count>', 'captures to read at once (default: one per core)').argParser(wholeNumber(1)),
  ],
  example: () => ({ line: "memscope analyze 'rank-*.bin' --together", remark: 'several, summed' }),
};

export const addAnalyzeCommand: AddCommand = (program, host, setCode) => {
  const command = program
    .command('analyze')
    .argument('<captures...>', 'capture files, folders, patterns, .memscope profiles, or - for standard input');
  equipCommand(
    command,
    {
      description: 'Say what a capture holds: peak, leaks, timeline, where memory came from, and what stands out.',
      remarks: REMARKS,
      examples: [
        { line: 'memscope analyze capture.bin', remark: '' },
        { line: 'memscope analyze - < capture.bin', remark: 'from standard input' },
        { line: 'memscope analyze captures/ -j 2', remark: 'a table, then each report' },
      ],
    },
    [
      ...selectionOptions('analyze', { own: [SECTION_OPTIONS, ORDER_OPTIONS], stacks: WHICH_STACKS }),
      OUTPUT_OPTIONS,
      READING_OPTIONS,
      SYMBOL_OPTIONS,
      SEVERAL_OPTIONS,
    ],
  ).action(async (captures: string[], raw: RawAnalyzeFlags) => {
    const { runAnalyze } = await import('./analyze-command.js');
    const { jobs, sort, together = false, verbose = false, sections = verbose ? 'all' : 'first screen' } = raw;
    const reading = { ...readingFlags(raw), ...(jobs === undefined ? {} : { jobs }) };
    setCode(
      await runAnalyze(
        captures,
        { ...outputFlags(raw), reading, part: selectionFlags(raw), sort: sort ?? null, sections, together },
        host,
      ),
    );
  });
};
