/**
 * Python stacks and native stacks of allocation sites → one joined stack each, as memray builds it (`hybrid_stack_trace`
 * in memray's _memray.pyx): each run of the interpreter's evaluation loop in the native stack gives way to the Python
 * frames it ran, all other native frames stay.
 *
 * Captures of versions 9 and newer are paired from the outermost frame inwards: a loop stands for one Python frame and
 * those inside it up to the next entry frame. Since 3.11 one loop runs many Python frames; an entry frame started its
 * own. Loops that are left over inside (they allocated before the profiler saw their frame) stay as native frames. In
 * versions up to 8 memray paired from the innermost frame outwards, and left out what lies outside the outermost Python
 * frame.
 *
 * Where Python frames are left over, memray falls back to the Python stack alone: an interpreter without symbols shows
 * no loops. Here the native frames between the allocation and the interpreter's own module then stay on top of the
 * Python stack.
 */
import { countCutLoops } from './cut-loops.js';
import type { JoinSource, StackPairs } from './join-source.js';
import type { JoinedTreeBuilder } from './joined-tree.js';
import { StackJoiner, type KnownLoops } from './stack-joiner.js';

/** Indices into `JOIN_METHODS`. */
export const PAIRED = 0;
export const BY_MODULE = 1;
export const PYTHON_ALONE = 2;

export interface JoinedStacks {
  /** That of the options, or a new one. */
  readonly tree: JoinedTreeBuilder;
  /** Row of `tree` by pair. */
  readonly stack: Uint32Array;
  /** Index into `JOIN_METHODS` by pair. */
  readonly method: Uint8Array;
  /** Evaluation loops that ran the frames above the tracker, on threads whose stacks are cut. */
  readonly cutLoops: number;
  /** Pairs that kept their Python stack alone because the tree had grown to `mostRows`. */
  readonly leftOut: number;
}

export interface JoinOptions {
  /**
   * How many evaluation loops the frames above the tracker took, where that is known; else it is what most cut stacks
   * have too many.
   */
  readonly cutLoops?: number;
  /** Of the source, where its loops were counted before. */
  readonly loops?: KnownLoops;
  /** By row of the resolved frames not 0 where it is left out: whoever shows few of them makes far fewer rows. */
  readonly left?: Uint8Array;
  /** Takes the joined stacks in addition to what it holds. */
  readonly tree?: JoinedTreeBuilder;
  /** From this size on the tree takes no more native frames: long stacks of a hostile capture multiply. */
  readonly mostRows?: number;
  /** Called now and then while the tree grows. */
  onGrown?(): void;
}

const MOST_ROWS = 1 << 24;
/** Pairs from one call of `onGrown` to the next. */
const GROWN_PAIRS = 1 << 14;

/** Whether the module at `path` is an interpreter: `python3.13`, `libpython3.13.so.1.0`. */
export function isInterpreterPath(path: string): boolean {
  return /(?:^|\/)(?:lib)?(?:python|pypy)(?:\d+(?:\.\d+)*[dmtu]*)?(?:-c)?(?:\.so(?:\.\d+)*)?$/.test(path);
}

export function joinStacks(source: JoinSource, pairs: StackPairs, options: JoinOptions = {}): JoinedStacks {
  const { mostRows = MOST_ROWS } = options;
  const joiner = new StackJoiner(source, options.tree, options.loops, options.left);
  const cutLoops = options.cutLoops ?? countCutLoops(joiner.counts, pairs);
  let leftOut = 0;
  const stack = new Uint32Array(pairs.length);
  const method = new Uint8Array(pairs.length);
  for (let row = 0; row < pairs.length; row++) {
    if (row % GROWN_PAIRS === GROWN_PAIRS - 1) options.onGrown?.();
    joiner.load(pairs.pythonStack[row]!, pairs.nativeStack[row]!);
    if (joiner.tree.length >= mostRows) {
      leftOut++;
      method[row] = PYTHON_ALONE;
      stack[row] = joiner.stackOnPython(0);
      continue;
    }
    const isCut = pairs.isCut[row] === 1;
    const joined = source.inwards ? joiner.pairInwards(isCut, cutLoops) : joiner.pairOutwards();
    if (joined >= 0) {
      method[row] = PAIRED;
      stack[row] = joined;
      continue;
    }
    const innermost = joiner.countInnermost();
    method[row] = innermost < 0 ? PYTHON_ALONE : BY_MODULE;
    stack[row] = joiner.stackOnPython(Math.max(0, innermost));
  }
  return { tree: joiner.tree, stack, method, cutLoops, leftOut };
}
