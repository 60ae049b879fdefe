/** That nothing grows is an answer as well: from when on the heap is level, and at how much; or that it cannot be told. */
import type { GrowthAnswer } from '../../growth/growth.js';
import type { HeapLevel } from '../../growth/heap-level.js';
import { countNoun, formatBytes, formatDuration, formatShare } from '../format-quantity.js';
import type { Finding, FindingRuleName, FindingSource } from './finding.js';

/** What comes and goes is told from this share of the level on. */
const LEAST_PASSING = 0.1;
/** Where the heap rose so many times as high it is not called level. */
const MOST_PASSING = 2;
/** The recording ends within a rise where so much of it is there. */
const LEAST_RISING = 0.25;
/** A rise in more of the work would have been told, had it been steady. */
const MOST_SHARE = 0.5;

/** What is said of the heap where nothing is seen to grow: that nothing does, or that too little was done to tell. */
export const LEVEL_RULES = ['nothingGrows', 'growthOpen'] as const satisfies FindingRuleName[];
type LevelRule = (typeof LEVEL_RULES)[number];

export function isOfLevel({ rule }: Pick<Finding, 'rule'>): boolean {
  return (LEVEL_RULES as readonly FindingRuleName[]).includes(rule);
}

type Told = Pick<Finding, 'title' | 'text' | 'evidence'> & { readonly rule: LevelRule };

export function findNothingGrowing({ growth }: FindingSource): Finding | null {
  return tellNothingGrows(growth);
}

/** The same for views that speak of nothing else. */
export function tellNothingGrows(growth: GrowthAnswer): (Finding & { readonly rule: LevelRule }) | null {
  const told = tellLevel(growth);
  return told === null ? null : { severity: 'note', ...told, bytes: 0, location: null, way: [], view: null };
}

/** Null where something grows, or ended to grow with its work, and where nothing can be told. */
function tellLevel({ growths, level }: GrowthAnswer): Told | null {
  if (level === null || growths.some(({ verdict }) => verdict !== 'levelled')) return null;
  const { bytes, rise, fewArenas } = level;
  if (rise !== null) {
    return {
      rule: 'growthOpen',
      title: `Nothing grew for long: the heap rose by ${formatBytes(rise.bytes)} since ${formatDuration(rise.sinceMs)}`,
      text:
        rise.share <= MOST_SHARE
          ? `That is the last ${formatShare(rise.share, 1)} of the work: too little to tell whether it goes on.`
          : 'It rose in few or uneven steps: neither steadily, nor is it level since.',
      evidence: { levelBytes: bytes, riseBytes: rise.bytes, fromMs: rise.sinceMs },
    };
  }
  if (fewArenas !== null && growths.length === 0) {
    return {
      rule: 'growthOpen',
      title:
        `Too little to tell whether anything grows: the heap rose by ${formatBytes(fewArenas.bytes)}, in ` +
        countNoun(fewArenas.arenas, 'arena'),
      text:
        `Python's allocator takes memory for objects by the arena; the last came ${formatDuration(fewArenas.lastMs)} ` +
        `after the start. With so few, that none came since may be chance. Record more work, or the objects ` +
        'themselves, with --trace-python-allocators.',
      evidence: { levelBytes: bytes, riseBytes: fewArenas.bytes, arenas: fewArenas.arenas },
    };
  }
  return growths.length > 0 || level.highestBytes < MOST_PASSING * bytes
    ? tellFlat(level, growths.length > 0)
    : tellPassing(level);
}

function tellFlat({ bytes, fromMs, highestBytes }: HeapLevel, hasFilled: boolean): Told {
  const freed = `what ${hasFilled ? 'filled is kept, and what else ' : ''}the work allocates is freed again.`;
  const since = fromMs === null || hasFilled ? `W${freed.slice(1)}` : 'What is allocated since then is freed again.';
  return {
    rule: 'nothingGrows',
    title: `Nothing grows: the heap is level ${fromWhen(fromMs)}, at ${formatBytes(bytes)}`,
    text:
      highestBytes - bytes < LEAST_PASSING * bytes
        ? since
        : `It rose to ${formatBytes(highestBytes)} since then, and fell back: ${freed}`,
    evidence: { levelBytes: bytes, highestBytes, fromMs: fromMs ?? 0 },
  };
}

/** What comes and goes is most of the heap: it has a floor, but is not level. */
function tellPassing({ bytes, fromMs, highestBytes, lastBytes, falls }: HeapLevel): Told {
  const isHigh = lastBytes - bytes >= LEAST_RISING * (highestBytes - bytes);
  const often = falls > 2 ? ' again and again' : falls === 2 ? ' twice' : '';
  return {
    rule: 'nothingGrows',
    title: `Nothing grows: the heap falls back to ${formatBytes(bytes)}${often}`,
    text:
      `It rose to ${formatBytes(highestBytes)} and fell back${falls > 1 ? ' each time' : ''}: what the work allocates is freed again.` +
      (isHigh ? ` The recording ends at ${formatBytes(lastBytes)}, within such a rise.` : ''),
    evidence: { levelBytes: bytes, highestBytes, fromMs: fromMs ?? 0 },
  };
}

function fromWhen(fromMs: number | null): string {
  return fromMs === null ? 'from the start on' : `from ${formatDuration(fromMs)} on`;
}

/** What findings of growth stand below: what grows; or else what only grew, where anything did. */
export function headGrowth(findings: readonly Pick<Finding, 'rule'>[]): 'What grows' | 'What grew and is flat since' {
  const isFlat = findings.some(({ rule }) => rule === 'levelled') && !findings.some(({ rule }) => rule === 'grows');
  return isFlat ? 'What grew and is flat since' : 'What grows';
}
