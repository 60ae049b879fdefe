/**
 * More heap than memory: at its peak the heap counts far more bytes than ever were resident. When mmap holds most of
 * the difference they are reservations (arenas, stacks, address space set aside by a runtime); when malloc holds it,
 * large blocks that were asked for and never written. Either way the heap number overstates the cost.
 */
import type { AllocatorUsage } from '../../profile.js';
import { familyOfAllocator } from '../allocator-family.js';
import { formatBytes } from '../format-quantity.js';
import { MIB, type Finding, type FindingSource } from './finding.js';

type ReservationSource = Pick<FindingSource, 'capture' | 'notes' | 'ticks' | 'allocators'>;

/** The heap's peak must exceed the highest RSS by this much, absolutely and as a share of the peak. */
const LEAST_MISSING_BYTES = 32 * MIB;
const LEAST_MISSING_SHARE = 0.25;
/** mmap must hold this share of the missing bytes to be blamed. */
const LEAST_MMAP_SHARE = 0.5;
/** RSS is only sampled: with fewer samples its peak is not known well enough. */
const LEAST_TICKS = 3;

/** At least so many bytes of the peak's mappings were never resident; null where the rule finds nothing. */
export function reservedBytes({ capture, notes, ticks, allocators }: ReservationSource): number | null {
  const missing = missingBytes(capture.peakBytes, notes.rssPeakBytes, ticks.length);
  if (missing === null) return null;
  const mapped = mappedBytes(allocators);
  return mapped < missing * LEAST_MMAP_SHARE ? null : Math.min(missing, mapped);
}

export function findReservedMappings(source: FindingSource): Finding | null {
  const { capture, notes, ticks, allocators } = source;
  const missing = missingBytes(capture.peakBytes, notes.rssPeakBytes, ticks.length);
  if (reservedBytes(source) === null || missing === null || notes.rssPeakBytes === null) return null;
  const mapped = mappedBytes(allocators);
  return {
    rule: 'mappingsReserved',
    severity: 'note',
    title: 'Mappings look like reservations',
    text:
      `At the peak ${formatBytes(mapped)} of the heap's ${formatBytes(capture.peakBytes)} were mappings (mmap), but ` +
      `RSS never exceeded ${formatBytes(notes.rssPeakBytes)}: at least ${formatBytes(missing)} were address space ` +
      'that nothing had touched. Such reservations cost no memory; judge by the malloc and pymalloc lines instead.',
    evidence: { mmapPeakBytes: mapped, peakBytes: capture.peakBytes, rssPeakBytes: notes.rssPeakBytes },
    bytes: 0,
    location: null,
    way: [],
    view: null,
  };
}

export function findUntouchedAllocations({ capture, notes, ticks, allocators }: FindingSource): Finding | null {
  const missing = missingBytes(capture.peakBytes, notes.rssPeakBytes, ticks.length);
  if (missing === null || notes.rssPeakBytes === null) return null;
  if (mappedBytes(allocators) >= missing * LEAST_MMAP_SHARE) return null;
  return {
    rule: 'allocationsUntouched',
    severity: 'note',
    title: 'Much of the heap was never touched',
    text:
      `The heap's peak is ${formatBytes(capture.peakBytes)}, but RSS never exceeded ` +
      `${formatBytes(notes.rssPeakBytes)}: at least ${formatBytes(missing)} were allocated without being written to ` +
      '(large empty arrays, buffers sized for the worst case), or were swapped out. Untouched pages cost nothing yet.',
    evidence: { peakBytes: capture.peakBytes, rssPeakBytes: notes.rssPeakBytes, missingBytes: missing },
    bytes: 0,
    location: null,
    way: [],
    view: null,
  };
}

function missingBytes(peakBytes: number, rssPeakBytes: number | null, ticks: number): number | null {
  if (rssPeakBytes === null || rssPeakBytes <= 0 || ticks < LEAST_TICKS) return null;
  const missing = peakBytes - rssPeakBytes;
  return missing >= LEAST_MISSING_BYTES && missing >= peakBytes * LEAST_MISSING_SHARE ? missing : null;
}

function mappedBytes(allocators: readonly AllocatorUsage[]): number {
  let bytes = 0;
  for (const row of allocators) if (familyOfAllocator(row.allocator) === 'mmap') bytes += row.peakBytes;
  return bytes;
}
