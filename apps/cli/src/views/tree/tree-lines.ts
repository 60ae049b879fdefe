/**
 * Shown nodes → lines with their numbers and branches. Frames that pass on nearly all to a single other stand below
 * each other without indentation, so that a stack of fifty frames stays readable in 80 columns; only where memory
 * divides, lines branch.
 */
import { formatBytes, formatCount, formatShare, isCounted, signedChange, type Selection } from '@memscope/model';

import { displayWidth, padEnd, padStart, shortenEnd, shortenMiddle, widthUpTo } from '../../terminal/display-width.js';
import type { ReportStyle } from '../../terminal/report-style.js';
import { labelNode, type Label } from '../frame-label.js';
import { foldedBelow, hasLeft, shownChildren, type FoldedNodes, type ShownNodes } from './shown-nodes.js';

export interface TreeLineOptions {
  readonly counts: boolean;
  /** Whether lines tell what a node allocated by itself. */
  readonly self: boolean;
  /** What shares are shares of. */
  readonly whole: number;
  /** What the lines below the root are called: "called", "allocated by", … */
  readonly title: string;
  /** Deeper nodes are left out; null = none are. */
  readonly maxDepth: number | null;
  /** Replaces the label of the root; null leaves its line out. */
  readonly root: Label | null;
}

interface Row {
  readonly branches: string;
  readonly label: Label;
  readonly bytes: number;
  readonly count: number;
  readonly self: number | null;
  /** Of a tree of two sides, by bytes or counts: what is the head's; null where it is folded, or there is no base. */
  readonly head: number | null;
}

const WIDE = 110;
/** A single child that weighs as much of its caller stands below it without indentation. */
const PASSED_ON = 0.95;
const LEAST_PLACE = 14;
const BELOW_IMPORTS = '--frames imports';
/** In the place of a node: those at the top for which there was no room. */
const HIDDEN = -1;

export function drawNodes(
  nodes: ShownNodes,
  selection: Selection,
  options: TreeLineOptions,
  style: ReportStyle,
): string[] {
  const rows = collectRows(nodes, selection, options);
  const { palette, width } = style;
  const { counts, whole } = options;
  const second = width >= WIDE && !isCounted(selection.measure);
  const isCompared = nodes.head !== null;
  const oneSide = ({ bytes, count, self }: Row): string[] => [
    counts ? formatCount(count) : formatBytes(bytes),
    ...(second ? [counts ? formatBytes(bytes) : formatCount(count)] : []),
    ...(options.self ? [self === null || self === 0 ? '' : counts ? formatCount(self) : formatBytes(self)] : []),
    formatShare(counts ? count : bytes, whole),
  ];
  const cells = rows.map((row) => (isCompared ? bothSides(row, counts) : oneSide(row)));
  const titles = isCompared
    ? ['Change', 'Base', 'Head']
    : [
        counts ? 'Count' : 'Bytes',
        ...(second ? [counts ? 'Bytes' : 'Count'] : []),
        ...(options.self ? ['Self'] : []),
        'Share',
      ];
  const widths = titles.map((title, column) =>
    cells.reduce((most, row) => Math.max(most, displayWidth(row[column]!)), title.length),
  );
  const room = width - 2 - widths.reduce((sum, each) => sum + each + 2, 0);
  const numbers = (row: readonly string[]): string =>
    row.map((cell, column) => padStart(cell, widths[column]!)).join('  ');
  return [
    palette.faint(`  ${numbers(titles)}  ${options.title}`),
    ...rows.map(({ branches, label }, index) => {
      const [first = '', ...rest] = cells[index]!.map((cell, column) => padStart(cell, widths[column]!));
      const start = `  ${palette.number(first)}  ${rest.join('  ')}  ${palette.faint(branches)}`;
      return `${start}${fitLabel(label, room - displayWidth(branches), style)}`.trimEnd();
    }),
  ];
}

function bothSides({ bytes, count, head }: Row, counts: boolean): string[] {
  if (head === null) return ['', '', ''];
  const both = counts ? count : bytes;
  const format = counts ? formatCount : formatBytes;
  return [signedChange(2 * head - both, format), format(both - head), format(head)];
}

/** Says how many frames between the node and its caller are folded. */
function noteHidden({ name, place }: Label, frames: number): Label {
  return frames === 0
    ? { name, place }
    : { name, place: `${place}${place === '' ? '' : '  '}+${formatCount(frames)} folded` };
}

