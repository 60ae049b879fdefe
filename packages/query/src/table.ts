/**
 * A page of a table: what a grouping's rows hold, sorted and searched, with a base what both sides hold. Columns of all
 * rows are kept, and so is their order; only the rows of the page become objects.
 */
import {
  ALLOCATOR_NAMES,
  ARENAS_LABEL,
  innermostFrame,
  labelApplication,
  labelFunction,
  labelKey,
  labelModule,
  labelOwnerOf,
  nameRuns,
  nameThread,
  nameThreads,
  NO_FRAME_LABEL,
  runOfSite,
  type FlameLabel,
  type Grouping,
  type Selection,
  isCounted,
  type Sort,
  type TablePage,
  type TableRow,
  type TableSort,
} from '@memscope/model';
import { changedRows, sideOfRows, sumChanges, type RowSide } from './compared-rows.js';
import { TextBudget } from './label-list.js';
import { selectionKey, type OpenRun } from './open-run.js';
import type { TableQuestion } from './question.js';
import { orderRows, rankRows, type RowTexts } from './rank-rows.js';
import { ARENAS, FRAMELESS, type RankedRows } from './ranked-rows.js';
import { totalsOf } from './side-totals.js';
import { filterOfSites } from './site-filter.js';

interface SortedColumn {
  readonly sort: Sort | 'name';
  /** Null = as the view counts. */
  readonly counts: boolean | null;
  readonly side: RowSide;
}

const SORTS: Readonly<Record<TableSort, SortedColumn>> = {
  self: { sort: 'self', counts: false, side: 'head' },
  selfCount: { sort: 'self', counts: true, side: 'head' },
  inclusive: { sort: 'inclusive', counts: false, side: 'head' },
  inclusiveCount: { sort: 'inclusive', counts: true, side: 'head' },
  name: { sort: 'name', counts: false, side: 'head' },
  baseSelf: { sort: 'self', counts: null, side: 'base' },
  baseInclusive: { sort: 'inclusive', counts: null, side: 'base' },
  selfChange: { sort: 'self', counts: null, side: 'change' },
  inclusiveChange: { sort: 'inclusive', counts: null, side: 'change' },
};

export function answerTable(run: OpenRun, question: TableQuestion): TablePage {
  const { view, by, sort, descending, change = 'all', offset, limit, search } = question;
  const selection = run.select(view);
  const key = `${by} ${selectionKey(view)} ${run.pathsKey(view)}`;
  const rows = run.keep(
    `rows ${key}`,
    ({ length }) => 40 * length,
    () => rankRows(run, view, by, 'self'),
  );
  const { sort: column, counts: ownCounts, side } = SORTS[sort];
  const countsRows = view.counts || isCounted(view.measure);
  const counts = ownCounts === null ? countsRows : ownCounts || isCounted(view.measure);
  const orderKey = `${sort} ${counts} ${countsRows} ${descending} ${change} ${search}`;
  const order = run.keep(`order ${key} ${orderKey}`, 4 * rows.length, () =>
    orderRows(
      { ...rows, ...sideOfRows(rows, side) },
      { sort: column, counts, ascending: !descending },
      textsOf(rows, by, selection),
      search,
    ).filter(changedRows(rows, change, countsRows)),
  );
  const withLines = run.set.base.length === 0 || run.set.lines === true;
  const [now, base] = [sideOfRows(rows, 'head'), rows.head === null ? null : sideOfRows(rows, 'base')];
  const budget = new TextBudget();
  const filterOf = filterOfSites(by, selection);
  return {
    by,
    rowCount: order.length,
    ...totalsOf(selection),
    changes: sumChanges(rows, countsRows),
    rows: Array.from(order.subarray(offset, offset + limit), (row) => {
      const { label, thread, allocator } = describeRow(rows.subject[row]!, by, selection);
      const { self } = now;
      return {
        label: label === null ? null : budget.fit(withLines ? label : { ...label, line: null }),
        thread,
        allocator,
        filter: rows.subject[row]! < 0 ? null : filterOf(rows.subject[row]!),
        site: by === 'site' && rows.subject[row]! >= 0 ? rows.subject[row]! : null,
        selfBytes: (self ?? now).bytes[row]!,
        selfCount: (self ?? now).count[row]!,
        bytes: self === null ? null : now.bytes[row]!,
        count: self === null ? null : now.count[row]!,
        baseSelfBytes: base === null ? null : (base.self ?? base).bytes[row]!,
        baseSelfCount: base === null ? null : (base.self ?? base).count[row]!,
        baseBytes: base === null || self === null ? null : base.bytes[row]!,
        baseCount: base === null || self === null ? null : base.count[row]!,
      };
    }),
  };
}

function describeRow(
  subject: number,
  by: Grouping,
  selection: Selection,
): Pick<TableRow, 'label' | 'thread' | 'allocator'> {
  const { sites, threads, splitThreads } = selection;
  const thread = (): string => nameThread(threads, sites.thread[subject]!);
  const allocator = (): string | null => ALLOCATOR_NAMES[sites.allocator[subject]!] || null;
  if (by === 'thread') return { label: null, thread: nameThreads(subject, selection), allocator: null };
  if (by === 'allocator') return { label: null, thread: null, allocator: allocator() };
  const label = labelRow(subject, by, selection);
  if (by !== 'site' || subject === ARENAS) return { label, thread: null, allocator: null };
  return { label, thread: splitThreads ? thread() : null, allocator: allocator() };
}

function labelRow(subject: number, by: Exclude<Grouping, 'thread' | 'allocator'>, selection: Selection): FlameLabel {
  if (subject === FRAMELESS) return NO_FRAME_LABEL;
  if (subject === ARENAS) return ARENAS_LABEL;
  switch (by) {
    case 'function':
      return labelFunction(subject, selection.groups, selection.libraries);
    case 'location':
      return labelKey(subject, selection);
    case 'module':
      return labelModule(subject, selection.groups, selection.libraries);
    case 'application':
      return labelApplication(subject, selection);
    case 'owner':
    case 'library':
    case 'category':
      return labelOwnerOf(subject, by, selection);
    case 'run':
      return { ...NO_FRAME_LABEL, name: nameRuns(selection.runs)[runOfSite(subject, selection)]!, module: '' };
    case 'site': {
      const frame = innermostFrame(subject, selection);
      return frame < 0 ? NO_FRAME_LABEL : labelKey(frame, selection);
    }
  }
}

/** What a search looks through. Sites of one innermost frame have one text. */
function textsOf({ subject }: RankedRows, by: Grouping, selection: Selection): RowTexts {
  if (by === 'site') {
    return {
      textOf: (row) => (subject[row] === ARENAS ? ARENAS : innermostFrame(subject[row]!, selection)),
      texts: (frame) =>
        textOfLabel(frame === ARENAS ? ARENAS_LABEL : frame < 0 ? NO_FRAME_LABEL : labelKey(frame, selection)),
    };
  }
  return {
    textOf: (row) => row,
    texts: (row) => {
      const { label, thread, allocator } = describeRow(subject[row]!, by, selection);
      return label === null ? (thread ?? allocator ?? '') : textOfLabel(label);
    },
  };
}

function textOfLabel({ name, file, module }: FlameLabel): string {
  return `${name}\n${file ?? ''}\n${module}`;
}
