/**
 * Allocations at addresses that were still live: their predecessors' frees were never recorded, so memray's heap and
 * peak keep counting bytes that no source line can account for.
 */
import { countNoun, formatBytes, formatShare } from '../format-quantity.js';
import type { Finding, FindingSource } from './finding.js';

/** Below this share of the peak it does not change any conclusion. */
const LEAST_SHARE = 0.01;

export function findReplacedAddresses({ capture, notes }: FindingSource): Finding | null {
  const { replacedBytes, replacedCount } = notes;
  if (replacedBytes <= 0 || replacedBytes < capture.peakBytes * LEAST_SHARE) return null;
  return {
    rule: 'addressesReplaced',
    severity: 'note',
    title: 'Some frees were not recorded',
    text:
      `${countNoun(replacedCount, 'allocation was given an address', 'allocations were given addresses')} that still counted as ` +
      `live, so the frees before went unseen. Up to ${formatBytes(replacedBytes)} ` +
      `(${formatShare(replacedBytes, capture.peakBytes)} of the peak) are counted in the heap that no line below ` +
      'accounts for.',
    evidence: { replacedBytes, replacedCount, peakBytes: capture.peakBytes },
    bytes: 0,
    location: null,
    way: [],
    view: null,
  };
}
