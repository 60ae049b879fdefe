/** What changed between two sides → Markdown for a pull request: short, with the rows folded. Names are code spans. */
import { formatBytes, formatCount, printable, type ComparedMeasure, type DiffRow } from '@memscope/model';
import type { ComparedRuns } from '@memscope/query';

import { MEASURE_TITLES, placeOf, sayDistinct, totalCells, totalsOf, TOTAL_TITLES } from './diff-lines.js';

export function writeDiffMarkdown(compared: ComparedRuns, count: number): string {
  const { summary, measure, grew, shrank, moved, beside, obstacles } = compared;
  const rows = totalsOf(compared).map(([name, total]) => [
    TOTAL_TITLES[name].trim(),
    ...totalCells(name, total),
    sayDistinct(total),
  ]);
  const parts = [
    `**${escapeText(summary)}**`,
    ...obstacles.map(({ text }) => `> ⚠ ${escapeText(text)}`),
    table(['', 'base', 'head', 'change', '', ''], rows, 'lrrrrl'),
    folded(`Grew ${MEASURE_TITLES[measure]}`, grew, measure, count),
    folded(`Shrank ${MEASURE_TITLES[measure]}`, shrank, measure, count),
    folded('Moved', moved, measure, count),
    ...beside.flatMap(({ measure: other, grew: more, shrank: less }) => [
      folded(`Beside the peak, more ${MEASURE_TITLES[other]}`, more, other, count),
      folded(`Beside the peak, less ${MEASURE_TITLES[other]}`, less, other, count),
    ]),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function folded(title: string, all: readonly DiffRow[], measure: ComparedMeasure, count: number): string {
  const clear = all.filter(({ aboveNoise }) => aboveNoise);
  if (clear.length === 0) return '';
  const format = measure === 'count' ? formatCount : formatBytes;
  const rows = clear
    .slice(0, count)
    .map((row) => [
      code(row.name),
      row.file === null ? '' : code(placeOf(row)),
      format(row.base),
      format(row.head),
      row.change === 0
        ? `from ${code(row.from?.name ?? '?')}`
        : `${row.change > 0 ? '+' : '−'}${format(Math.abs(row.change))}`,
      row.status === 'new' || row.status === 'gone' ? row.status : '',
    ]);
  const lines = table(['function', 'place', 'base', 'head', 'change', ''], rows, 'llrrrl');
  return `<details><summary>${escapeText(title)}: ${formatCount(clear.length)}</summary>\n\n${lines}\n\n</details>`;
}

function table(titles: readonly string[], rows: readonly (readonly string[])[], align: string): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = align.split('').map((side) => (side === 'r' ? '---:' : '---'));
  return [line(titles), line(rule), ...rows.map(line)].join('\n');
}

/** A name in a code span that nothing in it ends, and no cell either. */
function code(text: string): string {
  const shown = printable(text).replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}

function escapeText(text: string): string {
  return printable(text).replaceAll(/[\\`*_[\]<>|#~@!&]/g, (letter) => `\\${letter}`);
}
