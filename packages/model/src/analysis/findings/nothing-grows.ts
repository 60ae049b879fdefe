/**
 * That nothing grows is an answer as well: from when on the heap is level, and at how much; or that too little grows to
 * matter yet, or that it cannot be told.
 */
import type { GrowthAnswer, LittleGrowth } from '../../growth/growth.js';
import type { HeapLevel } from '../../growth/heap-level.js';
import { countNoun, formatBytes, formatCount, formatDuration, formatShare } from '../format-quantity.js';
import { cutName } from './finding-place.js';
import { viewOf } from './finding-view.js';
import type { Finding, FindingRuleName, FindingSource } from './finding.js';
import { describeSource } from './growth-source.js';
import { describeAmount, isOfArenas, titleGrowth, TRACE_OBJECTS, viewOfPlace } from './growth-text.js';

/** What comes and goes is told from this share of the level on. */
const LEAST_PASSING = 0.1;
/** Where the heap rose so many times as high it is not called level. */
const MOST_PASSING = 2;
/** The recording ends within a rise where so much of it is there. */
const LEAST_RISING = 0.25;
/** What remains of what was allocated is told from this share of the level on, or from so many bytes. */
const LEAST_REST = 0.001;
const LEAST_REST_BYTES = 1024;
/** So many of what grows a little are named. */
const MOST_LITTLE = 3;
/** So many recordings of children are named. */
const MOST_CHILDREN = 3;
/** A rise in more of the work would have been told, had it been steady. */
const MOST_SHARE = 0.5;

/** What is said of the heap where nothing is seen to grow: that nothing does, that only little does, or that too little was done to tell. */
export const LEVEL_RULES = ['nothingGrows', 'littleGrows', 'growthOpen'] as const satisfies FindingRuleName[];
type LevelRule = (typeof LEVEL_RULES)[number];

export function isOfLevel({ rule }: Pick<Finding, 'rule'>): boolean {
  return (LEVEL_RULES as readonly FindingRuleName[]).includes(rule);
}

type Told = Pick<Finding, 'title' | 'text' | 'evidence'> &
  Partial<Pick<Finding, 'bytes' | 'location' | 'way' | 'view'>> & { readonly rule: LevelRule };

export function findNothingGrowing({ growth }: FindingSource): Finding | null {
  return tellNothingGrows(growth);
}

/** The same for views that speak of nothing else. */
export function tellNothingGrows(growth: GrowthAnswer): (Finding & { readonly rule: LevelRule }) | null {
  const told = tellLevel(growth);
  if (told === null) return null;
  return { severity: 'note', bytes: 0, location: null, way: [], view: null, ...pointToChildren(told, growth.children) };
}

/** Of what passes a filter; how level the heap is says nothing of that. */
export function tellNothingPasses({ growths, silence }: GrowthAnswer): (Finding & { readonly rule: LevelRule }) | null {
  if (silence !== null || growths.length > 0) return null;
  return {
    rule: 'nothingGrows',
    severity: 'note',
    title: 'Nothing that passes the filter is seen to grow',
    text: 'What grows a little, and whether the heap is level, is told without a filter.',
    evidence: {},
    bytes: 0,
    location: null,
    way: [],
    view: null,
  };
}

function pointToChildren(told: Told, children: readonly string[]): Told {
  if (children.length === 0) return told;
  return {
    ...told,
    title: told.title.replace(/^Nothing grows/, 'Nothing grows in this process'),
    text: `${sayChildren(children)}. ${told.text}`,
  };
}

/** What its children keep is not in a parent's recording: where it is. */
export function sayChildren(children: readonly string[]): string {
  const names = children.slice(0, MOST_CHILDREN).map(cutName);
  const more = children.length - names.length;
  const whose =
    children.length === 1
      ? 'Its child has a recording of its own, which says'
      : `Its ${formatCount(children.length)} children have recordings of their own, which say`;
  return `${whose} what grows there: ${names.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`;
}

/** Null where something grows, or ended to grow with its work, and where nothing can be told. */
function tellLevel({ growths, little, level }: GrowthAnswer): Told | null {
  if (level === null || growths.some(({ verdict }) => verdict !== 'levelled' && verdict !== 'stopped')) return null;
  const { bytes, rise, fewArenas } = level;
  if (rise !== null) return tellRise(level, rise);
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
  if (little.length > 0) return tellLittle(level, little);
  if (level.wave !== null && growths.length === 0) return tellWave(level, level.wave);
  return growths.length > 0 || level.isSpike || level.highestBytes < MOST_PASSING * bytes
    ? tellFlat(level, growths.length > 0)
    : tellPassing(level);
}

/** It rises to the end: one more step of the work, or the begin of growth. */
function tellRise({ bytes, leftBytes, highestBytes }: HeapLevel, rise: NonNullable<HeapLevel['rise']>): Told {
  const given = leftBytes < bytes - rise.bytes / 2 ? ', and the end gave it back' : '';
  return {
    rule: 'growthOpen',
    title:
      `Nothing grew for long: the heap rose by ${formatBytes(rise.bytes)} since ` +
      `${formatDuration(rise.sinceMs)}${given}`,
    text: [
      rise.share <= MOST_SHARE
        ? `That is the last ${formatShare(rise.share, 1)} of the work: its last step, unless it goes ` +
          'on in a longer recording.'
        : 'It rose in few or uneven steps: neither steadily, nor is it level since.',
      ...(highestBytes - bytes < LEAST_PASSING * bytes
        ? []
        : [
            `That is what it kept from moment to moment; at its highest it held ${formatBytes(highestBytes - bytes)} more.`,
          ]),
    ].join(' '),
    evidence: { levelBytes: bytes, riseBytes: rise.bytes, fromMs: rise.sinceMs },
  };
}

