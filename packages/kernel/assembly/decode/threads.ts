/**
 * Threads, each with its current Python stack and its last allocations. The stack is an array of call tree rows:
 * entry d is the stack below frame d, so that popping to depth d restores it.
 */
import { allocate, allocateZeroed, enlarge } from '../shared/arena';
import { ABSENT, findRow, newRowMap, putRow } from '../shared/hash';
import { appendRow, newTable } from '../shared/table';

@unmanaged
export class Thread {
  tid: u64;
  /** String row of the name + 1; 0 = never named. */
  name: u32;
  /** Call tree row of the current stack. */
  node: u32;
  stack: usize;
  stackCapacity: u32;
  depth: u32;
  /** The outermost frames that belong to the tracker and are left out. */
  skipped: u32;
  /** The last allocations, newest at `recentHead`; see temporaries.ts. */
  recent: usize;
  recentHead: u32;
  recentLength: u32;
  unused: u32;
}

const THREAD_SIZE: u32 = offsetof<Thread>();
const FIRST_DEPTH: u32 = 64;

const threads = newTable(THREAD_SIZE, 1 << 4);
const threadsByTid = newRowMap(1 << 5);

let mainTid: u64 = 0;
let mainSkipped: u32 = 0;

/** Row of the current thread, or ABSENT. */
export let currentThread: u32 = ABSENT;

export function configureThreads(tid: u64, skippedFrames: u32): void {
  mainTid = tid;
  mainSkipped = skippedFrames;
}

@inline
export function threadAt(row: u32): Thread {
  return changetype<Thread>(threads.rows + row * THREAD_SIZE);
}

export function switchThread(tid: u64): void {
  const row = findRow(threadsByTid, tid);
  currentThread = row != ABSENT ? row : append(tid);
}

/** The current thread; captures that never name one have a single thread 0. */
export function current(): Thread {
  if (currentThread == ABSENT) switchThread(0);
  return threadAt(currentThread);
}

export function threadOf(tid: u64): u32 {
  const row = findRow(threadsByTid, tid);
  return row != ABSENT ? row : append(tid);
}

function append(tid: u64): u32 {
  const row = threads.length;
  const thread = changetype<Thread>(appendRow(threads));
  memory.fill(changetype<usize>(thread), 0, THREAD_SIZE);
  thread.tid = tid;
  thread.skipped = tid == mainTid ? mainSkipped : 0;
  thread.stack = allocate(FIRST_DEPTH << 2);
  thread.stackCapacity = FIRST_DEPTH;
  putRow(threadsByTid, tid, row);
  return row;
}

/** Makes room for one more frame. */
export function deepen(thread: Thread): void {
  thread.stack = enlarge(thread.stack, thread.stackCapacity << 2, thread.stackCapacity << 3);
  thread.stackCapacity <<= 1;
}

export function threadTable(): usize {
  return threads.rows;
}
export function threadLength(): u32 {
  return threads.length;
}
