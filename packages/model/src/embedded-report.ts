/**
 * How answers are found in a report file: each by its question, among `answers` of what `documents/report.ts` declares.
 * What is not among them, the report cannot answer.
 */
import type { BandsHead } from './documents/api-answers.js';
import type { EmbeddedReport } from './documents/report.js';
import type { SiteMeasure } from './profile.js';
import type { Grouping } from './view/groupings.js';
import { partsRead } from './view/view-parts.js';

export const REPORT_VERSION: EmbeddedReport['version'] = 1;

/** By which an answer is found. Bytes and counts are one answer. */
export const reportKey = {
  overview: (measure: SiteMeasure): string => `overview ${measure}`,
  timeline: (): string => 'timeline',
  bands: (by: BandsHead['by'], splitThreads: boolean): string =>
    `bands ${by}${threads(splitThreads && tellsThreads('bands', by))}`,
  flame: (measure: SiteMeasure, splitThreads: boolean, inverted: boolean): string =>
    `flame ${measure}${threads(splitThreads)}${inverted ? ' inverted' : ''}`,
  table: (measure: SiteMeasure, by: Grouping, splitThreads: boolean): string =>
    `table ${measure} ${by}${threads(splitThreads && tellsThreads('table', by))}`,
  leaks: (): string => 'leaks',
  /** Threads are merged: who calls a function is told, not in which thread. */
  sandwich: (measure: SiteMeasure, name: string): string => `sandwich ${measure} ${name}`,
  source: (measure: SiteMeasure, name: string): string => `source ${measure} ${name}`,
} as const;

/** Whether rows or bands differ where threads are split. */
export function tellsThreads(question: 'bands' | 'table', by: Grouping): boolean {
  return partsRead(question, by, false).includes('splitThreads');
}

function threads(split: boolean): string {
  return split ? ' split' : '';
}
