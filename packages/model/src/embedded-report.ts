/**
 * What a report file holds: answers of the API (`api.ts`) to a bounded set of questions about one run, written by
 * `memscope report` and read by the page in the same file. Labels of functions stand once in `labels`; elsewhere a label
 * is a position in it. Texts may have been cut, and what was cut has no `function` by which it could be asked for.
 *
 * `answers` are found by `reportKey`. What is not among them, the report cannot answer.
 */
import type {
  ApiError,
  BandsHead,
  FlameHead,
  FlameLabel,
  LeaksPage,
  Overview,
  Run,
  SandwichAnswer,
  SmallTree,
  SourceAnswer,
  TableBy,
  TablePage,
  TableRow,
  TimelineHead,
  ViewQuery,
} from './api.js';
import type { SiteMeasure } from './profile.js';

export const REPORT_VERSION = 1;

export interface EmbeddedReport {
  readonly version: typeof REPORT_VERSION;
  readonly memscopeVersion: string;
  readonly run: Run;
  /** What everything was asked of, but for `measure`, `counts` and `splitThreads`, of which it holds all. */
  readonly view: ViewQuery;
  readonly limits: ReportLimits;
  readonly labels: readonly FlameLabel[];
  readonly answers: Readonly<Record<string, EmbeddedAnswer>>;
}

/** What was kept of each answer at the most. */
export interface ReportLimits {
  /** Columns of time. */
  readonly columns: number;
  /** Nodes of a flame graph that weigh less than a part in so many of the whole were folded. */
  readonly share: number;
  readonly nodes: number;
  /** Of a table, by own bytes and as many by inclusive ones. */
  readonly rows: number;
  readonly leaks: number;
  /** With callers and callees, for each measure. */
  readonly functions: number;
  /** UTF-16 units of all labels together, and of any other text. */
  readonly labelText: number;
  readonly text: number;
}

export type EmbeddedAnswer =
  | { readonly error: ApiError }
  | { readonly overview: Overview }
  | { readonly timeline: EmbeddedColumns<TimelineHead> }
  | { readonly bands: EmbeddedColumns<BandsHead> }
  | { readonly flame: EmbeddedColumns<EmbeddedFlameHead> }
  | { readonly table: EmbeddedTable }
  | { readonly leaks: EmbeddedLeaks }
  | { readonly sandwich: EmbeddedSandwich }
  | { readonly source: SourceAnswer };

/** All of one length; null is what is not known. */
export interface EmbeddedColumns<Head> {
  readonly head: Head;
  readonly columns: Readonly<Record<string, readonly (number | null)[]>>;
}

export interface EmbeddedFlameHead extends Omit<FlameHead, 'labels' | 'path'> {
  readonly labels: readonly number[];
}

/** `rowCount` rows there are; those that were left out weigh less than any that is here. */
export interface EmbeddedTable extends Omit<TablePage, 'rows'> {
  readonly rows: readonly (Omit<TableRow, 'label'> & { readonly label: number | null })[];
}

export interface EmbeddedLeaks extends Omit<LeaksPage, 'rows'> {
  readonly rows: readonly (Omit<LeaksPage['rows'][number], 'label' | 'innermost'> & {
    readonly label: number | null;
    readonly innermost: number | null;
  })[];
}

export interface EmbeddedSandwich extends Omit<SandwichAnswer, 'function' | 'callers' | 'callees'> {
  readonly function: number;
  readonly callers: EmbeddedTree;
  readonly callees: EmbeddedTree;
}

export interface EmbeddedTree extends Omit<SmallTree, 'label'> {
  readonly label: readonly number[];
}

/** By which an answer is found. Bytes and counts are one answer. */
export const reportKey = {
  overview: (measure: SiteMeasure): string => `overview ${measure}`,
  timeline: (): string => 'timeline',
  bands: (by: BandsHead['by']): string => `bands ${by}`,
  flame: (measure: SiteMeasure, splitThreads: boolean, inverted: boolean): string =>
    `flame ${measure}${threads(splitThreads)}${inverted ? ' inverted' : ''}`,
  /** Only sites tell threads apart. */
  table: (measure: SiteMeasure, by: TableBy, splitThreads: boolean): string =>
    `table ${measure} ${by}${threads(splitThreads && by === 'site')}`,
  leaks: (splitThreads: boolean): string => `leaks${threads(splitThreads)}`,
  /** Threads are merged: who calls a function is told, not in which thread. */
  sandwich: (measure: SiteMeasure, name: string): string => `sandwich ${measure} ${name}`,
  source: (measure: SiteMeasure, name: string): string => `source ${measure} ${name}`,
} as const;

function threads(split: boolean): string {
  return split ? ' split' : '';
}
