/** What `memscope analyze` says without further flags: all that matters, on one screen. */
import { statSync } from 'node:fs';
import { listCaptures } from '@memscope/fixtures';
import { analyze } from '@memscope/model';
import { describe, expect, test } from 'vitest';

import { suggestNext } from '../../src/analyze/report-next.js';
import { displayWidth } from '../../src/terminal/display-width.js';
import { createPalette } from '../../src/terminal/palette.js';
import { isBuilt } from '../built-cli.js';
import { run } from '../fake-host.js';
import { hostileProfile } from '../hostile-profile.js';
import { aggregatedProfile, killedProfile, nativeProfile } from '../sample-profiles.js';
import { serviceProfile } from '../service-profile.js';
import { runOnDisk, useFolder, writeCapture } from '../views/captures-on-disk.js';
import { leakingService } from '../views/leak-captures.js';

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

test('next is nothing that an aggregated capture cannot answer', async () => {
  const analysis = analyze(aggregatedProfile());
  const { capture } = analysis;
  const commands = suggestNext(
    { ...analysis, findings: [] },
    { width: 80, count: 9, palette: createPalette(false) },
  ).slice(1);
  expect(commands).toEqual([`  memscope tree ${capture.path}`, `  memscope table ${capture.path} --measure leaked`]);
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

/** Larger ones, and those of other versions of memray, take long and have no other kind of screen. */
const LARGEST_CAPTURE = 300_000;

/** What is wider or longer than a screen, and sentences that are cut. */
function faultsOf(screen: string): string[] {
  const lines = screen.trimEnd().split('\n');
  const start = lines.indexOf('What stands out');
  const told = lines.slice(start + 1, lines.indexOf('', start));
  return [
    ...lines.slice(45),
    ...lines.filter((line) => displayWidth(line) > 80),
    ...told.filter((line) => line.endsWith('…')),
  ];
}

describe.skipIf(!isBuilt())('a screen is not exceeded', () => {
  const folder = useFolder();
  const profile = `${folder}/screen.memscope`;

  test.each([
    ['long', 'handler_'.repeat(40)],
    ['wide', '關數'.repeat(60)],
    ['escaped', '\u001b[31mred\u001b[0m\u202e'.repeat(20)],
  ])('by %s names of what grows', async (kind, name) => {
    const text = leakingService().replaceAll(
      /\bhandle\b|\bservice\b|raw_decode|\bdecoder\b/g,
      (word) => `${word}${name}`,
    );
    const capture = writeCapture(folder, kind, text);
    const { code, stdout } = await runOnDisk(['analyze', capture, '-o', profile, '--force']);
    expect(stdout).toContain(' grows: ');
    expect([code, faultsOf(stdout)]).toEqual([0, []]);
  });

  test('by several captures together', async () => {
    const captures = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => writeCapture(folder, name, leakingService()));
    const { code, stdout } = await runOnDisk(['analyze', ...captures, '--together']);
    expect([code, faultsOf(stdout)]).toEqual([0, []]);
  });

  test('by recorded captures of any kind', async () => {
    const captures = listCaptures().filter(
      ({ name, path }) => /v13|killed|agg/.test(name) && statSync(path).size <= LARGEST_CAPTURE,
    );
    for (const { name, path } of captures) {
      const { stdout } = await runOnDisk(['analyze', path, '-o', profile, '--force']);
      expect([name, faultsOf(stdout)]).toEqual([name, []]);
    }
  }, 120_000);
});
