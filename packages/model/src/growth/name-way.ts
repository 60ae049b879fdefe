/**
 * A way → what people call it: the last function of the application on it; where none is, the last of the package that
 * the way enters first (a library that is the program), else its end. Comprehensions and lambdas are part of what is
 * around them.
 */
import { moduleOfFile } from '../analysis/module-of-file.js';
import type { NumberColumn } from '../number-column.js';
import type { StackTables } from '../profile.js';
import type { FrameTable } from '../tables.js';
import { isNameless, KIND } from './frame-kind.js';
import type { GrowthPlace } from './growth.js';
import { BARE, wayTo, type GrowthTree } from './growth-tree.js';

/** The node of the function that names a way to `node`; 0 where no Python frame does. */
export function namingNode(node: number, tree: GrowthTree, frames: FrameTable): number {
  const functions = wayTo(node, tree).filter((at) => tree.isLine[at] === 0);
  const isNamed = (at: number): boolean => !isNameless(frames.functionName[tree.frame[at]!]!);
  const application = functions.filter((at) => tree.kind[at] === KIND.application);
  const last = application.findLast(isNamed) ?? application.at(-1);
  if (last !== undefined) return last;
  const packageOf = (at: number): string => moduleOfFile(frames.file[tree.frame[at]!]!).name;
  const ofLibraries = functions.filter((at) => tree.kind[at] === KIND.library && isNamed(at));
  const first = ofLibraries[0];
  if (first !== undefined) return ofLibraries.findLast((at) => packageOf(at) === packageOf(first))!;
  return functions[0] === BARE ? 0 : (functions.at(-1) ?? 0);
}

/** What is kept below every node, of sites with these bytes. */
export function sumBelow(sites: Uint32Array, bytes: NumberColumn, tree: GrowthTree): Float64Array {
  const below = new Float64Array(tree.length);
  for (let at = 0; at < sites.length; at++) below[tree.nodeOfSite[sites[at]!]!]! += bytes[sites[at]!]!;
  for (let node = tree.length - 1; node > 0; node--) below[tree.parent[node]!]! += below[node]!;
  return below;
}

/** Children with what is kept below them, heaviest first; those with nothing are left out. */
export function heaviestChildren(
  node: number,
  below: Float64Array,
  { firstChild, nextSibling }: GrowthTree,
): { node: number; bytes: number }[] {
  const children: { node: number; bytes: number }[] = [];
  for (let child = firstChild[node]!; child !== 0; child = nextSibling[child]!) {
    if (below[child]! > 0) children.push({ node: child, bytes: below[child]! });
  }
  return children.sort((a, b) => b.bytes - a.bytes);
}

/** A function's node at its heaviest line, or a line's node; native code without a name is called by its module. */
export function placeOf(
  node: number,
  below: Float64Array,
  tree: GrowthTree,
  { frames, modules }: Pick<StackTables, 'frames' | 'modules'>,
): GrowthPlace {
  let at = node;
  if (tree.isLine[node] === 0) {
    const line = heaviestChildren(node, below, tree).find((child) => tree.isLine[child.node] === 1);
    if (line !== undefined) at = line.node;
  }
  const frame = tree.frame[at]!;
  return {
    functionName: frames.functionName[frame] ?? modules.name[frames.module[frame]!] ?? null,
    file: tree.kind[at] === KIND.native ? null : (frames.file[frame] ?? null),
    line: tree.kind[at] === KIND.native ? 0 : frames.line[frame]!,
  };
}

/** As long as one child holds `share`. */
export function followHeaviest(node: number, share: number, below: Float64Array, tree: GrowthTree): number {
  for (let at = node; ;) {
    const [heaviest] = heaviestChildren(at, below, tree);
    if (heaviest === undefined || heaviest.bytes < share * below[at]!) return at;
    at = heaviest.node;
  }
}
