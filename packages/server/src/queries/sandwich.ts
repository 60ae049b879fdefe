/** A function → who calls it and what it calls, as two small trees of which only what is a pixel wide is listed. */
import {
  chooseFunction,
  drawInvertedPaths,
  drawRows,
  DROPPED,
  findFunction,
  labelFunction,
  pathsAbove,
  pathsBelow,
  type DrawnPaths,
  type FlameLabel,
  type FunctionName,
  type PathTable,
  type PathWeights,
  type SandwichAnswer,
  type SiteWeights,
  type SmallTree,
  type ViewQuery,
} from '@memscope/model';
import { pathsKey, type OpenPaths, type OpenRun } from '../open-run.js';
import type { SandwichQuestion } from '../question.js';
import { LabelList } from './label-list.js';

const MOST_NODES = 5_000;

export function answerSandwich(run: OpenRun, question: SandwichQuestion): SandwichAnswer {
  const { view, function: target, width } = question;
  const selection = run.select(view);
  const { groups } = selection;
  const chosen = chooseFunction(target, groups);
  const { table } = run.paths(view);
  const options = { by: view.counts ? 'count' : 'bytes', width, root: 0, most: MOST_NODES } as const;

  const { below, weights } = pathsFrom(run, view, target);
  const children = below.children();
  // Threads are merged, so that all that is called by nobody is a call of the function.
  const calls = [...children.rows.subarray(0, children.start[1])];
  const callees = drawRows(below.table, weights, children, calls, [{ id: 0, key: below.table.key[0]! }], options);
  const above = run.keepPaths(`above ${pathsKey(view)} ${target}`, () => pathsAbove(table, chosen));
  const callers = drawInvertedPaths(above.table, run.weigh(view, above, `above ${target}`), options);
  const label = labelFunction(findFunction(target, groups), groups);
  const labels = new LabelList(selection);
  return {
    function: label,
    bytes: callees.bytes[0]!,
    count: callees.count[0]!,
    ...sumSelf(table, selection.weights, chosen),
    callers: smallTree(callers, label, labels),
    callees: smallTree(callees, label, labels),
  };
}

/** Paths from the outermost calls of the function on, whoever called it in whichever thread, and what they weigh. */
export function pathsFrom(
  run: OpenRun,
  view: ViewQuery,
  target: FunctionName,
): { readonly below: OpenPaths; readonly weights: PathWeights } {
  const merged = { ...view, mergeThreads: true };
  const below = run.keepPaths(`from ${pathsKey(merged)} ${target}`, () =>
    pathsBelow(run.paths(merged).table, chooseFunction(target, run.select(view).groups)),
  );
  return { below, weights: run.weigh(view, below, `from ${target}`) };
}

/** Also of calls within a call of the function. */
function sumSelf(
  { key, rowOfSite }: PathTable,
  { bytes, count }: SiteWeights,
  chosen: Uint8Array,
): Pick<SandwichAnswer, 'selfBytes' | 'selfCount'> {
  let [selfBytes, selfCount] = [0, 0];
  for (let site = 0; site < rowOfSite.length; site++) {
    const row = rowOfSite[site]!;
    const own = row === DROPPED ? -1 : key[row]!;
    if (own < 0 || chosen[own] === 0) continue;
    selfBytes += bytes[site]!;
    selfCount += count[site]!;
  }
  return { selfBytes, selfCount };
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
