/** The report for people: equal to the expected files, never wider than its terminal, never an escape code in a pipe. */
import { describe, expect, test } from 'vitest';
import type { Profile } from '@memscope/model';

import { displayWidth } from '../../src/terminal/display-width.js';
import { expectFile } from '../expected-text.js';
import { run } from '../fake-host.js';
import { fakeProfile, START_MS } from '../fake-profile.js';
import { hostileProfile } from '../hostile-profile.js';
import { aggregatedProfile, killedProfile, nativeProfile } from '../sample-profiles.js';
import { serviceProfile } from '../service-profile.js';

process.env['TZ'] = 'Europe/Berlin';

const SAMPLES: Readonly<Record<string, () => Profile>> = {
  service: serviceProfile,
  native: nativeProfile,
  aggregated: aggregatedProfile,
  killed: killedProfile,
  hostile: hostileProfile,
  nothing: () => fakeProfile({}),
};

const ESCAPE = '\u001b';

function tooWide(text: string, columns: number): string[] {
  return text.split('\n').filter((line) => displayWidth(line) > columns);
}

describe.each(Object.entries(SAMPLES))('the report of the %s capture', (name, build) => {
  test('is as expected at 80 columns', async () => {
    const { stdout, code } = await run(['analyze', '-v', 'a.bin'], { captures: { 'a.bin': build() } });
    expectFile(`${name}.txt`, stdout);
    expect(code).toBe(0);
  });

  test('has no line wider than 80 columns, no blank at a line’s end, and no control character in a pipe', async () => {
    const { stdout, stderr } = await run(['analyze', '-v', 'a.bin'], { captures: { 'a.bin': build() } });
    for (const line of stdout.split('\n')) {
      expect(line).toBe(line.trimEnd());
    }
    expect(tooWide(stdout, 80)).toEqual([]);
    expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Cs}/u);
  });

  test.each([60, 72, 100])('fits a terminal of %i columns, colours not counted', async (columns) => {
    const { stdout } = await run(['analyze', '-v', 'a.bin'], { captures: { 'a.bin': build() }, terminal: columns });
    // oxlint-disable-next-line no-control-regex -- colour codes are what is taken away
    const plain = stdout.replace(/\u001b\[\d+m/g, '');
    expect(plain).not.toContain(ESCAPE);
    expect(tooWide(plain, columns)).toEqual([]);
  });
});

describe('colours', () => {
  const captures = { 'a.bin': serviceProfile() };

  test.each([
    ['a terminal', { terminal: 80 }, [], true],
    ['a pipe', {}, [], false],
    ['a terminal with NO_COLOR', { terminal: 80, env: { NO_COLOR: '1' } }, [], false],
    ['a terminal with an empty NO_COLOR', { terminal: 80, env: { NO_COLOR: '' } }, [], true],
    ['a dumb terminal', { terminal: 80, env: { TERM: 'dumb' } }, [], false],
    ['a pipe with FORCE_COLOR', { env: { FORCE_COLOR: '1' } }, [], true],
    ['a pipe with FORCE_COLOR and NO_COLOR', { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }, [], false],
    ['a terminal with FORCE_COLOR=0', { terminal: 80, env: { FORCE_COLOR: '0' } }, [], false],
    ['a terminal with --no-color', { terminal: 80 }, ['--no-color'], false],
  ] as const)('on %s', async (_, world, flags, colored) => {
    const { stdout } = await run(['analyze', '-v', 'a.bin', ...flags], { captures, ...world });
    expect(stdout.includes(ESCAPE)).toBe(colored);
  });
});

