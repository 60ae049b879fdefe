/**
 * Leaks → lines for people: what grows, how much there is of each verdict, a table with a curve in each row, and the rules. Where
 * the columns do not fit beside each other, the place stands below its numbers.
 */
import {
  formatBytes,
  formatCount,
  formatDuration,
  LEAK_ROW_KINDS,
  LEAK_RULES,
  PYTHON_OBJECTS,
  type Finding,
  type LeakTable,
} from '@memscope/model';

import { fits, padEnd, shortenMiddle } from '../../terminal/display-width.js';
import { printable } from '../../terminal/printable.js';
import { heading, paragraph, type ReportStyle } from '../../terminal/report-style.js';
import { drawSparkline } from '../../terminal/sparkline.js';
import { layOutTable, type TableColumn } from '../../terminal/text-table.js';
import { wrapText } from '../../terminal/wrap-text.js';
import { headSelection } from '../describe-selection.js';
import { labelInnermost, type Label } from '../frame-label.js';
import { fitLabel } from '../tree/tree-lines.js';
import { attachedNote, curveOf, growthOf, innermostOf, type LeakAnswer } from './leak-rows.js';
import type { LeaksFlags } from './leaks-view.js';

/** From this width on, the place stands beside the numbers. */
const WIDE = 120;
/** Curves are as wide as their title; the longest that leaves room for the other columns. */
const CURVE_TITLES = ['Live bytes over time', 'Live over time', 'Live bytes'] as const;
const GROWING = LEAK_RULES.find(({ name }) => name === 'growing')!;

export function drawLeaks(answer: LeakAnswer, flags: LeaksFlags, style: ReportStyle): string[] {
  const { selection, leaks, tickEndMs } = answer;
  const lines = headSelection('Leaks', selection, flags, style);
  if (flags.warmUp !== null) {
    const { fromTick, totalBytes, totalCount } = leaks;
    const since = formatDuration(fromTick === 0 ? 0 : tickEndMs[fromTick - 1]!);
    lines.push(
      ...paragraph(
        `Allocated after the warm-up of ${since} (from tick #${fromTick} on): ${formatBytes(totalBytes)} in ` +
          `${formatCount(totalCount)} allocations.`,
        style,
      ),
    );
  }
  const attached = attachedNote(selection);
  if (attached !== null) lines.push(...paragraph(attached, style));
  lines.push(...drawGrowth(growthOf(selection), style));
  if (leaks.order.length === 0) return [...lines, '  Nothing.'];
  const occurring = LEAK_RULES.map((rule, at) => ({ ...rule, ...leaks.byRule[at]! }))
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => Number(b.name === GROWING.name) - Number(a.name === GROWING.name) || b.bytes - a.bytes);
  const totals = occurring.map(({ title, bytes }) => `${formatBytes(bytes)} ${title}`);
  const rows = [...leaks.order.subarray(0, style.count)];
  const titleWidth = Math.max(...occurring.map(({ title }) => title.length));
  return [
    ...lines,
    ...paragraph(`Of this: ${totals.join('; ')}.`, style),
    '',
    heading('By line of the application', describeOrder(leaks, rows.length), style),
    ...drawRows(rows, answer, style),
    '',
    heading('Verdicts', '', style),
    ...occurring.flatMap(({ title, rule }) =>
      wrapText(rule, style.width - titleWidth - 4).map(
        (line, at) => `  ${padEnd(at === 0 ? title : '', titleWidth)}  ${style.palette.faint(line)}`,
      ),
    ),
  ];
}

/** In the words of `analyze`. */
function drawGrowth(growth: readonly Finding[], style: ReportStyle): string[] {
  if (growth.length === 0) return [];
  const { palette, width } = style;
  return [
    '',
    heading('What grows', '', style),
    ...growth.flatMap(({ rule, title, text }) => [
      ...wrapText(printable(title), width - 4).map(
        (line, at) =>
          `  ${at === 0 ? (rule === 'grows' ? palette.warning('!') : palette.heading('•')) : ' '} ${palette.number(line)}`,
      ),
      ...wrapText(printable(text), width - 4).map((line) => `    ${line}`),
    ]),
    '',
  ];
}

function describeOrder({ order, byRule }: LeakTable, shown: number): string {
  const growing = byRule[LEAK_RULES.indexOf(GROWING)]!.rows;
  const first = growing > 0 && growing < order.length ? 'what is still growing, then the heaviest' : 'heaviest first';
  return shown < order.length ? `${formatCount(shown)} of ${formatCount(order.length)}, ${first}` : first;
}

