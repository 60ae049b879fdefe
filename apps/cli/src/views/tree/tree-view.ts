/** `memscope tree`: the call tree of a selection, from the roots or from the frames that allocated. */
import { formatCount, isCounted, type Selection, type TreeDocument, type ViewQuery } from '@memscope/model';
import { drawComparedTree, drawTree, selectionPart, type OpenRun, type TreeBounds } from '@memscope/query';

import { memscopeVersion } from '../../beside-program.js';
import { heading, paragraph, type ReportStyle } from '../../terminal/report-style.js';
import { headSelection } from '../describe-selection.js';
import type { View } from '../run-view.js';
import { asUsage, viewOf } from '../selection-request.js';
import type { ViewFlags } from '../view-options.js';
import { showNodes, type ShownNodes } from './shown-nodes.js';
import { listNodes, tableNodes } from './tree-document.js';
import { drawNodes } from './tree-lines.js';

const DEFAULT_COUNT = 60;
/** Share of the whole below which nodes are folded unless asked otherwise. */
export const DEFAULT_THRESHOLD = 0.01;

export interface TreeFlags extends ViewFlags {
  readonly inverted: boolean;
  readonly maxDepth: number | null;
  /** Share of the whole, 0 to 1. */
  readonly threshold: number;
}

interface TreeAnswer {
  readonly capturePath: string;
  readonly selection: Selection;
  /** Those of the greatest number of nodes that may be asked for. */
  readonly nodes: (most: number | null) => ShownNodes;
}

/** What is folded because it is light or deep; how many nodes are shown is the printing's matter. */
export function boundsOf({ threshold, maxDepth }: Pick<TreeFlags, 'threshold' | 'maxDepth'>): TreeBounds {
  return { width: 1 / threshold, most: Infinity, ...(maxDepth === null ? {} : { maxDepth }) };
}

export function treeView(flags: TreeFlags): View<TreeAnswer> {
  const by = flags.counts ? 'count' : 'bytes';
  const view = viewOf(flags);
  return {
    defaultCount: DEFAULT_COUNT,
    ask(run: OpenRun): TreeAnswer {
      const { inverted } = flags;
      const selection = asUsage(() => run.select(view));
      const { drawn, head } = asUsage(() =>
        run.set.base.length === 0
          ? { drawn: drawTree(run, view, { inverted }, boundsOf(flags)), head: null }
          : drawComparedTree(run, view, { inverted }, 'both', boundsOf(flags)),
      );
      return {
        capturePath: run.profile.capture.path,
        selection,
        nodes: (most) => showNodes(drawn, by, most, head),
      };
    },
    lines: ({ selection, nodes }, style) => describeTree(selection, nodes(style.count), view, flags, style),
    document: ({ capturePath, selection, nodes }, count): TreeDocument => ({
      schema: 'memscope.tree/1',
      memscopeVersion: memscopeVersion(),
      capture: { path: capturePath },
      selection: selectionPart(selection, view),
      inverted: flags.inverted,
      threshold: flags.threshold,
      maxDepth: flags.maxDepth,
      nodes: listNodes(nodes(count), selection),
    }),
    table: ({ selection, nodes }, count) => tableNodes(nodes(count), selection),
  };
}

function describeTree(
  selection: Selection,
  nodes: ShownNodes,
  view: ViewQuery,
  flags: TreeFlags,
  style: ReportStyle,
): string[] {
  const title = flags.inverted ? `Callers by ${flags.measure}` : `Call tree by ${flags.measure}`;
  const head = headSelection(title, selection, view, style);
  const made = isCounted(flags.measure) ? 'created' : 'allocated';
  const whole = flags.counts ? selection.count : selection.bytes;
  if (whole === 0) return [...head, '  Nothing.'];
  return [
    ...head,
    '',
    heading(
      flags.inverted ? `What ${made}, and below it who called` : `Who called, and below it what ${made}`,
      sayFolded(nodes, flags.threshold),
      style,
    ),
    ...drawNodes(
      nodes,
      selection,
      { counts: flags.counts, self: !flags.inverted, whole, title: 'Function', maxDepth: flags.maxDepth, root: null },
      style,
    ),
    ...sayHidden(nodes, style),
    ...(nodes.tree.selfBytes[0]! > 0
      ? paragraph('What is missing from the sum was allocated without any frame that is shown.', style)
      : []),
  ];
}

/** Of frames that are left out between those that stand there. */
function sayHidden({ tree, shown }: ShownNodes, style: ReportStyle): string[] {
  if (!tree.hiddenFrames.some((frames, node) => frames > 0 && shown[node] !== 0)) return [];
  return paragraph(
    'Frames that only run others (memray, runpy, threads, event loops, pytest …) and the import system are folded: --frames all shows them.',
    style,
  );
}

/** Which nodes are folded: the light ones, and those for which there was no room. */
export function sayFolded({ left }: ShownNodes, threshold: number): string {
  const light = threshold > 0 ? [`below ${shareText(threshold)} folded`] : [];
  const more = left > 0 ? [`-n shows ${formatCount(left)} more`] : [];
  return [...light, ...more].join(', ');
}

/** "1%" */
function shareText(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`;
}
