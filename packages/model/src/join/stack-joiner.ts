/**
 * One Python stack and one native stack → their joined stack in the tree, in each of the ways that join-stacks.ts tells.
 * What a pair shares with the one before it, which is most, is not done again.
 */
import { NATIVE_FRAME, PYTHON_FRAME } from '../tables.js';
import { countLoops, type LoopCounts } from './cut-loops.js';
import type { JoinSource, NamedFrames } from './join-source.js';
import { JoinedTreeBuilder, widened } from './joined-tree.js';
import { StackPath } from './stack-path.js';

/** What of the loops of a source is known from before. */
export interface KnownLoops extends LoopCounts {
  /** By row of the resolved frames: 1 = a run of the evaluation loop. */
  readonly isLoop: Uint8Array;
}

/** Joins the pair that was loaded last. */
export class StackJoiner {
  readonly tree: JoinedTreeBuilder;
  readonly counts: LoopCounts;
  readonly #source: JoinSource;
  /** By row of the resolved frames: 1 = a run of the evaluation loop. */
  readonly #isLoop: Uint8Array;
  readonly #isLeft: Uint8Array;
  readonly #python: StackPath;
  readonly #native: StackPath;
  #pythonStack = 0;
  #nativeStack = 0;
  /** Of the call tree of native frames by depth, after that many of the loaded pair's nodes were paired. */
  #joined = new Uint32Array(64);
  #nextPython = new Uint32Array(64);
  #loopsToPass = new Uint32Array(64);
  /** Depths up to which these hold for the pair that is loaded. */
  #done = 0;
  #wasCut = false;
  /** The last stack of native frames on top of a Python stack: its tree rows by depth, from and up to which depths. */
  #onTop = new Uint32Array(64);
  #onTopFrom = -1;
  #onTopDone = 0;
  /** Tree row of a Python stack alone, + 1. */
  readonly #pythonAlone: Uint32Array;

