/** A call tree → lines that a person can check: two blanks a level, "name bytes/count", "(self …)" where it has any. */
import { isThreadKey, orderChildren, threadOfKey, type CallTree, type Profile } from '../../src/index.js';

export function drawTree(tree: CallTree, profile: Profile): string[] {
  const { frames } = profile.stackTables();
  const { start, rows } = orderChildren(tree, tree.bytes);
  const lines: string[] = [];
  const nameOf = (key: number): string => {
    if (isThreadKey(key)) return `[${profile.threads().name[threadOfKey(key)] ?? '?'}]`;
    return key < 0 ? '.' : `${frames.functionName[key] ?? '?'}:${frames.line[key]!}`;
  };
  const draw = (node: number, depth: number): void => {
    const self =
      tree.selfBytes[node]! > 0 || tree.selfCount[node]! > 0
        ? ` (self ${tree.selfBytes[node]}/${tree.selfCount[node]})`
        : '';
    lines.push(`${'  '.repeat(depth)}${nameOf(tree.key[node]!)} ${tree.bytes[node]}/${tree.count[node]}${self}`);
    for (let at = start[node]!; at < start[node + 1]!; at++) {
      const child = rows[at]!;
      if (tree.bytes[child]! > 0 || tree.count[child]! > 0) draw(child, depth + 1);
    }
  };
  draw(0, 0);
  return lines;
}
