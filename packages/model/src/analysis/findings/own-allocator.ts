/**
 * A library that hands out memory by an allocator of its own takes it from the system in large mappings: the capture
 * holds these, and not what is in use of them.
 */
import { formatBytes, formatShare } from '../format-quantity.js';
import { formatPattern } from '../../filter/pattern.js';
import type { OwnAllocator } from '../peak/mapped-memory.js';
import { viewOf } from './finding-view.js';
import { cutName } from './finding-place.js';
import { MIB, peakWindowOf, type Finding, type FindingSource } from './finding.js';

const LEAST_BYTES = 16 * MIB;
const LEAST_SHARE = 0.1;

/** Where what is in use is known. */
export const ASK_ALLOCATOR =
  'Ask the library itself (pyarrow.total_allocated_bytes()), or record with the system’s malloc ' +
  '(ARROW_DEFAULT_MEMORY_POOL=system).';

export function findOwnAllocators({ parts, mapped, capture }: FindingSource): Finding | null {
  if (parts === null || mapped === null) return null;
  const told = mapped.allocators.filter(
    ({ bytes }) => bytes >= LEAST_BYTES && bytes >= LEAST_SHARE * Math.min(parts.peak.bytes, capture.peakBytes),
  );
  if (told.length === 0) return null;
  const sum = told.reduce((all, { bytes }) => all + bytes, 0);
  const name = ({ library, allocator }: (typeof told)[number]): string =>
    `${cutName(library)}${allocator === null ? '' : ` (${allocator})`}`;
  return {
    rule: 'ownAllocator',
    severity: 'note',
    title: `${new Intl.ListFormat('en').format(told.map(name))} ${told.length === 1 ? 'has an allocator of its own' : 'have allocators of their own'}`,
    text:
      `The capture shows what ${told.length === 1 ? 'it' : 'they'} mapped, ` +
      `${told.map((each) => `${cutName(each.library)} ${formatBytes(each.bytes)}`).join(', ')} at the peak ` +
      `(${formatShare(sum, capture.peakBytes)} of it), and not how much of that is in use. ${ASK_ALLOCATOR}`,
    evidence: { mappedBytes: sum, peakBytes: capture.peakBytes },
    bytes: 0,
    location: null,
    way: [],
    view: viewOf('tree', {
      measure: 'peak',
      filter: `allocator:mmap ${filterOf(told)}`,
      window: peakWindowOf({ capture }),
    }),
  };
}

function filterOf(told: readonly OwnAllocator[]): string {
  const owners = told.map(({ library }) => `owner:${formatPattern({ kind: 'plain', text: library })}`);
  return owners.length === 1 ? owners[0]! : `(${owners.join(' or ')})`;
}
