/** What changed between two sides → Markdown for a pull request: short, with the rows folded. Names are code spans. */
import {
  formatCount,
  formatterOf,
  knownTotals,
  listedRows,
  measureTitle,
  printable,
  remarkOn,
  signedChange,
  totalTitle,
  untoldObstacles,
  type ComparedMeasure,
  type DiffRow,
  type RowChange,
} from '@memscope/model';
import type { ComparedRuns } from '@memscope/query';

import { shortenMiddle } from '../terminal/display-width.js';
import { placeOf, sayDistinct, totalCells } from './diff-lines.js';

/** `remarks`: what must be known of the sides before the numbers. */
export function writeDiffMarkdown(compared: ComparedRuns, remarks: readonly string[], count: number): string {
  const { summary, measure, grew, shrank, moved, peakMoved, beside } = compared;
  const rows = knownTotals(compared).map(([name, total]) => [
    totalTitle(name, compared).trim(),
    ...totalCells(name, total),
    sayDistinct(total),
  ]);
  const list = (title: string, of: readonly RowChange[], by: ComparedMeasure): string =>
    folded(title, of, by, compared, count);
  const parts = [
    `**${escapeText(summary)}**`,
    ...[...remarks, ...untoldObstacles(compared).map(({ text }) => text)].map((text) => `> ⚠ ${escapeText(text)}`),
    markdownTable(['', 'base', 'head', 'change', '', ''], rows, 'lrrrrl'),
    list(`Grew ${measureTitle(measure, compared)}`, grew, measure),
    list(`Shrank ${measureTitle(measure, compared)}`, shrank, measure),
    list('Moved', moved, measure),
    list('Only because the peak lies at another moment', peakMoved, measure),
    ...beside.flatMap(({ measure: other, grew: more, shrank: less }) => [
      list(`Beside the peak, more ${measureTitle(other, compared)}`, more, other),
      list(`Beside the peak, less ${measureTitle(other, compared)}`, less, other),
    ]),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function folded(
  title: string,
  all: readonly RowChange[],
  measure: ComparedMeasure,
  { by, describe }: ComparedRuns,
  count: number,
): string {
  const format = formatterOf(measure);
  const { listed, worthy, others } = listedRows(all, count, measure);
  if (listed.length === 0) return '';
  const described = listed.map((change) => describe(change, measure));
  const rows = described.map((row) => [
    code(row.name),
    placeAndWay(row),
    format(row.base),
    format(row.head),
    row.change === 0 ? `from ${code(row.from?.name ?? '?')}` : signedChange(row.change, format),
    row.status === 'new' || row.status === 'gone' ? row.status : '',
  ]);
  const lines = markdownTable([by, 'place', 'base', 'head', 'change', ''], rows, 'llrrrl');
  const rest = others === null ? '' : `${escapeText(others)}\n\n`;
  return `<details><summary>${escapeText(title)}: ${formatCount(worthy)}</summary>\n\n${lines}\n\n${rest}</details>`;
}

/** The place, and the line of the application that leads there, or what the row is. */
function placeAndWay(row: DiffRow): string {
  const { file, way } = row;
  return [
    ...(file === null ? [] : [code(placeOf(row))]),
    ...(way === null ? [] : [`from ${code(way.function ?? '?')} ${code(placeOf(way))}`]),
    escapeText(remarkOn(row) ?? ''),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[], align: string): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = align.split('').map((side) => (side === 'r' ? '---:' : '---'));
  return [line(titles), line(rule), ...rows.map(line)].join('\n');
}

/** A comment on a pull request has 65,536 characters: names have so many at the most. */
const LONGEST_NAME = 200;

/** A name in a code span that nothing in it ends, and no cell either; a very long one is cut in its middle. */
export function code(name: string): string {
  if (name === '') return '(no name)';
  const text = shortenMiddle(name, LONGEST_NAME);
  // There, a backslash before the one that is to escape a bar would undo it.
  if (text.includes('\\|')) return `<code>${escapeText(text)}</code>`;
  const shown = printable(text).replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}

/** Nothing in it is Markdown, links by itself, or calls anybody: a comment parts what hosts look for in finished text. */
export function escapeText(text: string): string {
  return printable(text)
    .replaceAll(/[\\`*_[\]<>|~!&]/g, (letter) => `\\${letter}`)
    .replaceAll(/[@#](?=\w)|:(?=\/\/)|(?<=www)\./gi, (letter) => `${letter}<!-- -->`);
}