function tellFlat(level: HeapLevel, hasFilled: boolean): Told {
  const { bytes, fromMs, highestBytes } = level;
  const freed = `what ${hasFilled ? 'filled is kept, and what else ' : ''}the work allocates is freed again${allBut(level)}.`;
  const since =
    fromMs === null || hasFilled
      ? `W${freed.slice(1)}`
      : `What is allocated since then is freed again${allBut(level)}.`;
  return {
    rule: 'nothingGrows',
    title: `Nothing grows: the heap is level ${fromWhen(fromMs)}, at ${formatBytes(bytes)}`,
    text:
      (highestBytes - bytes < LEAST_PASSING * bytes
        ? since
        : `It rose to ${formatBytes(highestBytes)}${level.isSpike ? ' at the end' : ' since then'}, and fell back: ${freed}`) +
      sayHidden(level),
    evidence: { levelBytes: bytes, highestBytes, fromMs: fromMs ?? 0 },
  };
}

/** What stays of what is allocated since the heap is level. */
function allBut({ bytes, restBytes }: HeapLevel): string {
  return restBytes < Math.max(LEAST_REST_BYTES, LEAST_REST * bytes) ? '' : `, all but ${formatBytes(restBytes)}`;
}

/** Where arenas come seldom, what is in them is not seen to grow. */
function sayHidden({ hidesObjects }: HeapLevel): string {
  return hidesObjects
    ? ` How small Python objects fill the arenas that are there cannot be seen here: ${TRACE_OBJECTS}.`
    : '';
}

/** Less than would be told to grow, though it does. */
function tellLittle(level: HeapLevel, little: readonly LittleGrowth[]): Told {
  const sum = (of: (way: LittleGrowth) => number): number => little.reduce((total, way) => total + of(way), 0);
  const bytes = sum((way) => way.bytes);
  const startMs = Math.min(...little.map((way) => way.startMs));
  const [first] = little;
  const isOne = little.length === 1;
  const names = little.slice(0, MOST_LITTLE).map(titleGrowth).join(', ');
  const isKept = little.every(
    (way) => way.made !== null && way.made <= way.count && !way.isReplaced && !way.isTornDown && !isOfArenas(way),
  );
  const amount = isOne
    ? describeAmount(first!)
    : `in ${countNoun(
        sum(({ count }) => count),
        'allocation',
      )}`;
  const isFreed = little.some(({ bytes: most, leftBytes }) => leftBytes < most);
  const end = isKept
    ? 'none of it was freed'
    : isFreed
      ? 'at most the end of the program gave it back'
      : 'all of it is live at the end';
  return {
    rule: 'littleGrows',
    title:
      `Little grows: ${formatBytes(bytes)} since ${formatDuration(startMs)} ` +
      `(${formatShare(bytes, level.bytes)} of the heap): ${names}${little.length > MOST_LITTLE ? ', …' : ''}`,
    text: [
      `${amount === null ? 'It' : `${amount.charAt(0).toUpperCase()}${amount.slice(1)}; it`} rose with the work, and ${end}.`,
      `But for it the heap is level ${fromWhen(level.fromMs)}, at ${formatBytes(level.bytes)}.`,
      ...(isOne ? describeSource(first!) : []),
    ].join(' '),
    evidence: { levelBytes: level.bytes, growthBytes: bytes, growthCount: sum(({ count }) => count), fromMs: startMs },
    bytes,
    location: first!.name,
    way: first!.way,
    view: isOne ? (first!.view ?? viewOfPlace(first!, true)) : viewOf('leaks', { exact: false }),
  };
}

/** What comes and goes is most of the heap: it has a floor, but is not level. */
function tellPassing(level: HeapLevel): Told {
  const { bytes, fromMs, highestBytes, lastBytes, leftBytes, falls, higher } = level;
  const isHigh = lastBytes - bytes >= LEAST_RISING * (highestBytes - bytes);
  const isFreed = isHigh && leftBytes - bytes < LEAST_RISING * (lastBytes - bytes);
  const often = falls > 1 ? ' again and again' : '';
  const more =
    higher === null
      ? ''
      : ` The rises became higher, from ${formatBytes(higher.fromBytes)} at first to ${formatBytes(higher.toBytes)}: later work needs more.`;
  const end = isFreed
    ? ` The last rise, to ${formatBytes(lastBytes)}, the end of the program freed.`
    : ` The recording ends within a rise, at ${formatBytes(lastBytes)}.`;
  return {
    rule: 'nothingGrows',
    title: `Nothing grows: the heap falls back to ${formatBytes(bytes)}${often}`,
    text:
      `It rose to ${formatBytes(highestBytes)} and fell back${falls > 1 ? ' each time' : ''}: what the work allocates ` +
      `is freed again${allBut(level)}.${more}${isHigh ? end : ''}${sayHidden(level)}`,
    evidence: { levelBytes: bytes, highestBytes, fromMs: fromMs ?? 0 },
  };
}

function tellWave(
  { lastBytes, leftBytes }: HeapLevel,
  { lowestBytes, highestBytes }: NonNullable<HeapLevel['wave']>,
): Told {
  const end =
    leftBytes < lastBytes / 2
      ? `The ${formatBytes(lastBytes)} that were live when the work ended were freed then.`
      : `It ends at ${formatBytes(lastBytes)}.`;
  return {
    rule: 'nothingGrows',
    title: `Nothing grows: the heap rises and falls between ${formatBytes(lowestBytes)} and ${formatBytes(highestBytes)}`,
    text: `What the work allocates is freed again. ${end}`,
    evidence: { levelBytes: lowestBytes, highestBytes, lastBytes },
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
