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
import { drawComparedCallees, drawComparedCallers, findCompared, type ComparedTree } from './draw-compared.js';
import { drawCallees, drawCallers, findCalled } from './draw-tree.js';
import { LabelList } from './label-list.js';
import type { OpenRun } from './open-run.js';
import type { SandwichQuestion } from './question.js';

const MOST_NODES = 5_000;

export function answerSandwich(run: OpenRun, question: SandwichQuestion): SandwichAnswer {
  const { view, function: target, width } = question;
  const selection = run.select(view);
  const { groups } = selection;
  if (run.set.base.length > 0) return answerCompared(run, question);
  const called = findCalled(run, view, chooseFunction(target, groups), target);
  const { bytes, count, selfBytes, selfCount } = called;
  const bounds = { width, most: MOST_NODES };
  const label = labelFunction(findFunction(target, groups), groups, selection.libraries);
  const labels = new LabelList(selection);
  return {
    function: label,
    bytes,
    count,
    selfBytes,
    selfCount,
    base: null,
    callers: smallTree(drawCallers(called, view, bounds), label, labels),
    callees: smallTree(drawCallees(called, view, bounds), label, labels),
  };
}

/** With both sides of each node; as wide as the larger of them. */
function answerCompared(run: OpenRun, { view, function: target, width }: SandwichQuestion): SandwichAnswer {
  const selection = run.select(view);
  const { groups } = selection;
  const called = findCompared(run, view, chooseFunction(target, groups), target);
  const bounds = { width, most: MOST_NODES };
  const withLines = run.set.lines === true;
  const label = labelFunction(findFunction(target, groups), groups, selection.libraries);
  const labels = new LabelList(selection, withLines);
  const tree = ({ drawn, head, base, grown }: ComparedTree): SmallTree => ({
    ...smallTree({ ...drawn, ...head }, label, labels),
    compared: {
      baseBytes: [...base.bytes],
      baseCount: [...base.count],
      grownBytes: [...grown.bytes],
      grownCount: [...grown.count],
    },
  });
  return {
    function: label,
    ...called.head,
    base: called.base,
    callers: tree(drawComparedCallers(called, view, 'larger', bounds)),
    callees: tree(drawComparedCallees(called, view, 'larger', bounds)),
  };
}

/** Its root is the function. */
function smallTree(drawn: DrawnPaths, root: FlameLabel, labels: LabelList): SmallTree {
  return {
    parent: [...drawn.parent],
    label: Array.from(drawn.key, (key, node) => (node === 0 ? root : labels.at(key))),
    bytes: [...drawn.bytes],
    count: [...drawn.count],
    compared: null,
  };
}
