/**
 * Memory that belongs to pymalloc's arenas. CPython asks for an arena whenever a small object finds no room in the old
 * ones, so that whose object that was is chance; with the arena may come the table of all arenas, which doubles, and
 * nodes of the tree that finds them by address. Source: `new_arena` and `arena_map_mark_used` of CPython's obmalloc.c,
 * 3.7 to 3.14: table (realloc), arena (mmap), nodes (calloc), one directly after the other in one thread.
 */
import { ALLOCATE, ENTRY_SIZE, kindOf, Operation, siteOf } from '../shared/operations';
import { changeSite, operationsEnd, previousOperation } from './operations';
import { findSite, OF_ARENA, siteAt } from './sites';
import { moveLast } from './temporaries';
import { Thread } from './threads';

const REALLOC: u32 = 7;
const CALLOC: u32 = 8;
const MMAP: u32 = 14;

/** An arena of the table has 48 bytes, and the table has 16, 32, 64 … of them. */
const TABLE_ENTRY: u32 = 48;
const FIRST_ENTRIES: u32 = 16;
/** The tree's nodes: inner ones and leaves. */
const NODE_BYTES: u64 = 1 << 18;
const LEAF_BYTES: u64 = 1 << 17;

/** Nothing smaller is told from other memory by its size. */
export const LEAST_TOLD: u64 = LEAF_BYTES;

/** Bytes of an arena; 0 where there are none to be seen. */
let arenaBytes: u64 = 0;

/** Where the operation stands that directly follows an arena or one of its nodes, and whose it has to be. */
let nextAt: u64 = 0;
let nextTag: u32 = 0;
let nextPython: u32 = 0;

export function configureArenas(bytes: u32): void {
  arenaBytes = bytes;
}

/** Whether an allocation of at least `LEAST_TOLD` bytes is an arena, or a node that directly follows one. */
export function isOfArena(thread: Thread, threadTag: u32, allocator: u32, size: u64, python: u32): bool {
  if (arenaBytes == 0) return false;
  const isArena = allocator == MMAP && size == arenaBytes;
  const isNode = allocator == CALLOC && (size == NODE_BYTES || size == LEAF_BYTES);
  const here = operationsEnd();
  if (!isArena && !(isNode && nextAt == here && nextTag == threadTag && nextPython == python)) return false;
  if (isArena) takeTable(thread, threadTag, python);
  nextAt = here + (isArena ? 2 : 1) * ENTRY_SIZE;
  nextTag = threadTag;
  nextPython = python;
  return true;
}

/** Whether so many allocations, of which only the sum is told, are arenas. */
export function areArenas(allocator: u32, bytes: u64, count: u64): bool {
  return arenaBytes != 0 && allocator == MMAP && bytes == count * arenaBytes;
}

/** Where the table of arenas has just been made larger, that was for this arena, too. */
function takeTable(thread: Thread, threadTag: u32, python: u32): void {
  const at = previousOperation();
  if (at == 0) return;
  const operation = changetype<Operation>(at);
  if (kindOf(operation) != ALLOCATE || !isTableSize(operation.b)) return;
  const site = siteAt(siteOf(operation));
  if (site.tag != (threadTag | REALLOC) || site.pythonStack != python) return;
  const row = findSite(threadTag | REALLOC | OF_ARENA, python, site.nativeStack);
  changeSite(at, row);
  moveLast(thread, operation.a, row);
}

function isTableSize(size: u32): bool {
  const entries = size / TABLE_ENTRY;
  return size % TABLE_ENTRY == 0 && entries >= FIRST_ENTRIES && (entries & (entries - 1)) == 0;
}
