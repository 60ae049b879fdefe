/**
 * What keeps growing for as long as there is work, and what grew and is flat since, each with the call of the
 * application that leads to it. It says what grows and how, not that it is a bug.
 */
import { findGrowth, findGrowthWithin } from '../../growth/find-growth.js';
import type { GrowthPart } from '../../growth/growth-subject.js';
import type { DescribedWay, Growth, IdleTime } from '../../growth/growth.js';
import { shiftGrowth } from '../../growth/shift-growth.js';
import type { Profile } from '../../profile.js';
import { countNoun, formatBytes, formatCount, formatDuration, formatShare } from '../format-quantity.js';
import { LEVEL_RULES, tellNothingGrows, tellNothingPasses } from './nothing-grows.js';
import type { Finding, FindingRuleName, FindingSource } from './finding.js';
import { describeSource } from './growth-source.js';
import {
  describeAmount,
  describeRate,
  describeTime,
  isOfArenas,
  nameGrowth,
  namePlace,
  titleGrowth,
  viewOfPlace,
} from './growth-text.js';

export const GROWTH_RULES = ['grows', 'levelled', ...LEVEL_RULES] as const satisfies FindingRuleName[];

/** What was given back is told as given back where less than this share is live at the end. */
const LEAST_LEFT_SHARE = 0.1;
/** Of what the end gave back more than half of, arenas that are not empty may be left. */
const MOST_LEFT_SHARE = 0.5;
/** What is kept in so many rounds, each time alike, is no data that is loaded at once. */
const LEAST_STEADY = 100;
/** So many of what grows beside are told. */
const MOST_BESIDE = 3;

/** How full the last of them is, no allocation tells. */
const DOUBLES =
  'It grew in few jumps, each about twice the one before and after twice the time, as a table or a pool does that is ' +
  'enlarged when it is full: a part of the last one may be free.';

/** Caches of libraries: what fills them, and what makes them smaller. */
const LIBRARY_CACHES: ReadonlyMap<string, string> = new Map([
  [
    'oneDNN',
    'a full cache of compiled primitives, one for each shape of the input. Fewer shapes (inputs padded to a few sizes) or ' +
      'ONEDNN_PRIMITIVE_CACHE_CAPACITY (1,024 of them by default) make it smaller',
  ],
]);

export interface GrowthFinding extends Finding {
  readonly rule: (typeof GROWTH_RULES)[number];
}

/**
 * What the rules of growth say of a profile, for views that speak of nothing else, after a warm-up if there is one. Times
 * are on a clock that began `startedMs` before the recording. Of a part only that is told which passes its filter.
 */
export function tellGrowth(
  profile: Profile,
  fromTick = 0,
  startedMs = 0,
  part: GrowthPart | null = null,
): GrowthFinding[] {
  const found = part === null ? findGrowth(profile, fromTick) : findGrowthWithin(profile, fromTick, part);
  const growth = shiftGrowth(found, startedMs);
  const { peakBytes } = profile.capture;
  const nothing = part === null ? tellNothingGrows(growth) : tellNothingPasses(growth);
  const told = growth.growths.map((each) => (each.verdict === 'grows' ? tellGrowing(each) : tellFlat(each, peakBytes)));
  return [
    ...(nothing === null ? [] : [nothing]),
    ...(part === null ? told : told.map((each) => ({ ...each, view: narrowView(each.view, part) }))),
  ];
}

/** Where no view gives the number, that of leaks shows what grows. */
function narrowView(view: Finding['view'], { filter }: GrowthPart): Finding['view'] {
  return view === null || view.filter !== null ? view : { ...view, filter };
}

export function findGrowing({ growth }: FindingSource): Finding[] {
  return growth.growths.filter(({ verdict }) => verdict === 'grows').map(tellGrowing);
}

export function findLevelled({ growth, capture }: FindingSource): Finding[] {
  return growth.growths.filter(({ verdict }) => verdict !== 'grows').map((each) => tellFlat(each, capture.peakBytes));
}

