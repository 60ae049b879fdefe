/** What `memscope analyze` says without further flags: all that matters, on one screen. */
import { expect, test } from 'vitest';

import { aggregatedProfile, killedProfile, nativeProfile } from '../sample-profiles.js';
import { run } from '../fake-host.js';
import { hostileProfile } from '../hostile-profile.js';
import { serviceProfile } from '../service-profile.js';

const PROFILES = { serviceProfile, nativeProfile, aggregatedProfile, killedProfile, hostileProfile };

test.each(Object.entries(PROFILES))('%s fits 45 lines of 80 columns', async (_, make) => {
  const { stdout, code } = await run(['analyze', 'a.bin'], { captures: { 'a.bin': make() } });
  const lines = stdout.trimEnd().split('\n');
  expect(code).toBe(0);
  expect(lines.length).toBeLessThanOrEqual(45);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test('says in this order what it was, its totals, what stands out, whose memory, the timeline, where, and what next', async () => {
  const { stdout } = await run(['analyze', 'a.bin'], { captures: { 'a.bin': serviceProfile() } });
  const titles = ['Program', 'Peak heap', 'What stands out', 'Whose memory', 'Timeline', 'Locations by', 'Next'];
  const places = titles.map((title) => stdout.indexOf(title));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
});

test('--sections prints those that are named, whole, and says which there are', async () => {
  const captures = { 'a.bin': serviceProfile() };
  const { stdout } = await run(['analyze', 'a.bin', '--sections', 'threads,findings'], { captures });
  expect(stdout).toMatch(/^What stands out/);
  expect(stdout).toContain('\nThreads');
  expect(stdout).not.toContain('Timeline');
  const wrong = await run(['analyze', 'a.bin', '--sections', 'thread'], { captures });
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('There is no section thread: capture, totals, findings');
});
