/** The profiles that a thread has open: the few that were asked for last. */
import { openProfile } from '@memscope/store';
import { LRUCache } from 'lru-cache';
import { cacheProfile } from './cached-profile.js';
import { OpenRun } from './open-run.js';

/** Where a run's profile is, and which of those that stood there. */
export interface RunPlace {
  readonly profilePath: string;
  /** Another one once the file is replaced. */
  readonly identity: string;
}

const MOST_OPEN = 3;

const openRuns = new LRUCache<string, OpenRun>({ max: MOST_OPEN, dispose: (run) => run.close() });

/** Throws `StoreError`. */
export function openRun({ profilePath, identity }: RunPlace): OpenRun {
  const key = `${profilePath}\0${identity}`;
  const known = openRuns.get(key);
  if (known !== undefined) return known;
  const run = new OpenRun(cacheProfile(openProfile(profilePath)));
  openRuns.set(key, run);
  return run;
}