/** Nodes that are not shown: light ones, those below an import, or, however heavy they are, those that the option `shownBy` keeps out. */
function hiddenRow({ nodes, bytes, count }: FoldedNodes, branches: string, shownBy: string | null): Row {
  const kind =
    shownBy === null || shownBy.startsWith('--threshold')
      ? 'smaller'
      : shownBy === '-n'
        ? 'more'
        : shownBy === BELOW_IMPORTS
          ? 'below'
          : 'deeper';
  const how = shownBy === null ? '' : `: ${shownBy} shows ${nodes === 1 ? 'it' : 'them'}`;
  const name = `… ${formatCount(nodes)} ${kind}${how}`;
  return { branches, label: { name, place: '' }, bytes, count, self: null, head: null };
}

/** Name and place in the room there is; a place that would be too short to tell anything is left out. */
export function fitLabel({ name, place }: Label, room: number, { palette }: ReportStyle): string {
  const space = Math.max(8, room);
  if (place === '') return shortenEnd(name, space);
  const nameSpace = Math.max(space - widthUpTo(place, space) - 2, Math.ceil(space * 0.55));
  const short = shortenEnd(name, Math.min(nameSpace, space));
  const left = space - displayWidth(short) - 2;
  if (left < Math.min(LEAST_PLACE, widthUpTo(place, LEAST_PLACE))) return padEnd(short, 0);
  return `${short}  ${palette.faint(shortenMiddle(place, left))}`;
}

function collectRows(nodes: ShownNodes, selection: Selection, { counts, root, maxDepth }: TreeLineOptions): Row[] {
  const { tree } = nodes;
  const weight = counts ? tree.count : tree.bytes;
  const self = counts ? tree.selfCount : tree.selfBytes;
  const rows: Row[] = [];
  // Nodes that are still to be drawn, the next one last, with the branches before them and before what is below them.
  const pending: { node: number; depth: number; own: string; below: string }[] = [
    { node: 0, depth: 0, own: '', below: '' },
  ];
  while (pending.length > 0) {
    const { node, depth, own, below } = pending.pop()!;
    if (node === HIDDEN) {
      rows.push(hiddenRow(foldedBelow(nodes, 0), '', '-n'));
      continue;
    }
    if (node !== 0 || root !== null) {
      rows.push({
        branches: own,
        label:
          node === 0
            ? root!
            : noteHidden(labelNode(tree.key[node]!, selection), tree.closed[node] === 1 ? 0 : tree.hiddenFrames[node]!),
        bytes: tree.bytes[node]!,
        count: tree.count[node]!,
        self: self[node]!,
        head: (counts ? nodes.head?.count : nodes.head?.bytes)?.[node] ?? null,
      });
    }
    const children = shownChildren(nodes, node);
    const [only] = children;
    if (children.length === 1 && weight[only!]! >= PASSED_ON * weight[node]!) {
      pending.push({ node: only!, depth: depth + 1, own: below, below });
      continue;
    }
    const folded = foldedBelow(nodes, node);
    // What stands at the top may be heavy.
    if (node === 0 && root === null && children.length > 0 && hasLeft(nodes, node)) {
      pending.push({ node: HIDDEN, depth: 1, own: '', below: '' });
    }
    for (let index = children.length - 1; index >= 0; index--) {
      const last = index === children.length - 1;
      // Children of a root without a line have nothing to be joined to.
      const bare = node === 0 && root === null;
      pending.push({
        node: children[index]!,
        depth: depth + 1,
        own: bare ? '' : `${below}${last ? '└ ' : '├ '}`,
        below: bare ? '  ' : `${below}${last ? '  ' : '│ '}`,
      });
    }
    // A tree of which all is folded still says so.
    if (children.length === 0 && folded.nodes > 0) {
      const isAll = node === 0 && root === null;
      const isClosed = tree.closed[node] === 1;
      const why = isClosed
        ? BELOW_IMPORTS
        : depth === maxDepth
          ? '--max-depth'
          : hasLeft(nodes, node)
            ? '-n'
            : isAll
              ? '--threshold 0%'
              : null;
      rows.push(hiddenRow(folded, isAll ? '' : `${below}└ `, why));
    }
  }
  return rows;
}
