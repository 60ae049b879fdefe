/**
 * What both sides of a run set hold as one tree, from the roots inwards or inverted, or above and below some functions:
 * each path has both sides, and widths are one of the weights that these have.
 */
import {
  drawInvertedPaths,
  drawPaths,
  drawRows,
  pathsAbove,
  weightsCompared,
  type ComparedPaths,
  type DrawnPaths,
  type DrawnWeight,
  type FunctionCalls,
  type NodeWeights,
  type PathWeights,
  type ViewQuery,
} from '@memscope/model';
import { callsOn, sumCalls, weightOf, type CalledSums, type TreeBounds, type TreeChoice } from './draw-tree.js';
import { selectionKey, sizeOfWeights, type OpenPaths, type OpenRun } from './open-run.js';

/** Both sides of a run set on the same paths, drawn by one of the weights that these have. */
export interface ComparedTree {
  readonly drawn: DrawnPaths;
  readonly head: NodeWeights;
  readonly base: NodeWeights;
  /** What grew on paths through each node; what shrank is never netted against it. */
  readonly grown: NodeWeights;
}

/** Ids of its nodes are others than those of `drawTree`; arenas of Python's allocator are one node. Throws as that does. */
export function drawComparedTree(
  run: OpenRun,
  view: ViewQuery,
  { inverted, transforms = [], root = 0 }: TreeChoice,
  weigh: DrawnWeight,
  bounds: TreeBounds,
): ComparedTree {
  const paths = run.mergedPaths(view, transforms);
  const compared = run.compare(view, paths);
  const weights = run.keep(`compared ${weigh} ${selectionKey(view)} ${paths.key}`, sizeOfWeights, () =>
    weightsCompared(weigh, compared),
  );
  const options = { ...bounds, by: weightOf(view), root, beside: besideOf(compared) };
  const { table, children } = run.drawnPaths(paths, view);
  return comparedTree(
    inverted ? drawInvertedPaths(table, weights, options) : drawPaths(table, weights, children(), options),
  );
}

function besideOf({ head, base, grown }: ComparedPaths): readonly PathWeights[] {
  return [head, base, grown];
}

/** Of what was drawn with `besideOf`. */
function comparedTree(drawn: DrawnPaths): ComparedTree {
  const [head, base, grown] = drawn.beside;
  return { drawn, head: head!, base: base!, grown: grown! };
}

/** What both sides hold of some functions taken as one. */
export interface ComparedFunctions {
  /** As they are drawn. */
  readonly paths: OpenPaths;
  readonly calls: FunctionCalls;
  readonly compared: ComparedPaths;
  readonly head: CalledSums;
  readonly base: CalledSums;
}

/** As `findCalled`, of both sides. */
export function findCompared(run: OpenRun, view: ViewQuery, chosen: Uint8Array, name: string): ComparedFunctions {
  const paths = run.mergedPaths(view);
  const compared = run.compare(view, paths);
  const calls = callsOn(run, paths, chosen, name);
  return {
    paths: run.drawnPaths(paths, view),
    calls,
    compared,
    head: sumCalls(calls, compared.head),
    base: sumCalls(calls, compared.base),
  };
}

/** From the functions outwards, both sides. */
export function drawComparedCallers(
  { paths, calls, compared }: ComparedFunctions,
  view: ViewQuery,
  weigh: DrawnWeight,
  bounds: TreeBounds,
): ComparedTree {
  const above = (weights: PathWeights): ReturnType<typeof pathsAbove> =>
    pathsAbove(paths.table, weights, calls.outermost);
  const { table, weights } = above(weightsCompared(weigh, compared));
  const beside = besideOf(compared).map((each) => above(each).weights);
  return comparedTree(drawInvertedPaths(table, weights, { ...bounds, by: weightOf(view), root: 0, beside }));
}

/** From the functions inwards, both sides. */
export function drawComparedCallees(
  { paths, calls, compared }: ComparedFunctions,
  view: ViewQuery,
  weigh: DrawnWeight,
  bounds: TreeBounds,
): ComparedTree {
  const root = [{ id: 0, key: paths.table.key[0]! }];
  const options = { ...bounds, by: weightOf(view), beside: besideOf(compared) };
  const weights = weightsCompared(weigh, compared);
  return comparedTree(drawRows(paths.table, weights, paths.children(), [...calls.outermost], root, options));
}
