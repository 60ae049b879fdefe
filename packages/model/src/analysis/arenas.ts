/**
 * Sites → which of them are pymalloc's own: arenas, and what comes with them. CPython keeps small objects in arenas and
 * asks for a new one when an object finds no room; the line that made that object is charged with all of the arena. So
 * arenas tell how much Python's objects hold together, but of who made them no more than a sample does, one in each
 * arena. Whatever asks for whose memory it is, what grew or what changed asks this file first.
 *
 * Sources: ARENA_BITS, `new_arena` and `arena_map_mark_used` in CPython's obmalloc.c; `push_chunk` in pystate.c.
 */
import type { SiteKeys, StackTables, Usage } from '../profile.js';
import { ALLOCATOR_NAMES, NATIVE_FRAME, type CaptureRow, type SiteTable } from '../tables.js';
import { attributeFrames } from './libraries/stack-owners.js';

/** The owner's name, in every view. */
export const PYTHON_OBJECTS = 'Python objects (pymalloc arenas)';

/** What a site is to pymalloc, in the column of `findArenas`. */
export const NO_ARENA = 0;
export const ARENA = 1;
/** Allocated in the same stack for the arena's sake: the table of arenas, the tree that finds them by address. */
export const ARENA_COMPANION = 2;

const MMAP = ALLOCATOR_NAMES.indexOf('mmap');
const REALLOC = ALLOCATOR_NAMES.indexOf('realloc');
const CALLOC = ALLOCATOR_NAMES.indexOf('calloc');

const KIB = 1024;
/** Of the table of arenas: an entry, and how many there are at first; it doubles. */
const TABLE_ENTRY_BYTES = 48;
const FIRST_TABLE_ENTRIES = 16;
/** A leaf and an inner node of the tree. */
const NODE_BYTES = new Set([128 * KIB, 256 * KIB]);
/** Where frames of Python functions live, from 3.11 on: mapped by the same function as arenas, so in the same stacks. */
const FRAME_CHUNK_BYTES = 16 * KIB;

type PythonOf = Pick<CaptureRow, 'pythonVersion' | 'pythonAllocator' | 'tracePythonAllocators'>;

/** What an arena's bytes are known from; `files` names the Python's version where the capture does not. */
export function arenaBytesOf(capture: PythonOf, files: readonly (string | null)[] = []): number | null {
  const { pythonVersion, pythonAllocator, tracePythonAllocators } = capture;
  if (!pythonAllocator.startsWith('pymalloc') || tracePythonAllocators === true) return null;
  const minor = Number(/^3\.(\d+)/.exec(pythonVersion ?? '')?.[1] ?? minorOfFiles(files) ?? 10);
  return minor >= 10 ? 1024 * KIB : 256 * KIB;
}

function minorOfFiles(files: readonly (string | null)[]): string | undefined {
  for (const file of files) {
    const minor = /[\\/]lib[\\/]python3\.(\d+)[\\/]/.exec(file ?? '')?.[1];
    if (minor !== undefined) return minor;
  }
  return undefined;
}

export interface ArenaSubject {
  readonly capture: PythonOf;
  readonly tables: StackTables;
  readonly sites: Pick<SiteKeys, 'length' | 'allocator' | 'pythonStack' | 'nativeStack'>;
  /** What sites hold; of each pair the first column that is known tells of which size their blocks are. */
  readonly usage: Pick<SiteTable, Exclude<keyof Usage, 'temporaryBytes' | 'temporaryCount'>>;
}

/** By site: `ARENA`, `ARENA_COMPANION` or `NO_ARENA`. Null where arenas cannot be seen, or there are none. */
export function findArenas({ capture, tables, sites, usage }: ArenaSubject): Uint8Array | null {
  const bytes = arenaBytesOf(capture, tables.frames.file);
  if (bytes === null || isTraced(sites.allocator)) return null;
  const { length, allocator, pythonStack, nativeStack } = sites;
  const kinds = new Uint8Array(length);
  const isInterpreter = nativeStack === null ? null : endsInInterpreter(tables);
  const hasArena = new Uint8Array(tables.stacks.length);
  let found = 0;
  for (let site = 0; site < length; site++) {
    if (allocator[site] !== MMAP) continue;
    const native = nativeStack?.[site] ?? 0;
    if (native !== 0 && isInterpreter !== null && isInterpreter[native] === 0) continue;
    if (arenasAmong(...blocksOf(usage, site), bytes) === 0) continue;
    kinds[site] = ARENA;
    hasArena[pythonStack[site]!] = 1;
    found++;
  }
  if (found === 0) return null;
  for (let site = 0; site < length; site++) {
    if (hasArena[pythonStack[site]!] === 0 || kinds[site] === ARENA) continue;
    if (isCompanion(allocator[site]!, ...blocksOf(usage, site))) kinds[site] = ARENA_COMPANION;
  }
  return kinds;
}

/** How many of a site's mappings are arenas: 0 unless all of them are arenas or chunks of frames. */
export function arenasAmong(bytes: number, count: number, arenaBytes: number): number {
  const arenas = (bytes - count * FRAME_CHUNK_BYTES) / (arenaBytes - FRAME_CHUNK_BYTES);
  return Number.isInteger(arenas) && arenas > 0 && arenas <= count ? arenas : 0;
}

function isCompanion(allocator: number, bytes: number, count: number): boolean {
  if (count === 0) return false;
  const each = bytes / count;
  if (allocator === CALLOC) return NODE_BYTES.has(each);
  const doublings = Math.log2(each / (TABLE_ENTRY_BYTES * FIRST_TABLE_ENTRIES));
  return allocator === REALLOC && Number.isInteger(doublings) && doublings >= 0;
}

/** Bytes and blocks of all that a site ever asked for, else of what is left of it. */
function blocksOf(usage: ArenaSubject['usage'], site: number): [bytes: number, count: number] {
  const { totalBytes, totalCount, peakBytes, peakCount, leakedBytes, leakedCount } = usage;
  if (totalBytes !== null && totalCount !== null) return [totalBytes[site]!, totalCount[site]!];
  return peakCount[site]! > 0 ? [peakBytes[site]!, peakCount[site]!] : [leakedBytes[site]!, leakedCount[site]!];
}

/** Captures before version 11 do not say whether objects are traced; that one is shows it. */
function isTraced(allocator: Uint8Array): boolean {
  const pymalloc = ALLOCATOR_NAMES.map((name) => name.startsWith('pymalloc'));
  return allocator.some((index) => pymalloc[index]!);
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