describe('tables', () => {
  const captures = { 'a.bin': serviceProfile(), 'agg.bin': aggregatedProfile() };

  test('have as many rows as -n asks for', async () => {
    const { stdout } = await run(['analyze', '-v', 'a.bin', '-n', '3'], { captures });
    expect(stdout).toContain('what was live when the heap was highest, 3 of 13');
    expect(stdout).not.toContain('update_wrapper');
  });

  test('are only those that --sort names, and order the other lists', async () => {
    const { stdout } = await run(['analyze', '-v', 'a.bin', '--sort', 'temporary'], { captures });
    expect(stdout.match(/^Locations by .*/gm)).toEqual(['Locations by temporary  bytes freed again almost at once']);
    expect(stdout).toMatch(/Modules {2}by innermost Python frame, shares of temporary\n.* Temporary +Total +Count\n/);
  });

  test('fall back to the peak where an aggregated capture cannot be sorted so, and say why', async () => {
    const { stdout, code } = await run(['analyze', '-v', 'agg.bin', '--sort', 'total'], { captures });
    expect(stdout).toContain('Locations by peak');
    expect(stdout).toContain('Locations by total: not recorded in an aggregated capture.');
    expect(code).toBe(0);
  });
});

describe('leaked lines', () => {
  const lines = (...leaked: number[]): Profile =>
    fakeProfile({ locations: leaked.map((bytes, line) => ['f', 'app.py', line + 1, 1000 * (9 - line), 1, bytes, 1]) });

  test('that hold what they held at the peak are not listed twice', async () => {
    const captures = { 'a.bin': lines(9000, 7990, 7000, 6000) };
    const { stdout } = await run(['analyze', '-v', 'a.bin'], { captures });
    expect(stdout).toMatch(/^Locations by leaked .*\n {2}The same as at the peak, within 2%\.\n\n/m);
  });

  test('are listed only where they differ, those that were freed among them', async () => {
    const captures = { 'a.bin': lines(9000, 0, 7000, 6000, 5000) };
    const { stdout } = await run(['analyze', '-v', 'a.bin'], { captures });
    expect(stdout).toMatch(/within 2%, but for:\n +Bytes.*\n +0 B +0% +1 +f +app\.py:2\n\n/);
  });

  test('are all listed where many differ', async () => {
    const captures = { 'a.bin': lines(9000, 0, 10, 20) };
    const { stdout } = await run(['analyze', '-v', 'a.bin'], { captures });
    expect(stdout).toMatch(/^Locations by leaked .*\n +Bytes +Share/m);
  });
});

describe('the moment of the peak', () => {
  test.each([
    ['after a memory record', 0, 5_000, 'after 1.00 s'],
    ['behind the last one', 2, 5_000, 'between 2.00 s and 5.00 s'],
    ['behind the last one of a killed process', 2, 0, 'after 2.00 s or later'],
  ])('%s is told as exactly as it is known', async (_, peakTick, endMs, text) => {
    const profile = fakeProfile({
      capture: { peakTick, endMs: START_MS + endMs, complete: endMs > 0 },
      locations: [['f', 'app.py', 1, 500, 1, 500, 1]],
      ticks: [
        [1_000, 9, 9, 9],
        [2_000, 9, 9, 9],
      ],
    });
    const { stdout } = await run(['analyze', '-v', 'a.bin'], { captures: { 'a.bin': profile } });
    expect(stdout).toMatch(new RegExp(`^ {2}Peak heap +500 B {2}${text}$`, 'm'));
  });
});

describe('several captures', () => {
  const captures = {
    'service.bin': serviceProfile(),
    'killed.bin': killedProfile(),
    'notes.txt': { code: 'notCapture', message: 'starts with "# Notes", not with a capture header' },
  };

  test('give a combined table first, then each report', async () => {
    const { stdout } = await run(['analyze', 'service.bin', 'killed.bin', 'notes.txt', '-n', '2', '-v'], { captures });
    expectFile('several.txt', stdout);
  });

  test('of which one cannot be read end with exit code 3 and one clear line', async () => {
    const { code, stderr } = await run(['analyze', 'service.bin', 'notes.txt'], { captures });
    expect(code).toBe(3);
    expect(stderr).toBe(
      'memscope: notes.txt: starts with "# Notes", not with a capture header; memscope reads Memray captures ' +
        '(header versions 6 to 13) and .memscope profiles\n',
    );
  });
});
