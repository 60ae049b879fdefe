/** What a table was told to be ordered by → what it can be, with what is measured and compared. */
import { isCounted, type TableSort, type ViewQuery } from '@memscope/model';

import type { TableState } from '../../state/page-state.js';

const SINGLE_SORTS: ReadonlySet<TableSort> = new Set(['self', 'selfCount', 'inclusive', 'inclusiveCount', 'name']);

/** What rows are ordered by; what there is no base for is not, nor what has counts alone by bytes. */
export function sortOf({ sort }: TableState, isCompared: boolean, { measure }: ViewQuery): TableSort {
  if (sort === null && isCompared) return 'selfChange';
  const known = sort !== null && (isCompared || SINGLE_SORTS.has(sort)) ? sort : 'self';
  return isCounted(measure) ? (SORTS_BY_COUNT[known] ?? known) : known;
}

const SORTS_BY_COUNT: Readonly<Partial<Record<TableSort, TableSort>>> = {
  self: 'selfCount',
  inclusive: 'inclusiveCount',
};
