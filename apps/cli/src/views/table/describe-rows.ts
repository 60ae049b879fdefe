/** The rows of a table as programs read them: what each stands for, and its numbers. */
import {
  callerFrame,
  innermostFrame,
  isFrameGrouping,
  nameRuns,
  runOfSite,
  type CsvTable,
  type Grouping,
  type Selection,
  type TableDocumentRow,
} from '@memscope/model';
import { ARENAS, FRAMELESS, type RankedRows } from '@memscope/query';

import {
  describeAnyFrame,
  describeAnyFunction,
  describeApplication,
  describeFunctionOwner,
  describeOwner,
  describeThread,
  describeThreads,
  NO_COLUMNS,
} from '../frame-label.js';
import { allocatorOf } from './label-rows.js';

type Describe<By extends Grouping> = (row: number, rows: RankedRows, selection: Selection) => TableDocumentRow<By>;

const DESCRIBE: { readonly [By in Grouping]: Describe<By> } = {
  function: (row, rows, selection) => ({
    ...arenasFlag(row, rows),
    ...describeAnyFunction(rows.subject[row]!, selection),
    ...selfAndInclusive(row, rows),
  }),
  location: (row, rows, selection) => ({
    ...arenasFlag(row, rows),
    ...describeAnyFrame(rows.subject[row]!, selection),
    ...selfAndInclusive(row, rows),
  }),
  module(row, rows, { groups }) {
    const subject = rows.subject[row]!;
    const module = subject === FRAMELESS || subject === ARENAS ? null : groups.modules[subject]!;
    return {
      ...arenasFlag(row, rows),
      module: module?.name ?? null,
      kind: module?.kind ?? null,
      ...selfAndInclusive(row, rows),
    };
  },
  application: (row, rows, selection) => ({
    ...describeApplication(rows.subject[row]!, selection),
    ...weightOf(row, rows),
  }),
  owner(row, rows, selection) {
    const { ownPeak } = rows;
    return {
      ...describeFunctionOwner(rows.subject[row]!, selection),
      ...weightOf(row, rows),
      ownPeakBytes: ownPeak?.bytes[row] ?? null,
      ownPeakTick: ownPeak?.tick[row] ?? null,
      ownPeakMs: ownPeak?.timeMs[row] ?? null,
    };
  },
  library: (row, rows, selection) => ({
    ...describeOwner(rows.subject[row]!, selection),
    ...weightOf(row, rows),
  }),
  category: (row, rows, selection) => ({
    category: describeOwner(rows.subject[row]!, selection).category,
    ...weightOf(row, rows),
  }),
  site(row, rows, selection) {
    const site = rows.subject[row]!;
    if (site === ARENAS) return { ...arenasFlag(row, rows), ...NO_SITE, ...weightOf(row, rows) };
    const caller = describeAnyFrame(callerFrame(site, selection), selection);
    return {
      ...describeAnyFrame(innermostFrame(site, selection), selection),
      callerFunction: caller.function,
      callerFile: caller.file,
      callerLine: caller.line,
      ...describeOwner(site, selection),
      allocator: allocatorOf(site, selection),
      ...(selection.splitThreads ? describeThread(selection.sites.thread[site]!, selection.threads) : {}),
      ...weightOf(row, rows),
    };
  },
  thread: (row, rows, selection) => ({
    ...describeThreads(rows.subject[row]!, selection),
    ...weightOf(row, rows),
  }),
  allocator: (row, rows, selection) => ({
    allocator: allocatorOf(rows.subject[row]!, selection),
    ...weightOf(row, rows),
  }),
  run(row, rows, selection) {
    const run = runOfSite(rows.subject[row]!, selection);
    return {
      run: nameRuns(selection.runs)[run]!,
      capturePath: selection.runs[run]!.profile.capture.path,
      ...weightOf(row, rows),
    };
  },
};

function arenasFlag(row: number, { subject }: RankedRows): { readonly arenas?: true } {
  return subject[row] === ARENAS ? { arenas: true } : {};
}

