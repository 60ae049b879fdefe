/**
 * The same answers found in the plainest way: each site's path as a list of keys, put into a map by what stands before
 * it. Slow, and nothing of it is shared with what it checks.
 */
import { NATIVE_FRAME, type Selection } from '../../../src/index.js';
import type { Question } from './draw-text.js';

export interface PlainPath {
  /** Outermost first: canonical frames, below a thread as `[name]` where threads are told apart. */
  readonly steps: readonly (number | string)[];
  readonly bytes: number;
  readonly count: number;
}

export function plainPaths(
  selection: Selection,
  { mergeRecursion = false }: NonNullable<Question['request']>,
): PlainPath[] {
  const { sites, shownStacks, groups, shown, weights, splitThreads, threads } = selection;
  const { stack, stacks } = shownStacks();
  const { parent, frame } = stacks;
  const paths: PlainPath[] = [];
  for (let site = 0; site < sites.length; site++) {
    const [bytes, count] = [weights.bytes[site]!, weights.count[site]!];
    if (bytes === 0 && count === 0) continue;
    const frames: number[] = [];
    for (let row = stack[site]!; row !== 0; row = parent[row]!) frames.unshift(frame[row]!);
    let steps: (number | string)[] = [];
    const passed = shown === null ? frames : frames.filter((own) => shown[own] !== 0);
    for (const [at, own] of passed.entries()) {
      // What only runs others shows at the end of a path.
      if (shown !== null && shown[own] !== 1 && at < passed.length - 1) continue;
      const before = steps.findIndex(
        (step) => typeof step === 'number' && groups.functionOf[step] === groups.functionOf[own],
      );
      if (mergeRecursion && before >= 0) steps = steps.slice(0, before + 1);
      else steps.push(groups.canonical[own]!);
    }
    if (splitThreads) steps.unshift(`[${threads.name[sites.thread[site]!] ?? '?'}]`);
    paths.push({ steps, bytes, count });
  }
  return paths;
}

/** In no order: "    b:7 31/4 (self 10/1)", as `draw` writes them. `inverted`: the innermost step first. */
export function plainLines(selection: Selection, paths: readonly PlainPath[], inverted = false): string[] {
  const { frames } = selection.stackTables;
  const nodes = new Map<string, { step: number | string; depth: number; sums: [number, number, number, number] }>();
  const add = (key: string, step: number | string, depth: number, path: PlainPath, isEnd: boolean): void => {
    const node = nodes.get(key) ?? { step, depth, sums: [0, 0, 0, 0] };
    nodes.set(key, node);
    node.sums[0] += path.bytes;
    node.sums[1] += path.count;
    if (!isEnd) return;
    node.sums[2] += path.bytes;
    node.sums[3] += path.count;
  };
  for (const path of paths) {
    const steps = inverted ? path.steps.toReversed() : path.steps;
    add('', '.', 0, path, steps.length === 0);
    let key = '';
    for (const [index, step] of steps.entries()) {
      key += `>${step}`;
      add(key, step, index + 1, path, index === steps.length - 1);
    }
  }
  const nameOf = (step: number | string): string => {
    if (typeof step === 'string') return step;
    const line = frames.line[step]!;
    const name = frames.functionName[step] ?? '?';
    return frames.kind[step] === NATIVE_FRAME || line <= 0 ? name : `${name}:${line}`;
  };
  return [...nodes.values()].map(({ step, depth, sums: [bytes, count, selfBytes, selfCount] }) => {
    const self = selfBytes > 0 || selfCount > 0 ? ` (self ${selfBytes}/${selfCount})` : '';
    return `${'  '.repeat(depth)}${nameOf(step)} ${bytes}/${count}${self}`;
  });
}

/** By function: self bytes and counts, and those of every path that it is on. */
export function plainFunctions({ groups }: Selection, paths: readonly PlainPath[]): number[][] {
  const rows = groups.functions.map(() => [0, 0, 0, 0]);
  for (const { steps, bytes, count } of paths) {
    const on = new Set(steps.flatMap((step) => (typeof step === 'number' ? [groups.functionOf[step]!] : [])));
    for (const row of on) {
      rows[row]![2]! += bytes;
      rows[row]![3]! += count;
    }
    const last = steps.at(-1);
    if (typeof last !== 'number') continue;
    rows[groups.functionOf[last]!]![0]! += bytes;
    rows[groups.functionOf[last]!]![1]! += count;
  }
  return rows;
}
