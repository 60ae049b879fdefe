/**
 * What a thread has open: the few run sets that were asked for last, and their profiles, each once however many of the
 * sets it is in.
 */
import * as vm from 'node:vm';
import { boundedPatternTester, type Profile } from '@memscope/model';
import { cacheProfile, OpenRun, type QueryHost } from '@memscope/query';
import { MEMSCOPE_VERSION, openProfile } from '@memscope/store';
import { LRUCache } from 'lru-cache';

/** Where a run's profile is, and which of those that stood there. */
export interface RunPlace {
  readonly profilePath: string;
  /** Another one once the file is replaced. */
  readonly identity: string;
}

/** Where the runs are that a question is about. */
export interface SetPlace {
  /** At least one. */
  readonly head: readonly RunPlace[];
  readonly base: readonly RunPlace[];
}

/** A comparison is of two, and each side is looked at by itself as well. */
const MOST_OPEN = 4;
const HOST: QueryHost = { testPattern: boundedPatternTester(vm), memscopeVersion: MEMSCOPE_VERSION };

const openSets = new LRUCache<string, OpenRun>({ max: MOST_OPEN, dispose: (run) => run.close() });
const openProfiles = new Map<string, SharedProfile>();

/** Open until as many have closed it as have opened it. */
interface SharedProfile {
  readonly profile: Profile;
  readonly close: () => void;
  users: number;
}

/** `lines`: with a base, lines tell frames of both sides apart. Throws `StoreError`. */
export function openRun(place: SetPlace, lines = false): OpenRun {
  const key = keyOf(place, lines);
  const known = openSets.get(key);
  if (known !== undefined) return known;
  const opened: Profile[] = [];
  // Decoded lifetimes of many runs together take no more than those of a few.
  const share = Math.min(1, MOST_OPEN / (place.head.length + place.base.length));
  const open = (each: RunPlace): Profile => {
    const profile = shareProfile(each, share);
    opened.push(profile);
    return profile;
  };
  let run: OpenRun;
  try {
    run = new OpenRun({ head: place.head.map(open), base: place.base.map(open), lines }, HOST);
  } catch (error) {
    for (const profile of opened) profile.close();
    throw error;
  }
  openSets.set(key, run);
  return run;
}

function keyOf({ head, base }: SetPlace, lines: boolean): string {
  const side = (places: readonly RunPlace[]): string[][] =>
    places.map(({ profilePath, identity }) => [profilePath, identity]);
  return JSON.stringify([side(head), side(base), lines && base.length > 0]);
}

function shareProfile({ profilePath, identity }: RunPlace, share: number): Profile {
  const key = `${profilePath}\0${identity}`;
  let shared = openProfiles.get(key);
  if (shared === undefined) {
    const cached = cacheProfile(openProfile(profilePath), share);
    shared = { profile: { ...cached, close: () => release(key) }, close: () => cached.close(), users: 0 };
    openProfiles.set(key, shared);
  }
  shared.users++;
  return shared.profile;
}

function release(key: string): void {
  const shared = openProfiles.get(key);
  if (shared === undefined || --shared.users > 0) return;
  openProfiles.delete(key);
  shared.close();
}
