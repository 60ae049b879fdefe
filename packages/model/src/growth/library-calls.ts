/**
 * Memory of a library's threads, which has no Python frame → the lines of the application that call that library: what
 * its threads hold they hold for whoever called it.
 */
import type { NumberColumn } from '../number-column.js';
import type { WayContext } from './way-context.js';
import { SITE } from './counted-rows.js';
import { KIND } from './frame-kind.js';
import type { DescribedWay } from './growth.js';
import { BARE, markBelow } from './growth-tree.js';
import { heaviestChildren } from './name-way.js';

/** Of all that a library was called to allocate. */
const LEAST_CALL_SHARE = 0.1;
const MOST_LIBRARY_CALLS = 2;
const MOST_LINES = 4;

/** Lines of the application that call most the library whose threads hold most of these sites; none where that is not known. */
export function callsOfLibrary(
  kept: Uint32Array,
  bytes: NumberColumn,
  below: Float64Array,
  { rows, owners: { attributions, ofSite }, hasNative, total }: WayContext,
): number[] {
  const { tree, role } = rows;
  if (!hasNative || total === null || below[BARE] === 0) return [];
  const isBare = markBelow([BARE], tree);
  const held = new Map<number, number>();
  for (const site of kept) {
    if (isBare[tree.nodeOfSite[site]!] === 0) continue;
    held.set(ofSite[site]!, (held.get(ofSite[site]!) ?? 0) + bytes[site]!);
  }
  const [top] = [...held].sort((a, b) => b[1] - a[1]);
  const library = top === undefined ? undefined : attributions[top[0]]?.library;
  if (library === undefined || library === 'unknown') return [];
  const calls = new Map<number, number>();
  let all = 0;
  for (let site = 0; site < role.length; site++) {
    if (role[site] === SITE.leftOut || attributions[ofSite[site]!]?.library !== library) continue;
    let line = tree.nodeOfSite[site]!;
    while (line > BARE && (tree.isLine[line] === 0 || tree.kind[line] !== KIND.application)) line = tree.parent[line]!;
    if (line <= BARE) continue;
    calls.set(line, (calls.get(line) ?? 0) + total.count[site]!);
    all += total.count[site]!;
  }
  return [...calls]
    .filter(([, count]) => count >= LEAST_CALL_SHARE * all)
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_LIBRARY_CALLS)
    .map(([line]) => line);
}

/** Heaviest first; what threads hold counts for the line that leads to most calls of their library, if one does. */
export function linesOf(
  naming: number,
  below: Float64Array,
  threadBytes: number,
  calls: readonly number[],
  { rows: { tree }, frames }: WayContext,
): DescribedWay['lines'] {
  if (naming === 0) return [];
  const lineOf = (node: number): number => frames.line[tree.frame[node]!]!;
  const bytesOf = new Map<number, number>();
  for (const { node, bytes } of heaviestChildren(naming, below, tree)) {
    if (tree.isLine[node] === 1) bytesOf.set(lineOf(node), bytes);
  }
  let call = threadBytes > 0 ? (calls[0] ?? 0) : 0;
  while (call > naming && tree.parent[call] !== naming) call = tree.parent[call]!;
  if (call > naming) bytesOf.set(lineOf(call), (bytesOf.get(lineOf(call)) ?? 0) + threadBytes);
  return [...bytesOf]
    .map(([line, bytes]) => ({ line, bytes }))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, MOST_LINES);
}
