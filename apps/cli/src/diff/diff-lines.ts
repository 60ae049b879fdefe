/** What changed between two sides → lines for people: the sentence, the totals, then the rows that grew, shrank and moved. */
import {
  commandOf,
  formatBytes,
  formatChange,
  formatCount,
  formatDuration,
  moduleOfFile,
  signedChange,
  viewOf,
  type ComparedGrouping,
  type ComparedMeasure,
  type DiffDocument,
  type DiffRow,
  type DiffTotal,
  type DiffTotals,
} from '@memscope/model';
import type { ComparedRuns } from '@memscope/query';

import { breakCommand, shortestPath } from '../analyze/shown-command.js';
import { printable } from '../terminal/printable.js';
import { heading, paragraph, type ReportStyle } from '../terminal/report-style.js';
import { layOutTable, type TableColumn } from '../terminal/text-table.js';

export const TOTAL_TITLES: Readonly<Record<keyof DiffTotals, string>> = {
  peak: 'Peak',
  reserved: '  reserved, not used',
  ownPeaks: 'Own peaks, added up',
  leaked: 'Leaked',
  total: 'Total',
  temporary: 'Temporary',
  count: 'Allocations',
  rss: 'Peak RSS',
  threads: 'Threads',
  durationMs: 'Duration',
};

export const MEASURE_TITLES: Readonly<Record<ComparedMeasure, string>> = {
  peak: 'at the peak',
  'own-peak': 'at most',
  leaked: 'never freed',
  total: 'in all',
  temporary: 'freed at once',
  count: 'allocations',
};

const WIDE = 110;

export function drawDiff(compared: ComparedRuns, style: ReportStyle): string[] {
  const { measure, by, grew, shrank, moved, peakMoved, beside, obstacles } = compared;
  const what = by === 'function' ? '' : `, by ${by}`;
  const at = MEASURE_TITLES[measure];
  const sections = [
    [...paragraphOf(printable(compared.summary), style)],
    nameSides(compared, style),
    obstacles.flatMap(({ text }) => paragraph(`! ${printable(capitalise(text))}.`, style)),
    listTotals(compared, style),
    listRows(`Grew ${at}${what}`, grew, measure, by, style),
    listRows(`Shrank ${at}${what}`, shrank, measure, by, style),
    listMoved(moved, measure, style),
    listRows('Only because the peak lies at another moment', peakMoved, measure, by, style),
    ...beside.flatMap(({ measure: other, grew: more, shrank: less }) => [
      listRows(`Beside the peak, more ${MEASURE_TITLES[other]}`, more, other, by, style),
      listRows(`Beside the peak, less ${MEASURE_TITLES[other]}`, less, other, by, style),
    ]),
    suggest(compared, style),
  ];
  const lines: string[] = [];
  for (const section of sections) {
    if (section.length === 0) continue;
    if (lines.length > 0) lines.push('');
    lines.push(...section);
  }
  return lines;
}

function paragraphOf(text: string, style: ReportStyle): string[] {
  return paragraph(text, { ...style, width: style.width + 2 }).map((line) => style.palette.number(line.slice(2)));
}

function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

const MOST_NAMED = 5;

function nameSides({ base, head, together, filter }: ComparedRuns, style: ReportStyle): string[] {
  const side = (title: string, runs: DiffDocument['base']): string[] => {
    const names = runs.map(({ run }) => printable(run));
    const more = names.length > MOST_NAMED ? ` and ${formatCount(names.length - MOST_NAMED)} more` : '';
    const how = runs.length < 2 ? '' : together ? ' (added up)' : ` (medians of ${runs.length})`;
    const [first] = runs;
    const window = first?.window ?? null;
    const part = window === null ? '' : `, ticks #${window.fromTick} to #${window.toTick}`;
    return paragraph(`${title}  ${names.slice(0, MOST_NAMED).join(', ')}${more}${how}${part}`, style);
  };
  return [
    ...side('base', base),
    ...side('head', head),
    ...(filter === null ? [] : paragraph(`Filter: ${printable(filter)}`, style)),
  ];
}

function formatterOf(name: keyof DiffTotals | ComparedMeasure): (value: number) => string {
  if (name === 'count' || name === 'threads') return formatCount;
  return name === 'durationMs' ? formatDuration : formatBytes;
}

export function totalsOf({ totals }: Pick<ComparedRuns, 'totals'>): [keyof DiffTotals, DiffTotal][] {
  return (Object.keys(TOTAL_TITLES) as (keyof DiffTotals)[]).flatMap((name) => {
    const total = totals[name];
    return total === null ? [] : [[name, total] as [keyof DiffTotals, DiffTotal]];
  });
}

/** Base, head, change and share of a total, as text. */
export function totalCells(name: keyof DiffTotals, { base, head, change }: DiffTotal): string[] {
  const format = formatterOf(name);
  return [format(base), format(head), signedChange(change, format), formatChange(base, change)];
}

export function sayDistinct({ distinct, change }: DiffTotal): string {
  if (distinct === null || change === 0) return '';
  return distinct ? 'differs' : 'within noise';
}

