/** What changed between two sides → lines for people: the sentence, the totals, then the rows that grew, shrank and moved. */
import { stripVTControlCharacters } from 'node:util';

import {
  commandOf,
  formatChange,
  formatCount,
  formatterOf,
  hasRounded,
  isItself,
  knownTotals,
  listedRows,
  measureTitle,
  moduleOfFile,
  remarkOn,
  ROUNDED_SUMS,
  sayMoved,
  signedChange,
  totalTitle,
  untoldObstacles,
  viewOf,
  type ComparedMeasure,
  type DiffRow,
  type DiffTotal,
  type DiffTotals,
  type RowChange,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';
import type { ComparedRuns } from '@memscope/query';

import { breakCommand, shortestPath } from '../analyze/shown-command.js';
import { displayWidth } from '../terminal/display-width.js';
import { heading, joinSections, paragraph, type ReportStyle } from '../terminal/report-style.js';
import { layOutTable, type TableColumn } from '../terminal/text-table.js';
import { nameSides } from './name-sides.js';

const WIDE = 110;

/**
 * `isKept`: the runs are kept beyond their captures, so that no command shows more of them. `remarks` are what must be
 * known of the sides before the numbers.
 */
export function drawDiff(
  compared: ComparedRuns,
  style: ReportStyle,
  { isKept = false, remarks = [] }: { readonly isKept?: boolean; readonly remarks?: readonly string[] } = {},
): string[] {
  const { measure, by, filter, grew, shrank, peakMoved, beside } = compared;
  const what = by === 'function' ? '' : `, by ${by}`;
  const at = measureTitle(measure, compared);
  return joinSections([
    [...paragraphOf(printable(compared.summary), style)],
    [
      ...nameSides(compared, 'base', style),
      ...remarks.flatMap((remark) => paragraph(`! ${printable(capitalise(remark))}`, style)),
      ...(filter === null ? [] : paragraph(`Filter: ${printable(filter)}`, style)),
    ],
    untoldObstacles(compared).flatMap(({ text }) => paragraph(`! ${printable(capitalise(text))}.`, style)),
    listTotals(compared, style),
    hasRounded(compared.totals) ? paragraph(ROUNDED_SUMS, style) : [],
    listRows(`Grew ${at}${what}`, grew, measure, compared, style),
    listRows(`Shrank ${at}${what}`, shrank, measure, compared, style),
    listMoved(compared, style),
    listRows('Only because the peak lies at another moment', peakMoved, measure, compared, style),
    ...beside.flatMap(({ measure: other, grew: more, shrank: less }) => [
      listRows(`Beside the peak, more ${measureTitle(other, compared)}`, more, other, compared, style),
      listRows(`Beside the peak, less ${measureTitle(other, compared)}`, less, other, compared, style),
    ]),
    isKept ? [] : suggest(compared, style),
  ]);
}

function paragraphOf(text: string, style: ReportStyle): string[] {
  return paragraph(text, { ...style, width: style.width + 2 }).map((line) => style.palette.number(line.slice(2)));
}

function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
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
  const rows = knownTotals(compared);
  const isRepeated = rows.some(([, { distinct }]) => distinct !== null);
  const columns: TableColumn[] = [{ title: 'Totals' }, right('Base'), right('Head'), right('Change', true), right('')];
  const cells = rows.map(([name, total]) => [totalTitle(name, compared), ...totalCells(name, total)]);
  const layout = { width: style.width, titlePaint: style.palette.faint };
  const plain = layOutTable(columns, cells, layout);
  if (!isRepeated) return plain;
  const verdict: TableColumn = { title: '' };
  const spreads = rows.map(([name, { baseSpread, headSpread }]) => {
    const format = formatterOf(name);
    return [`±${format(baseSpread)}`, `±${format(headSpread)}`];
  });
  const whole = layOutTable(
    [...columns, right('Spread'), verdict],
    cells.map((line, at) => [...line, spreads[at]!.join(', '), sayDistinct(rows[at]![1])]),
    layout,
  );
  if (whole.every((line) => displayWidth(stripVTControlCharacters(line)) <= style.width)) return whole;
  // Where there is no room beside the totals, it is a table of its own.
  const below = rows.map(([name, total], at) => [totalTitle(name, compared), ...spreads[at]!, sayDistinct(total)]);
  return [...plain, '', ...layOutTable([{ title: 'Spread' }, right('Base'), right('Head'), verdict], below, layout)];
}

