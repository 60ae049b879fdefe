/** The numbers of a table of two sides: change, base and head, of what rows allocated themselves and with callees. */
import {
  formatBytes,
  formatChange,
  formatCount,
  signedChange,
  type TableBy,
  type TablePage,
  type TableRow,
  type TableSort,
} from '@memscope/model';

import { element, styled } from '../../dom/element.js';
import type { NumberColumns, TableColumn } from './table-columns.js';

interface Sides {
  readonly head: number;
  readonly base: number;
}

/** In bytes or counts. */
export function comparedNumbers(counts: boolean, by: TableBy): NumberColumns {
  return { self: selfChanges(counts, by), nested: nestedChanges(counts) };
}

/** What rows allocated themselves; those that do not nest have no more. */
function selfChanges(counts: boolean, by: TableBy): readonly TableColumn[] {
  const nests = by === 'function' || by === 'location' || by === 'module';
  const sides = (row: TableRow): Sides =>
    counts
      ? { head: row.selfCount, base: row.baseSelfCount ?? 0 }
      : { head: row.selfBytes, base: row.baseSelfBytes ?? 0 };
  const sorts = { change: 'selfChange', base: 'baseSelf', head: counts ? 'selfCount' : 'self' } as const;
  return sideColumns(nests ? 'Self' : '', sides, sorts, counts);
}

function nestedChanges(counts: boolean): readonly TableColumn[] {
  const sides = (row: TableRow): Sides =>
    counts ? { head: row.count ?? 0, base: row.baseCount ?? 0 } : { head: row.bytes ?? 0, base: row.baseBytes ?? 0 };
  const sorts = {
    change: 'inclusiveChange',
    base: 'baseInclusive',
    head: counts ? 'inclusiveCount' : 'inclusive',
  } as const;
  return sideColumns('With callees', sides, sorts, counts);
}

function sideColumns(
  group: string,
  sidesOf: (row: TableRow) => Sides,
  sorts: Readonly<Record<'change' | 'base' | 'head', TableSort>>,
  counts: boolean,
): readonly TableColumn[] {
  const format = counts ? formatCount : formatBytes;
  const side = (name: 'base' | 'head'): TableColumn => ({
    group,
    title: name === 'base' ? 'Base' : 'Head',
    sort: sorts[name],
    width: 6,
    isNumber: true,
    cell: (row) => {
      const value = sidesOf(row)[name];
      return [element('span', { title: formatCount(value) }, format(value))];
    },
  });
  const change: TableColumn = {
    group,
    title: 'Change',
    sort: sorts.change,
    width: 9,
    isNumber: true,
    cell: (row, page) => changeCell(sidesOf(row), wholeOf(page, counts), format),
  };
  return [change, side('base'), side('head')];
}

function wholeOf({ bytes, count, baseBytes, baseCount }: TablePage, counts: boolean): number {
  return counts ? Math.max(count, baseCount ?? 0) : Math.max(bytes, baseBytes ?? 0);
}

/** The bar is as long as the change is large, of all that the larger side holds. */
function changeCell({ head, base }: Sides, whole: number, format: (value: number) => string): HTMLElement[] {
  const change = head - base;
  if (change === 0) return [element('span', { class: 'quiet' }, '0')];
  const direction = change > 0 ? 'grew' : 'shrank';
  return [
    styled(element('span', { class: `cell-bar ${direction}`, 'aria-hidden': 'true' }), {
      '--share': String(whole > 0 ? Math.min(1, Math.abs(change) / whole) : 0),
    }),
    element(
      'span',
      { title: `${signedChange(change, formatCount)}, ${formatChange(base, change)}` },
      signedChange(change, format),
    ),
  ];
}