function listTotals(compared: ComparedRuns, style: ReportStyle): string[] {
  const right = (title: string, paint = false): TableColumn => ({
    title,
    align: 'right',
    ...(paint ? { paint: style.palette.number } : {}),
  });
  const rows = totalsOf(compared);
  const isRepeated = rows.some(([, { distinct }]) => distinct !== null);
  const columns: TableColumn[] = [
    { title: 'Totals' },
    right('Base'),
    right('Head'),
    right('Change', true),
    right(''),
    ...(isRepeated ? [right('Spread'), { title: '' } satisfies TableColumn] : []),
  ];
  const cells = rows.map(([name, total]) => {
    const format = formatterOf(name);
    const spread = `±${format(total.baseSpread)}, ±${format(total.headSpread)}`;
    return [TOTAL_TITLES[name], ...totalCells(name, total), ...(isRepeated ? [spread, sayDistinct(total)] : [])];
  });
  return layOutTable(columns, cells, { width: style.width, titlePaint: style.palette.faint });
}

/** Rows above the noise, then a line for the others. */
function listRows(
  title: string,
  all: readonly DiffRow[],
  measure: ComparedMeasure,
  by: ComparedGrouping,
  style: ReportStyle,
): string[] {
  const clear = all.filter(({ aboveNoise }) => aboveNoise);
  if (clear.length === 0) return [];
  const listed = clear.slice(0, style.count);
  const format = formatterOf(measure);
  const wide = style.width >= WIDE;
  const right = (name: string): TableColumn => ({ title: name, align: 'right' });
  const columns: TableColumn[] = [
    { ...right('Change'), paint: style.palette.number },
    right('Base'),
    right('Head'),
    ...(wide ? [right('')] : []),
    { title: '' },
    { title: capitalise(by), shorten: 'end', least: 8 },
    {
      title: by === 'function' || by === 'site' ? 'Place' : '',
      shorten: 'middle',
      least: 14,
      paint: style.palette.faint,
    },
  ];
  const cells = listed.map((row) => [
    signedChange(row.change, format),
    format(row.base),
    format(row.head),
    ...(wide ? [formatChange(row.base, row.head - row.base)] : []),
    row.status === 'new' || row.status === 'gone' ? row.status : '',
    printable(row.name),
    placeOf(row),
  ]);
  const rest = all.length - listed.length;
  const sum =
    all.reduce((bytes, { change }) => bytes + change, 0) - listed.reduce((bytes, { change }) => bytes + change, 0);
  const shown = listed.length < clear.length ? `${formatCount(listed.length)} of ${formatCount(clear.length)}` : '';
  return [
    heading(title, shown, style),
    ...withWays(layOutTable(columns, cells, { width: style.width, titlePaint: style.palette.faint }), listed, style),
    ...(rest === 0
      ? []
      : paragraph(`${formatCount(rest)} ${rest === 1 ? 'other' : 'others'}: ${signedChange(sum, format)}`, style)),
  ];
}

/** Below a row the line of the application that leads there. */
function withWays(table: readonly string[], rows: readonly DiffRow[], style: ReportStyle): string[] {
  const [title = '', ...lines] = table;
  return [
    title,
    ...lines.flatMap((line, at) => {
      const way = rows[at]?.way ?? null;
      if (way === null) return [line];
      const text = `from ${printable(way.function ?? '?')} ${shorten(way.file)}${way.line > 0 ? `:${way.line}` : ''}`;
      return [line, ...paragraph(text, style).map((each) => style.palette.faint(`    ${each}`))];
    }),
  ];
}

function shorten(file: string | null): string {
  return file === null ? '' : printable(moduleOfFile(file).shortFile);
}

export function placeOf({ file, line }: Pick<DiffRow, 'file' | 'line'>): string {
  const short = shorten(file);
  return line === null || short === '' ? short : `${short}:${line}`;
}

function listMoved(moved: readonly DiffRow[], measure: ComparedMeasure, style: ReportStyle): string[] {
  const clear = moved.filter(({ aboveNoise }) => aboveNoise).slice(0, style.count);
  if (clear.length === 0) return [];
  const format = formatterOf(measure);
  return [
    heading('Moved', 'the same bytes, in another function of the same library; renamed?', style),
    ...layOutTable(
      [
        { title: 'Bytes', align: 'right', paint: style.palette.number },
        { title: 'From', shorten: 'middle', least: 14 },
        { title: 'To', shorten: 'middle', least: 14 },
      ],
      clear.map((row) => [
        format(row.head),
        printable(`${row.from?.name ?? '?'} ${shorten(row.from?.file ?? null)}`),
        `${printable(row.name)} ${placeOf(row)}`,
      ]),
      { width: style.width, titlePaint: style.palette.faint },
    ),
  ];
}

function suggest({ by, base, head }: ComparedRuns, style: ReportStyle): string[] {
  const others =
    by === 'function' ? '--by site, library, module or thread; --measure leaked, own-peak or total' : `--by function`;
  return [heading('Next', others, style), ...compareTrees(base, head, style)];
}

/** The command that shows both sides' trees; of several runs a side it would be no command that people type. */
function compareTrees(base: ComparedRuns['base'], head: ComparedRuns['head'], style: ReportStyle): string[] {
  const [before, after] = [base[0]?.capturePath, head[0]?.capturePath];
  if (before === undefined || after === undefined || base.length + head.length > 2) return [];
  const command = commandOf(viewOf('tree'), [shortestPath(after)], shortestPath(before));
  return breakCommand(command, style.width)?.map((line) => style.palette.number(line)) ?? [];
}
