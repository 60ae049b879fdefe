/** How an answer is printed: how much of it, as what, and how on a terminal. */
import { Option } from 'commander';
import type { DocumentName } from '@memscope/model';

import { wholeNumber, type Example, type OptionGroup } from './option-group.js';

export interface OutputFlags {
  /** Null: as many as the command thinks fit. */
  readonly count: number | null;
  readonly json: boolean;
  readonly csv: boolean;
  readonly pager: boolean;
  readonly color: boolean;
}

/** As commander gives them. */
export interface RawOutputFlags {
  readonly rows?: number;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly pager?: boolean;
  readonly color?: boolean;
}

export interface OutputOptions {
  /** Help of `-n`: what it counts, and the default. */
  readonly count: string;
  /** The JSON document. */
  readonly schema: DocumentName;
  /** Help of `--csv`; a command without a table has none. */
  readonly csv?: string;
  readonly example?: (command: string) => Example;
}

export function outputOptions({ count, schema, csv, example }: OutputOptions): OptionGroup {
  return {
    heading: 'Output:',
    options: () => [
      new Option('-n, --rows <count>', count).argParser(wholeNumber(1)),
      new Option('--json', `print one JSON document (${schema})`),
      ...(csv === undefined ? [] : [new Option('--csv', csv).conflicts('json')]),
      new Option('--no-pager', 'no pager, even where the output is longer than the screen'),
      new Option('--no-color', 'no colours, even on a terminal'),
    ],
    example:
      example ??
      ((command) =>
        csv === undefined
          ? { line: `memscope ${command} capture.bin --json`, remark: 'for programs' }
          : { line: `memscope ${command} capture.bin --csv > rows.csv`, remark: 'for a spreadsheet' }),
  };
}

export function outputFlags({ rows, json, csv, pager, color }: RawOutputFlags): OutputFlags {
  return {
    count: rows ?? null,
    json: json ?? false,
    csv: csv ?? false,
    pager: pager ?? true,
    color: color ?? true,
  };
}
