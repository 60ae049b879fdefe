/**
 * What a view holds as a tree: from the roots inwards or inverted, or what is above and below some functions. Only nodes
 * that are wide enough are drawn; what is folded below each is said.
 */
import {
  drawInvertedPaths,
  drawPaths,
  drawRows,
  findCalls,
  pathsAbove,
  type DrawnPaths,
  type DrawOptions,
  type FunctionCalls,
  type PathWeights,
  type Transform,
  type ViewQuery,
} from '@memscope/model';
import type { OpenPaths, OpenRun } from './open-run.js';

/** How much of a tree is drawn; what it weighs is the view's matter. */
export type TreeBounds = Omit<DrawOptions, 'by' | 'root' | 'beside'>;

/** Which tree. */
export interface TreeChoice {
  readonly inverted: boolean;
  readonly transforms?: readonly Transform[];
  /** Id of a node; everything by default. */
  readonly root?: number;
}

/** Throws `ViewError`, also `outside` where there is no such root. */
export function drawTree(
  run: OpenRun,
  view: ViewQuery,
  { inverted, transforms = [], root = 0 }: TreeChoice,
  bounds: TreeBounds,
): DrawnPaths {
  const paths = run.paths(view, transforms);
  const weights = run.weigh(view, paths);
  const options = { ...bounds, by: weightOf(view), root };
  const { table, children } = run.drawnPaths(paths, view);
  return inverted ? drawInvertedPaths(table, weights, options) : drawPaths(table, weights, children(), options);
}

/** What functions hold. */
export interface CalledSums {
  readonly bytes: number;
  readonly count: number;
  /** Allocated by the functions themselves, also in calls within their calls. */
  readonly selfBytes: number;
  readonly selfCount: number;
}

/** Some functions taken as one, and what they hold. */
export interface CalledFunctions extends CalledSums {
  /** As they are drawn. */
  readonly paths: OpenPaths;
  readonly weights: PathWeights;
  readonly calls: FunctionCalls;
}

/** `chosen` is 1 for each frame row of the functions, `name` names them. Each path counts once, at its outermost call. */
export function findCalled(run: OpenRun, view: ViewQuery, chosen: Uint8Array, name: string): CalledFunctions {
  const paths = run.paths(view);
  const weights = run.weigh(view, paths);
  const calls = callsOn(run, paths, chosen, name);
  return { paths: run.drawnPaths(paths, view), weights, calls, ...sumCalls(calls, weights) };
}

/** Where on the paths the functions are called. */
export function callsOn(run: OpenRun, { key, table }: OpenPaths, chosen: Uint8Array, name: string): FunctionCalls {
  return run.keep(
    `calls ${key} ${name}`,
    ({ rows }) => 8 * rows.length,
    () => findCalls(table, chosen),
  );
}

export function sumCalls({ rows, outermost }: FunctionCalls, weights: PathWeights): CalledSums {
  const sum = (column: Float64Array, of: Uint32Array): number =>
    of.reduce((all, row) => all + column[weights.placeOf(row)]!, 0);
  return {
    bytes: sum(weights.bytes, outermost),
    count: sum(weights.count, outermost),
    selfBytes: sum(weights.selfBytes, rows),
    selfCount: sum(weights.selfCount, rows),
  };
}

/** From the functions outwards: the root is the functions, below it their callers. */
export function drawCallers(
  { paths, weights, calls }: CalledFunctions,
  view: ViewQuery,
  bounds: TreeBounds,
): DrawnPaths {
  const above = pathsAbove(paths.table, weights, calls.outermost);
  return drawInvertedPaths(above.table, above.weights, { ...bounds, by: weightOf(view), root: 0 });
}

/** From the functions inwards: the root is the functions, below it what they call. */
export function drawCallees(
  { paths, weights, calls }: CalledFunctions,
  view: ViewQuery,
  bounds: TreeBounds,
): DrawnPaths {
  const root = [{ id: 0, key: paths.table.key[0]! }];
  const options = { ...bounds, by: weightOf(view) };
  return drawRows(paths.table, weights, paths.children(), [...calls.outermost], root, options);
}

/** What widths stand for. */
export function weightOf({ counts }: ViewQuery): 'bytes' | 'count' {
  return counts ? 'count' : 'bytes';
}
