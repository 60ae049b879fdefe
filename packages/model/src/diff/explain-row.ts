/**
 * A row that changed → the line that changed most, and the line of the application that leads there. Lines are no part
 * of what rows are matched by, since they shift; so a line counts as unchanged where one of the other side holds as much.
 */
import { leadingLines, type LeadingLines } from '../analysis/peak/leading-lines.js';
import type { FindingPlace } from '../analysis/findings/finding-place.js';
import type { Place as CallerPlace } from '../documents/common-parts.js';
import { PathTree } from '../view/path-tree.js';
import type { Selection } from '../view/selection.js';
import type { SitesOfRows } from './sites-of-rows.js';

export interface RowWay {
  /** Of the row's own function; null where no line of Python is known. */
  readonly line: number | null;
  /** The line of the application that leads there; null where there is none, or it is the row's own. */
  readonly way: FindingPlace | null;
  /**
   * No other line of the application leads to any of what the row holds on the side in question, and none of another
   * function on the other side, where lines differ.
   */
  readonly isOnlyWay: boolean;
  /** Row of the Python stacks of what changed most; 0 = none is known. */
  readonly stack: number;
}

const SAME_SHARE = 0.01;
/** More than there are lines of frames. */
const MOST_LINES = 2 ** 26;

/** A line and a way to it, with what both sides hold there; runs of a side are added up. */
interface Place {
  readonly stack: number;
  readonly leading: number;
  /** Equal for stacks of one line of the application. */
  readonly leadingKey: number;
  /** In the joined functions; -1 = none. */
  readonly leadingFunction: number;
  base: number;
  head: number;
}

export class RowWays {
  readonly #selection: Selection;
  readonly #sitesOfRows: SitesOfRows;
  readonly #leading: LeadingLines;
  readonly #firstBase: number;
  /** Pairs of function and line: their nodes number them. */
  readonly #lines = new PathTree();

  constructor(selection: Selection, sitesOfRows: SitesOfRows) {
    const { stackTables, runs, sites } = selection;
    this.#selection = selection;
    this.#sitesOfRows = sitesOfRows;
    this.#leading = leadingLines(stackTables);
    this.#firstBase = runs.find(({ side }) => side === 'base')?.firstSite ?? sites.length;
  }

  /** `weights` by site of the runs, `grew`: which side is looked at. */
  explain(row: number, weights: Float64Array, grew: boolean): RowWay {
    const places = this.#places(row, weights);
    const place = changedPlace(places, grew);
    if (place === null || place.stack === 0) return { line: null, way: null, isOnlyWay: false, stack: 0 };
    const { frames, stacks } = this.#selection.stackTables;
    const { placeOf } = this.#leading;
    const line = frames.line[stacks.frame[place.stack]!]!;
    const way = place.leading === 0 ? null : placeOf(place.leading);
    const isOwn = place.leading === place.stack || way === null;
    const isOnlyWay =
      !isOwn &&
      places.every(
        (each) =>
          each.leadingFunction === place.leadingFunction &&
          ((grew ? each.head : each.base) === 0 || each.leadingKey === place.leadingKey),
      );
    return { line: line > 0 ? line : null, way: isOwn ? null : way, isOnlyWay, stack: place.stack };
  }

  #places(row: number, weights: Float64Array): Place[] {
    const { sites, stackTables, groups } = this.#selection;
    const { frame } = stackTables.stacks;
    const { starts, sites: sorted } = this.#sitesOfRows;
    const places = new Map<number, Place>();
    for (let at = starts[row]!; at < starts[row + 1]!; at++) {
      const site = sorted[at]!;
      if (weights[site] === 0) continue;
      const stack = sites.pythonStack[site]!;
      const leading = this.#leading.leadingOf(stack);
      const leadingKey = this.#lineOf(leading);
      const key = this.#lineOf(stack) * MOST_LINES + leadingKey;
      let place = places.get(key);
      if (place === undefined) {
        const leadingFunction = leading === 0 ? -1 : groups.functionOf[frame[leading]!]!;
        places.set(key, (place = { stack, leading, leadingKey, leadingFunction, base: 0, head: 0 }));
      }
      if (site < this.#firstBase) place.head += weights[site]!;
      else place.base += weights[site]!;
    }
    return [...places.values()];
  }

  /** 0 of the empty stack. */
  #lineOf(stack: number): number {
    if (stack === 0) return 0;
    const { stackTables, groups } = this.#selection;
    const frame = stackTables.stacks.frame[stack]!;
    return this.#lines.child(groups.functionOf[frame]!, stackTables.frames.line[frame]!);
  }
}

/**
 * Two Python stacks → the first frames outwards at which they differ, null where a stack has ended by then: under which
 * other caller the same function allocates now.
 */
export function differingCallers(
  { stackTables: { frames, stacks }, groups }: Pick<Selection, 'stackTables' | 'groups'>,
  before: number,
  now: number,
): { readonly from: CallerPlace | null; readonly to: CallerPlace | null } {
  const called = (row: number): number => groups.functionOf[stacks.frame[row]!]!;
  const describe = (row: number): CallerPlace | null => {
    if (row === 0) return null;
    const { name, file } = groups.functions[called(row)]!;
    return { function: name, file, line: Math.max(0, frames.line[stacks.frame[row]!]!) };
  };
  let [from, to] = [before, now];
  while (from !== 0 && to !== 0 && called(from) === called(to)) {
    [from, to] = [stacks.parent[from]!, stacks.parent[to]!];
  }
  return { from: describe(from), to: describe(to) };
}

/** The place whose bytes on the side in question are least explained by the other side. */
function changedPlace(places: readonly Place[], grew: boolean): Place | null {
  const own = (place: Place): number => (grew ? place.head : place.base);
  const other = (place: Place): number => (grew ? place.base : place.head);
  const unexplained = places.filter((place) => other(place) > 0).sort((a, b) => other(b) - other(a));
  let best: Place | null = null;
  let most = Number.NEGATIVE_INFINITY;
  for (const place of [...places].sort((a, b) => own(b) - own(a))) {
    if (own(place) === 0) continue;
    const same = unexplained.findIndex((each) => Math.abs(other(each) - own(place)) <= SAME_SHARE * own(place));
    if (same >= 0) unexplained.splice(same, 1);
    const change = same >= 0 ? 0 : own(place) - other(place);
    if (change > most) [best, most] = [place, change];
  }
  return best;
}
