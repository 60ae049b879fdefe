/** `memscope table`: what functions, modules, libraries, sites, threads and others hold of a selection. */
import { isFrameGrouping, sortsOf, type CsvTable, type Grouping, type Selection, type Sort } from '@memscope/model';
import { orderRows, rankRows, type OpenRun, type RankedRows } from '@memscope/query';

import { memscopeVersion } from '../../memscope-version.js';
import { UsageError } from '../../usage-error.js';
import { selectionDocument } from '../describe-selection.js';
import type { View } from '../run-view.js';
import { asUsage, viewOf } from '../selection-request.js';
import type { ViewFlags } from '../view-options.js';
import { describeRow, type Description } from './describe-rows.js';
import { drawTable } from './table-lines.js';

export const TABLE_SCHEMA = 'memscope.table/1';

const DEFAULT_COUNT = 20;
export const DEFAULT_SORT: Sort = 'self';

export interface TableFlags extends ViewFlags {
  readonly by: Grouping;
  /** Null: `DEFAULT_SORT`, where rows have an order to choose. */
  readonly sort: Sort | null;
}

interface TableAnswer {
  readonly capturePath: string;
  readonly selection: Selection;
  readonly rows: RankedRows;
}

/** Throws `UsageError`. */
export function tableView(flags: TableFlags): View<TableAnswer> {
  const { by, counts } = flags;
  const sort = flags.sort ?? DEFAULT_SORT;
  const sorts = sortsOf(by);
  if (!sorts.includes(sort) || (flags.sort !== null && sorts.length === 1)) {
    const orders = sorts.length === 1 ? 'have one order only' : `are ordered by ${sorts.join(' or ')}`;
    throw new UsageError(`--sort ${sort} is not for rows by ${by}: they ${orders}`);
  }
  // Which thread a frame ran in changes nothing of its numbers, and one tree is built sooner than one a thread.
  const view = isFrameGrouping(by) ? { ...viewOf(flags), splitThreads: false } : viewOf(flags);
  return {
    defaultCount: DEFAULT_COUNT,
    ask: (run: OpenRun): TableAnswer =>
      asUsage(() => ({
        capturePath: run.profile.capture.path,
        selection: run.select(view),
        rows: rankRows(run, view, by, sort),
      })),
    lines: ({ selection, rows }, style) => {
      const order = orderRows(rows, { sort, counts, most: style.count });
      return drawTable(selection, rows, order, { ...flags, sort }, style);
    },
    document: ({ capturePath, selection, rows }, count) => ({
      schema: TABLE_SCHEMA,
      memscopeVersion: memscopeVersion(),
      capture: { path: capturePath },
      selection: selectionDocument(selection, flags),
      by,
      sortedBy: sortsOf(by).length > 1 ? sort : null,
      orderedBy: counts ? 'count' : 'bytes',
      rowCount: rows.length,
      rows: Array.from(orderRows(rows, { sort, counts, most: count }), (row) => ({
        ...describeRow(rows.subject[row]!, by, selection),
        ...numbersOf(rows, row),
        ...ownPeakOf(rows, row, by),
      })),
    }),
    table: ({ selection, rows }, count) =>
      tabulate(selection, rows, orderRows(rows, { sort, counts, most: count }), by),
  };
}

function numbersOf({ bytes, count, self }: RankedRows, row: number): Description {
  return {
    ...(self === null ? {} : { selfBytes: self.bytes[row]!, selfCount: self.count[row]! }),
    bytes: bytes[row]!,
    count: count[row]!,
  };
}

function ownPeakOf({ ownPeak }: RankedRows, row: number, by: Grouping): Description {
  if (by !== 'owner') return {};
  return {
    ownPeakBytes: ownPeak?.bytes[row] ?? null,
    ownPeakTick: ownPeak?.tick[row] ?? null,
    ownPeakMs: ownPeak?.timeMs[row] ?? null,
  };
}

function tabulate(selection: Selection, rows: RankedRows, order: Uint32Array, by: Grouping): CsvTable {
  const keys = COLUMNS[by](selection);
  return {
    columns: keys.map((key) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)),
    rows: Array.from(order, (row) => {
      const columns: Description = {
        ...describeRow(rows.subject[row]!, by, selection),
        ...numbersOf(rows, row),
        ...ownPeakOf(rows, row, by),
      };
      return keys.map((key) => columns[key] ?? null);
    }),
  };
}

const FRAME_COLUMNS = ['kind', 'function', 'file', 'line', 'module', 'library', 'category', 'source'];
const THREAD_COLUMNS = ['thread', 'threadName'];
const OWN_COLUMNS = ['bytes', 'count'];
const FRAME_GROUP_COLUMNS = ['selfBytes', 'selfCount', ...OWN_COLUMNS];

/** Keys of `describeRow` and `numbersOf`. */
const COLUMNS: Readonly<Record<Grouping, (selection: Selection) => string[]>> = {
  function: () => ['kind', 'function', 'file', 'module', 'address', ...FRAME_GROUP_COLUMNS],
  location: () => [...FRAME_COLUMNS, ...FRAME_GROUP_COLUMNS],
  module: () => ['module', 'kind', ...FRAME_GROUP_COLUMNS],
  owner: () => ['kind', 'function', 'file', ...OWN_COLUMNS, 'ownPeakBytes', 'ownPeakTick', 'ownPeakMs'],
  library: () => ['library', 'category', ...OWN_COLUMNS],
  category: () => ['category', ...OWN_COLUMNS],
  site: ({ splitThreads }) => [
    ...FRAME_COLUMNS,
    'callerFunction',
    'callerFile',
    'callerLine',
    'allocator',
    ...(splitThreads ? THREAD_COLUMNS : []),
    ...OWN_COLUMNS,
  ],
  thread: () => [...THREAD_COLUMNS, 'threads', ...OWN_COLUMNS],
  allocator: () => ['allocator', ...OWN_COLUMNS],
  run: () => ['run', 'capturePath', ...OWN_COLUMNS],
};
