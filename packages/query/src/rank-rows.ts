/**
 * A selection → the rows of a table and their order. Functions, locations and modules have self and inclusive numbers;
 * what was allocated without any frame is a row of its own, so that self bytes add up to the whole. Sites, threads and
 * allocators have no more than their own.
 */
import {
  endOfTick,
  foldCase,
  groupSites,
  isFrameGrouping,
  spanOfRecording,
  sumByGroup,
  ViewError,
  type FrameGrouping,
  type Grouping,
  type Selection,
  type SiteGrouping,
  type Sort,
  type ViewQuery,
} from '@memscope/model';
import type { OpenRun } from './open-run.js';
import { rankCompared } from './rank-compared.js';
import { ARENAS, FRAMELESS, type RankedRows } from './ranked-rows.js';

/**
 * By own peak also who holds nothing by the measure, as long as nothing is filtered. Throws `ViewError` where nothing
 * tells own peaks.
 */
export function rankRows(run: OpenRun, view: ViewQuery, by: Grouping, sort: Sort): RankedRows {
  const isCompared = run.set.base.length > 0;
  if (isFrameGrouping(by)) return isCompared ? rankCompared(run, view, by) : rankFrameGroups(run, view, by);
  const rows = rankSites(run, view, by, sort);
  return isCompared ? { ...rows, head: headOfRows(run, view, by) } : rows;
}

/** What of each row is the head's; the rest is the base's. */
function headOfRows(run: OpenRun, view: ViewQuery, by: SiteGrouping): RankedRows['head'] {
  const groups = groupSites(run.select(view), by);
  const weights = run.weightsOf(view, 'head');
  return { bytes: sumByGroup(weights.bytes, groups), count: sumByGroup(weights.count, groups), self: null };
}

function rankSites(run: OpenRun, view: ViewQuery, by: SiteGrouping, sort: Sort): RankedRows {
  const selection = run.select(view);
  if (sort === 'own-peak' && selection.runs.length > 1) {
    throw new ViewError(
      'cannotAnswer',
      'what an owner held at most in several runs together is not known: name one run',
    );
  }
  if (sort === 'own-peak' && selection.ownerTable().peakBytes === null) {
    throw new ViewError('cannotAnswer', 'an aggregated capture does not know what each owner held at most');
  }
  const groups = groupSites(selection, by, sort === 'own-peak' && view.filter === null);
  return {
    length: groups.siteOfGroup.length,
    subject: Int32Array.from(groups.siteOfGroup, (site, group) => (group === groups.arenas ? ARENAS : site)),
    bytes: sumByGroup(selection.weights.bytes, groups),
    count: sumByGroup(selection.weights.count, groups),
    self: null,
    ownPeak: by === 'owner' ? ownPeaksOf(selection, groups.siteOfGroup) : null,
    head: null,
  };
}

/** By rows, each of which is a site of its owner. */
function ownPeaksOf({ ownerTable, sites, profile }: Selection, rows: readonly number[]): RankedRows['ownPeak'] {
  const { peakBytes, peakTick } = ownerTable();
  if (peakBytes === null || peakTick === null) return null;
  const ticks = profile.ticks();
  const span = spanOfRecording(profile.capture, ticks);
  const owners = rows.map((site) => sites.owner[site]!);
  return {
    bytes: Float64Array.from(owners, (owner) => peakBytes[owner]!),
    tick: Uint32Array.from(owners, (owner) => peakTick[owner]!),
    timeMs: Float64Array.from(owners, (owner) => endOfTick(peakTick[owner]!, ticks, span)),
  };
}

function rankFrameGroups(run: OpenRun, view: ViewQuery, by: FrameGrouping): RankedRows {
  const ranking = run.rank(view, by);
  const frameless = ranking.bytes.length - 1;
  const used: number[] = [];
  for (let group = 0; group <= frameless; group++) {
    if (ranking.bytes[group] !== 0 || ranking.count[group] !== 0) used.push(group);
  }
  const pick = (column: Float64Array): Float64Array => Float64Array.from(used, (group) => column[group]!);
  return {
    length: used.length,
    subject: Int32Array.from(used, (group) => (group === frameless ? FRAMELESS : group)),
    bytes: pick(ranking.bytes),
    count: pick(ranking.count),
    self: { bytes: pick(ranking.selfBytes), count: pick(ranking.selfCount) },
    ownPeak: null,
    head: null,
  };
}

export interface RowOrder {
  readonly sort: Sort | 'name';
  readonly counts: boolean;
  readonly ascending?: boolean;
  /** Null = all. */
  readonly most?: number | null;
}

/** What rows are found and told apart by, as text. */
export interface RowTexts {
  /** A number for each text, so that each is looked at once. */
  readonly textOf: (row: number) => number;
  readonly texts: (text: number) => string;
}

/**
 * Positions of rows, heaviest first; those that hold `sought` alone, in any case. Of equal ones the first stays first.
 */
export function orderRows(
  rows: RankedRows,
  { sort, counts, ascending = false, most = null }: RowOrder,
  texts?: RowTexts,
  sought = '',
): Uint32Array {
  const { length, bytes, count, self, ownPeak } = rows;
  let found = Uint32Array.from({ length }, (_, row) => row);
  const foldedText = texts === undefined ? null : foldTexts(texts);
  if (sought !== '' && foldedText !== null) {
    const folded = foldCase(sought);
    found = found.filter((row) => foldedText(row).includes(folded));
  }
  if (sort === 'name') {
    if (foldedText === null) return found;
    const order = [...found].sort((a, b) => compareTexts(foldedText(a), foldedText(b)) || a - b);
    return Uint32Array.from(ascending ? order : order.reverse());
  }
  const total = counts ? count : bytes;
  const own = counts ? self?.count : self?.bytes;
  const weight = sort === 'own-peak' && ownPeak !== null ? ownPeak.bytes : sort === 'self' ? (own ?? total) : total;
  if (ascending) return found.sort((a, b) => weight[a]! - weight[b]! || total[a]! - total[b]! || a - b);
  if (most !== null && most < found.length) {
    // All rows need not be ordered to find the heaviest.
    const least = Float64Array.from(found, (row) => weight[row]!).sort()[found.length - most]!;
    found = found.filter((row) => weight[row]! >= least);
  }
  found.sort((a, b) => weight[b]! - weight[a]! || total[b]! - total[a]! || a - b);
  return most === null ? found : found.subarray(0, most);
}

function foldTexts({ textOf, texts }: RowTexts): (row: number) => string {
  const known = new Map<number, string>();
  return (row) => {
    const key = textOf(row);
    let text = known.get(key);
    if (text === undefined) known.set(key, (text = foldCase(texts(key))));
    return text;
  };
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
