/**
 * `memscope diff`: captures or profiles of both sides → what changed between them, for people, as the document
 * `memscope.diff/1`, as CSV, or as Markdown. Captures without a profile are read side by side.
 */
import {
  COMPARED_GROUPINGS,
  countNoun,
  type ComparedGrouping,
  type ComparedMeasure,
  type CsvTable,
  type RenamedPath,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';
import { compareRuns, diffDocument, MOST_DIFF_ROWS, OpenRun, type ComparedRuns } from '@memscope/query';

import type { ExitCode } from '../exit-code.js';
import type { Host } from '../host.js';
import { memscopeVersion } from '../beside-program.js';
import { refuseFamily, remarkOnSides } from '../reading/side-families.js';
import { complain, writeOutput } from '../terminal/write-output.js';
import { readSides } from '../views/read-profile.js';
import { renderAnswer } from '../views/run-view.js';
import { queryHost } from '../views/query-host.js';
import { asUsage, viewBy } from '../views/selection-request.js';
import type { ViewFlags } from '../views/view-options.js';
import { drawDiff } from './diff-lines.js';
import { writeDiffMarkdown } from './diff-markdown.js';

export interface DiffFlags extends ViewFlags {
  readonly compared: ComparedMeasure;
  readonly by: ComparedGrouping;
  readonly lines: boolean;
  readonly renamed: readonly RenamedPath[];
  /** Left out: the base has the same window. */
  readonly baseWindow?: string;
  readonly markdown: boolean;
}

const DEFAULT_COUNT = 10;

export interface Sides<T> {
  readonly base: readonly T[];
  readonly head: readonly T[];
}

export async function runDiff(paths: Sides<string>, flags: DiffFlags, host: Host): Promise<ExitCode> {
  const { compared: measure, by, lines, together, renamed, baseWindow } = flags;
  const view = viewBy(flags, 'diff', by, COMPARED_GROUPINGS);
  const { code, answer: text } = await readSides(paths, flags.reading, host, ({ base, head }) =>
    asUsage(() => {
      if (!together) for (const side of [base, head]) refuseFamily('diff', side);
      const remarks = remarkOnSides({ base, head }, { together, isOfWindows: baseWindow !== undefined });
      const set = { base, head, renamed, lines, ...(baseWindow === undefined ? {} : { baseWindow }) };
      const compared = compareRuns(new OpenRun(set, queryHost()), view, { measure, by, lines, together });
      return render(compared, remarks, flags, host);
    }),
  );
  if (text === null) return code;
  await writeOutput(host, text, flags);
  return code;
}

/** Rows are described for it, of runs that are still open. */
function render(compared: ComparedRuns, remarks: readonly string[], flags: DiffFlags, host: Host): string {
  if (flags.markdown) return `${writeDiffMarkdown(compared, remarks, flags.count ?? DEFAULT_COUNT)}\n`;
  return renderAnswer(compared, flags, host, {
    defaultCount: DEFAULT_COUNT,
    lines: (answer, style) => drawDiff(answer, style, { remarks }),
    document: (answer, count) => diffDocument(answer, memscopeVersion(), count ?? MOST_DIFF_ROWS, remarks),
    table: (answer, count) => {
      for (const remark of remarks) complain(host, `warning: ${printable(remark)}`);
      return tabulate(answer, count, host);
    },
  });
}

const COLUMNS = [
  'status',
  'kind',
  'name',
  'function',
  'file',
  'line',
  'way_function',
  'way_file',
  'way_line',
  'from_function',
  'from_file',
  'base',
  'head',
  'change',
  'above_noise',
] as const;

function tabulate(compared: ComparedRuns, count: number | null, host: Host): CsvTable {
  const { measure, grew, shrank, moved, peakMoved, describe } = compared;
  const lists = [grew, shrank, moved, peakMoved];
  const most = count ?? MOST_DIFF_ROWS;
  const rows = lists.flatMap((list) => list.slice(0, most)).map((change) => describe(change, measure));
  const longest = Math.max(...lists.map(({ length }) => length));
  if (count === null && longest > most) {
    const others = lists.reduce((sum, { length }) => sum + Math.max(0, length - most), 0);
    complain(
      host,
      `${countNoun(others, 'row of a smaller change is', 'rows of smaller changes are')} left out; -n ${longest} lists all`,
    );
  }
  return {
    columns: [...COLUMNS],
    rows: rows.map((row) => [
      row.status,
      row.kind,
      row.name,
      row.function,
      row.file,
      row.line,
      row.way?.function ?? null,
      row.way?.file ?? null,
      row.way?.line ?? null,
      row.from?.function ?? null,
      row.from?.file ?? null,
      row.base,
      row.head,
      row.change,
      row.aboveNoise ? 1 : 0,
    ]),
  };
}
