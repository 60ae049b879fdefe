/** A profile with RSS of its own, what a rule finds in it, and what the view of that shows. */
import { findAll } from '../src/analysis/findings/find-all.js';
import type { Finding, FindingRuleName } from '../src/analysis/findings/finding.js';
import { parseFilter, select, type Profile } from '../src/index.js';
import { MIB, sourceOf, type SourceParts } from './finding-source.js';
import { profileOf } from './view/profile-text.js';
import { ALL_AT_PEAK } from './view/selection-requests.js';

/** `rss` by tick in MiB. */
export function profileWith(text: string, ticks: number, rss: readonly number[]): Profile {
  const profile = profileOf(text, ticks);
  const rssBytes = Float64Array.from({ length: ticks }, (_, tick) => (rss[tick] ?? 0) * MIB);
  return { ...profile, ticks: () => ({ ...profile.ticks(), rssBytes }) };
}

export function findingOf(rule: FindingRuleName, parts: SourceParts): Finding | null {
  return findAll(sourceOf(parts)).find((each) => each.rule === rule) ?? null;
}

/** What the view of a finding shows. */
export function shownBytes({ view }: Finding, profile: Profile): number {
  const { measure, window, filter } = view!;
  return select(profile, { ...ALL_AT_PEAK, measure: measure!, window, filter: parseFilter(filter ?? '') }).bytes;
}
