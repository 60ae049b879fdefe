/**
 * A capture's header → how many bytes its interpreter asks for at once when small objects find no room: pymalloc's arenas
 * are 1 MiB from CPython 3.10 on, 256 KiB before. Source: ARENA_BITS in CPython's obmalloc.c.
 */
import type { CaptureHeader } from '@memscope/kernel';

const PYTHON_3_10 = 0x030a0000;

/** 0 where arenas cannot be seen: another allocator, or every object recorded by itself. */
export function arenaBytesOf(header: CaptureHeader): number {
  if (!header.pythonAllocator.startsWith('pymalloc') || header.tracePythonAllocators === true) return 0;
  // Captures that do not say which Python it was (before memray 1.19) are mostly of later ones.
  return (header.pythonVersionHex ?? PYTHON_3_10) >= PYTHON_3_10 ? 1 << 20 : 1 << 18;
}
