/** The threads of a capture that a profile has, and those of its sites by their rows. */
import type { Decoded } from '@memscope/kernel';
import type { ThreadTable } from '@memscope/model';

/** Threads without the one (number 0, no name) that counts as running before the first record names another. */
export function usedThreads({ threads, sites, strings }: Decoded): {
  threads: ThreadTable;
  siteThread: Uint32Array;
  dropped: number;
} {
  const name = Array.from(threads.name, (row) => (row < 0 ? null : strings[row]!));
  const unused = threads.length > 0 && threads.tid[0] === 0n && name[0] === null && !sites.thread.includes(0);
  if (!unused) {
    return { threads: { length: threads.length, tid: threads.tid, name }, siteThread: sites.thread, dropped: 0 };
  }
  return {
    threads: { length: threads.length - 1, tid: threads.tid.subarray(1), name: name.slice(1) },
    siteThread: sites.thread.map((row) => row - 1),
    dropped: 1,
  };
}
