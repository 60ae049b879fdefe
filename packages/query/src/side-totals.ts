/** What of a selection passes the filter and what there was before it: with a base of the head, and the base's beside. */
import { sumOfSide, type FilterSuggestion, type Selection } from '@memscope/model';

export interface SideTotals {
  readonly bytes: number;
  readonly count: number;
  readonly wholeBytes: number;
  readonly wholeCount: number;
  readonly suggestion: FilterSuggestion | null;
  /** Null without a base. */
  readonly baseBytes: number | null;
  readonly baseCount: number | null;
}

export function totalsOf(selection: Selection): SideTotals {
  const { bytes, count, wholeBytes, wholeCount, runs, unfiltered } = selection;
  const suggestion = selection.suggestion();
  if (!runs.some(({ side }) => side === 'base')) {
    return { bytes, count, wholeBytes, wholeCount, suggestion, baseBytes: null, baseCount: null };
  }
  const base = sumOfSide(selection, 'base');
  const wholes = { wholeBytes: 0, wholeCount: 0 };
  for (const { side, firstSite, siteCount } of runs) {
    if (side === 'base') continue;
    for (let site = firstSite; site < firstSite + siteCount; site++) {
      wholes.wholeBytes += unfiltered.bytes[site]!;
      wholes.wholeCount += unfiltered.count[site]!;
    }
  }
  return { ...sumOfSide(selection, 'head'), ...wholes, suggestion, baseBytes: base.bytes, baseCount: base.count };
}
