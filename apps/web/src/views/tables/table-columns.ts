/** The columns of each table: what stands in them, how they sort, and how wide they are. */
import {
  nameCategory,
  formatBytes,
  formatCount,
  formatShare,
  NO_FRAME,
  WITHOUT_ALLOCATOR,
  type TableBy,
  type TablePage,
  type TableRow,
  type TableSort,
} from '@memscope/model';

import { element, styled, type Child } from '../../dom/element.js';
import { nameOf, placeOf, titleOf, visible } from '../../dom/visible-text.js';
import { markOf, type Mark } from '../../drawing/compared-nodes.js';
import { ownerStyle } from '../../drawing/owner-colour.js';

export interface TableColumn {
  /** Above the title: what it and those beside it are of. */
  readonly group?: string;
  readonly title: string;
  /** Null = it cannot be sorted by. */
  readonly sort: TableSort | null;
  /** At the least, in rem. */
  readonly width: number;
  /** Its part of what is left over; none where it is left out. */
  readonly grow?: number;
  readonly isNumber: boolean;
  readonly cell: (row: TableRow, page: TablePage) => readonly Child[];
}

const number = (
  title: string,
  sort: TableSort,
  read: (row: TableRow) => number | null,
  format: (value: number) => string,
): TableColumn => ({
  title,
  sort,
  width: 6.5,
  isNumber: true,
  cell: (row) => {
    const value = read(row);
    if (value === null) return [];
    return [element('span', { title: formatCount(value) }, format(value))];
  },
});

const SELF: readonly TableColumn[] = [
  number('Self', 'self', ({ selfBytes }) => selfBytes, formatBytes),
  {
    title: 'Share',
    sort: null,
    width: 7.5,
    isNumber: true,
    cell: ({ selfBytes, selfCount, label }, { bytes, count }) => {
      // Of objects only counts are known.
      const [part, whole] = Number.isFinite(bytes) ? [selfBytes, bytes] : [selfCount, count];
      return [
        styled(element('span', { class: 'cell-bar', 'aria-hidden': 'true' }), {
          width: `${whole > 0 ? Math.min(100, (part / whole) * 100) : 0}%`,
          background: ownerStyle(label ?? {}),
        }),
        element('span', {}, formatShare(part, whole)),
      ];
    },
  },
  number('Self count', 'selfCount', ({ selfCount }) => selfCount, formatCount),
];

const NESTED: readonly TableColumn[] = [
  number('With callees', 'inclusive', ({ bytes }) => bytes, formatBytes),
  number('Count', 'inclusiveCount', ({ count }) => count, formatCount),
];

const MODULE: TableColumn = {
  title: 'Module',
  sort: null,
  width: 7,
  grow: 0.6,
  isNumber: false,
  cell: ({ label }) =>
    label === null
      ? []
      : [element('span', { title: nameCategory(label.category ?? 'unknown') }, visible(label.module, 60))],
};

const plain = (
  title: string,
  read: (row: TableRow) => string | null,
  room: Pick<TableColumn, 'width' | 'grow'>,
): TableColumn => ({
  title,
  sort: null,
  ...room,
  isNumber: false,
  cell: (row) => {
    const text = read(row) ?? '';
    return [element('span', { title: visible(text, 600) }, visible(text, 60))];
  },
});

const NAME_TITLES: Readonly<Record<TableBy, string>> = {
  function: 'Function',
  location: 'Location',
  module: 'Module',
  application: 'Line of the application',
  owner: 'Owner',
  library: 'Library',
  category: 'Category',
  site: 'Allocated in',
  thread: 'Thread',
  allocator: 'Allocator',
  run: 'Run',
};

/** The numbers of rows: of one side, or of both. */
export interface NumberColumns {
  readonly self: readonly TableColumn[];
  readonly nested: readonly TableColumn[];
}

export const NUMBERS: NumberColumns = { self: SELF, nested: NESTED };
/** Of objects only counts are known. */
export const COUNTS: NumberColumns = { self: SELF.slice(1), nested: NESTED.slice(1) };
const ONE_SIDE: ReadonlySet<NumberColumns> = new Set([NUMBERS, COUNTS]);

/** `open` makes what a click on a function's name does; numbers are `NUMBERS` unless two sides are compared. */
export function columnsOf(
  by: TableBy,
  open: (row: TableRow) => (() => void) | null,
  numbers: NumberColumns,
): readonly TableColumn[] {
  const name: TableColumn = {
    title: NAME_TITLES[by],
    sort: 'name',
    width: 14,
    grow: 1.6,
    isNumber: false,
    cell: (row) => nameCell(row, by, open(row)),
  };
  switch (by) {
    case 'function':
    case 'location':
      return [name, ...(ONE_SIDE.has(numbers) ? [MODULE] : []), ...numbers.self, ...numbers.nested];
    case 'site':
      return [
        name,
        plain('Allocator', ({ allocator }) => allocator, { width: 6, grow: 0.4 }),
        plain('Thread', ({ thread }) => thread, { width: 6, grow: 0.4 }),
        ...numbers.self,
      ];
    case 'module':
      return [name, ...numbers.self, ...numbers.nested];
    case 'library':
      return [name, plain('Category', ({ label }) => label?.module ?? null, { width: 7, grow: 0.6 }), ...numbers.self];
    case 'application':
    case 'owner':
    case 'category':
    case 'thread':
    case 'allocator':
    case 'run':
      return [name, ...numbers.self];
  }
}

