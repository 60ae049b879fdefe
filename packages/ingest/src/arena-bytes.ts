/**
 * A capture's header → how many bytes its interpreter asks for at once when small objects find no room: pymalloc's arenas
 * are 1 MiB from CPython 3.10 on, 256 KiB before. Source: ARENA_BITS in CPython's obmalloc.c.
 */
import type { CaptureHeader } from '@memscope/kernel';

const PYTHON_3_10 = 0x030a0000;

/** 0 where arenas cannot be seen: another allocator, or every object recorded by itself. */
export function arenaBytesOf(header: CaptureHeader): number {
  if (!header.pythonAllocator.startsWith('pymalloc') || header.tracePythonAllocators === true) return 0;
  return (header.pythonVersionHex ?? likelyVersion(header.commandLine)) >= PYTHON_3_10 ? 1 << 20 : 1 << 18;
}

/** Captures before memray 1.19 do not say which Python it was; the command line often names its library folder. */
function likelyVersion(commandLine: string): number {
  const minor = /[\\/]lib[\\/]python3\.(\d{1,2})[\\/]/.exec(commandLine)?.[1];
  return minor === undefined ? PYTHON_3_10 : 0x03000000 + (Number(minor) << 16);
}
