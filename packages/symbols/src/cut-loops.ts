/** Native stacks of threads whose Python stacks are cut → how many evaluation loops ran the frames that are missing. */
import type { JoinSource, StackPairs } from './join-stacks.js';
import { sumsToRoot } from './stack-path.js';

/**
 * How many loops most cut native stacks have beyond those that their Python stacks account for. A stack may have one
 * more (it allocated before the profiler saw the frame) or too few (it could not be unwound): most have neither.
 * `isLoop` by row of the resolved frames.
 */
export function countCutLoops(source: JoinSource, pairs: StackPairs, isLoop: Uint8Array): number {
  const { python, native, isEntry, positionOf, frames } = source;
  const { length, isCut, pythonStack, nativeStack } = pairs;
  const entries = sumsToRoot(python.parent, (row) => isEntry[python.frame[row]!]!);
  const loops = sumsToRoot(native.parent, (row) => {
    const position = positionOf[row]!;
    let count = 0;
    for (let at = frames.start[position]!; at < frames.start[position + 1]!; at++) count += isLoop[at]!;
    return count;
  });
  const votes = new Map<number, number>();
  for (let row = 0; row < length; row++) {
    if (isCut[row] !== 1 || pythonStack[row] === 0 || nativeStack[row] === 0) continue;
    const spare = loops[nativeStack[row]!]! - entries[pythonStack[row]!]!;
    votes.set(spare, (votes.get(spare) ?? 0) + 1);
  }
  let best = 0;
  for (const [spare, count] of votes) {
    const most = votes.get(best) ?? 0;
    if (spare >= 0 && (count > most || (count === most && spare < best))) best = spare;
  }
  return best;
}
