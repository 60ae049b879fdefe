/** The rows of a table → lines for people: numbers first, then what they are the numbers of. */
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatShare,
  groupThreads,
  isCounted,
  originOf,
  signedChange,
  type SiteMeasure,
  type Selection,
  type ViewQuery,
} from '@memscope/model';

import { heading, paragraph, type ReportStyle } from '../../terminal/report-style.js';
import { layOutTable, type TableColumn } from '../../terminal/text-table.js';
import { headSelection } from '../describe-selection.js';
import { threadLabel } from '../frame-label.js';
import { allocatorOf, labelCaller, labelRow } from './label-rows.js';
import { isFrameGrouping, type Grouping, type Sort } from '@memscope/model';
import { FRAMELESS, type RankedRows } from '@memscope/query';

/** From this width on there is room for more columns. */
const WIDE = 110;

const NOUNS: Readonly<Record<Grouping, string>> = {
  function: 'Functions',
  location: 'Locations',
  module: 'Modules',
  application: 'Lines of the application',
  owner: 'Owners',
  library: 'Libraries',
  category: 'Categories',
  site: 'Sites',
  thread: 'Threads',
  allocator: 'Allocators',
  run: 'Runs',
};

const SORT_TITLES: Readonly<Record<'self' | 'inclusive', string>> = {
  self: 'themselves',
  inclusive: 'with all they called',
};

const MEASURE_TITLES: Readonly<Record<SiteMeasure, string>> = {
  peak: 'At peak',
  leaked: 'Live at end',
  total: 'Allocated',
  temporary: 'Temporary',
  objects: 'Objects',
};

/** What was asked for. */
interface ShownTable extends ViewQuery {
  readonly by: Grouping;
  readonly sort: Sort;
}

/** A column, and its cell of each row. */
interface CellColumn extends TableColumn {
  readonly cell: (row: number) => string;
}

export function drawTable(
  selection: Selection,
  rows: RankedRows,
  order: Uint32Array,
  table: ShownTable,
  style: ReportStyle,
): string[] {
  const { by, measure } = table;
  const head = headSelection(`${NOUNS[by]} by ${measure}`, selection, table, style);
  if (rows.length === 0) return [...head, '  Nothing.'];
  const columns = [...numberColumns(selection, rows, table, style), ...nameColumns(selection, rows, by, style)];
  const left = order.length < rows.length ? restOf(rows, order, table, selection) : '';
  return [
    ...head,
    '',
    tableHeading(rows, order, table, style),
    ...layOutTable(
      columns,
      Array.from(order, (row) => columns.map(({ cell }) => cell(row))),
      { width: style.width, titlePaint: style.palette.faint },
    ),
    ...(left === '' ? [] : paragraph(left, style)),
  ];
}

function tableHeading(
  { length }: RankedRows,
  order: Uint32Array,
  { by, sort, measure }: ShownTable,
  style: ReportStyle,
): string {
  const listed = order.length < length ? `${formatCount(order.length)} of ${formatCount(length)}` : '';
  if (sort === 'own-peak') return heading('Owners by the most each held at once, whenever that was', listed, style);
  if (!isFrameGrouping(by)) return heading(`${NOUNS[by]}, heaviest first`, listed, style);
  const other = `ranked by ${sort}; or --sort ${sort === 'self' ? 'inclusive' : 'self'}`;
  const did = isCounted(measure) ? 'created' : 'allocated';
  const title = `What ${NOUNS[by].toLowerCase()} ${did} ${SORT_TITLES[sort]}`;
  return heading(title, listed === '' ? other : `${listed}, ${other}`, style);
}

function numberColumns(
  selection: Selection,
  { bytes, count, self, ownPeak, head }: RankedRows,
  { counts, by, measure, sort }: ShownTable,
  { width, palette }: ReportStyle,
): CellColumn[] {
  const column = (title: string, cell: CellColumn['cell'], paint = false): CellColumn => ({
    title,
    align: 'right',
    cell,
    ...(paint ? { paint: palette.number } : {}),
  });
  const amounts = (
    title: string,
    bytesOf: Float64Array,
    countOf: Float64Array,
    both: boolean,
    paint: boolean,
  ): CellColumn[] => {
    const inBytes = (row: number): string => formatBytes(bytesOf[row]!);
    const inCount = (row: number): string => formatCount(countOf[row]!);
    const whole = counts ? selection.count : selection.bytes;
    return [
      column(title, counts ? inCount : inBytes, paint),
      column('Share', (row) => formatShare((counts ? countOf : bytesOf)[row]!, whole)),
      ...(both && !isCounted(measure) ? [column(counts ? 'Bytes' : 'Count', counts ? inBytes : inCount)] : []),
    ];
  };
  const wide = width >= WIDE;
  if (head !== null) {
    const sideColumns = (title: string, both: Float64Array, own: Float64Array, paint: boolean): CellColumn[] => {
      const format = counts ? formatCount : formatBytes;
      return [
        column(
          title === '' ? 'Change' : `${title}change`,
          (row) => signedChange(2 * own[row]! - both[row]!, format),
          paint,
        ),
        column('Base', (row) => format(both[row]! - own[row]!)),
        column('Head', (row) => format(own[row]!)),
      ];
    };
    const of = <T>(weights: { readonly bytes: T; readonly count: T }): T => (counts ? weights.count : weights.bytes);
    const total = (title: string): CellColumn[] => sideColumns(title, of({ bytes, count }), of(head), self === null);
    if (self === null || head.self === null) return total('');
    return [...sideColumns('Self ', of(self), of(head.self), true), ...(wide ? total('Total ') : [])];
  }
  if (by === 'owner') {
    const startMs = originOf(selection.profile.capture);
    const time = (row: number): string => formatDuration(ownPeak!.timeMs[row]! - startMs);
    const own = [
      column(
        'Own peak',
        (row) => (ownPeak === null ? 'not known' : formatBytes(ownPeak.bytes[row]!)),
        sort === 'own-peak',
      ),
      ...(ownPeak === null ? [] : [column('After', time)]),
    ];
    const held = amounts(counts ? 'Count' : MEASURE_TITLES[measure], bytes, count, wide, sort !== 'own-peak');
    return sort === 'own-peak' ? [...own, ...held] : [...held, ...own];
  }
  if (self === null) return amounts(counts ? 'Count' : 'Bytes', bytes, count, true, true);
  return [...amounts('Self', self.bytes, self.count, wide, true), ...amounts('Total', bytes, count, wide, false)];
}