function tellGrowing(growth: Growth): GrowthFinding {
  const { bytes, idle, sinceMs, beside } = growth;
  const amount = describeAmount(isOfRounds(growth) ? { ...growth, bytes: growth.stayingBytes } : growth);
  const since = sinceMs === null ? 'so far' : `since ${formatDuration(sinceMs)}`;
  const doubt = describeDoubt(growth);
  const isHeld = doubt !== null && isReleased(growth);
  const until = endsWithWork(growth) ? 'until its work ends' : 'until the program ends';
  const size = formatBytes(bytes);
  return {
    ...common(growth),
    rule: 'grows',
    severity: doubt === null ? 'warning' : 'note',
    title: `${titleGrowth(growth)} grows: ${isHeld ? `${size}, held ${until}` : `${size} ${since}, rising with the work`}`,
    text: [
      `${amount === null ? 'Live' : `${capitalise(amount)}; live`} bytes rose in step with the work ` +
        `${describeTime(growth)} (${describeRate(growth)}), and ${describeEnd(growth)}.`,
      ...(sinceMs === null ? [] : [growth.isNew ? 'Before that it was not at work.' : 'Before that it did not grow.']),
      ...(growth.doubles ? [DOUBLES] : []),
      ...(idle === null || endsWithWork(growth) ? [] : [`${describeIdle(idle)}.`]),
      ...(doubt === null ? [] : [doubt]),
      ...describeSource(growth),
      ...(beside.length === 0
        ? []
        : [
            `Beside it grow: ${beside
              .slice(0, MOST_BESIDE)
              .map((each) => describeBeside(each, growth))
              .join(', ')}.`,
          ]),
    ].join(' '),
  };
}

/**
 * Where data that the program loads would look like a leak: what would tell them apart. Null where much that is kept alike,
 * for as long as the program worked, is growth whatever it is for.
 */
function describeDoubt(growth: Growth): string | null {
  const { rounds, times, isOnlyWork, isReplaced } = growth;
  const isSteady = (rounds ?? times ?? 0) >= LEAST_STEADY;
  if (isReleased(growth, MOST_LEFT_SHARE)) {
    if (!isOnlyWork && (isSteady || isReplaced)) return null;
    return (
      `${isOnlyWork ? 'Nothing else was seen at work, and data' : 'Data'} that a program loads looks the same: where the same ` +
      'work is done twice in a recording, only a leak goes on growing.'
    );
  }
  if (!isOnlyWork || isSteady) return null;
  return (
    'Nothing else was seen at work, and data that a program loads looks the same: where the recording goes on, only a leak ' +
    'grows with the work.'
  );
}

/** By what the line calls, where it is the same line. */
function describeBeside(way: DescribedWay, growth: Growth): string {
  const name = nameGrowth(way);
  const other = name === nameGrowth(growth) ? (way.tip ?? way.way.at(-1) ?? null) : null;
  return `${other === null ? name : namePlace(other)} ${formatBytes(way.bytes)}`;
}

/** Objects in an arena may have been freed, and what a line makes for a moment stands in the same line. */
function describeEnd(growth: Growth): string {
  const { bytes, count, made, leftBytes, isTornDown, isReplaced } = growth;
  if (isReleased(growth)) return `only the end of ${endsWithWork(growth) ? 'its work' : 'the program'} gave it back`;
  if (leftBytes < bytes) return `${formatBytes(leftBytes)} of it is live at the end`;
  const isKept = made !== null && made <= count && !isReplaced && !isTornDown && !isOfArenas(growth);
  return isKept ? 'none of it was freed' : 'all of it is live at the end';
}

function isReleased({ bytes, leftBytes, isTornDown }: Growth, share = LEAST_LEFT_SHARE): boolean {
  return isTornDown && leftBytes < share * bytes;
}

/** What a round was using when it was highest, and gave back, is none of what each leaves behind. */
function isOfRounds(growth: Growth): boolean {
  const { rounds, isReplaced, doubles } = growth;
  return rounds !== null && !isReplaced && !doubles && !isOfArenas(growth);
}

/** After it was given back nothing was allocated any more, though the program went on. */
function endsWithWork({ idle, endMs }: Growth): boolean {
  return idle !== null && idle.fromMs >= endMs;
}

