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
  /** A track of a CSS grid. */
  readonly width: string;
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
  width: '6.500rem',
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
    width: '7.500rem',
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
  width: 'minmax(7rem, 0.6fr)',
  isNumber: false,
  cell: ({ label }) =>
    label === null
      ? []
      : [element('span', { title: nameCategory(label.category ?? 'unknown') }, visible(label.module, 60))],
};

const plain = (title: string, read: (row: TableRow) => string | null, width: string): TableColumn => ({
  title,
  sort: null,
  width,
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
    width: 'minmax(14rem, 1.6fr)',
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
        plain('Thread', ({ thread }) => thread, 'minmax(6rem, 0.4fr)'),
        plain('Allocator', ({ allocator }) => allocator, 'minmax(6rem, 0.4fr)'),
        ...numbers.self,
      ];
    case 'module':
      return [name, ...numbers.self, ...numbers.nested];
    case 'library':
      return [name, plain('Category', ({ label }) => label?.module ?? null, 'minmax(7rem, 0.6fr)'), ...numbers.self];
    case 'application':
    case 'owner':
    case 'category':
    case 'thread':
    case 'allocator':
    case 'run':
      return [name, ...numbers.self];
  }
}

/** On a narrower screen numbers would lie beyond its edge. */
const LEAST_WIDTH = 600;
/** With room for a second one. */
const LEAST_FOR_TWO = 340;

/** On a phone what a row is called, the number that rows are sorted by, and its share or the change in percent. */
export function columnsThatFit(
  columns: readonly TableColumn[],
  sort: TableSort,
  width: number,
): readonly TableColumn[] {
  if (width >= LEAST_WIDTH) return columns;
  const [name, ...others] = columns;
  const numbers = others.filter(({ isNumber }) => isNumber);
  const sorted = Math.max(
    0,
    numbers.findIndex((column) => column.sort === sort),
  );
  const beside = numbers[sorted + 1];
  return [
    { ...name!, width: 'minmax(0, 1fr)' },
    ...numbers.slice(sorted, sorted + 1).map((column) => ({ ...column, width: '5.500rem' })),
    ...(width >= LEAST_FOR_TWO && beside?.sort === null ? [{ ...beside, width: '5.500rem' }] : []),
  ];
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
