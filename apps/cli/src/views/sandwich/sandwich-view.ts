/**
 * `memscope callers` and `memscope callees`: a function, or several taken as one, and the tree of who called it or of
 * what it called. Bytes of a path count once, at its outermost call of one of them.
 */
import { formatBytes, formatCount, sandwich, type Profile, type Sandwich, type Selection } from '@memscope/model';

import { memscopeVersion } from '../../memscope-version.js';
import { heading, paragraph, type ReportStyle } from '../../terminal/report-style.js';
import {
  chooseFunctions,
  documentChosen,
  listChosen,
  nameChosen,
  placeChosen,
  readFunction,
  type ChosenFunctions,
} from '../choose-functions.js';
import { headSelection, selectionDocument } from '../describe-selection.js';
import type { View } from '../run-view.js';
import { selectBy } from '../selection-request.js';
import { totalLine } from '../total-line.js';
import { showNodes, type ShownNodes } from '../tree/shown-nodes.js';
import { listNodes, tableNodes } from '../tree/tree-document.js';
import { drawNodes } from '../tree/tree-lines.js';
import { sayFolded } from '../tree/tree-view.js';
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
  readonly sandwich: Sandwich;
  readonly nodes: (most: number | null) => ShownNodes;
}

/** Throws `UsageError`. */
export function sandwichView(side: SandwichSide, name: string, flags: SandwichFlags): View<SandwichAnswer> {
  const pattern = readFunction(name);
  const by = flags.counts ? 'count' : 'bytes';
  return {
    defaultCount: DEFAULT_COUNT,
    ask(profile: Profile): SandwichAnswer {
      const selection = selectBy(profile, flags);
      const chosen = chooseFunctions(selection, name, pattern, by);
      const both = sandwich(chosen.tree, chosen.frames);
      const least = flags.threshold * both[by];
      return {
        capturePath: profile.capture.path,
        selection,
        chosen,
        sandwich: both,
        nodes: (most) => showNodes(both[side], { by, least, maxDepth: flags.maxDepth ?? Infinity, most }),
      };
    },
    lines: (answer, style) => drawSandwich(side, answer, flags, style),
    document: ({ capturePath, selection, chosen, sandwich: both, nodes }, count) => ({
      schema: `memscope.${side}/1`,
      memscopeVersion: memscopeVersion(),
      capture: { path: capturePath },
      selection: selectionDocument(selection, flags),
      pattern: name,
      functions: documentChosen(chosen, selection),
      selfBytes: sum(chosen.selfBytes),
      selfCount: sum(chosen.selfCount),
      bytes: both.bytes,
      count: both.count,
      orderedBy: by,
      threshold: flags.threshold,
      maxDepth: flags.maxDepth,
      nodes: listNodes(nodes(count), selection),
    }),
    table: ({ selection, nodes }, count) => tableNodes(nodes(count), selection),
  };
}

function drawSandwich(
  side: SandwichSide,
  { selection, chosen, sandwich: both, nodes }: SandwichAnswer,
  flags: SandwichFlags,
  style: ReportStyle,
): string[] {
  const { counts, measure, threshold } = flags;
  const name = nameChosen(chosen, selection);
  const several = chosen.functions.length > 1;
  const whole = counts ? both.count : both.bytes;
  const lines = headSelection(
    `${side === 'callers' ? 'Callers' : 'Callees'} of ${name} by ${measure}`,
    selection,
    flags,
    style,
  );
  if (several) lines.push('', ...listChosen(chosen, selection, counts, LISTED_FUNCTIONS, style));
  if (whole === 0) return [...lines, ...paragraph(`None of it went through ${several ? 'them' : 'it'}.`, style)];
  const shown = nodes(style.count);
  lines.push(
    ...(several ? [''] : []),
    totalLine('Total', both.bytes, both.count, selection, counts),
    totalLine('Self', sum(chosen.selfBytes), sum(chosen.selfCount), selection, counts),
    '',
    heading(
      side === 'callers' ? 'Who called, outwards' : 'What was called, inwards',
      [
        `shares of its ${counts ? `${formatCount(whole)} allocations` : formatBytes(whole)}`,
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
        root: { name, place: placeChosen(chosen, selection) },
      },
      style,
    ),
  );
  if (side === 'callers' && both.callers.selfCount[0]! > 0 && both.callers.length > 1) {
    lines.push(...paragraph('What is missing from the sum was called by no frame that is shown.', style));
  }
  return lines;
}

function sum(column: Float64Array): number {
  return column.reduce((all, each) => all + each, 0);
}
