/** `memscope table`: what functions, modules, libraries, sites, threads and others hold of a selection. */
import {
  GROUPINGS,
  sortsOf,
  type Grouping,
  type Selection,
  type Sort,
  type TableDocumentBy,
  type ViewQuery,
} from '@memscope/model';
import { orderRows, rankRows, selectionPart, type OpenRun, type RankedRows } from '@memscope/query';

import { memscopeVersion } from '../../beside-program.js';
import { UsageError } from '../../exit-code.js';
import type { View } from '../run-view.js';
import { asUsage, viewBy } from '../selection-request.js';
import type { ViewFlags } from '../view-options.js';
import { describeRows, tabulateRows } from './describe-rows.js';
import { drawTable } from './table-lines.js';

const DEFAULT_COUNT = 20;
const DEFAULT_SORT: Sort = 'self';

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
  const view = viewBy(flags, 'table', by, GROUPINGS);
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
      return drawTable(selection, rows, order, { ...view, by, sort }, style);
    },
    document: (answer, count) =>
      documentOf(by, orderRows(answer.rows, { sort, counts, most: count }), answer, { view, sort }),
    table: ({ selection, rows }, count) =>
      tabulateRows(orderRows(rows, { sort, counts, most: count }), by, rows, selection),
  };
}

function documentOf<By extends Grouping>(
  by: By,
  order: Uint32Array,
  { capturePath, selection, rows }: TableAnswer,
  { view, sort }: { readonly view: ViewQuery; readonly sort: Sort },
): TableDocumentBy<By> {
  return {
    schema: 'memscope.table/1',
    memscopeVersion: memscopeVersion(),
    capture: { path: capturePath },
    selection: selectionPart(selection, view),
    by,
    sort: sortsOf(by).length > 1 ? sort : null,
    rowCount: rows.length,
    rows: describeRows(order, by, rows, selection),
  };
}
