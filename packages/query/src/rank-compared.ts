/**
 * Both sides of a run set → rows of functions, locations or modules, as `rankRows` makes them of one: but arenas of
 * Python's allocator are a row of their own, since whose call needed a new one is chance.
 */
import {
  frameGroupsOf,
  keyOfArenas,
  outermostRows,
  rankPaths,
  type FrameGrouping,
  type PathRanking,
  type PathWeights,
  type ViewQuery,
} from '@memscope/model';
import type { OpenRun } from './open-run.js';
import { ARENAS, FRAMELESS, type RankedRows } from './ranked-rows.js';

export function rankCompared(run: OpenRun, view: ViewQuery, by: FrameGrouping): RankedRows {
  const selection = run.select(view);
  const paths = run.mergedPaths(view);
  const { head, base } = run.compare(view, paths);
  const { table } = paths;
  const [groupOf, groups] = frameGroupsOf(selection, by);
  const outermost = run.keep(`outermost ${by} ${paths.key}`, 4 * table.length, () =>
    outermostRows(table, paths.children(), groupOf, groups),
  );
  const rank = (weights: PathWeights): PathRanking => rankPaths(table, weights, outermost, groupOf, groups);
  const [now, before] = [rank(head), rank(base)];
  const used: number[] = [];
  for (let group = 0; group <= groups; group++) {
    if ([now, before].some(({ bytes, count }) => bytes[group] !== 0 || count[group] !== 0)) used.push(group);
  }
  const arenaKey = keyOfArenas(selection.stackTables.frames, selection.groups);
  // One, or one of each thread.
  const arenaRows: number[] = [];
  for (let row = 0; row < table.length; row++) if (table.key[row] === arenaKey) arenaRows.push(row);
  const arenas = (weights: PathWeights, name: keyof PathRanking): number =>
    arenaRows.reduce((sum, row) => sum + weights[name][weights.placeOf(row)]!, 0);
  const hasArenas = [head, base].some((side) => arenas(side, 'bytes') !== 0 || arenas(side, 'count') !== 0);
  /** By row; of arenas all is their own. */
  const pick = (ranking: PathRanking, weights: PathWeights, name: keyof PathRanking): Float64Array =>
    Float64Array.from([...used.map((group) => ranking[name][group]!), ...(hasArenas ? [arenas(weights, name)] : [])]);
  const sides = (name: keyof PathRanking): { readonly both: Float64Array; readonly head: Float64Array } => {
    const ofHead = pick(now, head, name);
    const ofBase = pick(before, base, name);
    return { head: ofHead, both: ofHead.map((each, row) => each + ofBase[row]!) };
  };
  const [bytes, count] = [sides('bytes'), sides('count')];
  const [selfBytes, selfCount] = [sides('selfBytes'), sides('selfCount')];
  return {
    length: bytes.both.length,
    subject: Int32Array.from([
      ...used.map((group) => (group === groups ? FRAMELESS : group)),
      ...(hasArenas ? [ARENAS] : []),
    ]),
    bytes: bytes.both,
    count: count.both,
    self: { bytes: selfBytes.both, count: selfCount.both },
    ownPeak: null,
    head: {
      bytes: bytes.head,
      count: count.head,
      self: { bytes: selfBytes.head, count: selfCount.head },
    },
  };
}
