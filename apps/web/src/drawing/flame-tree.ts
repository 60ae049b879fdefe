/**
 * Columns of a flame graph (one row a node, callers first) → the nested objects that d3-flame-graph draws. Above the
 * shown root stand its callers, each as wide as the root, so that a click goes back.
 */
import {
  formatBytes,
  formatCount,
  formatShare,
  signedChange,
  type ComparedWeight,
  type FlameLabel,
} from '@memscope/model';

import type { FlameAnswer } from '../api/question.js';
import { changeOf, type Changed, type ChangeLook, type ChangeScale } from './change-scale.js';
import { markOf, sidesOfNode, widthsOf, type Mark } from './compared-nodes.js';

export interface FlameNode {
  /** Row of the answer's columns; -1 for a caller of the shown root. */
  readonly row: number;
  readonly id: number;
  readonly label: FlameLabel;
  readonly value: number;
  /** With a base: on which side alone it is, and what it changed by in words where that is worth a word. */
  readonly mark: Mark;
  readonly change: string;
  /** What it holds and its share of everything; empty where it is narrow, or two sides are shown. */
  readonly amount: string;
  readonly depth: number;
  readonly parent: FlameNode | null;
  readonly children: FlameNode[];
  /** Drawn as what lies above the shown root; d3-flame-graph reads and writes both. */
  fade: boolean;
  hide: boolean;
}

export interface FlameTree {
  readonly top: FlameNode;
  /** The shown root: by row 0. */
  readonly nodes: readonly FlameNode[];
  readonly depth: number;
}

/**
 * Null where there is no node, or none that weighs anything. Rows whose parent does not precede them are left out.
 * `weigh` says what widths are where there is a base, `scale` from what on a change is worth a word.
 */
export function buildFlameTree(
  answer: FlameAnswer,
  counts: boolean,
  weigh: ComparedWeight = 'larger',
  scale: ChangeScale | null = null,
  measureWords = '',
): FlameTree | null {
  const { head, length } = answer;
  const { parent, label, id } = answer.column;
  const weight = widthsOf(answer, counts, weigh);
  if (length === 0 || parent === undefined || label === undefined || weight === null) return null;
  if (!(weight[0]! > 0)) return null;
  let above: FlameNode | null = null;
  const path = head.path.filter((step) => step.id !== (id?.[0] ?? -1));
  for (const step of path) above = addNode(above, -1, step.id, step.label, weight[0]!, UNCHANGED, '', true);
  const nodes: FlameNode[] = [];
  let depth = 0;
  for (let row = 0; row < length; row++) {
    const caller = row === 0 ? above : (nodes[parent[row]!] ?? null);
    const text = head.labels[label[row]!];
    if (text === undefined || (row > 0 && caller === null)) continue;
    const changed = noteOf(sidesOfNode(answer, row, counts), text, counts, scale && { scale, weigh });
    const isWide = head.weigh === null && weight[row]! >= weight[0]! / LEAST_SHARE;
    const amount = isWide ? amountOf(weight[row]!, text, answer, counts, measureWords) : '';
    const node = addNode(caller, row, id?.[row] ?? row, text, weight[row]!, changed, amount, false);
    nodes[row] = node;
    if (node.depth > depth) depth = node.depth;
  }
  const shown = nodes[0];
  if (shown === undefined) return null;
  let top = shown;
  while (top.parent !== null) top = top.parent;
  return { top, nodes, depth };
}

/** Of the shown root: narrower frames have no room for an amount on any screen. */
const LEAST_SHARE = 64;

function amountOf(
  value: number,
  { kind }: FlameLabel,
  { head }: FlameAnswer,
  counts: boolean,
  measureWords: string,
): string {
  const amount = counts ? formatCount(value) : formatBytes(value);
  if (kind === 'all') return `${amount}${measureWords === '' ? '' : ` ${measureWords}`}`;
  return `${amount} ${formatShare(value, counts ? head.count : head.bytes)}`;
}

const UNCHANGED = { mark: null, change: '' } as const;

/** What is said of a change on a frame. */
export function noteOf(
  sides: Changed | null,
  label: FlameLabel,
  counts: boolean,
  look: ChangeLook | null,
): Pick<FlameNode, 'mark' | 'change'> {
  if (sides === null) return UNCHANGED;
  const change = look === null ? 0 : changeOf(sides, look.weigh);
  const isWorth = look !== null && Math.abs(change) >= look.scale.steps[0]!;
  return {
    mark: label.kind === 'all' ? null : markOf(sides),
    change: isWorth ? signedChange(change, counts ? formatCount : formatBytes) : '',
  };
}

function addNode(
  parent: FlameNode | null,
  row: number,
  id: number,
  label: FlameLabel,
  value: number,
  changed: Pick<FlameNode, 'mark' | 'change'>,
  amount: string,
  fade: boolean,
): FlameNode {
  const depth = parent === null ? 0 : parent.depth + 1;
  const node: FlameNode = { row, id, label, value, ...changed, amount, depth, parent, children: [], fade, hide: false };
  parent?.children.push(node);
  return node;
}

export type Direction = 'caller' | 'callee' | 'left' | 'right';

/** The node that an arrow key leads to; the same one where there is none. */
export function neighbourOf(node: FlameNode, direction: Direction): FlameNode {
  if (direction === 'caller') return node.parent ?? node;
  if (direction === 'callee') return heaviest(node.children) ?? node;
  const step = direction === 'left' ? -1 : 1;
  const beside = node.parent?.children ?? [];
  return beside[beside.indexOf(node) + step] ?? cousinOf(node, step) ?? node;
}

/** Beside it at the same depth, under another caller. */
function cousinOf(node: FlameNode, step: -1 | 1): FlameNode | null {
  for (let caller = node.parent; caller?.parent; caller = caller.parent) {
    const beside = caller.parent.children;
    for (let at = beside.indexOf(caller) + step; at >= 0 && at < beside.length; at += step) {
      const found = edgeAtDepth(beside[at]!, node.depth, step);
      if (found !== null) return found;
    }
  }
  return null;
}

function edgeAtDepth(node: FlameNode, depth: number, step: -1 | 1): FlameNode | null {
  if (node.depth === depth) return node;
  const children = step === 1 ? node.children : node.children.toReversed();
  for (const child of children) {
    const found = edgeAtDepth(child, depth, step);
    if (found !== null) return found;
  }
  return null;
}

function heaviest(nodes: readonly FlameNode[]): FlameNode | null {
  let best: FlameNode | null = null;
  for (const node of nodes) if (best === null || node.value > best.value) best = node;
  return best;
}
