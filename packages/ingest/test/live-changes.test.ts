/**
 * Lifetimes summed by site and moment, of real recordings: what grows, what leaks and bands over time are the same from
 * the sums as from the lifetimes.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GROWTH_FOLDER, listCaptures } from '@memscope/fixtures';
import {
  bandsOverTime,
  findGrowth,
  listLeaks,
  memoryProfile,
  select,
  sumChanges,
  type LeakTable,
  type Profile,
  type SelectionRequest,
} from '@memscope/model';
import { openProfile } from '@memscope/store';

import { ingestCapture } from '../src/ingest-capture.js';
import { scratchFolder } from './scratch-folder.js';

const NAMES = new Set(['pandas-v13', 'munmap-v13', 'mixed-native-v13']);
const CASES = [
  ...readdirSync(GROWTH_FOLDER)
    .filter((name) => name.endsWith('.bin'))
    .map((name) => [name, join(GROWTH_FOLDER, name)] as const),
  ...listCaptures()
    .map(({ name, path }) => [name, path] as const)
    .filter(([name]) => NAMES.has(name)),
];

const LEAKED: SelectionRequest = {
  measure: 'leaked',
  window: null,
  filter: null,
  hideImportSystem: false,
  hideStandardLibrary: false,
  splitThreads: false,
};

/** The same profile with its lifetimes one by one, and with their sums. */
async function profilesOf(path: string): Promise<readonly [scanned: Profile, summed: Profile]> {
  const profilePath = join(scratchFolder(), 'capture.memscope');
  await ingestCapture({ path, profilePath, temporaryThreshold: 1, maxTicks: 1000, stamp: null, threaded: false });
  const stored = openProfile(profilePath);
  const [tables, lifetimes] = [stored.tables(), [...stored.lifetimes()]];
  stored.close();
  const changes = sumChanges(() => lifetimes, tables.sites.allocator, tables.ticks.length);
  expect(changes).not.toBeNull();
  return [memoryProfile(tables, lifetimes), { ...memoryProfile(tables, lifetimes), liveChanges: () => changes }];
}

test.each(CASES)('%s: what grows, what leaks and bands are the same from sums', async (_, path) => {
  const [scanned, summed] = await profilesOf(path);
  expect(findGrowth(summed)).toEqual(findGrowth(scanned));
  const leaksOf = (profile: Profile): LeakTable => listLeaks(select(profile, LEAKED), 0);
  expect(leaksOf(summed)).toEqual(leaksOf(scanned));
  const bandsOf = (profile: Profile): unknown =>
    bandsOverTime(select(profile, { ...LEAKED, measure: 'total' }), { by: 'module', window: null, most: 5 });
  expect(bandsOf(summed)).toEqual(bandsOf(scanned));
});
