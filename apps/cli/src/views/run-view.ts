/** Runs a view: asks the profile its question, and prints the answer as people, programs or spreadsheets want it. */
import type { CsvTable, DocumentName } from '@memscope/model';
import type { OpenRun } from '@memscope/query';

import type { ExitCode } from '../exit-code.js';
import type { Host } from '../host.js';
import type { OutputFlags } from '../options/output-options.js';
import { writeJson, printCsv, writeOutput } from '../terminal/write-output.js';
import { reportStyle, type ReportStyle } from '../terminal/report-style.js';
import { readProfiles, readSides, refuseSeveral } from './read-profile.js';
import { runOf } from './query-host.js';
import type { ViewFlags } from './view-options.js';

export interface View<T> extends Rendering<T> {
  /** May throw `UsageError`. The profile is closed once the answer was rendered. */
  readonly ask: (run: OpenRun) => T | Promise<T>;
  /** With a base: lines tell frames of both sides apart. */
  readonly tellsLines?: true;
}

/** An answer for people, programs and spreadsheets. */
export interface Rendering<T> {
  /** Rows for people where they ask for no number. */
  readonly defaultCount: number;
  readonly lines: (answer: T, style: ReportStyle) => string[];
  /** Programs get all rows where `count` is null. */
  readonly document: (answer: T, count: number | null) => { readonly schema: DocumentName };
  readonly table: (answer: T, count: number | null) => CsvTable;
}

/** Wider lines than this are harder to read, not easier. */
const GREATEST_WIDTH = 160;

/** `paths` may be several, or a folder or pattern of several, where `flags.together` says so. */
export async function runView<T>(
  paths: string | readonly string[],
  flags: ViewFlags,
  host: Host,
  view: View<T>,
): Promise<ExitCode> {
  const named = {
    paths: typeof paths === 'string' ? [paths] : paths,
    together: typeof paths === 'string' ? null : flags.together,
  };
  const { base, reading } = flags;
  // Some of what is told, as what a filter probably meant, is looked up only now.
  const render = async (run: OpenRun): Promise<string> => renderAnswer(await view.ask(run), flags, host, view);
  const { code, answer } =
    base.length === 0
      ? await readProfiles(named, reading, host, (profiles) => render(runOf(profiles)))
      : await readSides({ base, head: named.paths }, reading, host, (sides) => {
          refuseSeveral(sides, flags.together);
          return render(runOf(sides.head, sides.base, view.tellsLines));
        });
  if (answer !== null) await writeOutput(host, answer, flags);
  return code;
}

export function renderAnswer<T>(
  answer: T,
  { count, json, csv, color }: Omit<OutputFlags, 'pager'>,
  host: Host,
  view: Rendering<T>,
): string {
  if (json) return `${writeJson(view.document(answer, count))}\n`;
  if (csv) return printCsv(view.table(answer, count), host);
  const style = reportStyle(host, { count: count ?? view.defaultCount, color, greatestWidth: GREATEST_WIDTH });
  return `${view.lines(answer, style).join('\n')}\n`;
}
