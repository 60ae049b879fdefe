/** A function → who calls it and what it calls, as two small trees of which only what is a pixel wide is listed. */
import {
  chooseFunction,
  findFunction,
  labelFunction,
  type DrawnPaths,
  type FlameLabel,
  type SandwichAnswer,
  type SmallTree,
} from '@memscope/model';
import { drawCallees, drawCallers, findCalled } from './draw-tree.js';
import { LabelList } from './label-list.js';
import type { OpenRun } from './open-run.js';
import type { SandwichQuestion } from './question.js';

const MOST_NODES = 5_000;

export function answerSandwich(run: OpenRun, question: SandwichQuestion): SandwichAnswer {
  const { view, function: target, width } = question;
  const selection = run.select(view);
  const { groups } = selection;
  const called = findCalled(run, view, chooseFunction(target, groups), target);
  const { bytes, count, selfBytes, selfCount } = called;
  const bounds = { width, most: MOST_NODES };
  const label = labelFunction(findFunction(target, groups), groups);
  const labels = new LabelList(selection);
  return {
    function: label,
    bytes,
    count,
    selfBytes,
    selfCount,
    callers: smallTree(drawCallers(called, view, bounds), label, labels),
    callees: smallTree(drawCallees(called, view, bounds), label, labels),
  };
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
