/** Shown nodes → what programs get: a list of nodes, or a row a node. */
import {
  isFrameKey,
  isThreadKey,
  PYTHON_OBJECTS,
  threadOfKey,
  type CsvTable,
  type ListedNode,
  type Selection,
} from '@memscope/model';

import { describeFrame, importOfNode, isArenas } from '../frame-label.js';
import { foldedBelow, shownChildren, type ShownNodes } from './shown-nodes.js';

/** Parents before their children. A nested document could not be written, or read, where stacks are very deep. */
export function listNodes(nodes: ShownNodes, selection: Selection): ListedNode[] {
  const list: ListedNode[] = [];
  const pending = [{ node: 0, parent: null as number | null }];
  while (pending.length > 0) {
    const { node, parent } = pending.pop()!;
    const position = list.push(describeNode(nodes, node, parent, selection)) - 1;
    for (const child of shownChildren(nodes, node).toReversed()) pending.push({ node: child, parent: position });
  }
  return list;
}

function describeNode(nodes: ShownNodes, node: number, parent: number | null, selection: Selection): ListedNode {
  const { tree } = nodes;
  const key = tree.key[node]!;
  const { tid, name } = selection.threads;
  const imported = importOfNode(key, selection);
  return {
    parent,
    thread: isThreadKey(key) ? { tid: String(tid[threadOfKey(key)]!), name: name[threadOfKey(key)] ?? null } : null,
    frame: isFrameKey(key, selection.stackTables.frames) ? describeFrame(key, selection) : null,
    ...(imported === null ? {} : { import: imported }),
    hiddenFrames: tree.hiddenFrames[node]!,
    ...(isArenas(key, selection) ? { arenas: true as const } : {}),
    ...sidesOf(nodes, node),
    folded: foldedBelow(nodes, node),
  };
}

/** Without a base one side; with it the head's, and the base's beside. */
function sidesOf({ tree, head }: ShownNodes, node: number) {
  const own = head ?? tree;
  const sums = {
    bytes: own.bytes[node]!,
    count: own.count[node]!,
    selfBytes: own.selfBytes[node]!,
    selfCount: own.selfCount[node]!,
  };
  if (head === null) return sums;
  return {
    ...sums,
    baseBytes: tree.bytes[node]! - sums.bytes,
    baseCount: tree.count[node]! - sums.count,
    baseSelfBytes: tree.selfBytes[node]! - sums.selfBytes,
    baseSelfCount: tree.selfCount[node]! - sums.selfCount,
  };
}

/** A row a node, callers before what they call; `id` and `parent_id` make the tree. */
export function tableNodes(nodes: ShownNodes, selection: Selection): CsvTable {
  const depths: number[] = [];
  const rows = listNodes(nodes, selection).map(
    ({ parent, thread, frame, import: imported = null, arenas = false, ...sums }, id) => {
      depths.push(parent === null ? 0 : depths[parent]! + 1);
      return [
        id,
        parent,
        depths[id]!,
        thread === null ? null : `${thread.tid}${thread.name === null ? '' : ` ${thread.name}`}`,
        arenas ? PYTHON_OBJECTS : imported === null ? (frame?.function ?? null) : `import ${imported}`,
        frame?.file ?? null,
        frame?.line ?? null,
        frame?.module ?? null,
        frame?.library ?? null,
        frame?.category ?? null,
        frame?.source ?? null,
        sums.bytes,
        sums.count,
        sums.selfBytes,
        sums.selfCount,
        ...(nodes.head === null ? [] : [sums.baseBytes!, sums.baseCount!, sums.baseSelfBytes!, sums.baseSelfCount!]),
      ];
    },
  );
  const columns = [
    'id',
    'parent_id',
    'depth',
    'thread',
    'function',
    'file',
    'line',
    'module',
    'library',
    'category',
    'source',
  ];
  const own = ['bytes', 'count', 'self_bytes', 'self_count'];
  const base = nodes.head === null ? [] : own.map((name) => `base_${name}`);
  return { columns: [...columns, ...own, ...base], rows };
}
