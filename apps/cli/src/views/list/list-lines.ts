/** Annotated functions → lines for people: numbers first, then the number of the line and its text. */
import { relative } from 'node:path';
import {
  countNoun,
  formatBytes,
  formatCount,
  formatShare,
  indentation,
  isCounted,
  isDefinedName,
  signedChange,
  type Selection,
  type SourceMiss,
  type ViewQuery,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { displayWidth, shortenEnd, shortenMiddle } from '../../terminal/display-width.js';
import { heading, paragraph, type ReportStyle } from '../../terminal/report-style.js';
import { layOutTable, type TableColumn } from '../../terminal/text-table.js';
import { wrapText } from '../../terminal/wrap-text.js';
import { nameChosen, totalLine, type ChosenFunctions } from '../choose-functions.js';
import { headSelection } from '../describe-selection.js';
import { printFunction } from '../frame-label.js';
import type { AnnotatedFunction, AnnotatedLine } from './annotated-function.js';
import type { LineSide } from '@memscope/query';

export interface ListAnswer {
  readonly capturePath: string;
  readonly startMs: number;
  readonly selection: Selection;
  readonly chosen: ChosenFunctions;
  /** Of a position in `chosen.functions`. */
  readonly annotated: (position: number) => AnnotatedFunction;
}

/** From this width on there is room for counts beside bytes. */
const WIDE = 110;
/** Of the width of a heading; the rest is the file's. */
const NAME_SHARE = 0.55;
/** UTF-16 units of a line that are looked at. */
const LONGEST_TEXT = 500;

export function drawList(answer: ListAnswer, view: ViewQuery, style: ReportStyle): string[] {
  const { selection, chosen } = answer;
  const own = view.counts ? chosen.count : chosen.bytes;
  const ofBase = view.counts ? chosen.base?.count : chosen.base?.bytes;
  const weighty = chosen.functions.filter((_, row) => own[row]! > 0 || (ofBase?.[row] ?? 0) > 0).length;
  const head = headSelection(`Lines of ${nameChosen(chosen, selection)} by ${view.measure}`, selection, view, style);
  if (weighty === 0) return [...head, ...paragraph('None of it went through there.', style)];
  const shown = Math.min(style.count, weighty);
  const lines = [
    ...head,
    ...(chosen.base === null
      ? []
      : paragraph('Lines are numbered as on each side: where the file changed, one number may mean two lines.', style)),
  ];
  for (let position = 0; position < shown; position++) lines.push('', ...drawFunction(position, answer, view, style));
  const [further, idle] = [weighty - shown, chosen.functions.length - weighty];
  if (further > 0) {
    const words = countNoun(further, 'further function holds less', 'further functions hold less');
    lines.push('', ...paragraph(`${words}: -n ${formatCount(weighty).replaceAll(',', '')} shows all.`, style));
  }
  if (idle > 0) {
    lines.push('', ...paragraph(`Nothing went through ${formatCount(idle)} of the functions that match.`, style));
  }
  return lines;
}

function drawFunction(position: number, answer: ListAnswer, view: ViewQuery, style: ReportStyle): string[] {
  const { selection, chosen, startMs } = answer;
  const called = selection.groups.functions[chosen.functions[position]!]!;
  const { name, place } = printFunction(chosen.functions[position]!, selection.groups);
  const short = shortenEnd(name, Math.ceil(style.width * NAME_SHARE));
  const annotated = answer.annotated(position);
  return [
    heading(short, shortenMiddle(place, style.width - displayWidth(short) - 2), style),
    ...totalsOf(position, answer, view.counts),
    ...describeSource(annotated, called.name, startMs, style),
    ...drawLines(annotated, selection, view.counts, style),
  ];
}

/** Of one side what share it is, of two sides what both hold. */
function totalsOf(position: number, { chosen, selection }: ListAnswer, counts: boolean): string[] {
  const { base, bytes, count, selfBytes, selfCount } = chosen;
  if (base === null) {
    return [
      totalLine('Inclusive', bytes[position]!, count[position]!, selection, counts),
      totalLine('Self', selfBytes[position]!, selfCount[position]!, selection, counts),
    ];
  }
  const format = counts ? formatCount : formatBytes;
  const line = (title: string, now: number, before: number): string =>
    `  ${title.padEnd(6)}  ${format(before)} → ${format(now)} (${signedChange(now - before, format)})`;
  return counts
    ? [
        line('Total', count[position]!, base.count[position]!),
        line('Self', selfCount[position]!, base.selfCount[position]!),
      ]
    : [
        line('Total', bytes[position]!, base.bytes[position]!),
        line('Self', selfBytes[position]!, base.selfBytes[position]!),
      ];
}

const MISSES: Readonly<Record<SourceMiss, string>> = {
  noFile: 'none: the capture names no file',
  noLine: 'none: the capture does not say which lines',
  notSought: 'not looked for: only that of the heaviest functions is',
  notFound: 'not found here; --source DIR looks for it in another folder',
  tooLarge: 'larger than 4 MiB, not read',
  unreadable: 'could not be read as text',
  tooShort: 'what is found here ends before these lines; --source DIR looks in another folder',
};

const RECORDED = 'these lines came with the symbols; --source DIR looks for the whole file';

function describeSource(
  { source, definition, lines }: AnnotatedFunction,
  name: string | null,
  startMs: number,
  style: ReportStyle,
): string[] {
  if (typeof source === 'string') {
    const recorded = lines.some(({ text }) => text !== null);
    return paragraph(`Source  ${recorded ? RECORDED : MISSES[source]}`, style);
  }
  const here = relative(process.cwd(), source.path);
  const path = printable(here.startsWith('..') ? source.path : here);
  const doubts = [
    ...(source.modifiedMs > startMs ? ['changed since the recording started: its lines may have moved'] : []),
    ...(definition === null && isDefinedName(name)
      ? ['no definition of that name above these lines: is it the file?']
      : []),
  ];
  const title = '  Source  ';
  const beside = ' '.repeat(title.length);
  const remarks = doubts.flatMap((doubt) => wrapText(doubt, style.width - beside.length));
  return [
    `${title}${shortenMiddle(path, style.width - beside.length)}`,
    ...remarks.map((remark) => `${beside}${remark}`),
  ];
}

function drawLines({ lines }: AnnotatedFunction, selection: Selection, counts: boolean, style: ReportStyle): string[] {
  const { width, palette } = style;
  const wide = width >= WIDE && !isCounted(selection.measure);
  const whole = counts ? selection.count : selection.bytes;
  const indent = lines.reduce(
    (least, { text }) => (text === null || text.trim() === '' ? least : Math.min(least, indentation(text))),
    Infinity,
  );
  const amount = (bytes: number, count: number): string =>
    bytes === 0 && count === 0 ? '' : counts ? formatCount(count) : formatBytes(bytes);
  const other = (bytes: number, count: number): string =>
    bytes === 0 && count === 0 ? '' : counts ? formatBytes(bytes) : formatCount(count);
  const right = (title: string): TableColumn => ({ title, align: 'right' });
  const isCompared = lines.some(({ base }) => base !== null);
  const sidesOf = ({ line, text, base, ...own }: AnnotatedLine): string[] => {
    const format = counts ? formatCount : formatBytes;
    const pick = (side: LineSide | null, self: boolean): number =>
      side === null ? 0 : counts ? (self ? side.selfCount : side.count) : self ? side.selfBytes : side.bytes;
    const [now, before] = [pick(own, false), pick(base, false)];
    const ownChange = pick(own, true) - pick(base, true);
    const isIdle = now === 0 && before === 0;
    return [
      ...(wide ? [isIdle || ownChange === 0 ? '' : signedChange(ownChange, format)] : []),
      ...(isIdle ? ['', '', ''] : [signedChange(now - before, format), format(before), format(now)]),
      line === 0 ? '?' : String(line),
      text === null ? '' : showText(text, indent),
    ];
  };
  const cellsOf = ({ line, text, selfBytes, selfCount, bytes, count }: AnnotatedLine): string[] => [
    amount(selfBytes, selfCount),
    ...(wide ? [other(selfBytes, selfCount)] : []),
    amount(bytes, count),
    ...(wide ? [other(bytes, count)] : []),
    bytes === 0 && count === 0 ? '' : formatShare(counts ? count : bytes, whole),
    line === 0 ? '?' : String(line),
    text === null ? '' : showText(text, indent),
  ];
  const second = counts ? 'Bytes' : 'Count';
  const painted = (title: string): TableColumn => ({ ...right(title), paint: palette.number });
  const numbers = isCompared
    ? [...(wide ? [right('Self change')] : []), painted('Change'), right('Base'), right('Head')]
    : [
        painted('Self'),
        ...(wide ? [right(second)] : []),
        painted('Total'),
        ...(wide ? [right(second)] : []),
        right('Share'),
      ];
  const rows: string[][] = [];
  let before = 0;
  for (const line of lines) {
    // Lines in between are left out.
    if (line.text !== null && before !== 0 && line.line > before + 1) rows.push(gapRow(numbers.length));
    rows.push(isCompared ? sidesOf(line) : cellsOf(line));
    before = line.line;
  }
  const columns: TableColumn[] = [
    ...numbers,
    { ...right('Line'), paint: palette.faint },
    { title: lines.some(({ text }) => text !== null) ? 'Source' : '', shorten: 'end', least: 8 },
  ];
  return layOutTable(columns, rows, { width, titlePaint: palette.faint });
}

function gapRow(numbers: number): string[] {
  return [...Array.from({ length: numbers }, () => ''), '…', ''];
}

/** Tabs as blanks, without the indentation that all lines have, safe on a terminal. */
function showText(text: string, indent: number): string {
  const whole = text.slice(0, LONGEST_TEXT);
  const columns = indentation(whole);
  const code = whole.trimStart().replaceAll('\t', ' '.repeat(4));
  return code === '' ? '' : ' '.repeat(Math.max(0, columns - indent)) + printable(code.trimEnd());
}