/** A table, and below each row where that was; on wide terminals only what has no room in it. */
function drawRows(rows: readonly number[], answer: LeakAnswer, style: ReportStyle): string[] {
  const { palette, width } = style;
  const wide = width >= WIDE;
  const described = describeRows(rows, answer);
  const curveTitle =
    CURVE_TITLES.find((title) => wide || title.length <= roomForCurve(described, width)) ?? CURVE_TITLES[2];
  const columns: TableColumn[] = [
    { title: 'Bytes', align: 'right', paint: palette.number },
    { title: 'Count', align: 'right' },
    { title: 'Verdict' },
    { title: curveTitle, paint: palette.heap },
    { title: 'Born', shorten: 'end', least: 4 },
    ...(wide ? [{ title: 'Function', shorten: 'end', least: 16 } as const] : []),
    ...(wide ? [{ title: 'File', shorten: 'middle', least: 16, paint: palette.faint } as const] : []),
  ];
  const [titles = '', ...lines] = layOutTable(
    columns,
    described.map(({ bytes, count, verdict, curve, born, label }) => [
      bytes,
      count,
      verdict,
      drawSparkline(curve, curveTitle.length),
      born,
      ...(wide ? [label.name, label.place] : []),
    ]),
    { width },
  );
  const indent = titles.indexOf(wide ? 'Function' : 'Verdict');
  const room = width - indent;
  return [
    palette.faint(titles),
    ...lines.flatMap((line, at) => {
      const { label, below } = described[at]!;
      // The verdict comes before all names.
      const first = line.replace(GROWING.title, palette.warning);
      return [first, ...placeLines(label, below, wide, room, style).map((text) => `${' '.repeat(indent)}${text}`)];
    }),
  ];
}

/** What stands below a row: the place unless that is in the row, and the rest beside it where it fits. */
function placeLines({ name, place }: Label, below: string, wide: boolean, room: number, style: ReportStyle): string[] {
  const { palette } = style;
  const rest = below === '' ? [] : [palette.faint(shortenMiddle(below, room))];
  if (wide) return rest;
  const label = fitLabel({ name, place }, room, style);
  const isOneLine = below !== '' && fits(`${name}  ${place}  ${below}`, room);
  return isOneLine ? [`${label}  ${rest[0]}`] : [label, ...rest];
}

/** What the other columns of a row, and the gaps between them, leave. */
function roomForCurve(rows: readonly DescribedRow[], width: number): number {
  const widest = (cell: (row: DescribedRow) => string): number =>
    rows.reduce((most, row) => Math.max(most, cell(row).length), 5);
  const cells: readonly ((row: DescribedRow) => string)[] = [
    ({ bytes }) => bytes,
    ({ count }) => count,
    ({ verdict }) => verdict,
    ({ born }) => born,
  ];
  return cells.reduce((room, cell) => room - widest(cell) - 2, width - 2);
}

interface DescribedRow {
  readonly bytes: string;
  readonly count: string;
  readonly verdict: string;
  readonly curve: Float64Array;
  readonly born: string;
  readonly label: Label;
  /** Where most of it was allocated, if elsewhere, and of how many sites it is. */
  readonly below: string;
}

function describeRows(rows: readonly number[], { selection, leaks, tickEndMs }: LeakAnswer): DescribedRow[] {
  const { canonical } = selection.groups;
  return rows.map((row) => {
    const frame = leaks.frame[row]!;
    const innermost = innermostOf(row, leaks, selection);
    const [first, last] = [leaks.firstBornTick[row]!, leaks.lastBornTick[row]!].map((tick) =>
      formatDuration(tickEndMs[tick]!),
    );
    const kind = LEAK_ROW_KINDS[leaks.kind[row]!]!;
    const isElsewhere = innermost >= 0 && frame >= 0 && canonical[innermost] !== canonical[frame];
    const sites = leaks.sites[row]!;
    return {
      bytes: formatBytes(leaks.bytes[row]!),
      count: formatCount(leaks.count[row]!),
      verdict: LEAK_RULES[leaks.rule[row]!]!.title,
      curve: curveOf(row, leaks),
      born: first === last ? first! : `${first} – ${last}`,
      label:
        kind === 'objects'
          ? { name: PYTHON_OBJECTS, place: '' }
          : labelInnermost(kind === 'frameless' ? innermost : frame, selection),
      below: [
        ...(kind === 'import' ? ['what it imports'] : []),
        ...(isElsewhere && kind === 'line'
          ? [`${sites > 1 ? 'most ' : ''}by ${placeOf(labelInnermost(innermost, selection))}`]
          : []),
        ...(sites > 1 ? [`${formatCount(sites)} sites`] : []),
      ].join(' · '),
    };
  });
}

function placeOf({ name, place }: Label): string {
  return place === '' ? name : `${name} ${place}`;
}
