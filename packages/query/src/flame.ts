/**
 * The nodes of a flame graph that are at least a pixel wide, from the roots or inverted, after the user's transforms. With
 * a base both sides of each node.
 */
import type {
  ComparedFlameColumn,
  ComparedWeight,
  DrawnPaths,
  FlameColumn,
  FlameHead,
  SourceLookup,
} from '@memscope/model';
import { drawComparedTree, type ComparedTree } from './draw-compared.js';
import { drawTree, weightOf } from './draw-tree.js';
import type { OpenRun } from './open-run.js';
import type { FlameQuestion } from './question.js';
import { LabelList } from './label-list.js';
import { sourceLineOf, withSources } from './source-labels.js';
import { totalsOf, type SideTotals } from './side-totals.js';

type NumberColumn = Float64Array | Uint32Array;

export interface FlameAnswer {
  readonly columns: Readonly<Record<FlameColumn, NumberColumn> & Partial<Record<ComparedFlameColumn, NumberColumn>>>;
  readonly head: FlameHead;
}

/** Of one answer; more no screen shows. */
export const MOST_NODES = 50_000;

export interface FlameOptions {
  readonly most?: number;
  /** Draws what is below imports, for whoever closes them himself. */
  readonly opensImports?: boolean;
  /** Null: no file is looked for. */
  readonly sources?: SourceLookup | null;
}

/** `most` nodes; where there are more, the innermost levels are folded. */
export function answerFlame(run: OpenRun, question: FlameQuestion, options: FlameOptions = {}): FlameAnswer {
  const { most = MOST_NODES, opensImports = false, sources = null } = options;
  const { view, transforms, inverted, root, width, weigh = 'larger' } = question;
  const selection = run.select(view);
  const totals = totalsOf(selection);
  const choice = { inverted, transforms, root };
  const bounds = { width, most, opensImports };
  if (run.set.base.length === 0) {
    const answer = describeFlame(drawTree(run, view, choice, bounds), new LabelList(selection), totals, null);
    const { columns, head } = answer;
    const nodes = { label: columns.label, weight: columns[weightOf(view)], width };
    return { columns, head: { ...head, labels: withSources(head.labels, nodes, sourceLineOf(run.set.head, sources)) } };
  }
  const labels = new LabelList(selection, run.set.lines === true);
  return describeCompared(drawComparedTree(run, view, choice, weigh, bounds), labels, totals, weigh);
}

/** `bytes` and the like are the head's, as without a base; what is folded is by the weight. */
function describeCompared(
  { drawn, head, base, grown }: ComparedTree,
  labels: LabelList,
  totals: SideTotals,
  weigh: ComparedWeight,
): FlameAnswer {
  const { columns, ...answer } = describeFlame({ ...drawn, ...head }, labels, totals, weigh);
  return {
    ...answer,
    columns: {
      ...columns,
      baseBytes: base.bytes,
      baseCount: base.count,
      baseSelfBytes: base.selfBytes,
      baseSelfCount: base.selfCount,
      grownBytes: grown.bytes,
      grownCount: grown.count,
    },
  };
}

function describeFlame(
  drawn: DrawnPaths,
  list: LabelList,
  totals: SideTotals,
  weigh: ComparedWeight | null,
): FlameAnswer {
  const label = Uint32Array.from(drawn.key, (key) => list.positionOf(key));
  const sum = (column: Float64Array): number =>
    column.reduce((all, each, node) => (drawn.closed[node] === 1 ? all : all + each), 0);
  const { parent, bytes, count, selfBytes, selfCount, foldedBytes, foldedNodes, hiddenFrames, closed, id } = drawn;
  return {
    columns: { parent, label, bytes, count, selfBytes, selfCount, foldedBytes, foldedNodes, hiddenFrames, closed, id },
    head: {
      labels: list.labels,
      rootBytes: bytes[0]!,
      rootCount: count[0]!,
      ...totals,
      weigh,
      foldedNodes: sum(foldedNodes),
      foldedBytes: sum(foldedBytes),
      path: drawn.path.map((step) => ({ id: step.id, label: list.at(step.key) })),
    },
  };
}
