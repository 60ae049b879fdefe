/**
 * What is to be known of Python and native stacks before any are joined, in columns: where the evaluation loop ran, and
 * how many of its runs each Python stack took. From these follows how the two stacks of a site go together
 * (join-stacks.ts tells the rule).
 */
import type { StackTables } from '../profile.js';
import type { JoinNotes } from '../capture.js';
import { NATIVE_FRAME, type FrameTable } from '../tables.js';
import { countLoops, type LoopCounts } from './cut-loops.js';
import { BY_MODULE, isInterpreterPath, PAIRED, PYTHON_ALONE } from './join-stacks.js';
import type { JoinSource } from './join-source.js';
import { findEvaluationLoops } from './stack-joiner.js';

/** Sites with both kinds of stacks, as rows of one table of stacks. */
export interface RecordedSites {
  readonly length: number;
  readonly thread: Uint32Array;
  readonly pythonStack: Uint32Array;
  readonly nativeStack: Uint32Array;
}

/** How the sites from `firstSite` on are joined, up to those of the next run; null: they have no native stacks. */
export interface JoinRule {
  readonly firstSite: number;
  readonly notes: JoinNotes | null;
}

export interface JoinColumns extends LoopCounts {
  /** By frame: 1 = a run of the evaluation loop; 1 = in the interpreter's own module. */
  readonly isLoop: Uint8Array;
  readonly isInterpreter: Uint8Array;
  /** By stack: 1 = its outermost frame is no entry frame, so that it runs in a loop that is none of the stack's own. */
  readonly startsInside: Uint8Array;
  /** By stack: 1 = the interpreter's module is on it. */
  readonly hasInterpreter: Uint8Array;
  /** By stack: the nearest row, itself or outwards, that is in that module; 0 = none. Made when first asked for. */
  readonly nearestInterpreter: () => Uint32Array;
}

const columnsOfStacks = new WeakMap<StackTables['stacks'], JoinColumns>();

export function joinColumns(tables: StackTables): JoinColumns {
  let columns = columnsOfStacks.get(tables.stacks);
  if (columns === undefined) columnsOfStacks.set(tables.stacks, (columns = makeColumns(tables)));
  return columns;
}

function makeColumns(tables: StackTables): JoinColumns {
  const source = joinSource(tables, true);
  const isLoop = findEvaluationLoops(source.frames);
  const { parent, frame, length } = tables.stacks;
  const { isEntry, isInterpreter } = source;
  const startsInside = new Uint8Array(length);
  const hasInterpreter = new Uint8Array(length);
  for (let row = 1; row < length; row++) {
    const above = parent[row]!;
    startsInside[row] = above === 0 ? 1 - isEntry[frame[row]!]! : startsInside[above]!;
    hasInterpreter[row] = isInterpreter[frame[row]!]! | hasInterpreter[above]!;
  }
  let nearest: Uint32Array | null = null;
  const nearestInterpreter = (): Uint32Array => {
    if (nearest !== null) return nearest;
    nearest = new Uint32Array(length);
    for (let row = 1; row < length; row++) nearest[row] = isInterpreter[frame[row]!] ? row : nearest[parent[row]!]!;
    return nearest;
  };
  return { ...countLoops(source, isLoop), isLoop, isInterpreter, startsInside, hasInterpreter, nearestInterpreter };
}

/** Outermost loops that ran frames which are not in the Python stack. */
export function countPassed(
  pythonStack: number,
  isCut: boolean,
  { inwards, cutLoops }: JoinNotes,
  { startsInside }: JoinColumns,
): number {
  // A first frame that is no entry frame runs in the last loop of the frames that were cut off.
  return inwards && isCut ? Math.max(0, cutLoops - startsInside[pythonStack]!) : 0;
}

/** Index into `JOIN_METHODS`. */
export function joinMethodOf(pythonStack: number, nativeStack: number, passed: number, columns: JoinColumns): number {
  const { loops, entries, startsInside, hasInterpreter } = columns;
  const needed = pythonStack === 0 ? 0 : passed + startsInside[pythonStack]! + entries[pythonStack]!;
  if (loops[nativeStack]! >= needed) return PAIRED;
  return hasInterpreter[nativeStack] === 1 ? BY_MODULE : PYTHON_ALONE;
}

/** Every native row has a frame of its own: what was inlined are rows on top of each other. */
export function joinSource(tables: StackTables, inwards: boolean): JoinSource {
  let source = sourceOfStacks.get(tables.stacks);
  if (source === undefined) sourceOfStacks.set(tables.stacks, (source = makeSource(tables)));
  return inwards ? source : { ...source, inwards: false };
}

const sourceOfStacks = new WeakMap<StackTables['stacks'], JoinSource>();

function makeSource({ frames, modules, stacks }: StackTables): JoinSource {
  const interpreters = modules.path.map(isInterpreterPath);
  const isInterpreter = new Uint8Array(frames.length);
  for (let row = 0; row < frames.length; row++) {
    isInterpreter[row] = frames.module[row]! >= 0 && interpreters[frames.module[row]!] === true ? 1 : 0;
  }
  return {
    python: stacks,
    isEntry: frames.entry ?? new Uint8Array(frames.length),
    native: stacks,
    positionOf: stacks.frame,
    frames: namedFrames(frames),
    isInterpreter,
    inwards: true,
  };
}

function namedFrames({ length, kind, functionName }: FrameTable): JoinSource['frames'] {
  return {
    start: Uint32Array.from({ length: length + 1 }, (_, row) => row),
    functionName: Int32Array.from({ length }, (_, row) => (kind[row] === NATIVE_FRAME ? row : -1)),
    strings: functionName,
  };
}
