/** The profiles that a thread has open: the few that were asked for last. */
import * as vm from 'node:vm';
import { boundedPatternTester } from '@memscope/model';
import { cacheProfile, OpenRun, type QueryHost } from '@memscope/query';
import { MEMSCOPE_VERSION, openProfile } from '@memscope/store';
import { LRUCache } from 'lru-cache';

/** Where a run's profile is, and which of those that stood there. */
export interface RunPlace {
  readonly profilePath: string;
  /** Another one once the file is replaced. */
  readonly identity: string;
}

const MOST_OPEN = 3;
const HOST: QueryHost = { testPattern: boundedPatternTester(vm), memscopeVersion: MEMSCOPE_VERSION };

const openRuns = new LRUCache<string, OpenRun>({ max: MOST_OPEN, dispose: (run) => run.close() });

/** Throws `StoreError`. */
export function openRun({ profilePath, identity }: RunPlace): OpenRun {
  const key = `${profilePath}\0${identity}`;
  const known = openRuns.get(key);
  if (known !== undefined) return known;
  const run = new OpenRun(cacheProfile(openProfile(profilePath)), HOST);
  openRuns.set(key, run);
  return run;
}
