/** That nothing grows is an answer as well: from when on the heap is level, and at how much; or that it cannot be told. */
import type { GrowthAnswer } from '../../growth/growth.js';
import { formatBytes, formatDuration, formatShare } from '../format-quantity.js';
import type { Finding, FindingSource } from './finding.js';

/** What comes and goes is told from this share of the level on. */
const LEAST_PASSING = 0.1;
/** A rise in more of the work would have been told, had it been steady. */
const MOST_SHARE = 0.5;

export function findNothingGrowing({ growth }: FindingSource): Finding | null {
  return tellNothingGrows(growth);
}

/** The same for views that speak of nothing else. */
export function tellNothingGrows(growth: GrowthAnswer): (Finding & { readonly rule: 'nothingGrows' }) | null {
  const told = tellLevel(growth);
  return told === null
    ? null
    : { rule: 'nothingGrows', severity: 'note', ...told, bytes: 0, location: null, way: [], view: null };
}

/** Null where something grows, or ended to grow with its work, and where nothing can be told. */
function tellLevel({ growths, level }: GrowthAnswer): Pick<Finding, 'title' | 'text' | 'evidence'> | null {
  if (level === null || growths.some(({ verdict }) => verdict !== 'levelled')) return null;
  const { bytes, fromMs, highestBytes, rise } = level;
  if (rise !== null) {
    return {
      title: `Nothing grew for long: the heap rose by ${formatBytes(rise.bytes)} since ${formatDuration(rise.sinceMs)}`,
      text:
        rise.share <= MOST_SHARE
          ? `That is the last ${formatShare(rise.share, 1)} of the work: too little to tell whether it goes on.`
          : 'It rose in few or uneven steps: neither steadily, nor is it level since.',
      evidence: { levelBytes: bytes, riseBytes: rise.bytes, fromMs: rise.sinceMs },
    };
  }
  const passing = highestBytes - bytes;
  const freed =
    growths.length === 0
      ? 'what the work allocates it frees again.'
      : 'what filled is kept, and what else the work allocates it frees again.';
  return {
    title: `Nothing grows: the heap is level from ${fromMs === null ? 'the start' : formatDuration(fromMs)} on, at ${formatBytes(bytes)}`,
    text:
      passing < LEAST_PASSING * bytes
        ? `W${freed.slice(1)}`
        : `It rose to ${formatBytes(highestBytes)} since then, and fell back: ${freed}`,
    evidence: { levelBytes: bytes, highestBytes, fromMs: fromMs ?? 0 },
  };
}

/** What findings of growth stand below: what grows; or else what only grew, where anything did. */
export function headGrowth(findings: readonly Pick<Finding, 'rule'>[]): 'What grows' | 'What grew and is flat since' {
  const isFlat = findings.some(({ rule }) => rule === 'levelled') && !findings.some(({ rule }) => rule === 'grows');
  return isFlat ? 'What grew and is flat since' : 'What grows';
}
