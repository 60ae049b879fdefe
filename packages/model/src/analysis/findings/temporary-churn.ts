/** At least half of all allocations were freed almost at once: time lost in the allocator, not memory. */
import { describeThreshold, formatCount, formatShare } from '../format-quantity.js';
import { nameLocation, type Finding, type FindingSource } from './finding.js';

const LEAST_SHARE = 0.5;
const LEAST_ALLOCATIONS = 10_000;

export function findTemporaryChurn({ capture, notes, locations }: FindingSource): Finding | null {
  const { allocations, temporaryCount, temporaryBytes } = capture;
  if (allocations === null || temporaryCount === null || allocations < LEAST_ALLOCATIONS) return null;
  if (temporaryCount < allocations * LEAST_SHARE) return null;
  let top = locations[0];
  for (const location of locations) {
    if (top !== undefined && (location.temporaryCount ?? 0) > (top.temporaryCount ?? 0)) top = location;
  }
  const most =
    top === undefined || top.temporaryCount === null
      ? ''
      : ` Most come from ${nameLocation(top)}: ${formatCount(top.temporaryCount)}.`;
  return {
    rule: 'temporaryChurn',
    severity: 'note',
    title: 'Most allocations are thrown away at once',
    text:
      `${formatCount(temporaryCount)} of ${formatCount(allocations)} allocations ` +
      `(${formatShare(temporaryCount, allocations)}) were freed ${describeThreshold(notes.temporaryThreshold)}.` +
      `${most} ` +
      'They cost time rather than memory: reusing a buffer there saves it.',
    evidence: { temporaryCount, allocations, ...(temporaryBytes === null ? {} : { temporaryBytes }) },
    bytes: 0,
    location: top === undefined ? null : { functionName: top.functionName, file: top.file, line: top.line },
    way: [],
    view: null,
  };
}
