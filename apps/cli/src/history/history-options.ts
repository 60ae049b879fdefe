/** The options that say which runs of which history are meant. */
import { Option } from 'commander';

import { printable } from '@memscope/model/text/printable';

import { UsageError } from '../exit-code.js';
import { collect, wholeNumber, type OptionGroup } from '../options/option-group.js';

/** Where runs are kept if nothing else is said. */
export const HISTORY_NAME = 'memscope-history.sqlite';

/** What `--baseline` takes for the last runs of a history. */
export const HISTORY = 'history';

/** A history and runs of it. */
export interface HistoryChoice {
  /** The file. */
  readonly history: string;
  /** Null: of any. */
  readonly branch: string | null;
  readonly labels: Readonly<Record<string, string>>;
  /** The last so many; null: as many as the question usually takes. */
  readonly last: number | null;
}

/** As commander gives them. */
export interface RawHistoryChoice {
  readonly history?: string;
  readonly branch?: string;
  readonly label?: readonly string[];
  readonly last?: number;
}

export const HISTORY_OPTIONS: OptionGroup = {
  heading: 'History:',
  options: () => [
    new Option('--history <file>', `the file (default: ${HISTORY_NAME})`),
    new Option(
      '--branch <name>',
      'runs of that branch (default: the main one; show: what is checked out, if it has runs); of a new run, its branch (default: as git has it)',
    ),
    new Option(
      '--label <name=value>',
      'as "python=3.13", runs with it; of a new run, a label of it; repeatable',
    ).argParser(collect),
    new Option('--last <count>', 'the last so many runs (default: 200; where medians are taken, 5)').argParser(
      wholeNumber(1, 100_000),
    ),
  ],
  example: () => ({ line: 'memscope history show --branch main --last 50', remark: 'the trend of a branch' }),
};

/** A variable of a CI system that is not set comes as an empty text: nothing was given then. */
export function given(text: string | undefined): string | null {
  return text === undefined || text.trim() === '' ? null : text;
}

/** Throws `UsageError`. */
export function historyChoice({ history, branch, label = [], last }: RawHistoryChoice): HistoryChoice {
  return {
    history: given(history) ?? HISTORY_NAME,
    branch: given(branch),
    labels: labelsOf(label),
    last: last ?? null,
  };
}

function labelsOf(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new UsageError(`--label ${printable(text)}: a label is written as NAME=VALUE`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
