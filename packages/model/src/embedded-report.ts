/**
 * How answers are found in a report file: each by its question, among `answers` of what `documents/report.ts` declares.
 * What is not among them, the report cannot answer.
 */
import type { ComparedMeasure } from './diff/compared-measures.js';
import type { BandsHead, SourceAnswer } from './documents/api-answers.js';
import type { EmbeddedReport } from './documents/report.js';
import type { SiteMeasure } from './profile.js';
import type { Grouping } from './view/groupings.js';
import { partsRead } from './view/view-parts.js';

/** What has no answer over two sides is asked of each. */
export type ReportSide = 'head' | 'base';

/** Of a report that was made without `--source`. */
const NO_SOURCE_HELD =
  'this report holds no source files: memscope report takes the lines that stacks mention along with --source FOLDER';
/** Of one that was made with it. */
const LINES_HELD =
  'this report holds the lines that stacks mention; memscope serve shows whole functions with --source FOLDER';

export const REPORT_VERSION: EmbeddedReport['version'] = 1;

/** By which an answer is found. Bytes and counts are one answer. */
export const reportKey = {
  overview: (measure: SiteMeasure): string => `overview ${measure}`,
  timeline: (side: ReportSide = 'head'): string => `timeline${ofSide(side)}`,
  bands: (by: BandsHead['by'], splitThreads: boolean, side: ReportSide = 'head'): string =>
    `bands ${by}${threads(splitThreads && tellsThreads('bands', by))}${ofSide(side)}`,
  flame: (measure: SiteMeasure, splitThreads: boolean, inverted: boolean): string =>
    `flame ${measure}${threads(splitThreads)}${inverted ? ' inverted' : ''}`,
  table: (measure: SiteMeasure, by: Grouping, splitThreads: boolean): string =>
    `table ${measure} ${by}${threads(splitThreads && tellsThreads('table', by))}`,
  leaks: (): string => 'leaks',
  /** Threads are merged: who calls a function is told, not in which thread. */
  sandwich: (measure: SiteMeasure, name: string): string => `sandwich ${measure} ${name}`,
  source: (measure: SiteMeasure, name: string): string => `source ${measure} ${name}`,
  /** By function. */
  diff: (measure: ComparedMeasure): string => `diff ${measure}`,
} as const;

/** The same with what a report has to say of it. */
export function sayHeldSource(answer: SourceAnswer): SourceAnswer {
  return { ...answer, message: answer.lines.some(({ text }) => text !== null) ? LINES_HELD : NO_SOURCE_HELD };
}

/** Whether rows or bands differ where threads are split. */
export function tellsThreads(question: 'bands' | 'table', by: Grouping): boolean {
  return partsRead(question, by, false).includes('splitThreads');
}

function ofSide(side: ReportSide): string {
  return side === 'base' ? ' of the base' : '';
}

function threads(split: boolean): string {
  return split ? ' split' : '';
}
