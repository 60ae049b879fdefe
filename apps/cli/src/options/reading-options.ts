/** How a capture is read where its profile is not there yet: every command that takes captures has these. */
import { Option } from 'commander';

import { wholeNumber, type OptionGroup } from './option-group.js';
import { symbolFlags, type RawSymbolFlags, type SymbolFlags } from './symbol-options.js';

export interface ReadingFlags {
  /** Where the profile goes. */
  readonly output?: string;
  /** Read the capture even if a current profile of it exists. */
  readonly force: boolean;
  readonly temporaryThreshold?: number;
  readonly maxTicks?: number;
  readonly sqlSites?: boolean;
  readonly symbols?: SymbolFlags;
}

/** As commander gives them. */
export interface RawReadingFlags extends RawSymbolFlags {
  readonly output?: string;
  readonly force?: boolean;
  readonly temporaryThreshold?: number;
  readonly maxTicks?: number;
  readonly sqlSites?: boolean;
}

export const READING_OPTIONS: OptionGroup = {
  heading: 'Reading:',
  isRare: true,
  options: () => [
    new Option('-o, --output <file>', 'where to keep the profile of a capture'),
    new Option('--force', 'read the capture even if a current profile of it exists'),
    new Option('--sql-sites', 'rows of SQL for native stacks, too, in the profile'),
    ...passOptions(),
  ],
  example: (command) => ({
    line: `memscope ${command} capture.bin -o kept.memscope`,
    remark: 'choose where its profile goes',
  }),
};

/** What the pass over a capture keeps, for a command in which `-o` and `--force` are about another file. */
export const PASS_OPTIONS: OptionGroup = {
  heading: READING_OPTIONS.heading,
  isRare: true,
  options: passOptions,
  example: (command) => ({
    line: `memscope ${command} capture.bin --max-ticks 5000`,
    remark: 'a long recording, in finer steps of time',
  }),
};

function passOptions(): readonly Option[] {
  return [
    new Option(
      '--temporary-threshold <count>',
      'temporary = freed after at most this many further allocations of its thread (default: 1)',
    ).argParser(wholeNumber(0, 1_000_000)),
    new Option('--max-ticks <count>', 'time steps to keep (default: 1000)').argParser(wholeNumber(2, 1_000_000)),
  ];
}

export function readingFlags(raw: RawReadingFlags): ReadingFlags {
  const { output, force = false, temporaryThreshold, maxTicks, sqlSites = false } = raw;
  const symbols = symbolFlags(raw);
  return {
    force,
    ...(output === undefined ? {} : { output }),
    ...(temporaryThreshold === undefined ? {} : { temporaryThreshold }),
    ...(maxTicks === undefined ? {} : { maxTicks }),
    ...(sqlSites ? { sqlSites } : {}),
    ...(symbols === null ? {} : { symbols }),
  };
}