function nameColumns(
  selection: Selection,
  { subject }: RankedRows,
  by: Grouping,
  { width, palette }: ReportStyle,
): CellColumn[] {
  const title = by === 'application' ? 'Line' : NOUNS[by].replace(/ies$/, 'y').replace(/s$/, '');
  const name = (row: number): string => labelRow(subject[row]!, by, selection).name;
  const place = (row: number): string => labelRow(subject[row]!, by, selection).place;
  switch (by) {
    case 'function':
    case 'location':
    case 'application':
    case 'owner':
    case 'site':
      return [
        { title: by === 'site' ? 'Function' : title, shorten: 'end', least: 12, cell: name },
        { title: 'File', shorten: 'middle', least: 8, yields: 1.2, paint: palette.faint, cell: place },
        ...(by === 'site' ? siteColumns(selection, subject, width) : []),
      ];
    case 'library':
      return [
        { title, shorten: 'end', cell: name },
        { title: 'Category', shorten: 'end', paint: palette.faint, cell: place },
      ];
    case 'thread': {
      const { name: names, count, groupOf } = groupThreads(selection.threads);
      const several = !selection.splitThreads && names.length < selection.threads.length;
      const threads = (row: number): string => formatCount(count[groupOf[selection.sites.thread[subject[row]!]!]!]!);
      return [
        { title, shorten: 'end', cell: name },
        ...(several ? [{ title: 'Threads', align: 'right' as const, cell: threads }] : []),
      ];
    }
    case 'module':
    case 'category':
    case 'allocator':
    case 'run':
      return [{ title, shorten: 'end', cell: name }];
  }
}

function siteColumns(selection: Selection, subject: Int32Array, width: number): CellColumn[] {
  const { threads, sites, splitThreads } = selection;
  return [
    { title: 'Allocator', shorten: 'end', least: 6, cell: (row) => allocatorOf(subject[row]!, selection) ?? '' },
    ...(!splitThreads || threads.length < 2
      ? []
      : [
          {
            title: 'Thread',
            shorten: 'end' as const,
            least: 4,
            align: width < WIDE ? ('right' as const) : ('left' as const),
            cell: (row: number) => {
              const thread = sites.thread[subject[row]!]!;
              return width < WIDE ? String(threads.tid[thread]!) : threadLabel(threads, thread);
            },
          },
        ]),
    ...(width < WIDE
      ? []
      : [
          {
            title: 'Called by',
            shorten: 'middle' as const,
            least: 16,
            cell: (row: number) => labelCaller(subject[row]!, selection),
          },
        ]),
  ];
}

/** What the rows that are not listed allocated by themselves, so that nothing counts twice. */
function restOf(
  rows: RankedRows,
  order: Uint32Array,
  { counts, by, measure }: ShownTable,
  selection: Selection,
): string {
  const own = rows.self ?? rows;
  const weight = counts ? own.count : own.bytes;
  const whole = counts ? selection.count : selection.bytes;
  const rest = whole - order.reduce((sum, row) => sum + weight[row]!, 0);
  const others = `The ${formatCount(rows.length - order.length)} others`;
  const themselves = isFrameGrouping(by) ? ' themselves' : '';
  if (rest <= 0) return `${others} allocated nothing${themselves}.`;
  const amount = counts
    ? `made ${formatCount(rest)} of the ${isCounted(measure) ? 'objects' : 'allocations'}`
    : `allocated ${formatBytes(rest)}`;
  const frameless = rows.subject.includes(FRAMELESS) && !order.some((row) => rows.subject[row] === FRAMELESS);
  const without = frameless ? ', some of it without any frame' : '';
  return `${others} ${amount}${themselves} (${formatShare(rest, whole)})${without}.`;
}
