/**
 * Leaks → lines for people: what grows, how much there is of each verdict, a table with a curve in each row, and the rules. Where
 * the columns do not fit beside each other, the place stands below its numbers.
 */
import {
  countNoun,
  formatBytes,
  formatCount,
  formatDuration,
  headGrowth,
  isOfLevel,
  LEAK_ROW_KINDS,
  LEAK_RULES,
  PYTHON_OBJECTS,
  signedChange,
  type Finding,
  type LeakTable,
  type ViewQuery,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';
import { readLeak, sumVerdicts, type FoundLeaks } from '@memscope/query';

import { fits, padEnd, shortenMiddle } from '../../terminal/display-width.js';
import { heading, paragraph, type ReportStyle } from '../../terminal/report-style.js';
import { drawSparkline } from '../../terminal/sparkline.js';
import { layOutTable, type TableColumn } from '../../terminal/text-table.js';
import { wrapText } from '../../terminal/wrap-text.js';
import { headSelection } from '../describe-selection.js';
import { labelInnermost, type Label } from '../frame-label.js';
import { fitLabel } from '../tree/tree-lines.js';

export interface LeakAnswer extends FoundLeaks {
  readonly capturePath: string;
}

/** From this width on, the place stands beside the numbers. */
const WIDE = 120;
/** Curves are as wide as their title; the longest that leaves room for the other columns. */
const CURVE_TITLES = ['Live bytes over time', 'Live over time', 'Live bytes'] as const;
const GROWING = LEAK_RULES.find(({ name }) => name === 'growing')!;

/**
 * Rows with less of all bytes, or little of a whole recording's peak, are folded, but for what grows and a few, where no
 * number of rows was asked for.
 */
const LEAST_SHARE = 0.01;
const LITTLE_BYTES = 64 * 1024;
const LEAST_ROWS = 3;

/** `isAll`: as many rows as `style` says, however little they hold. */
export function drawLeaks(answer: LeakAnswer, view: ViewQuery, style: ReportStyle, isAll: boolean): string[] {
  const { selection, leaks, warmUp, growth, attached, arenas, reserved } = answer;
  const [title = '', ...head] = headSelection('Leaks', selection, view, style);
  const lines = [title, ...sayNothingGrows(growth, style), ...head];
  if (selection.recording.clock !== 'own') {
    const since = selection.recording.clock === 'wall' ? 'the first of them began' : 'the start of each';
    lines.push(...paragraph(`Each is judged by itself. Times and curves are since ${since}.`, style));
  }
  if (warmUp !== null) {
    const { totalBytes, totalCount } = leaks;
    lines.push(
      ...paragraph(
        `Allocated after the warm-up of ${formatDuration(warmUp.ms)} (from tick #${warmUp.fromTick} on): ` +
          `${formatBytes(totalBytes)} in ${countNoun(totalCount, 'allocation')}.`,
        style,
      ),
    );
  }
  if (attached !== null) lines.push(...paragraph(attached, style));
  lines.push(...drawGrowth(growth, style));
  if (leaks.order.length === 0) {
    return [...lines, '  Nothing.', ...(reserved === null ? [] : paragraph(printable(reserved), style))];
  }
  const occurring = sumVerdicts(leaks).filter(({ rows }) => rows > 0);
  const totals = occurring.map(({ title, bytes }) => `${formatBytes(bytes)} ${title}`);
  // With a base, rows are ordered by what changed.
  const listed = isAll || leaks.base !== null ? [...leaks.order] : weightyRows(answer, view);
  const rows = listed.slice(0, style.count);
  const folded = isAll || leaks.base !== null ? [] : [...leaks.order].filter((row) => !rows.includes(row));
  const shown = new Set(rows.map((row) => LEAK_RULES[leaks.rule[row]!]!.title));
  const told = occurring.filter(({ title }) => shown.has(title));
  const titleWidth = Math.max(...told.map(({ title }) => title.length));
  return [
    ...lines,
    ...paragraph(`Of ${leaks.base === null ? 'this' : 'what the head keeps'}: ${totals.join('; ')}.`, style),
    ...(leaks.base === null ? [] : paragraph(wordBase(leaks, leaks.base), style)),
    ...[arenas, reserved].flatMap((text) => (text === null ? [] : paragraph(printable(text), style))),
    '',
    heading('By line of the application', describeOrder(leaks, rows.length), style),
    ...drawRows(rows, answer, style),
    ...tellFolded(folded, leaks, style),
    '',
    heading('Verdicts', '', style),
    ...told.flatMap(({ title, rule }) =>
      wrapText(rule, style.width - titleWidth - 4).map(
        (line, at) => `  ${padEnd(at === 0 ? title : '', titleWidth)}  ${style.palette.faint(line)}`,
      ),
    ),
  ];
}

/** Rows that hold enough to be listed, or grow; of imports and start-up rather more. */
function weightyRows({ leaks, selection, warmUp }: LeakAnswer, view: ViewQuery): number[] {
  const { order, bytes, totalBytes, rule, kind } = leaks;
  const isWhole = warmUp === null && selection.window === null && view.filter === null;
  const peak = isWhole ? selection.recording.capture.peakBytes : 0;
  const weighty = order.filter((row) => {
    const isImport = LEAK_ROW_KINDS[kind[row]!] === 'import';
    const least = isWhole ? Math.min(LITTLE_BYTES, (isImport ? 1 : LEAST_SHARE) * peak) : 0;
    return LEAK_RULES[rule[row]!] === GROWING || bytes[row]! >= Math.max(least, LEAST_SHARE * totalBytes);
  });
  return [...(weighty.length < LEAST_ROWS ? order.subarray(0, LEAST_ROWS) : weighty)];
}

function tellFolded(rows: readonly number[], { order, bytes }: LeakTable, style: ReportStyle): string[] {
  if (rows.length === 0) return [];
  const held = formatBytes(rows.reduce((sum, row) => sum + bytes[row]!, 0));
  const words = `${formatCount(rows.length)} more with ${held}${rows.length === 1 ? `: -n ${order.length} lists it` : ` together: -n ${order.length} lists them`}`;
  return [style.palette.faint(`  … ${words}`)];
}

function sayNothingGrows(growth: readonly Finding[], style: ReportStyle): string[] {
  return growth.filter(isOfLevel).flatMap(({ title, text }) => paragraph(printable(`${title}. ${text}`), style));
}

/** What the base keeps, of it what the head does not, and what of the head is new. */
function wordBase({ order, bytes }: LeakTable, base: NonNullable<LeakTable['base']>): string {
  const isNew = (row: number): boolean => base.bytes[row] === 0 && base.count[row] === 0;
  const fresh = [...order].filter(isNew);
  const kept = base.bytes.reduce((all, each) => all + each, 0);
  const { gone } = base;
  const changes = [
    ...(fresh.length === 0
      ? []
      : [
          `New: ${countNoun(fresh.length, 'line')} with ${formatBytes(fresh.reduce((all, row) => all + bytes[row]!, 0))}.`,
        ]),
    ...(gone.rows === 0 ? [] : [`Gone: ${countNoun(gone.rows, 'line')} that kept ${formatBytes(gone.bytes)}.`]),
  ];
  return [`The base keeps ${formatBytes(kept)}.`, ...changes].join(' ');
}

/** In the words of `analyze`. */
function drawGrowth(found: readonly Finding[], style: ReportStyle): string[] {
  const growth = found.filter((each) => !isOfLevel(each));
  if (growth.length === 0) return [];
  const { palette, width } = style;
  return [
    '',
    heading(headGrowth(growth), '', style),
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

function describeOrder({ order, byRule, base }: LeakTable, shown: number): string {
  const of = shown < order.length ? `${formatCount(shown)} of ${formatCount(order.length)}, ` : '';
  if (base !== null) return `${of}what grew most first`;
  const growing = byRule[LEAK_RULES.indexOf(GROWING)]!.rows;
  const first = growing > 0 && growing < order.length ? 'what is still growing, then the heaviest' : 'heaviest first';
  return `${of}${first}`;
}

/** A table, and below each row where that was; on wide terminals only what has no room in it. */
function drawRows(rows: readonly number[], answer: LeakAnswer, style: ReportStyle): string[] {
  const { palette, width } = style;
  const wide = width >= WIDE;
  const described = describeRows(rows, answer);
  const isCompared = answer.leaks.base !== null;
  const curveTitle =
    CURVE_TITLES.find((title) => wide || title.length <= roomForCurve(described, width)) ?? CURVE_TITLES[2];
  const columns: TableColumn[] = [
    ...(isCompared
      ? ([
          { title: 'Change', align: 'right', paint: palette.number },
          { title: 'Base', align: 'right' },
          { title: 'Head', align: 'right' },
        ] as const)
      : ([
          { title: 'Bytes', align: 'right', paint: palette.number },
          { title: 'Count', align: 'right' },
        ] as const)),
    { title: 'Verdict' },
    { title: curveTitle, paint: palette.heap },
    { title: 'Born', shorten: 'end', least: 4 },
    ...(wide ? [{ title: 'Function', shorten: 'end', least: 16 } as const] : []),
    ...(wide ? [{ title: 'File', shorten: 'middle', least: 16, paint: palette.faint } as const] : []),
  ];
  const [titles = '', ...lines] = layOutTable(
    columns,
    described.map(({ amounts, verdict, curve, born, label }) => [
      ...amounts,
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
    ...(rows[0]?.amounts ?? []).map((_, column) => (row: DescribedRow) => row.amounts[column]!),
    ({ verdict }) => verdict,
    ({ born }) => born,
  ];
  return cells.reduce((room, cell) => room - widest(cell) - 2, width - 2);
}

interface DescribedRow {
  /** Bytes and count, or the change, the base and the head. */
  readonly amounts: readonly string[];
  readonly verdict: string;
  readonly curve: Float64Array;
  readonly born: string;
  readonly label: Label;
  /** Where most of it was allocated, if elsewhere, and of how many sites it is. */
  readonly below: string;
}

function describeRows(rows: readonly number[], answer: LeakAnswer): DescribedRow[] {
  const { selection, startMs } = answer;
  return rows.map((row) => {
    const { kind, line, innermost, sites, bytes, count, base, firstBornMs, lastBornMs, liveBytes, verdict } = readLeak(
      row,
      answer,
    );
    const [first, last] = [firstBornMs, lastBornMs].map((ms) => formatDuration(ms - startMs));
    const isElsewhere = innermost >= 0 && line >= 0 && innermost !== line;
    return {
      amounts:
        base === null
          ? [formatBytes(bytes), formatCount(count)]
          : [signedChange(bytes - base.bytes, formatBytes), formatBytes(base.bytes), formatBytes(bytes)],
      verdict: verdict.title,
      curve: liveBytes,
      born: first === last ? first! : `${first} – ${last}`,
      label:
        kind === 'objects'
          ? { name: PYTHON_OBJECTS, place: '' }
          : labelInnermost(kind === 'frameless' ? innermost : line, selection),
      below: [
        ...(kind === 'import' ? ['what it imports'] : []),
        ...(isElsewhere && kind === 'line'
          ? [`${sites > 1 ? 'most ' : ''}by ${placeOf(labelInnermost(innermost, selection))}`]
          : []),
        ...(sites > 1 ? [countNoun(sites, 'site')] : []),
      ].join(' · '),
    };
  });
}

function placeOf({ name, place }: Label): string {
  return place === '' ? name : `${name} ${place}`;
}
