/**
 * The profiles of a run set → the text that stands in a report beside its answers: JSON, gzip, base64. What does not fit
 * is folded more and more.
 */
import { packProfile, type HeldProfile, type PackLimits, type Profile } from '@memscope/model';

import { cutText } from './label-table.js';
import { packText } from './pack-text.js';

export interface EmbeddedProfiles {
  /** Of each run. */
  readonly held: readonly HeldProfile[];
  readonly text: string;
}

/** Of all runs together; the first is whole for most captures. */
export const PACK_LIMITS: readonly PackLimits[] = [
  { sites: 300_000, lifetimes: 1_500_000 },
  { sites: 80_000, lifetimes: 300_000 },
  { sites: 25_000, lifetimes: 60_000 },
  { sites: 6_000, lifetimes: 20_000 },
  { sites: 1_500, lifetimes: 5_000 },
  { sites: 200, lifetimes: 1_000 },
];
/** UTF-16 units of a name or a line of source. */
const LONGEST_TEXT = 1_000;
/** More is not worth packing to see that it does not fit. */
const MOST_TEXT = 100_000_000;

/** Whether it is worth a try; what has more sites is folded whatever the room. */
export function canBeWhole(profiles: readonly Profile[]): boolean {
  const most = PACK_LIMITS[0]!.sites / profiles.length;
  return profiles.every((profile) => profile.siteKeys().length <= most);
}

/** Null where not even the least fits into `most` bytes. `pace` is called before each try, and may throw to end it. */
export async function embedProfiles(
  profiles: readonly Profile[],
  most: number,
  pace: () => Promise<void>,
): Promise<EmbeddedProfiles | null> {
  if (most <= 0) return null;
  for (const limits of PACK_LIMITS) {
    await pace();
    const share = {
      sites: Math.ceil(limits.sites / profiles.length),
      lifetimes: Math.ceil(limits.lifetimes / profiles.length),
    };
    const packed = profiles.map((profile) => packProfile(profile, share, (text) => cutText(text, LONGEST_TEXT)));
    const json = JSON.stringify(packed.map((each) => each.packed));
    if (json.length > MOST_TEXT) continue;
    const text = packText(json, most);
    if (text.length <= most) return { held: packed.map(({ held }) => held), text };
  }
  return null;
}
