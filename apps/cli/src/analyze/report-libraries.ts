/**
 * The table of libraries: whose memory it is, by category, and the way from the application to it. What was only reserved
 * stands apart from what is used, where something tells that there is any.
 */
import {
  canAnswer,
  formatBytes,
  formatCount,
  formatShare,
  measureOf,
  nameCategory,
  NO_FRAME,
  NO_PYTHON_FRAME,
  OWN_ALLOCATORS,
  stepsToLibrary,
  type Analysis,
  type LibraryUsage,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { heading, paragraph, type ReportStyle } from '../terminal/report-style.js';
import { layOutTable } from '../terminal/text-table.js';
import { listed, wholeOf } from './report-locations.js';

interface Amount {
  readonly row: LibraryUsage;
  readonly amount: number;
}

/** `isBrief`: reservations take one line, and nothing explains them. */
export function listLibraries(analysis: Analysis, style: ReportStyle, isBrief = false): string[] {
  const { libraries, measure } = analysis;
  const apart = setApart(analysis);
  const used = amounts(libraries, (row) => (measureOf(row, measure) ?? 0) - (apart ? reservedOf(row, analysis) : 0));
  const reserved = apart ? amounts(libraries, (row) => reservedOf(row, analysis)) : [];
  if (used.length + reserved.length === 0) return [];
  const top = used.slice(0, style.count);
  const topReserved = reserved.slice(0, style.count);
  const rows = [
    ...byCategory(top).flatMap(({ category, members }) => categoryRows(category, members, analysis)),
    ...(reserved.length === 0
      ? []
      : isBrief
        ? [reservedRow(reserved)]
        : [['', '', ''], ...reservedRows(topReserved, reserved, analysis)]),
  ];
  const { palette } = style;
  const remark = `by library, shares of ${apart ? `the ${formatBytes(usedOf(analysis))} used at the ` : ''}${measure}${listed(top.length, used.length)}`;
  return [
    heading('Whose memory', remark, style),
    ...layOutTable(
      [
        { title: measure === 'count' ? 'Count' : 'Bytes', align: 'right', paint: palette.number },
        { title: 'Share', align: 'right' },
        { title: 'Library', shorten: 'end', least: Math.min(LONGEST_OWN, Math.max(14, style.width - 48)) },
        { title: 'Reached from', shorten: 'end', least: 14, paint: palette.faint },
      ],
      rows,
      { width: style.width, titlePaint: palette.faint },
    ),
    ...(reserved.length === 0 || isBrief ? [] : explainReservations(analysis, style)),
  ];
}

function setApart({ measure, reservedBytes }: Analysis): boolean {
  return measure === 'peak' && reservedBytes !== null;
}

/** What of the measure is no reservation: what shares are of. */
function usedOf(analysis: Analysis): number {
  const { measure, libraries } = analysis;
  const all = wholeOf(analysis, measure);
  return setApart(analysis) ? all - libraries.reduce((sum, row) => sum + reservedOf(row, analysis), 0) : all;
}

/** Of several runs only how much is mapped in large pieces is known by library. */
function reservedOf({ category, library, mappedBytes }: LibraryUsage, { usedHeap }: Analysis): number {
  if (usedHeap === null) return mappedBytes;
  return usedHeap.reserved
    .filter((each) => each.category === category && each.library === library)
    .reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Heaviest first, without those that hold nothing. */
function amounts(rows: readonly LibraryUsage[], amountOf: (row: LibraryUsage) => number): Amount[] {
  return rows
    .map((row) => ({ row, amount: amountOf(row) }))
    .filter(({ amount }) => amount > 0)
    .sort((a, b) => b.amount - a.amount);
}

/** Heaviest category first. */
function byCategory(rows: readonly Amount[]): { readonly category: string | null; readonly members: Amount[] }[] {
  const groups = new Map<string | null, Amount[]>();
  for (const each of rows) {
    const { category } = each.row;
    const members = groups.get(category);
    if (members === undefined) groups.set(category, [each]);
    else members.push(each);
  }
  return [...groups]
    .map(([category, members]) => ({ category, members, sum: sumOf(members) }))
    .sort((a, b) => b.sum - a.sum);
}

/** A category of one library takes one line. */
function categoryRows(category: string | null, members: readonly Amount[], analysis: Analysis): string[][] {
  const title = category === null ? framelessName(analysis) : printable(nameCategory(category));
  const [first, ...others] = members;
  if (first === undefined) return [];
  if (others.length === 0) {
    const { library } = first.row;
    const name =
      library === null || library === title
        ? title
        : library.startsWith(title)
          ? printable(library)
          : `${title}: ${printable(library)}`;
    return [[...numberCells(first.amount, analysis), name, describeWay(first.row)]];
  }
  return [
    [...numberCells(sumOf(members), analysis), title, ''],
    ...members.map(({ row, amount }) => [
      ...numberCells(amount, analysis),
      `  ${printable(row.library ?? '')}`,
      describeWay(row),
    ]),
  ];
}

/** Of the names that memscope gives: "Python objects (pymalloc arenas)". */
const LONGEST_OWN = 32;

const RESERVED = 'reserved, not used';
/** Of libraries that hand it out themselves. */
const RESERVED_TO_HAND_OUT = 'reserved, use unseen';

function nameReserved(rows: readonly Amount[]): string {
  return rows.every(({ row }) => OWN_ALLOCATORS.has(row.library ?? '')) ? RESERVED_TO_HAND_OUT : RESERVED;
}

/** All as one; the way is that to the heaviest. */
function reservedRow(all: readonly Amount[], name = nameReserved(all)): string[] {
  return [formatBytes(sumOf(all)), '', name, all[0] === undefined ? '' : describeWay(all[0].row)];
}

function reservedRows(top: readonly Amount[], all: readonly Amount[], analysis: Analysis): string[][] {
  const nameOf = ({ library }: LibraryUsage): string => printable(library ?? framelessName(analysis));
  const [only, ...others] = all;
  if (only !== undefined && others.length === 0) return [reservedRow(all, `${nameReserved(all)}: ${nameOf(only.row)}`)];
  return [
    [formatBytes(sumOf(all)), '', nameReserved(all), ''],
    ...top.map(({ row, amount }) => [formatBytes(amount), '', `  ${nameOf(row)}`, describeWay(row)]),
  ];
}

function framelessName({ capture }: Analysis): string {
  return canAnswer(capture, 'nativeStacks') ? NO_FRAME : NO_PYTHON_FRAME;
}

function explainReservations({ reservedBytes, usedHeap }: Analysis, style: ReportStyle): string[] {
  const text =
    usedHeap === null
      ? `Likely reservations are mappings of 4 MiB and more: at least ${formatBytes(reservedBytes ?? 0)} of what was ` +
        'mapped was never resident, and cost nothing.'
      : 'Reserved are mappings during whose life RSS did not rise by half of them: what was not touched costs nothing.';
  return paragraph(text, style).map((line) => style.palette.faint(line));
}

function sumOf(rows: readonly Amount[]): number {
  return rows.reduce((sum, { amount }) => sum + amount, 0);
}

function numberCells(amount: number, analysis: Analysis): string[] {
  const { measure } = analysis;
  return [measure === 'count' ? formatCount(amount) : formatBytes(amount), formatShare(amount, usedOf(analysis))];
}

/** "serve.py:31 → torch.nn → ATen" */
function describeWay(row: LibraryUsage): string {
  return stepsToLibrary(row).map(printable).join(' → ');
}
