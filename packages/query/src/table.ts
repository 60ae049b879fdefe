/**
 * A page of a table: functions, modules, sites, threads or allocators, sorted and searched. Columns of all rows are kept,
 * and so is their order; only the rows of the page become objects.
 */
import {
  ALLOCATOR_NAMES,
  foldCase,
  groupSites,
  labelFunction,
  labelKey,
  labelModule,
  nameThread,
  NO_FRAME_LABEL,
  rankPaths,
  sumByGroup,
  type FlameLabel,
  type Selection,
  type TablePage,
  type TableRow,
} from '@memscope/model';
import { selectionKey, type OpenRun } from './open-run.js';
import type { TableQuestion } from './question.js';
import { TextBudget } from './label-list.js';
import { innermostFrame } from './leaks.js';

/** Columns by row. */
interface Rows {
  readonly length: number;
  readonly selfBytes: Float64Array;
  readonly selfCount: Float64Array;
  /** Null where rows do not nest. */
  readonly bytes: Float64Array | null;
  readonly count: Float64Array | null;
  readonly describe: (row: number) => Pick<TableRow, 'label' | 'thread' | 'allocator'>;
  /** A number for each text by which rows are told apart, so that each is looked at once. */
  readonly textOf: (row: number) => number;
  readonly texts: (text: number) => string;
}

export function answerTable(run: OpenRun, question: TableQuestion): TablePage {
  const { view, by, sort, descending, offset, limit, search } = question;
  const selection = run.select(view);
  const key = `${by} ${selectionKey(view)} ${view.mergeRecursion}`;
  const rows = run.keep(
    `rows ${key}`,
    ({ length }) => 40 * length,
    () => makeRows(run, question, selection),
  );
  const order = run.keep(`order ${key} ${sort} ${descending} ${search}`, 4 * rows.length, () =>
    orderRows(rows, question),
  );
  const budget = new TextBudget();
  return {
    by,
    rowCount: order.length,
    bytes: selection.bytes,
    count: selection.count,
    wholeBytes: selection.wholeBytes,
    wholeCount: selection.wholeCount,
    rows: Array.from(order.subarray(offset, offset + limit), (row) => {
      const { label, thread, allocator } = rows.describe(row);
      return {
        label: label === null ? null : budget.fit(label),
        thread,
        allocator,
        selfBytes: rows.selfBytes[row]!,
        selfCount: rows.selfCount[row]!,
        bytes: rows.bytes?.[row] ?? null,
        count: rows.count?.[row] ?? null,
      };
    }),
  };
}

function makeRows(run: OpenRun, { view, by }: TableQuestion, selection: Selection): Rows {
  return by === 'function' || by === 'module' ? rankRows(run, view, by, selection) : groupRows(by, selection);
}

function rankRows(run: OpenRun, view: TableQuestion['view'], by: 'function' | 'module', selection: Selection): Rows {
  const { groups } = selection;
  const [groupOf, groupCount] =
    by === 'function' ? [groups.functionOf, groups.functions.length] : [groups.moduleOf, groups.modules.length];
  const paths = run.paths(view);
  const ranking = rankPaths(paths.table, run.weigh(view, paths, '[]'), run.outermost(view, by), groupOf, groupCount);
  const used: number[] = [];
  for (let group = 0; group <= groupCount; group++) {
    if (ranking.bytes[group] !== 0 || ranking.count[group] !== 0) used.push(group);
  }
  const pick = (column: Float64Array): Float64Array => Float64Array.from(used, (group) => column[group]!);
  const labelOf = (row: number): FlameLabel => {
    const group = used[row]!;
    if (group === groupCount) return NO_FRAME_LABEL;
    return by === 'function' ? labelFunction(group, groups) : labelModule(group, groups);
  };
  return {
    length: used.length,
    selfBytes: pick(ranking.selfBytes),
    selfCount: pick(ranking.selfCount),
    bytes: pick(ranking.bytes),
    count: pick(ranking.count),
    describe: (row) => ({ label: labelOf(row), thread: null, allocator: null }),
    textOf: (row) => row,
    texts: (row) => textOfLabel(labelOf(row)),
  };
}

function groupRows(by: 'site' | 'thread' | 'allocator', selection: Selection): Rows {
  const { weights, sites, threads, mergeThreads } = selection;
  const groups = groupSites(selection, by);
  const site = groups.siteOfGroup;
  const threadOf = (row: number): string => nameThread(threads, sites.thread[site[row]!]!);
  const allocatorOf = (row: number): string => ALLOCATOR_NAMES[sites.allocator[site[row]!]!] ?? '';
  const columns = {
    length: site.length,
    selfBytes: sumByGroup(weights.bytes, groups),
    selfCount: sumByGroup(weights.count, groups),
    bytes: null,
    count: null,
  };
  if (by === 'thread') {
    return {
      ...columns,
      describe: (row) => ({ label: null, thread: threadOf(row), allocator: null }),
      textOf: (row) => row,
      texts: threadOf,
    };
  }
  if (by === 'allocator') {
    return {
      ...columns,
      describe: (row) => ({ label: null, thread: null, allocator: allocatorOf(row) }),
      textOf: (row) => row,
      texts: allocatorOf,
    };
  }
  const labelOf = (frame: number): FlameLabel => (frame < 0 ? NO_FRAME_LABEL : labelKey(frame, selection));
  return {
    ...columns,
    describe: (row) => ({
      label: labelOf(innermostFrame(site[row]!, selection)),
      thread: mergeThreads ? null : threadOf(row),
      allocator: allocatorOf(row),
    }),
    textOf: (row) => innermostFrame(site[row]!, selection),
    texts: (frame) => textOfLabel(labelOf(frame)),
  };
}

/** What a search looks through. */
function textOfLabel({ name, file, module }: FlameLabel): string {
  return `${name}\n${file ?? ''}\n${module}`;
}

/** Rows that the search finds, in the order asked for; equal ones keep theirs. */
function orderRows(rows: Rows, { sort, descending, search }: TableQuestion): Uint32Array {
  const texts = new Map<number, string>();
  const textOf = (row: number): string => {
    const key = rows.textOf(row);
    let text = texts.get(key);
    if (text === undefined) texts.set(key, (text = foldCase(rows.texts(key))));
    return text;
  };
  const sought = foldCase(search);
  const all = new Uint32Array(rows.length).map((_, row) => row);
  const found = search === '' ? all : all.filter((row) => textOf(row).includes(sought));
  if (sort === 'name') {
    const order = [...found].sort((a, b) => compareTexts(textOf(a), textOf(b)) || a - b);
    return Uint32Array.from(descending ? order.reverse() : order);
  }
  const column = {
    self: rows.selfBytes,
    selfCount: rows.selfCount,
    total: rows.bytes ?? rows.selfBytes,
    totalCount: rows.count ?? rows.selfCount,
  }[sort];
  return descending
    ? found.sort((a, b) => column[b]! - column[a]! || a - b)
    : found.sort((a, b) => column[a]! - column[b]! || a - b);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
