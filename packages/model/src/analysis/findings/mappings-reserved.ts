/**
 * More heap than memory: at its peak the heap counts far more bytes than ever were resident. When mmap holds most of
 * the difference they are reservations (arenas, stacks, address space set aside by a runtime); when malloc holds it,
 * large blocks that were asked for and never written. Either way the heap number overstates the cost.
 */
import { originOf } from '../../recording-span.js';
import type { AllocatorUsage } from '../../profile.js';
import { familyOfAllocator } from '../allocator-family.js';
import { formatBytes, formatDuration } from '../format-quantity.js';
import { viewOf } from './finding-view.js';
import { MIB, type Finding, type FindingSource } from './finding.js';
import { cutName } from './finding-place.js';
import { namePlace } from './growth-text.js';
import { ASK_ALLOCATOR } from './own-allocator.js';

const MOST_PLACES = 3;
/** The heap's peak must exceed the highest RSS by this much, absolutely and as a share of the peak. */
const LEAST_MISSING_BYTES = 32 * MIB;
const LEAST_MISSING_SHARE = 0.25;
/** mmap must hold this share of the missing bytes to be blamed. */
const LEAST_MMAP_SHARE = 0.5;
/** RSS is only sampled: with fewer samples its peak is not known well enough. */
const LEAST_TICKS = 3;

/** So many bytes of the peak's mappings nothing touched; null where there are none. */
export function reservedBytes({ parts }: Pick<FindingSource, 'parts'>): number | null {
  const bytes = parts?.peak.reservedAtPeak ?? 0;
  return bytes > 0 ? bytes : null;
}

export function findReservedMappings(source: FindingSource): Finding | null {
  const { capture, parts, mapped } = source;
  const reserved = reservedBytes(source);
  if (parts === null || reserved === null) return null;
  const { peak, reservedPlaces } = parts;
  const named = reservedPlaces.slice(0, MOST_PLACES);
  const at = peak.timeMs === null ? '' : ` after ${formatDuration(Math.max(0, peak.timeMs - originOf(capture)))}`;
  // Its bytes are all that it mapped: where these are less than what is reserved, something else is as well.
  const own = mapped?.allocators.find(({ bytes }) => bytes >= reserved);
  const holder = parts.parts.find(({ place }) => place !== null);
  return {
    rule: 'mappingsReserved',
    severity: 'note',
    title:
      own === undefined
        ? `${formatBytes(reserved)} of the peak are reserved, not used`
        : `${formatBytes(reserved)} of the peak are reserved by the allocator of ${cutName(own.library)}`,
    text: [
      `RSS shows that ${own === undefined ? 'nothing' : 'hardly anything'} touched ${formatBytes(reserved)} of the ` +
        `${formatBytes(capture.peakBytes)}: address space ` +
        'that was set aside, which costs no memory' +
        `${named.length === 0 ? '' : `, by ${named.map(({ place, bytes }) => `${place === null ? 'code with no Python frame' : namePlace(place)} (${formatBytes(bytes)})`).join(', ')}`}.`,
      ...(own === undefined
        ? []
        : [`How much of it ${cutName(own.library)} uses no allocation tells. ${ASK_ALLOCATOR}`]),
      `Without it the heap is highest${at}: ${formatBytes(peak.bytes)}` +
        `${holder === undefined || holder.place === null ? '' : `, of which ${namePlace(holder.place)} holds ${formatBytes(holder.bytes)}`}.`,
    ].join(' '),
    evidence: {
      reservedBytes: reserved,
      peakBytes: capture.peakBytes,
      usedPeakBytes: peak.bytes,
      ...(peak.tick === null ? {} : { usedPeakTick: peak.tick }),
    },
    bytes: 0,
    location: named[0]?.place ?? null,
    way: [],
    view: parts.reservedView,
  };
}

export function findUntouchedAllocations({ parts, capture, notes, ticks, allocators }: FindingSource): Finding | null {
  const missing = missingBytes(capture.peakBytes, notes.rssPeakBytes, ticks.length);
  if (missing === null || notes.rssPeakBytes === null) return null;
  if (parts !== null && parts.peak.reservations.length > 0) return null;
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
    view: viewOf('timeline'),
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
