/** A function → who calls it and what it calls, as two small trees of which only what is a pixel wide is listed. */
import {
  chooseFunction,
  drawInvertedPaths,
  drawPaths,
  keepAbove,
  keepBelow,
  labelFunction,
  nameFunction,
  type DrawnPaths,
  type FlameLabel,
  type PathTable,
  type PathWeights,
  type SandwichAnswer,
  type SmallTree,
} from '@memscope/model';
import { pathsKey, type OpenRun } from '../open-run.js';
import type { SandwichQuestion } from '../question.js';
import { LabelList } from './label-list.js';

const MOST_NODES = 5_000;

export function answerSandwich(run: OpenRun, question: SandwichQuestion): SandwichAnswer {
  const { view, function: target, width } = question;
  const selection = run.select(view);
  const { groups } = selection;
  const chosen = chooseFunction(target, groups);
  const paths = run.paths(view);
  const { table } = paths;
  const options = { by: view.counts ? 'count' : 'bytes', width, root: 0, most: MOST_NODES } as const;

  const merged = { ...view, mergeThreads: true };
  const shared = view.mergeThreads ? table : run.paths(merged).table;
  const below = run.keepPaths(`below ${pathsKey(merged)} ${target}`, () => keepBelow(shared, chosen, false));
  const above = run.keepPaths(`above ${pathsKey(view)} ${target}`, () => keepAbove(table, chosen, false));
  const inside = run.weigh(merged, below, `below ${target}`);
  const callees = drawPaths(below.table, inside, below.children(), options);
  const callers = drawInvertedPaths(above.table, run.weigh(view, above, `above ${target}`), options);
  const label = labelFunction(
    groups.functions.findIndex((each) => nameFunction(each) === target),
    groups,
  );
  const labels = new LabelList(selection);
  return {
    function: label,
    bytes: callees.bytes[0]!,
    count: callees.count[0]!,
    ...sumSelf(table, run.weigh(view, paths, '[]'), chosen),
    callers: smallTree(callers, label, labels),
    callees: smallTree(callees, label, labels),
  };
}

/** Also of calls within a call of the function. */
function sumSelf(
  { length, key }: PathTable,
  weights: PathWeights,
  chosen: Uint8Array,
): Pick<SandwichAnswer, 'selfBytes' | 'selfCount'> {
  let [selfBytes, selfCount] = [0, 0];
  for (let row = 0; row < length; row++) {
    const own = key[row]!;
    if (own < 0 || chosen[own] === 0) continue;
    selfBytes += weights.selfBytes[row]!;
    selfCount += weights.selfCount[row]!;
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
