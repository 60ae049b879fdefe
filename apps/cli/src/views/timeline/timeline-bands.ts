/** Bands of live bytes over time, named for people and for programs. */
import {
  countNoun,
  highestTicks,
  innermostFrame,
  nameRuns,
  NO_GROUP,
  runOfSite,
  type LiveBand,
  type Selection,
  type TimelineDocument,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';
import type { FoundBands, Timeline } from '@memscope/query';

import {
  describeApplication,
  describeFunctionOwner,
  describeOwner,
  describeThreads,
  framelessName,
  labelApplication,
  labelFunctionOwner,
  labelOwner,
  labelThreads,
  type Label,
} from '../frame-label.js';
import { allocatorOf } from '../table/label-rows.js';

type Band = NonNullable<TimelineDocument['bands']>['list'][number];
type BandNames = Pick<
  Band,
  | 'module'
  | 'library'
  | 'category'
  | 'thread'
  | 'threadName'
  | 'threads'
  | 'allocator'
  | 'run'
  | 'applicationFunction'
  | 'applicationFile'
  | 'applicationLine'
  | 'of'
  | 'ownerKind'
  | 'ownerFunction'
  | 'ownerFile'
>;

/** For people. */
export function labelBand({ site }: LiveBand, { by, selection, groups, bands }: FoundBands): string {
  if (site === NO_GROUP) {
    const others = groups - bands.length + 1;
    const noun = by === 'application' ? 'line' : (by ?? '');
    return countNoun(others, `other ${noun}`, `other ${pluralOf(noun)}`);
  }
  switch (by) {
    case null:
      return 'what passes the filter';
    case 'thread':
      return labelThreads(site, selection);
    case 'run':
      return printable(runOf(site, selection));
    case 'allocator':
      return allocatorOf(site, selection) ?? '';
    case 'module':
      return printable(moduleOf(site, selection) ?? framelessName(selection));
    case 'library':
    case 'category':
      return labelOwner(site, by, selection);
    case 'owner':
      return joinLabel(labelFunctionOwner(selection.sites.owner[site]!, selection));
    case 'application':
      return joinLabel(labelApplication(site, selection));
  }
}

function joinLabel({ name, place }: Label): string {
  return place === '' ? name : `${name} ${place}`;
}

function pluralOf(noun: string): string {
  return noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}

/** For programs: what the bands are grouped by, all null for the rest; the same keys for each band. */
export function describeBand({ site }: LiveBand, { by, selection }: FoundBands): BandNames {
  const known = site !== NO_GROUP;
  switch (by) {
    case null:
      return {};
    case 'thread':
      return known ? describeThreads(site, selection) : { thread: null, threadName: null, threads: null };
    case 'run':
      return { run: known ? runOf(site, selection) : null };
    case 'allocator':
      return { allocator: known ? allocatorOf(site, selection) : null };
    case 'module':
      return { module: known ? moduleOf(site, selection) : null };
    case 'library':
      return known ? describeOwner(site, selection) : { library: null, category: null };
    case 'owner': {
      if (!known) return { ownerKind: null, ownerFunction: null, ownerFile: null };
      const { kind, function: name, file } = describeFunctionOwner(site, selection);
      return { ownerKind: kind, ownerFunction: name, ownerFile: file };
    }
    case 'application':
      return known
        ? describeApplication(site, selection)
        : { applicationFunction: null, applicationFile: null, applicationLine: null, of: null };
    case 'category':
      return { category: known ? describeOwner(site, selection).category : null };
  }
}

function runOf(site: number, selection: Selection): string {
  return nameRuns(selection.runs)[runOfSite(site, selection)]!;
}

/** Null where no frame is shown. */
function moduleOf(site: number, selection: Selection): string | null {
  const { groups } = selection;
  const frame = innermostFrame(site, selection);
  return frame < 0 ? null : groups.modules[groups.moduleOf[frame]!]!.name;
}

export function kindOf({ site }: LiveBand, { by }: FoundBands): Band['kind'] {
  if (site === NO_GROUP) return 'rest';
  return by === null ? 'filtered' : 'group';
}

/** For each of at most `count` steps the tick of its greatest heap, as a row of `ticks`. */
export function highestOfSteps({ ticks }: Timeline, count: number): Uint32Array {
  return highestTicks(ticks, null, 0, stepEnds(ticks.length, count));
}

/** The last tick of each of the steps that `thinTicks` makes. */
function stepEnds(ticks: number, count: number): Uint32Array {
  const stride = Math.max(1, Math.ceil(ticks / count));
  return Uint32Array.from({ length: Math.ceil(ticks / stride) }, (_, step) => Math.min((step + 1) * stride, ticks) - 1);
}

/** How many of several runs were recorded in each of at most `count` steps, at the most; null for one run. */
export function countRuns({ recording, firstTick, ticks }: Timeline, count: number): number[] | null {
  const { runsOfStep } = recording;
  if (runsOfStep === null) return null;
  const ends = stepEnds(ticks.length, count);
  return Array.from(ends, (end, at) => {
    const start = at === 0 ? 0 : ends[at - 1]! + 1;
    return Math.max(...runsOfStep.subarray(firstTick + start, firstTick + end + 1));
  });
}
