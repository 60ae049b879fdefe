/**
 * The Python and native stacks of a profile's sites → one table of stacks in which their joined stacks stand behind
 * them. How to join is what the capture said (`JoinNotes`); a capture's tables have everything else.
 */
import type { StackTables } from '../profile.js';
import { NATIVE_FRAME, type FrameTable, type JoinNotes, type SiteTable, type StackTable } from '../tables.js';
import { JOIN_METHODS } from '../symbol-notes.js';
import { countCutLoops, countLoops, type LoopCounts } from './cut-loops.js';
import {
  BY_MODULE,
  FIRST_INWARDS,
  isInterpreterPath,
  joinStacks,
  PAIRED,
  PYTHON_ALONE,
  type JoinSource,
  type StackPairs,
} from './join-stacks.js';
import { JoinedTreeBuilder } from './joined-tree.js';
import { findEvaluationLoops } from './stack-joiner.js';

/** Sites with both kinds of stacks, as rows of one table of stacks. */
export interface RecordedSites {
  readonly length: number;
  readonly thread: Uint32Array;
  readonly pythonStack: Uint32Array;
  readonly nativeStack: Uint32Array;
}

export interface JoinedSites {
  /** The recorded rows, and the joined ones behind them. */
  readonly stacks: StackTable;
  /** By site. */
  readonly stack: Uint32Array;
  /** By site: index into `JOIN_METHODS`. */
  readonly joinMethod: Uint8Array;
}

/** Rows of joined stacks that fit in memory; only a capture made for it has more. */
const MOST_ROWS = 1 << 26;
/** Of real captures: joined rows a recorded row. */
const EXPECTED_GROWTH = 2;

export function joinSites(tables: StackTables, sites: RecordedSites, notes: JoinNotes): JoinedSites {
  const { parent, frame, length } = tables.stacks;
  const { kind } = tables.frames;
  const tree = new JoinedTreeBuilder(Math.min(MOST_ROWS, EXPECTED_GROWTH * (length + sites.length)));
  for (let row = 1; row < length; row++) tree.push(parent[row]!, kind[frame[row]!]!, frame[row]!);
  const source = joinSource(tables, notes.inwards);
  const pairs = pairsOf(sites, notes.cutThread);
  const { stack, method } = joinStacks(source, pairs, { tree, cutLoops: notes.cutLoops, mostRows: MOST_ROWS });
  return {
    stacks: { length: tree.length, parent: tree.parents(0).slice(), frame: tree.frames(0) },
    stack,
    joinMethod: method,
  };
}

/** What there is to know before anything is joined. */
export interface JoinPlan {
  readonly notes: JoinNotes;
  /** Sites by the index of their method in `JOIN_METHODS`. */
  readonly methods: readonly number[];
}

/** How the stacks of a capture are to be joined: `joinSites` does it so. */
export function planJoin(tables: StackTables, sites: RecordedSites, how: Omit<JoinNotes, 'cutLoops'>): JoinPlan {
  const source = joinSource(tables, how.inwards);
  const counts = countLoops(source, findEvaluationLoops(source.frames));
  const pairs = pairsOf(sites, how.cutThread);
  const notes = { ...how, cutLoops: countCutLoops(counts, pairs) };
  return { notes, methods: countMethods(source, counts, pairs, notes) };
}

function countMethods(
  { python: { parent, frame }, isEntry, isInterpreter }: JoinSource,
  { loops, entries }: LoopCounts,
  pairs: StackPairs,
  { inwards, cutLoops }: JoinNotes,
): number[] {
  // By stack: its outermost frame is no entry frame; the interpreter is on it.
  const startsInside = new Uint8Array(parent.length);
  const hasInterpreter = new Uint8Array(parent.length);
  for (let row = 1; row < parent.length; row++) {
    const above = parent[row]!;
    startsInside[row] = above === 0 ? 1 - isEntry[frame[row]!]! : startsInside[above]!;
    hasInterpreter[row] = isInterpreter[frame[row]!]! | hasInterpreter[above]!;
  }
  const methods = JOIN_METHODS.map(() => 0);
  for (let pair = 0; pair < pairs.length; pair++) {
    const [pythonStack, nativeStack] = [pairs.pythonStack[pair]!, pairs.nativeStack[pair]!];
    const first = startsInside[pythonStack]!;
    const passed = inwards && pairs.isCut[pair] === 1 ? Math.max(0, cutLoops - first) : 0;
    const needed = pythonStack === 0 ? 0 : passed + first + entries[pythonStack]!;
    if (loops[nativeStack]! >= needed) methods[PAIRED]!++;
    else methods[hasInterpreter[nativeStack] === 1 ? BY_MODULE : PYTHON_ALONE]!++;
  }
  return methods;
}

function pairsOf({ length, thread, pythonStack, nativeStack }: RecordedSites, cutThread: number | null): StackPairs {
  const isCut = new Uint8Array(length);
  if (cutThread !== null) for (let site = 0; site < length; site++) isCut[site] = thread[site] === cutThread ? 1 : 0;
  return { length, pythonStack, nativeStack, isCut };
}

/** Every native row has a frame of its own: what was inlined are rows on top of each other. */
function joinSource({ frames, modules, stacks }: StackTables, inwards: boolean): JoinSource {
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
    version: inwards ? FIRST_INWARDS : FIRST_INWARDS - 1,
  };
}

function namedFrames({ length, kind, functionName }: FrameTable): JoinSource['frames'] {
  return {
    start: Uint32Array.from({ length: length + 1 }, (_, row) => row),
    functionName: Int32Array.from({ length }, (_, row) => (kind[row] === NATIVE_FRAME ? row : -1)),
    strings: functionName,
  };
}

/** Null where a capture has no native stacks. */
export function recordedSites(
  sites: Pick<SiteTable, 'length' | 'thread' | 'pythonStack' | 'nativeStack'>,
): RecordedSites | null {
  const { length, thread, pythonStack, nativeStack } = sites;
  return nativeStack === null ? null : { length, thread, pythonStack, nativeStack };
}
