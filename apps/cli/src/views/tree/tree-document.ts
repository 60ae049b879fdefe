/** Shown nodes → what programs get: nested objects, a list, or a row a node. */
import { isThreadKey, threadOfKey, type Selection } from '@memscope/model';

import type { CsvTable } from '../../terminal/csv.js';
import { describeFrame, type FrameColumns } from '../frame-label.js';
import { foldedBelow, shownChildren, type ShownNodes } from './shown-nodes.js';

export interface TreeNode {
  readonly thread: { readonly tid: string; readonly name: string | null } | null;
  readonly frame: FrameColumns | null;
  readonly bytes: number;
  readonly count: number;
  readonly selfBytes: number;
  readonly selfCount: number;
  /** Children that are not listed. */
  readonly folded: { readonly nodes: number; readonly bytes: number; readonly count: number };
  readonly children: TreeNode[];
}

/** Nested objects, built without recursion: a stack may be thousands of frames deep. */
export function documentNodes(nodes: ShownNodes, selection: Selection): TreeNode {
  const root = documentNode(nodes, 0, selection);
  const pending = [{ node: 0, target: root }];
  while (pending.length > 0) {
    const { node, target } = pending.pop()!;
    for (const child of shownChildren(nodes, node)) {
      const entry = documentNode(nodes, child, selection);
      target.children.push(entry);
      pending.push({ node: child, target: entry });
    }
  }
  return root;
}

function documentNode(nodes: ShownNodes, node: number, selection: Selection): TreeNode {
  const { tree } = nodes;
  const key = tree.key[node]!;
  const { tid, name } = selection.threads;
  return {
    thread: isThreadKey(key) ? { tid: String(tid[threadOfKey(key)]!), name: name[threadOfKey(key)] ?? null } : null,
    frame: key >= 0 ? describeFrame(key, selection) : null,
    bytes: tree.bytes[node]!,
    count: tree.count[node]!,
    selfBytes: tree.selfBytes[node]!,
    selfCount: tree.selfCount[node]!,
    folded: foldedBelow(nodes, node),
    children: [],
  };
}

/** A node by itself; `parent` is the position of its parent in the list, null in the root. */
export interface ListedNode extends Omit<TreeNode, 'children'> {
  readonly parent: number | null;
}

/** Parents before their children. A nested document could not be written, or read, where stacks are very deep. */
export function listNodes(nodes: ShownNodes, selection: Selection): ListedNode[] {
  const list: ListedNode[] = [];
  const pending = [{ node: 0, parent: null as number | null }];
  while (pending.length > 0) {
    const { node, parent } = pending.pop()!;
    const { children: _, ...own } = documentNode(nodes, node, selection);
    const position = list.push({ parent, ...own }) - 1;
    for (const child of shownChildren(nodes, node).toReversed()) pending.push({ node: child, parent: position });
  }
  return list;
}

/** A row a node, callers before what they call; `id` and `parent_id` make the tree. */
export function tableNodes(nodes: ShownNodes, selection: Selection): CsvTable {
  const { tree } = nodes;
  const rows: (string | number | null)[][] = [];
  const pending = [{ node: 0, parent: null as number | null, depth: 0 }];
  while (pending.length > 0) {
    const { node, parent, depth } = pending.pop()!;
    const { thread, frame } = documentNode(nodes, node, selection);
    const id = rows.length;
    rows.push([
      id,
      parent,
      depth,
      thread === null ? null : `${thread.tid}${thread.name === null ? '' : ` ${thread.name}`}`,
      frame?.function ?? null,
      frame?.file ?? null,
      frame?.line ?? null,
      frame?.module ?? null,
      tree.bytes[node]!,
      tree.count[node]!,
      tree.selfBytes[node]!,
      tree.selfCount[node]!,
    ]);
    for (const child of shownChildren(nodes, node).toReversed())
      pending.push({ node: child, parent: id, depth: depth + 1 });
  }
  const columns = ['id', 'parent_id', 'depth', 'thread', 'function', 'file', 'line', 'module'];
  return { columns: [...columns, 'bytes', 'count', 'self_bytes', 'self_count'], rows };
}
