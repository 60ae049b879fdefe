/**
 * Sites → which of them are pymalloc's own: arenas, and what comes with them. CPython keeps small objects in arenas and
 * asks for a new one when an object finds no room; the line that made that object is charged with all of the arena. So
 * arenas tell how much Python's objects hold together, but of who made them no more than a sample does, one in each
 * arena. Whatever asks for whose memory it is, what grew or what changed asks this file first.
 *
 * By sizes and order the kernel has told them from other memory already (assembly/decode/arenas.ts); native stacks tell
 * more: what another library mapped is no arena, whatever its size.
 */
import type { SiteKeys, StackTables } from '../profile.js';
import type { CaptureRow } from '../capture.js';
import { ALLOCATOR_NAMES, NATIVE_FRAME, OWNER_KINDS, type OwnerTable } from '../tables.js';
import { countNoun, formatBytes } from './format-quantity.js';
import { attributeFrames } from './libraries/stack-owners.js';

/** The owner's name, in every view. */
export const PYTHON_OBJECTS = 'Python objects (pymalloc arenas)';
/** What the functions are called that are too small to be kept apart, where only sums by function are kept. */
export const SMALL_FUNCTIONS = '<small functions>';

/** What a site is to pymalloc, in the column of `findArenas`. */
export const NO_ARENA = 0;
export const ARENA = 1;
/** Allocated for an arena's sake: the table of arenas, the tree that finds them by address. */
export const ARENA_COMPANION = 2;

const MMAP = ALLOCATOR_NAMES.indexOf('mmap');
const OBJECTS = OWNER_KINDS.indexOf('objects');

/** Bytes of an arena, by the Python that ran; ARENA_BITS in CPython's obmalloc.c. */
export function arenaBytesOf({ pythonVersion }: Pick<CaptureRow, 'pythonVersion'>): number {
  const minor = Number(/^3\.(\d+)/.exec(pythonVersion ?? '')?.[1] ?? 10);
  return minor >= 10 ? 1 << 20 : 1 << 18;
}

export interface ArenaSubject {
  readonly tables: StackTables;
  readonly sites: Pick<SiteKeys, 'length' | 'allocator' | 'owner' | 'nativeStack'>;
  readonly owners: Pick<OwnerTable, 'kind'>;
}

/** By site: `ARENA`, `ARENA_COMPANION` or `NO_ARENA`. Null where arenas cannot be seen, or there are none. */
export function findArenas({ tables, sites, owners }: ArenaSubject): Uint8Array | null {
  const { length, allocator, owner, nativeStack } = sites;
  if (!owners.kind.includes(OBJECTS)) return null;
  // Made when there is something to ask: where every object is recorded by itself, nothing is.
  let isInterpreter: Uint8Array | null = null;
  const kinds = new Uint8Array(length);
  let found = 0;
  for (let site = 0; site < length; site++) {
    if (owners.kind[owner[site]!] !== OBJECTS) continue;
    if (nativeStack !== null && (isInterpreter ??= endsInInterpreter(tables))[nativeStack[site]!] === 0) continue;
    kinds[site] = allocator[site] === MMAP ? ARENA : ARENA_COMPANION;
    found++;
  }
  return found === 0 ? null : kinds;
}

/** Passed over from the innermost frame outwards: they work for whoever called them. */
const BENEATH = new Set(['system', 'profiler', 'unknown']);
const OF_INTERPRETER = new Set(['interpreter', 'importSystem']);

/** By stack: 1 where its innermost native frame but those of the system is the interpreter's, or nothing tells. */
function endsInInterpreter(tables: StackTables): Uint8Array {
  const { frames, stacks } = tables;
  const { attributions, attributionOf } = attributeFrames(tables);
  const isBeneath = attributions.map(({ category }) => BENEATH.has(category));
  const isOwn = attributions.map(({ category }) => OF_INTERPRETER.has(category));
  const ends = new Uint8Array(stacks.length).fill(1);
  for (let stack = 1; stack < stacks.length; stack++) {
    const frame = stacks.frame[stack]!;
    const attribution = attributionOf[frame]!;
    const passes = frames.kind[frame] === NATIVE_FRAME && isBeneath[attribution];
    ends[stack] = passes ? ends[stacks.parent[stack]!]! : isOwn[attribution] ? 1 : 0;
  }
  return ends;
}

/**
 * The error of a share that `count` arenas tell, as a share of itself: which line an arena is charged to is chance, so
 * that `count` of them are a sample of as many. 60 arenas tell a line's part to within 13 %, one tells nothing.
 */
export function arenaError(count: number): number {
  return count > 0 ? 1 / Math.sqrt(count) : Number.POSITIVE_INFINITY;
}

/** That arenas of what grows steadily stop by chance must be less likely. */
const MOST_CHANCE = 0.1;

/**
 * Whether arenas that all came in the first `part` of the work (0 to 1) may belong to what grows steadily: that n of them
 * come there by chance has the n-th power of that part. One is one jump, whenever it comes.
 */
export function mayGoOn(arenas: number, part: number): boolean {
  return arenas > 1 && part ** arenas >= MOST_CHANCE;
}

/** With fewer, the error is as large as what they tell. */
const LEAST_ARENAS = 3;

/** What arenas tell of a part of memory, with its error in bytes. */
export function describeArenaPart({ arenaBytes, arenas }: { arenaBytes: number; arenas: number }): string {
  const blocks = `${countNoun(arenas, 'arena')} that objects of many lines share`;
  if (arenas < LEAST_ARENAS) {
    return `${formatBytes(arenaBytes)} of it ${arenas === 1 ? 'is' : 'are'} Python objects, or those of other lines: ${blocks}.`;
  }
  return (
    `About ${formatBytes(arenaBytes)} of it, give or take ${formatBytes(arenaBytes * arenaError(arenas))}, are Python ` +
    `objects: an estimate by ${blocks}.`
  );
}