/** Of a table narrower than that names and numbers are, too; in rem. */
const PHONE_WIDTH = 600;
const PHONE_NAME = 7.5;
const PHONE_NUMBER = 5.5;
const REM = 16;
/** Its edges, a scroll bar, and the room at both ends of a row. */
const AROUND = 50;
const GAP = 16;

/** As a track of a CSS grid. */
export function trackOf({ width, grow }: TableColumn): string {
  return grow === undefined ? `${width}rem` : `minmax(${width}rem, ${grow}fr)`;
}

/**
 * Those for which a table of `width` pixels has room: what a row is called, the number that rows are sorted by and what
 * belongs to it, and of the others as many as fit, bytes first.
 */
export function columnsThatFit(
  columns: readonly TableColumn[],
  sort: TableSort,
  width: number,
): readonly TableColumn[] {
  const isPhone = width < PHONE_WIDTH;
  const [name, ...others] = columns.map((column) =>
    !isPhone ? column : { ...column, width: column.isNumber ? PHONE_NUMBER : PHONE_NAME },
  );
  if (name === undefined) return columns;
  const numbers = others.filter(({ isNumber }) => isNumber);
  const sorted = numbers.find((column) => column.sort === sort) ?? numbers[0];
  const beside = numbers[numbers.indexOf(sorted!) + 1];
  const worth = (column: TableColumn): number => {
    if (column === sorted) return 0;
    if (column === beside && column.sort === null) return 1;
    if (column.group !== undefined && column.group === sorted?.group) return 2;
    if (column.sort !== null) return column.sort.endsWith('Count') ? 5 : 3;
    return 4;
  };
  const kept = new Set<TableColumn>();
  let left = width - AROUND - name.width * REM;
  for (const column of others.toSorted((a, b) => worth(a) - worth(b))) {
    left -= GAP + column.width * REM;
    if (left < 0 && kept.size > 0) break;
    kept.add(column);
  }
  return [name, ...others.filter((column) => kept.has(column))];
}

/** What a narrow screen leaves out, in words; empty where it shows all. */
export function sayLeftOut(all: readonly TableColumn[], shown: readonly TableColumn[]): string {
  const titles = all
    .slice(1)
    .filter(({ title, group }) => !shown.some((each) => each.title === title && each.group === group))
    .map(({ title, group }) => (group === undefined || group === '' ? title : `${title} (${group})`));
  return titles.length === 0 ? '' : `A wider window shows more: ${titles.join(', ')}.`;
}

/** What a row is called, whole, for saving. */
export function rowName({ label, thread, allocator }: TableRow, by: TableBy): string {
  if (by === 'thread') return thread ?? label?.name ?? '';
  if (by === 'allocator') return allocator ?? label?.name ?? WITHOUT_ALLOCATOR;
  return label?.name ?? NO_FRAME;
}

/** On which side alone a row is. */
function markOfRow(row: TableRow): Mark {
  const base = row.baseCount ?? row.baseSelfCount;
  return base === null ? null : markOf({ head: row.count ?? row.selfCount, base });
}

const FRAME_ROWS: ReadonlySet<TableBy> = new Set(['function', 'location', 'application', 'owner', 'site']);

function nameCell(row: TableRow, by: TableBy, open: (() => void) | null): Child[] {
  const { label } = row;
  const isFrame = FRAME_ROWS.has(by) && label !== null;
  const text = isFrame ? nameOf(label, 120) : visible(rowName(row, by), 120);
  const title = isFrame ? titleOf(label) : visible(rowName(row, by), 600);
  const swatch =
    label === null || by === 'thread' || by === 'allocator'
      ? null
      : styled(element('span', { class: 'swatch', 'aria-hidden': 'true' }), {
          background: ownerStyle(label),
        });
  const name =
    open === null
      ? element('span', { class: 'row-name', title }, text)
      : element('button', { type: 'button', class: 'link-button row-name', title, onclick: open }, text);
  const mark = markOfRow(row);
  return [
    swatch,
    mark === null ? null : element('span', { class: `mark ${mark}` }, mark),
    name,
    isFrame ? element('span', { class: 'quiet place', title }, placeOf(label, 120)) : null,
  ];
}