/** The same of objects: what fits into the arenas that are there is not seen. */
function describeNoArenas({ fromMs, toMs }: IdleTime): string {
  return `From ${formatDuration(fromMs)} to ${formatDuration(toMs)} nothing that is recorded was allocated, and no arena`;
}

/** "From 437 ms to 3.18 s nothing was allocated". */
function describeIdle({ fromMs, toMs }: IdleTime): string {
  return `From ${formatDuration(fromMs)} to ${formatDuration(toMs)} nothing was allocated`;
}

function tellFlat(growth: Growth, peakBytes: number): GrowthFinding {
  const { verdict, idle } = growth;
  return verdict === 'idle' && idle !== null ? tellIdle(growth, idle, peakBytes) : tellLevelled(growth, peakBytes);
}

function tellIdle(growth: Growth, idle: IdleTime, peakBytes: number): GrowthFinding {
  const { bytes, lastMs } = growth;
  const amount = describeAmount({ ...growth, rounds: null });
  return {
    ...common(growth),
    rule: 'levelled',
    severity: 'note',
    title: `${titleGrowth(growth)} grew to ${formatBytes(bytes)} until ${formatDuration(lastMs)}, then ${isOfArenas(growth) ? 'needed no more arenas' : 'nothing was allocated'}`,
    text: [
      `${formatShare(bytes, peakBytes)} of the peak${amount === null ? '' : `, ${amount}`}. It rose ${describeTime(growth)} ` +
        `(${describeRate(growth)}). ${isOfArenas(growth) ? describeNoArenas(idle) : describeIdle(idle)}: a full cache, whose hits allocate nothing, data that was ` +
        'loaded, or work that ended.',
      ...describeSource(growth, false),
    ].join(' '),
  };
}

function tellLevelled(growth: Growth, peakBytes: number): GrowthFinding {
  const { bytes, verdict, levelMs } = growth;
  const amount = describeAmount({ ...growth, rounds: null });
  const share = formatShare(bytes, peakBytes);
  const since = formatDuration(levelMs ?? 0);
  const stopped = verdict === 'stopped';
  return {
    ...common(growth),
    rule: 'levelled',
    severity: 'note',
    title: stopped
      ? `${titleGrowth(growth)} grew to ${formatBytes(bytes)}, until its work ended`
      : `${titleGrowth(growth)} filled, then stayed flat: it holds ${formatBytes(bytes)}`,
    text: [
      `${share} of the peak${amount === null ? '' : `, ${amount}`}. ` +
        (stopped
          ? `It was filled in one stretch until ${since}, and the work that went on afterwards added nothing: data that was ` +
            'loaded.'
          : `It grew in many steps until ${since} and is flat since, while the work went on: ${tellFull(growth)}.`),
      ...describeSource(growth, false),
    ].join(' '),
  };
}

/** Why it is flat, as far as it is known. */
function tellFull({ lastKept, owners, bytes }: Growth): string {
  const main = owners.find((each) => each.bytes >= bytes / 2);
  const known = main === undefined ? undefined : LIBRARY_CACHES.get(main.library);
  if (known !== undefined) return known;
  if (lastKept === null) return 'a cache that is full, or data that was loaded';
  return (
    `each of ${countNoun(lastKept.rounds, 'round')} made an entry, and the last ${lastKept.count === 1 ? 'one is' : `${formatCount(lastKept.count)} are`} kept. A cache is never ` +
    'hit then: where its keys should repeat they differ each time; else a lower limit makes it smaller'
  );
}

function common(growth: Growth): Pick<Finding, 'evidence' | 'bytes' | 'location' | 'way' | 'view'> {
  const { bytes, count, rounds, arenas, startMs, lastMs, name, way } = growth;
  return {
    evidence: {
      growthBytes: bytes,
      growthCount: count,
      ...(rounds === null ? {} : { rounds }),
      ...(arenas === 0 ? {} : { arenas }),
      fromMs: startMs,
      toMs: lastMs,
    },
    bytes,
    location: name,
    way,
    view: growth.view ?? viewOfPlace(growth, !isReleased(growth)),
  };
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