  /** `left`: by row of the resolved frames not 0 where it is left out of joined stacks; undefined = none is. */
  constructor(
    source: JoinSource,
    tree: JoinedTreeBuilder | undefined,
    loops: KnownLoops | undefined,
    left: Uint8Array = new Uint8Array(source.frames.functionName.length),
  ) {
    this.#source = source;
    this.#isLeft = left;
    this.tree = tree ?? new JoinedTreeBuilder(2 * (source.native.parent.length + source.python.parent.length));
    this.#isLoop = loops?.isLoop ?? findEvaluationLoops(source.frames);
    this.counts = loops ?? countLoops(source, this.#isLoop);
    this.#python = new StackPath(source.python.parent);
    this.#native = new StackPath(source.native.parent);
    this.#pythonAlone = new Uint32Array(source.python.parent.length);
    this.#pythonAlone[0] = 1;
  }

  load(pythonStack: number, nativeStack: number): void {
    this.#pythonStack = pythonStack;
    this.#nativeStack = nativeStack;
    const before = this.#python.length;
    const samePython = this.#python.load(pythonStack);
    const sameNative = this.#native.load(nativeStack);
    const isSamePython = samePython === before && samePython === this.#python.length;
    let done = Math.min(this.#done, sameNative);
    // Pairing looks one Python frame ahead.
    if (!isSamePython) while (done > 0 && this.#nextPython[done]! >= samePython) done--;
    this.#done = done;
    this.#onTopDone = Math.min(this.#onTopDone, sameNative);
    if (this.#native.length >= this.#joined.length) {
      const length = 2 * this.#native.length;
      this.#joined = widened(this.#joined, length);
      this.#nextPython = widened(this.#nextPython, length);
      this.#loopsToPass = widened(this.#loopsToPass, length);
      this.#onTop = widened(this.#onTop, length);
    }
  }

  /** The joined stack, or -1 where there are too few loops for the Python frames; then the tree is as it was. */
  pairInwards(isCut: boolean, cutLoops: number): number {
    const { isEntry, python, positionOf, frames } = this.#source;
    const pythonLength = this.#python.length;
    const pythonFrame = (at: number): number => python.frame[this.#python.rows[at]!]!;
    // A first frame that is no entry frame runs in the last loop of the frames that were cut off.
    const first = pythonLength > 0 && isEntry[pythonFrame(0)] === 0 ? 1 : 0;
    const toPass = isCut ? Math.max(0, cutLoops - first) : 0;
    const { loops, entries } = this.counts;
    const needed = pythonLength > 0 ? toPass + first + entries[this.#pythonStack]! : 0;
    if (loops[this.#nativeStack]! < needed) return -1;
    if (this.#done === 0 || isCut !== this.#wasCut) {
      this.#done = 0;
      this.#joined[0] = 0;
      this.#nextPython[0] = 0;
      this.#loopsToPass[0] = toPass;
      this.#wasCut = isCut;
    }
    const startsAtPython = isCut && pythonLength > 0;
    let stack = this.#joined[this.#done]!;
    let next = this.#nextPython[this.#done]!;
    let loopsToPass = this.#loopsToPass[this.#done]!;
    for (let depth = this.#done; depth < this.#native.length; depth++) {
      const position = positionOf[this.#native.rows[depth]!]!;
      for (let row = frames.start[position + 1]! - 1; row >= frames.start[position]!; row--) {
        if (this.#isLoop[row] === 1 && next < pythonLength) {
          if (loopsToPass === 0) {
            do stack = this.tree.push(stack, PYTHON_FRAME, pythonFrame(next++));
            while (next < pythonLength && isEntry[pythonFrame(next)] === 0);
            continue;
          }
          loopsToPass--;
        }
        // On a cut thread nothing above the first frame is shown.
        if (this.#isLeft[row] === 0 && (next > 0 || !startsAtPython)) {
          stack = this.tree.push(stack, NATIVE_FRAME, row);
        }
      }
      this.#joined[depth + 1] = stack;
      this.#nextPython[depth + 1] = next;
      this.#loopsToPass[depth + 1] = loopsToPass;
    }
    this.#done = this.#native.length;
    return stack;
  }

  /** As memray did up to version 8: outermost native frames that no Python frame stands above are left out. */
  pairOutwards(): number {
    const { isEntry, python, positionOf, frames } = this.#source;
    if (this.#python.length > 0 && this.counts.loops[this.#nativeStack] === 0) return -1;
    const entry = (at: number): boolean => isEntry[python.frame[this.#python.rows[at]!]!] === 1;
    const rows: number[] = [];
    for (let depth = 0; depth < this.#native.length; depth++) {
      const position = positionOf[this.#native.rows[depth]!]!;
      for (let row = frames.start[position + 1]! - 1; row >= frames.start[position]!; row--) rows.push(row);
    }
    const { length } = this.#python;
    let next = length - 1;
    let outermost = length === 0 ? 0 : rows.length;
    while (outermost > 0 && next >= 0) {
      outermost--;
      if (this.#isLoop[rows[outermost]!] === 1) while (next >= 0 && !entry(next--));
    }
    if (next >= 0) return -1;
    // Once more, from there inwards, as the tree grows from its root.
    let stack = 0;
    next = 0;
    for (const row of rows.slice(outermost)) {
      if (this.#isLoop[row] === 0 || length === 0) {
        if (this.#isLeft[row] === 0) stack = this.tree.push(stack, NATIVE_FRAME, row);
      } else {
        do stack = this.tree.push(stack, PYTHON_FRAME, python.frame[this.#python.rows[next++]!]!);
        while (next < length && !entry(next));
      }
    }
    return stack;
  }

  /** Native nodes inside the interpreter's innermost frame; -1 where the stack shows no interpreter. */
  countInnermost(): number {
    const { positionOf, isInterpreter } = this.#source;
    for (let depth = this.#native.length - 1; depth >= 0; depth--) {
      if (isInterpreter[positionOf[this.#native.rows[depth]!]!] === 1) return this.#native.length - 1 - depth;
    }
    return -1;
  }

  /** The Python stack with the frames of the `count` innermost native nodes on top. */
  stackOnPython(count: number): number {
    const { python, positionOf, frames } = this.#source;
    const known = this.#pythonAlone;
    let at = this.#python.length;
    while (at > 0 && known[this.#python.rows[at - 1]!] === 0) at--;
    let stack = at === 0 ? 0 : known[this.#python.rows[at - 1]!]! - 1;
    for (; at < this.#python.length; at++) {
      const row = this.#python.rows[at]!;
      stack = this.tree.push(stack, PYTHON_FRAME, python.frame[row]!);
      known[row] = stack + 1;
    }
    const { length } = this.#native;
    const from = length - count;
    if (from !== this.#onTopFrom || this.#onTopDone < from || this.#onTop[from] !== stack) {
      this.#onTopFrom = from;
      this.#onTopDone = from;
      this.#onTop[from] = stack;
    }
    stack = this.#onTop[this.#onTopDone]!;
    for (let depth = this.#onTopDone; depth < length; depth++) {
      const position = positionOf[this.#native.rows[depth]!]!;
      for (let row = frames.start[position + 1]! - 1; row >= frames.start[position]!; row--) {
        if (this.#isLeft[row] === 0) stack = this.tree.push(stack, NATIVE_FRAME, row);
      }
      this.#onTop[depth + 1] = stack;
    }
    this.#onTopDone = length;
    return stack;
  }
}

/** By row of the named frames: 1 = a run of the evaluation loop. */
export function findEvaluationLoops({ functionName, strings }: NamedFrames): Uint8Array {
  const loops = Uint8Array.from(strings, (name) => (name !== null && isEvaluationLoop(name) ? 1 : 0));
  return Uint8Array.from(functionName, (name) => (name < 0 ? 0 : loops[name]!));
}

/** CPython's loop; since 3.14 it may be built of functions that call each other at their ends. */
function isEvaluationLoop(name: string): boolean {
  return name.includes('_PyEval_EvalFrameDefault') || (name.startsWith('_TAIL_CALL_') && name.includes('.llvm.'));
}
