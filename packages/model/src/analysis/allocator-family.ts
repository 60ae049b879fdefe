/**
 * Allocators by family. malloc and its relatives and pymalloc hand out memory that a program asked for in order to
 * write to it; mmap hands out address space, which costs memory only page by page when it is touched. Adding them up
 * without saying so has misled many a search, so they are kept apart.
 */
import type { AllocatorUsage, Usage } from '../profile.js';
import type { AllocatorName } from '../tables.js';
import { sumUsage } from './usage-sum.js';

export type AllocatorFamily = 'malloc' | 'pymalloc' | 'mmap';

export interface AllocatorFamilyUsage extends Usage {
  readonly family: AllocatorFamily;
  readonly members: readonly AllocatorUsage[];
}

export function familyOfAllocator(allocator: AllocatorName): AllocatorFamily {
  if (allocator === 'mmap' || allocator === 'munmap') return 'mmap';
  return allocator.startsWith('pymalloc') ? 'pymalloc' : 'malloc';
}

/** Families that occur, in the order malloc, pymalloc, mmap. */
export function usageByFamily(allocators: readonly AllocatorUsage[]): AllocatorFamilyUsage[] {
  const families: AllocatorFamilyUsage[] = [];
  for (const family of ['malloc', 'pymalloc', 'mmap'] as const) {
    const members = allocators.filter((row) => familyOfAllocator(row.allocator) === family);
    if (members.length > 0) families.push({ family, members, ...sumUsage(members) });
  }
  return families;
}
