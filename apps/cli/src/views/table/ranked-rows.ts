/**
 * A selection → the rows of a table and their order. Functions, locations and modules have self and inclusive numbers;
 * what was allocated without any frame is a row of its own, so that self bytes add up to the whole. Sites, threads and
 * allocators have no more than their own.
 */
import { groupSites, rankGroups, sumByGroup, ViewError, type Selection } from '@memscope/model';

import { isFrameGrouping, type FrameGrouping, type Grouping, type Sort } from './grouping.js';

/** `subject` of the row of what was allocated without any frame. */
export const FRAMELESS = -1;

/** Columns, in no order. */
export interface RankedRows {
  readonly length: number;
  /** By grouping: position in the functions or modules of `FrameGroups`, row of `FrameTable`, or row of a site. */
  readonly subject: Int32Array;
  /** With what was called, where rows are groups of frames. */
  readonly bytes: Float64Array;
  readonly count: Float64Array;
  /** Null where rows are groups of sites. */
  readonly self: { readonly bytes: Float64Array; readonly count: Float64Array } | null;
  /**
   * The most that each held at once, the tick in which it did, and that tick's end; null where rows are no owners, or
   * nothing tells.
   */
  readonly ownPeak: {
    readonly bytes: Float64Array;
    readonly tick: Uint32Array;
    readonly timeMs: Float64Array;
  } | null;
}

/**
 * By own peak also who holds nothing by the measure, as long as nothing is filtered. Throws `ViewError` where nothing
 * tells own peaks.
 */
export function rankRows(selection: Selection, by: Grouping, sort: Sort): RankedRows {
  if (sort === 'own-peak' && selection.ownerTable().peakBytes === null) {
    throw new ViewError('cannotAnswer', 'an aggregated capture does not know what each owner held at most');
  }
  if (isFrameGrouping(by)) return rankFrameGroups(selection, by);
  const groups = groupSites(selection, by, sort === 'own-peak' && selection.passes === null);
  return {
    length: groups.siteOfGroup.length,
    subject: Int32Array.from(groups.siteOfGroup),
    bytes: sumByGroup(selection.weights.bytes, groups),
    count: sumByGroup(selection.weights.count, groups),
    self: null,
    ownPeak: by === 'owner' ? ownPeaksOf(selection, groups.siteOfGroup) : null,
  };
}

/** By rows, each of which is a site of its owner. */
function ownPeaksOf({ ownerTable, sites, profile }: Selection, rows: readonly number[]): RankedRows['ownPeak'] {
  const { peakBytes, peakTick } = ownerTable();
  if (peakBytes === null || peakTick === null) return null;
  const { timeMs } = profile.ticks();
  const owners = rows.map((site) => sites.owner[site]!);
  return {
    bytes: Float64Array.from(owners, (owner) => peakBytes[owner]!),
    tick: Uint32Array.from(owners, (owner) => peakTick[owner]!),
    timeMs: Float64Array.from(owners, (owner) => timeMs[peakTick[owner]!] ?? profile.capture.endMs),
  };
}

function rankFrameGroups(selection: Selection, by: FrameGrouping): RankedRows {
  const { groups, stackTables } = selection;
  const [groupOf, length] = {
    function: [groups.functionOf, groups.functions.length] as const,
    location: [groups.canonical, stackTables.frames.length] as const,
    module: [groups.moduleOf, groups.modules.length] as const,
  }[by];
  const ranking = rankGroups(selection.tree(), groupOf, length);
  const { frameless } = ranking;
  const alone = frameless.bytes !== 0 || frameless.count !== 0;
  const extend = (column: Float64Array, value: number): Float64Array =>
    alone ? Float64Array.from([...column, value]) : column;
  return {
    length: ranking.length + (alone ? 1 : 0),
    subject: Int32Array.from(alone ? [...ranking.group, FRAMELESS] : ranking.group),
    bytes: extend(ranking.bytes, frameless.bytes),
    count: extend(ranking.count, frameless.count),
    self: {
      bytes: extend(ranking.selfBytes, frameless.bytes),
      count: extend(ranking.selfCount, frameless.count),
    },
    ownPeak: null,
  };
}

/** Positions of the heaviest rows, heaviest first; `most` null = all. Of equal ones the first stays first. */
export function orderRows(
  { length, bytes, count, self, ownPeak }: RankedRows,
  sort: Sort,
  counts: boolean,
  most: number | null,
): Uint32Array {
  const total = counts ? count : bytes;
  const weight =
    sort === 'own-peak' && ownPeak !== null
      ? ownPeak.bytes
      : sort === 'self' && self !== null
        ? counts
          ? self.count
          : self.bytes
        : total;
  let rows = Uint32Array.from({ length }, (_, row) => row);
  if (most !== null && most < length) {
    // All rows need not be ordered to find the heaviest.
    const least = weight.toSorted()[length - most]!;
    rows = rows.filter((row) => weight[row]! >= least);
  }
  rows.sort((a, b) => weight[b]! - weight[a]! || total[b]! - total[a]! || a - b);
  return most === null ? rows : rows.subarray(0, most);
}