const NO_SITE = {
  ...NO_COLUMNS,
  callerFunction: null,
  callerFile: null,
  callerLine: null,
  allocator: null,
};

/** With a base the head's, and the base's beside. */
function weightOf(row: number, { bytes, count, head }: RankedRows) {
  if (head === null) return { bytes: bytes[row]!, count: count[row]! };
  const own = { bytes: head.bytes[row]!, count: head.count[row]! };
  return { ...own, baseBytes: bytes[row]! - own.bytes, baseCount: count[row]! - own.count };
}

/** Groups of frames always have their own. */
function selfAndInclusive(row: number, rows: RankedRows) {
  const self = rows.self!;
  const head = rows.head?.self ?? null;
  if (head === null) return { selfBytes: self.bytes[row]!, selfCount: self.count[row]!, ...weightOf(row, rows) };
  const own = { selfBytes: head.bytes[row]!, selfCount: head.count[row]! };
  return {
    ...own,
    ...weightOf(row, rows),
    baseSelfBytes: self.bytes[row]! - own.selfBytes,
    baseSelfCount: self.count[row]! - own.selfCount,
  };
}

/** `order` are positions in the columns of `rows`. */
export function describeRows<By extends Grouping>(
  order: Uint32Array,
  by: By,
  rows: RankedRows,
  selection: Selection,
): TableDocumentRow<By>[] {
  const describe: Describe<By> = DESCRIBE[by];
  return Array.from(order, (row) => describe(row, rows, selection));
}

const FRAME_COLUMNS = ['kind', 'function', 'file', 'line', 'module', 'library', 'category', 'source'] as const;
const THREAD_COLUMNS = ['thread', 'threadName'] as const;
const WEIGHTS = ['bytes', 'count'] as const;
const SELF_AND_INCLUSIVE = ['selfBytes', 'selfCount', ...WEIGHTS] as const;

/** Their order in a CSV. */
const COLUMNS: { readonly [By in Grouping]: (selection: Selection) => readonly (keyof TableDocumentRow<By>)[] } = {
  function: () => ['kind', 'function', 'file', 'module', 'address', ...SELF_AND_INCLUSIVE],
  location: () => [...FRAME_COLUMNS, ...SELF_AND_INCLUSIVE],
  module: () => ['module', 'kind', ...SELF_AND_INCLUSIVE],
  application: () => ['applicationFunction', 'applicationFile', 'applicationLine', 'of', ...WEIGHTS],
  owner: () => ['kind', 'function', 'file', ...WEIGHTS, 'ownPeakBytes', 'ownPeakTick', 'ownPeakMs'],
  library: () => ['library', 'category', ...WEIGHTS],
  category: () => ['category', ...WEIGHTS],
  site: ({ splitThreads }) => [
    ...FRAME_COLUMNS,
    'callerFunction',
    'callerFile',
    'callerLine',
    'allocator',
    ...(splitThreads ? THREAD_COLUMNS : []),
    ...WEIGHTS,
  ],
  thread: () => [...THREAD_COLUMNS, 'threads', ...WEIGHTS],
  allocator: () => ['allocator', ...WEIGHTS],
  run: () => ['run', 'capturePath', ...WEIGHTS],
};

export function tabulateRows(order: Uint32Array, by: Grouping, rows: RankedRows, selection: Selection): CsvTable {
  const own: readonly string[] = COLUMNS[by](selection);
  const base = rows.head === null ? [] : own.filter((key) => /^(?:bytes|count|selfBytes|selfCount)$/.test(key));
  // Arenas have no name in any other column.
  const arenas = rows.head !== null && (by === 'site' || isFrameGrouping(by)) ? ['arenas'] : [];
  const keys = [...own, ...base.map((key) => `base${key.slice(0, 1).toUpperCase()}${key.slice(1)}`), ...arenas];
  return {
    columns: keys.map((key) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)),
    rows: describeRows(order, by, rows, selection).map((row: Readonly<Record<string, string | number | true | null>>) =>
      keys.map((key) => (row[key] === true ? 1 : (row[key] ?? null))),
    ),
  };
}
