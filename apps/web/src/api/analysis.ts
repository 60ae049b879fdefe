/** What `/overview` answers, by the name that the overview's panels use: the numbers of `memscope analyze`. */
import type { Overview, SiteMeasure } from '@memscope/model';

export type Analysis = Overview;

/** Bytes and counts by measure; null where the capture cannot answer. */
export type DocumentUsage = Readonly<Record<`${SiteMeasure}${'Bytes' | 'Count'}`, number | null>>;
