/**
 * A profile whose answers are read once: what every question needs stays in memory, the bulk table of lifetimes while it
 * is small enough. Columns are shared between questions, so nobody may change them.
 */
import type { NarrowWeights, Profile, SiteMeasure, SiteWeights, SourceLines, TickTable } from '@memscope/model';
import { DecodedLifetimes } from './decoded-lifetimes.js';
import { KeptLifetimes } from './kept-lifetimes.js';

/** Of sites by the millions these take a lot of memory, and are asked for once or twice by one answer. */
const ASKED_ONCE: ReadonlySet<SiteMeasure> = new Set(['leaked', 'temporary']);

/**
 * `share` of what is kept of one run at the most, where there are many; `once`: for one question alone, which lifetimes are
 * not put in order for.
 */
export function cacheProfile(profile: Profile, share: number | 'once' = 1): Profile {
  const weights = new Map<SiteMeasure, SiteWeights | null>();
  const narrow = new Map<SiteMeasure, NarrowWeights | null>();
  const weightsOf = (measure: SiteMeasure): SiteWeights | null => {
    let known = weights.get(measure);
    if (known === undefined) weights.set(measure, (known = profile.siteWeights(measure)));
    return known;
  };
  const narrowOf = (measure: SiteMeasure): NarrowWeights | null => {
    let known = narrow.get(measure);
    if (known === undefined) narrow.set(measure, (known = profile.narrowWeights(measure)));
    return known;
  };
  let ticks: TickTable | null = null;
  let sourceLines: SourceLines | null = null;
  const lifetimes = share === 'once' ? new DecodedLifetimes(profile) : new KeptLifetimes(profile, share);
  return {
    path: profile.path,
    capture: profile.capture,
    notes: profile.notes,
    ticks: () => (ticks ??= profile.ticks()),
    threads: () => profile.threads(),
    sizeClasses: () => profile.sizeClasses(),
    stackTables: () => profile.stackTables(),
    siteKeys: () => profile.siteKeys(),
    owners: () => profile.owners(),
    siteWeights: (measure) => (share === 'once' ? profile.siteWeights(measure) : weightsOf(measure)),
    narrowWeights(measure) {
      if (share !== 'once') return weightsOf(measure);
      return ASKED_ONCE.has(measure) ? profile.narrowWeights(measure) : narrowOf(measure);
    },
    sourceLines: () => (sourceLines ??= profile.sourceLines()),
    tables: () => profile.tables(),
    lifetimes: (from, to) => lifetimes.within(from, to),
    markedLifetimes: (marked, wanted) =>
      lifetimes instanceof KeptLifetimes ? lifetimes.marked(marked, wanted) : profile.markedLifetimes(marked, wanted),
    liveChanges: () => profile.liveChanges(),
    coarseChanges: () => profile.coarseChanges(),
    cohorts: () => profile.cohorts(),
    peakLevels: () => profile.peakLevels(),
    children: () => profile.children(),
    close: () => profile.close(),
  };
}
