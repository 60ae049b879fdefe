/** A function → who calls it and what it calls, as two small trees of which only what is a pixel wide is listed. */
import {
  chooseFunction,
  drawInvertedPaths,
  drawRows,
  findCalls,
  findFunction,
  labelFunction,
  pathsAbove,
  type DrawnPaths,
  type FlameLabel,
  type FunctionCalls,
  type FunctionName,
  type PathWeights,
  type SandwichAnswer,
  type SmallTree,
  type ViewQuery,
} from '@memscope/model';
import { pathsKey, type OpenPaths, type OpenRun } from './open-run.js';
import type { SandwichQuestion } from './question.js';
import { LabelList } from './label-list.js';

const MOST_NODES = 5_000;

export function answerSandwich(run: OpenRun, question: SandwichQuestion): SandwichAnswer {
  const { view, function: target, width } = question;
  const selection = run.select(view);
  const options = { by: view.counts ? 'count' : 'bytes', width, root: 0, most: MOST_NODES } as const;
  const { paths, weights, calls } = callsOf(run, view, target);
  const { table } = paths;
  const root = [{ id: 0, key: table.key[0]! }];
  const callees = drawRows(table, weights, paths.children(), [...calls.outermost], root, options);
  const above = pathsAbove(table, weights, calls.outermost);
  const callers = drawInvertedPaths(above.table, above.weights, options);
  const label = labelFunction(findFunction(target, selection.groups), selection.groups);
  const labels = new LabelList(selection);
  // Also of calls within a call of the function.
  const sum = (column: Float64Array): number => calls.rows.reduce((all, row) => all + column[row]!, 0);
  return {
    function: label,
    bytes: callees.bytes[0]!,
    count: callees.count[0]!,
    selfBytes: sum(weights.selfBytes),
    selfCount: sum(weights.selfCount),
    callers: smallTree(callers, label, labels),
    callees: smallTree(callees, label, labels),
  };
}

/** The paths that the view shows, what they weigh, and which of their rows are calls of the function. */
export function callsOf(
  run: OpenRun,
  view: ViewQuery,
  target: FunctionName,
): { readonly paths: OpenPaths; readonly weights: PathWeights; readonly calls: FunctionCalls } {
  const paths = run.paths(view);
  const calls = run.keep(
    `calls ${pathsKey(view)} ${target}`,
    ({ rows }) => 8 * rows.length,
    () => findCalls(paths.table, chooseFunction(target, run.select(view).groups), run.outermost(view, 'function')),
  );
  return { paths, weights: run.weigh(view, paths, '[]'), calls };
}

/** Its root is the function. */
function smallTree(drawn: DrawnPaths, root: FlameLabel, labels: LabelList): SmallTree {
  return {
    parent: [...drawn.parent],
    label: Array.from(drawn.key, (key, node) => (node === 0 ? root : labels.at(key))),
    bytes: [...drawn.bytes],
    count: [...drawn.count],
  };
}
