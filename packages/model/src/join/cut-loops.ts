/** Evaluation loops in native stacks, the Python frames they ran, and how many loops ran frames that are cut off. */
import type { JoinSource, StackPairs } from './join-source.js';
import { sumsToRoot, type SumColumn } from './stack-path.js';

export interface LoopCounts {
  /** By row of the native stacks: loops in the whole stack. */
  readonly loops: SumColumn;
  /** By row of the Python stacks: frames that started a loop of their own. */
  readonly entries: SumColumn;
}

/** `isLoop` by row of the resolved frames. */
export function countLoops(
  { python, native, isEntry, positionOf, frames }: JoinSource,
  isLoop: Uint8Array,
): LoopCounts {
  const loopsAt = new Uint32Array(frames.start.length);
  for (let position = 0; position + 1 < frames.start.length; position++) {
    for (let at = frames.start[position]!; at < frames.start[position + 1]!; at++) loopsAt[position]! += isLoop[at]!;
  }
  return {
    loops: sumsToRoot(native.parent, positionOf, loopsAt),
    entries: sumsToRoot(python.parent, python.frame, isEntry),
  };
}

/**
 * Native stacks of threads whose Python stacks are cut → how many loops most of them have beyond those that their Python
 * stacks account for. A stack may have one more (it allocated before the profiler saw the frame) or too few (it could
 * not be unwound): most have neither.
 */
export function countCutLoops({ loops, entries }: LoopCounts, pairs: StackPairs): number {
  const { length, isCut, pythonStack, nativeStack } = pairs;
  // By what is spare: there are millions of sites, and hardly a stack with a hundred loops.
  const votes: number[] = [];
  for (let row = 0; row < length; row++) {
    if (isCut[row] !== 1 || pythonStack[row] === 0 || nativeStack[row] === 0) continue;
    const spare = loops[nativeStack[row]!]! - entries[pythonStack[row]!]!;
    if (spare < 0) continue;
    while (votes.length <= spare) votes.push(0);
    votes[spare]!++;
  }
  let best = 0;
  for (let spare = 1; spare < votes.length; spare++) if (votes[spare]! > votes[best]!) best = spare;
  return best;
}
