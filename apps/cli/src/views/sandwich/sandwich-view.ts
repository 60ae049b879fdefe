/**
 * `memscope callers` and `memscope callees`: a function, or several taken as one, and the tree of who called it or of
 * what it called. Bytes of a path count once, at its outermost call of one of them.
 */
import {
  formatBytes,
  type CalleesDocument,
  type CallersDocument,
  type DrawnPaths,
  type NodeWeights,
  type Selection,
  type ViewQuery,
} from '@memscope/model';
import {
  drawCallees,
  drawCallers,
  drawComparedCallees,
  drawComparedCallers,
  selectionPart,
  type OpenRun,
  type TreeBounds,
} from '@memscope/query';

import { memscopeVersion } from '../../beside-program.js';
import { heading, paragraph, type ReportStyle } from '../../terminal/report-style.js';
import {
  chooseFunctions,
  documentChosen,
  listChosen,
  nameChosen,
  placeChosen,
  readFunction,
  totalLine,
  type ChosenFunctions,
} from '../choose-functions.js';
import { headSelection, wordCount } from '../describe-selection.js';
import type { View } from '../run-view.js';
import { asUsage, viewOf } from '../selection-request.js';
import { showNodes, type ShownNodes } from '../tree/shown-nodes.js';
import { listNodes, tableNodes } from '../tree/tree-document.js';
import { drawNodes } from '../tree/tree-lines.js';
import { boundsOf, sayFolded } from '../tree/tree-view.js';
import type { ViewFlags } from '../view-options.js';

export type SandwichSide = 'callers' | 'callees';

const DEFAULT_COUNT = 60;
const LISTED_FUNCTIONS = 5;

export interface SandwichFlags extends ViewFlags {
  readonly maxDepth: number | null;
  /** Share of what the functions hold, 0 to 1. */
  readonly threshold: number;
}

interface SandwichAnswer {
  readonly capturePath: string;
  readonly selection: Selection;
  readonly chosen: ChosenFunctions;
  /** Its root is the functions. */
  readonly tree: DrawnPaths;
  readonly nodes: (most: number | null) => ShownNodes;
}

/** Throws `UsageError`. */
export function sandwichView(side: SandwichSide, name: string, flags: SandwichFlags): View<SandwichAnswer> {
  const pattern = readFunction(name);
  const by = flags.counts ? 'count' : 'bytes';
  const view = viewOf(flags);
  return {
    defaultCount: DEFAULT_COUNT,
    ask(run: OpenRun): SandwichAnswer {
      const selection = asUsage(() => run.select(view));
      const chosen = chooseFunctions(run, view, name, pattern);
      const { drawn: tree, head } = drawSide(side, chosen, view, boundsOf(flags));
      return {
        capturePath: run.profile.capture.path,
        selection,
        chosen,
        tree,
        nodes: (most) => showNodes(tree, by, most, head),
      };
    },
    lines: (answer, style) => drawSandwich(side, answer, view, flags, style),
    document: ({ capturePath, selection, chosen, nodes }, count): CallersDocument | CalleesDocument => ({
      schema: `memscope.${side}/1`,
      memscopeVersion: memscopeVersion(),
      capture: { path: capturePath },
      selection: selectionPart(selection, view),
      pattern: name,
      functions: documentChosen(chosen, selection),
      ...sidesOfChosen(chosen),
      threshold: flags.threshold,
      maxDepth: flags.maxDepth,
      nodes: listNodes(nodes(count), selection),
    }),
    table: ({ selection, nodes }, count) => tableNodes(nodes(count), selection),
  };
}

/** With a base a drawing of both sides, and what of each node is the head's. */
function drawSide(
  side: SandwichSide,
  { called, compared }: ChosenFunctions,
  view: ViewQuery,
  bounds: TreeBounds,
): { readonly drawn: DrawnPaths; readonly head: NodeWeights | null } {
  if (compared === null) {
    return { drawn: (side === 'callers' ? drawCallers : drawCallees)(called, view, bounds), head: null };
  }
  return (side === 'callers' ? drawComparedCallers : drawComparedCallees)(compared, view, 'both', bounds);
}

/** Without a base one side; with it the head's, and the base's beside. */
function sidesOfChosen({ called, compared }: ChosenFunctions) {
  const { bytes, count, selfBytes, selfCount } = compared?.head ?? called;
  const own = { selfBytes, selfCount, bytes, count };
  if (compared === null) return own;
  const { base } = compared;
  return {
    ...own,
    baseBytes: base.bytes,
    baseCount: base.count,
    baseSelfBytes: base.selfBytes,
    baseSelfCount: base.selfCount,
  };
}

function drawSandwich(
  side: SandwichSide,
  { selection, chosen, tree, nodes }: SandwichAnswer,
  view: ViewQuery,
  { threshold, maxDepth }: SandwichFlags,
  style: ReportStyle,
): string[] {
  const { counts, measure } = view;
  const name = nameChosen(chosen, selection);
  const { bytes, count, selfBytes, selfCount } = chosen.called;
  const several = chosen.functions.length > 1;
  const whole = counts ? count : bytes;
  const lines = headSelection(
    `${side === 'callers' ? 'Callers' : 'Callees'} of ${name} by ${measure}`,
    selection,
    view,
    style,
  );
  if (several && chosen.compared === null)
    lines.push('', ...listChosen(chosen, selection, counts, LISTED_FUNCTIONS, style));
  if (whole === 0) return [...lines, ...paragraph(`None of it went through ${several ? 'them' : 'it'}.`, style)];
  const shown = nodes(style.count);
  lines.push(
    ...(several ? [''] : []),
    ...(chosen.compared === null
      ? [
          totalLine('Inclusive', bytes, count, selection, counts),
          totalLine('Self', selfBytes, selfCount, selection, counts),
        ]
      : []),
    '',
    heading(
      side === 'callers' ? 'Who called, outwards' : 'What was called, inwards',
      [
        ...(chosen.compared === null
          ? [`shares of its ${counts ? wordCount(measure, whole) : formatBytes(whole)}`]
          : []),
        sayFolded(shown, threshold) || [],
      ]
        .flat()
        .join(', '),
      style,
    ),
    ...drawNodes(
      shown,
      selection,
      {
        counts,
        self: side === 'callees',
        whole,
        title: 'Function',
        maxDepth,
        root: { name, place: placeChosen(chosen, selection) },
      },
      style,
    ),
  );
  if (side === 'callers' && tree.selfCount[0]! > 0 && tree.foldedNodes[0]! + tree.length > 1) {
    lines.push(...paragraph('What is missing from the sum was called by no frame that is shown.', style));
  }
  return lines;
}
