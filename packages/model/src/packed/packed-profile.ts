/**
 * An open profile → what a report takes of it along, and back: a profile that answers every question. What is too large is
 * folded (`fold-sites.ts`, `fold-lifetimes.ts`), and it says how much of it stands as it was recorded.
 */
import { canAnswer } from '../answers.js';
import type { LifetimeBatch } from '../lifetimes.js';
import { memoryProfile } from '../memory-profile.js';
import type { Profile } from '../profile.js';
import type { CaptureTables } from '../tables.js';
import { foldLifetimes } from './fold-lifetimes.js';
import { foldSites } from './fold-sites.js';
import { packColumns, unpackColumns, type Packed } from './packed-columns.js';

/** At the most. */
export interface PackLimits {
  readonly sites: number;
  /** Rows of `lifetime`. */
  readonly lifetimes: number;
}

/** What of a profile was taken along. */
export interface HeldProfile {
  /** As they were recorded, of how many; the others count at their callers. */
  readonly sites: number;
  readonly ofSites: number;
  /** Of the bytes of each measure at the least, what those sites hold: 0 to 1. */
  readonly share: number;
  /** Ticks between which windows begin and end; 1 = any tick. Null: it holds no lifetimes, though the capture has them. */
  readonly ticksPerStretch: number | null;
}

export interface PackedProfile {
  readonly held: HeldProfile;
  readonly packed: Packed;
}

interface Kept {
  readonly path: string;
  readonly tables: CaptureTables;
  readonly lifetimes: readonly LifetimeBatch[];
  readonly children: readonly string[];
}

/** `cut`: what becomes of each text. */
export function packProfile(profile: Profile, limits: PackLimits, cut?: (text: string) => string): PackedProfile {
  const whole = profile.tables();
  const { tables, rowOf, kept, share } = foldSites(whole, limits.sites);
  const isTimed = canAnswer(whole.capture, 'lifetimes');
  const folded = isTimed ? foldLifetimes(() => profile.lifetimes(), rowOf, whole, limits.lifetimes) : null;
  const files = new Set(tables.frames.file);
  const lines = new Map([...profile.sourceLines()].filter(([file]) => files.has(file)));
  const ticksPerStretch = folded?.ticksPerStretch ?? (isTimed ? null : 1);
  const { capture } = tables;
  const answers = ticksPerStretch === null ? { ...capture.answers, lifetimes: 'none' as const } : capture.answers;
  const all: Kept = {
    path: profile.path,
    tables: { ...tables, capture: { ...capture, answers }, sourceLines: lines },
    lifetimes: folded === null ? [] : [folded.batch],
    children: profile.children(),
  };
  return {
    held: { sites: kept, ofSites: whole.sites.length, share, ticksPerStretch },
    packed: packColumns(all, cut),
  };
}

/** What `packProfile` has packed. */
export function unpackProfile(packed: Packed): Profile {
  const { path, tables, lifetimes, children } = unpackColumns(packed) as Kept;
  return { ...memoryProfile(tables, lifetimes, path), children: () => children };
}

/** Whether it answers as the profile does that it was made of. */
export function isHeldWhole({ sites, ofSites, ticksPerStretch }: HeldProfile): boolean {
  return sites === ofSites && ticksPerStretch === 1;
}