/** The rows, then a line for the others. */
function listRows(
  title: string,
  all: readonly RowChange[],
  measure: ComparedMeasure,
  { by, describe }: ComparedRuns,
  style: ReportStyle,
): string[] {
  const format = formatterOf(measure);
  const { listed: changes, worthy, others } = listedRows(all, style.count, measure);
  if (changes.length === 0) return [];
  const listed = changes.map((change) => describe(change, measure));
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
      least: 10,
      paint: style.palette.faint,
    },
  ];
  const cells = listed.map((row) => [
    signedChange(row.change, format),
    format(row.base),
    format(row.head),
    // "new" stands beside it.
    ...(wide ? [row.base === 0 ? '' : formatChange(row.base, row.head - row.base)] : []),
    row.status === 'new' || row.status === 'gone' ? row.status : '',
    printable(row.name),
    placeOf(row),
  ]);
  const shown = listed.length < worthy ? `${formatCount(listed.length)} of ${formatCount(worthy)}` : '';
  return [
    heading(title, shown, style),
    ...withWays(layOutTable(columns, cells, { width: style.width, titlePaint: style.palette.faint }), listed, style),
    ...(others === null ? [] : paragraph(others, style)),
  ];
}

/** Below a row the line of the application that leads there, or what it is. */
function withWays(table: readonly string[], rows: readonly DiffRow[], style: ReportStyle): string[] {
  const [title = '', ...lines] = table;
  return [
    title,
    ...lines.flatMap((line, at) => {
      const row = rows[at]!;
      const text = row.way === null ? remarkOn(row) : `from ${printable(row.way.function ?? '?')} ${placeOf(row.way)}`;
      if (text === null) return [line];
      return [
        line,
        ...paragraph(text, { ...style, width: style.width - 4 }).map((each) => style.palette.faint(`    ${each}`)),
      ];
    }),
  ];
}

function shorten(file: string | null): string {
  return file === null ? '' : printable(moduleOfFile(file).shortFile);
}

export function placeOf({ file, line }: Pick<DiffRow, 'file' | 'line'>): string {
  const short = shorten(file);
  return line === null || line === 0 || short === '' ? short : `${short}:${line}`;
}

function listMoved({ moved, measure, by, describe }: ComparedRuns, style: ReportStyle): string[] {
  const clear = moved
    .filter(({ aboveNoise }) => aboveNoise)
    .slice(0, style.count)
    .map((change) => describe(change, measure));
  if (clear.length === 0) return [];
  const format = formatterOf(measure);
  return [
    heading('Moved', sayMoved(measure, by), style),
    ...layOutTable(
      [
        { title: measure === 'count' ? 'Allocations' : 'Bytes', align: 'right', paint: style.palette.number },
        { title: 'From', shorten: 'middle', least: 14 },
        { title: 'To', shorten: 'middle', least: 14 },
      ],
      clear.map((row) => [
        format(row.head),
        row.from === null ? '?' : movedPlace({ ...row.from, line: null }),
        movedPlace(row),
      ]),
      { width: style.width, titlePaint: style.palette.faint },
    ),
  ];
}

/** With where its stack differs from the other side's, unless that is its own function. */
function movedPlace(row: Pick<DiffRow, 'name' | 'function' | 'file' | 'line' | 'caller'>): string {
  const { caller } = row;
  const isOwn = caller !== null && isItself(row, caller);
  const place = placeOf(isOwn ? caller : row);
  const own = `${printable(row.name)} ${place}`.trimEnd();
  return caller === null || isOwn ? own : `${own} ← ${printable(caller.function ?? '?')} ${placeOf(caller)}`;
}

function suggest(compared: ComparedRuns, style: ReportStyle): string[] {
  const { by } = compared;
  const others =
    by === 'function' ? '--by site, library, module or thread; --measure leaked, own-peak or total' : `--by function`;
  return [heading('Next', others, style), ...compareTrees(compared, style)];
}

/** The command that shows both sides' trees; of several runs a side, or of two windows, people would not type it. */
function compareTrees({ base, head, measure, filter }: ComparedRuns, style: ReportStyle): string[] {
  const [before, after] = [base[0], head[0]];
  const isPart = [...base, ...head].some(({ window }) => window !== null);
  if (before === undefined || after === undefined || base.length + head.length > 2 || isPart) return [];
  const shown = measure === 'leaked' || measure === 'total' || measure === 'temporary' ? measure : null;
  const view = viewOf('tree', { measure: shown, filter });
  const command = commandOf(view, [shortestPath(after.capturePath)], shortestPath(before.capturePath));
  return breakCommand(command, style.width)?.map((line) => style.palette.number(line)) ?? [];
}
