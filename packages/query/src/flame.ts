/** The nodes of a flame graph that are at least a pixel wide, from the roots or inverted, after the user's transforms. */
import type { DrawnPaths, FlameColumn, FlameHead, LabelTables } from '@memscope/model';
import { drawTree } from './draw-tree.js';
import type { OpenRun } from './open-run.js';
import type { FlameQuestion } from './question.js';
import { LabelList } from './label-list.js';

export interface FlameAnswer {
  readonly columns: Readonly<Record<FlameColumn, Float64Array | Uint32Array>>;
  readonly head: FlameHead;
}

/** Of one answer; more no screen shows. */
export const MOST_NODES = 50_000;

/** `most` nodes; where there are more, the innermost levels are folded. */
export function answerFlame(run: OpenRun, question: FlameQuestion, most = MOST_NODES): FlameAnswer {
  const { view, transforms, inverted, root, width } = question;
  const selection = run.select(view);
  const drawn = drawTree(run, view, { inverted, transforms, root }, { width, most });
  return describeFlame(drawn, selection, {
    bytes: selection.bytes,
    count: selection.count,
    wholeBytes: selection.wholeBytes,
    wholeCount: selection.wholeCount,
    suggestion: selection.suggestion,
  });
}

function describeFlame(
  drawn: DrawnPaths,
  tables: LabelTables,
  totals: Pick<FlameHead, 'bytes' | 'count' | 'wholeBytes' | 'wholeCount' | 'suggestion'>,
): FlameAnswer {
  const list = new LabelList(tables);
  const label = Uint32Array.from(drawn.key, (key) => list.positionOf(key));
  const sum = (column: Float64Array): number => column.reduce((all, each) => all + each, 0);
  const { parent, bytes, count, selfBytes, selfCount, foldedBytes, foldedNodes, id } = drawn;
  return {
    columns: { parent, label, bytes, count, selfBytes, selfCount, foldedBytes, foldedNodes, id },
    head: {
      labels: list.labels,
      rootBytes: bytes[0]!,
      rootCount: count[0]!,
      ...totals,
      foldedNodes: sum(foldedNodes),
      foldedBytes: sum(foldedBytes),
      path: drawn.path.map((step) => ({ id: step.id, label: list.at(step.key) })),
    },
  };
}
