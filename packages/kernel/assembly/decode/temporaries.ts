/**
 * Temporary allocations, by memray's definition: a deallocation by a thread of one of its own last threshold + 1
 * allocations (a munmap must match in size, too). The newest match counts, and it stays where it is: a second
 * deallocation of the same address counts it again. Source: memray's snapshot.cpp, 1.20.
 */
import { allocate } from '../shared/arena';
import { countTemporary } from './sites';
import { Thread } from './threads';

@unmanaged
class Recent {
  address: u64;
  size: u64;
  site: u32;
  unused: u32;
}

const RECENT_SIZE: u32 = offsetof<Recent>();

let remembered: u32 = 2;

export function configureTemporaries(threshold: u32): void {
  remembered = threshold + 1;
}

@inline
export function noteAllocation(thread: Thread, site: u32, address: u64, size: u64): void {
  if (thread.recent == 0) thread.recent = allocate(remembered * RECENT_SIZE);
  let head = thread.recentHead + 1;
  if (head >= remembered) head = 0;
  thread.recentHead = head;
  if (thread.recentLength < remembered) thread.recentLength++;
  const recent = changetype<Recent>(thread.recent + head * RECENT_SIZE);
  recent.address = address;
  recent.size = size;
  recent.site = site;
}

/** The thread's last allocation belongs to another site after all. */
export function moveLast(thread: Thread, address: u64, site: u32): void {
  const recent = changetype<Recent>(thread.recent + thread.recentHead * RECENT_SIZE);
  if (thread.recentLength != 0 && recent.address == address) recent.site = site;
}

@inline
export function noteDeallocation(thread: Thread, address: u64): void {
  let at = thread.recentHead;
  for (let left = thread.recentLength; left != 0; left--) {
    const recent = changetype<Recent>(thread.recent + at * RECENT_SIZE);
    if (recent.address == address) {
      countTemporary(recent.site, recent.size);
      return;
    }
    at = at == 0 ? remembered - 1 : at - 1;
  }
}

export function noteUnmapping(thread: Thread, address: u64, size: u64): void {
  let at = thread.recentHead;
  for (let left = thread.recentLength; left != 0; left--) {
    const recent = changetype<Recent>(thread.recent + at * RECENT_SIZE);
    if (recent.address == address && recent.size == size) {
      countTemporary(recent.site, size);
      return;
    }
    at = at == 0 ? remembered - 1 : at - 1;
  }
}
