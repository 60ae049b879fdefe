/** `memscope timeline`: its three forms, for captures of every kind. */
import { describe, expect, test } from 'vitest';
import type { Profile } from '@memscope/model';

import { displayWidth } from '../../src/terminal/display-width.js';
import { expectFile } from '../expected-text.js';
import { run } from '../fake-host.js';
import { fakeProfile, START_MS } from '../fake-profile.js';
import { hostileProfile } from '../hostile-profile.js';
import { aggregatedProfile, killedProfile } from '../sample-profiles.js';
import { serviceProfile } from '../service-profile.js';
import { expectValid } from './document-schema.js';

const SAMPLES: readonly (readonly [string, () => Profile])[] = [
  ['service', serviceProfile],
  ['aggregated', aggregatedProfile],
  ['killed', killedProfile],
  ['hostile', hostileProfile],
  ['nothing', () => fakeProfile({})],
];

const MIB = 1024 * 1024;

interface Document {
  readonly capture: Readonly<Record<string, unknown>>;
  readonly peak: Readonly<Record<string, unknown>>;
  readonly ticks: number;
  readonly steps: Readonly<Record<string, readonly number[] | null>>;
  readonly tail: Readonly<Record<string, unknown>>;
}

const timeline = (profile: Profile, flags: readonly string[] = [], terminal?: number): ReturnType<typeof run> =>
  run(['timeline', 'a.bin', ...flags], {
    captures: { 'a.bin': profile },
    ...(terminal === undefined ? {} : { terminal, env: { NO_COLOR: '1' } }),
  });

const documentOf = async (profile: Profile, ...flags: string[]): Promise<Document> =>
  JSON.parse((await timeline(profile, ['--json', ...flags])).stdout) as Document;

/** `count` ticks a second apart, of which one has its heap and another its RSS high. */
function longProfile(count: number, heapSpike: number, rssSpike: number): Profile {
  return fakeProfile({
    capture: { peakBytes: 900 * MIB, peakTick: heapSpike },
    ticks: Array.from({ length: count }, (_, tick) => [
      1000 * (tick + 1),
      (tick === rssSpike ? 800 : 100) * MIB,
      50 * MIB,
      (tick === heapSpike ? 900 : 60) * MIB,
    ]),
  });
}

/** The rows of the table below the chart, by their first cell. */
function rowsOf(text: string): string[] {
  const [, table = ''] = text.split('Highest heap');
  return table
    .split('\n')
    .slice(1)
    .filter((line) => line !== '');
}

describe.each(SAMPLES)('the timeline of the %s capture', (name, build) => {
  test('is as expected at 80 columns', async () => {
    const { code, stdout } = await timeline(build());
    expectFile(`timeline-${name}.txt`, stdout);
    expect(code).toBe(0);
  });

  test.each([60, 80, 140])('fits %i columns', async (columns) => {
    const { stdout } = await timeline(build(), [], columns);
    for (const line of stdout.split('\n')) {
      expect(displayWidth(line)).toBeLessThanOrEqual(columns);
      expect(line).toBe(line.trimEnd());
    }
    expect(stdout).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Cs}/u);
  });

  test('is valid by its schema as a document', async () => {
    expectValid('timeline-1', await documentOf(build()));
  });

  test('has a row for every tick as CSV', async () => {
    const { stdout } = await timeline(build(), ['--csv']);
    const [titles, ...rows] = stdout.trimEnd().split('\n');
    expect(titles).toBe('time_ms,time,since_start_ms,rss_bytes,heap_bytes,peak_bytes');
    expect(rows).toHaveLength(build().ticks().length);
  });
});

test('on a wide terminal the chart is wide, too', async () => {
  expectFile('timeline-service-140.txt', (await timeline(serviceProfile(), [], 140)).stdout);
});

describe('the table', () => {
  test('has at most 40 rows, each with the highest of its ticks, so that no spike is lost', async () => {
    const { stdout } = await timeline(longProfile(1000, 333, 777));
    const rows = rowsOf(stdout);
    // A row for what follows the last tick, too.
    expect(rows).toHaveLength(41);
    expect(stdout).toContain('1,000 ticks, 25 in each row with their highest; -n shows more');
    expect(rows.filter((row) => row.includes('900 MiB'))).toEqual([expect.stringMatching(/ 5 min 50 s .* peak$/)]);
    expect(rows.filter((row) => row.includes('800 MiB'))).toEqual([
      expect.stringMatching(/13 min 20 s .* highest RSS$/),
    ]);
  });

  test('has as many rows as -n asks for', async () => {
    expect(rowsOf((await timeline(longProfile(1000, 3, 7), ['-n', '5'])).stdout)).toHaveLength(6);
    expect(rowsOf((await timeline(longProfile(100, 3, 7), ['-n', '1000'])).stdout)).toHaveLength(101);
  });

  test('says when ticks stand for several memory records', async () => {
    const profile = fakeProfile({
      ticks: [
        [1, 2, 3, 4],
        [2, 2, 3, 4],
      ],
      notes: { memoryRecords: 5000 },
    });
    expect((await timeline(profile)).stdout).toMatch(/5,000 memory records are merged into 2 ticks/);
  });

  test('marks a peak behind the last tick there', async () => {
    const notes = { tailHeapBytes: MIB, tailPeakBytes: 9 * MIB };
    const ticks = [[10, 5 * MIB, MIB, 2 * MIB]] as const;
    const { stdout } = await timeline(fakeProfile({ capture: { peakBytes: 9 * MIB, peakTick: 1 }, notes, ticks }));
    expect(rowsOf(stdout).at(-1)).toMatch(/^ +end +– +1\.00 MiB +9\.00 MiB +peak$/);
  });
});

describe('an aggregated capture', () => {
  test('has no highest heap between its records, and that is said', async () => {
    const { stdout } = await timeline(aggregatedProfile());
    expect(stdout).not.toContain('Highest heap');
    expect(stdout).toMatch(/An aggregated capture has[^]*when it came\s+was not recorded\./);
    const { steps, peak, tail } = await documentOf(aggregatedProfile());
    expect([steps['peakBytes'], peak['tick'], peak['timeMs'], tail['peakBytes']]).toEqual([null, null, null, null]);
    const csv = (await timeline(aggregatedProfile(), ['--csv'])).stdout.trimEnd().split('\n').slice(1);
    for (const row of csv) expect(row).toMatch(/,\d+,$/);
  });
});

describe('the document', () => {
  test('has every tick, or as many steps as -n asks for, as exact integers', async () => {
    const profile = longProfile(100, 3, 7);
    const all = await documentOf(profile);
    expect(all.steps['timeMs']).toEqual([...profile.ticks().timeMs]);
    expect(all.steps['peakBytes']).toEqual([...(profile.ticks().peakBytes ?? [])]);
    const few = await documentOf(profile, '-n', '10');
    expect([few.ticks, few.steps['timeMs']?.length, few.steps['peakBytes']?.[0]]).toEqual([100, 10, 900 * MIB]);
  });

  test('allows no keys but its own', async () => {
    const document = await documentOf(serviceProfile());
    expect(() => expectValid('timeline-1', { ...document, extra: 1 })).toThrow(/to be null/);
    const steps = { ...document.steps, heap_bytes: [] };
    expect(() => expectValid('timeline-1', { ...document, steps })).toThrow(/to be null/);
  });
});

test('CSV has exact bytes, milliseconds and ISO 8601 in UTC', async () => {
  const profile = fakeProfile({ ticks: [[250, 2 ** 53 - 1, 7, 2 ** 40 + 1]] });
  expect((await timeline(profile, ['--csv'])).stdout.split('\n')[1]).toBe(
    `${START_MS + 250},2026-11-23T07:45:55.528Z,250,9007199254740991,7,1099511627777`,
  );
});

test('a capture that cannot be read, and two of them, end as with analyze', async () => {
  const missing = await run(['timeline', 'nope.bin']);
  expect([missing.code, missing.stdout, missing.stderr]).toEqual([
    3,
    '',
    'memscope: nope.bin: no such file or folder; check the path\n',
  ]);
  const captures = { 'a.bin': serviceProfile(), 'b.bin': serviceProfile() };
  const two = await run(['timeline', 'a.bin', 'b.bin'], { captures });
  expect([two.code, two.stdout]).toEqual([2, '']);
  expect(two.stderr).toContain('--together');
  const both = await run(['timeline', 'a.bin', '--csv', '--json']);
  expect([both.code, both.stdout]).toEqual([2, '']);
  expect(both.stderr).toContain("option '--csv' cannot be used with option '--json'");
});

test('a long timeline goes through the pager on a terminal, also as CSV', async () => {
  const world = { captures: { 'a.bin': serviceProfile() }, terminal: 80, rows: 24 };
  expect((await run(['timeline', 'a.bin'], world)).paged).toHaveLength(1);
  expect((await run(['timeline', 'a.bin', '--no-pager'], world)).paged).toHaveLength(0);
});

describe('a window', () => {
  test('shows its ticks, with the highest heap and RSS among them, at their times since the start', async () => {
    const { stdout } = await timeline(longProfile(100, 60, 30), ['--window', '20s..40s']);
    expectFile('timeline-window.txt', stdout);
    const { peak, ticks, steps, ...document } = await documentOf(longProfile(100, 60, 30), '--window', '#20..#39');
    expect([peak['bytes'], peak['tick'], ticks]).toEqual([60 * MIB, 39, 20]);
    expect(steps['timeMs']).toEqual(Array.from({ length: 20 }, (_, at) => START_MS + 1000 * (at + 21)));
    expect(document.tail).toEqual({ heapBytes: null, peakBytes: null });
    expectValid('timeline-1', { peak, ticks, steps, ...document });
    const csv = (await timeline(longProfile(100, 60, 30), ['--csv', '--window', '#20..#39'])).stdout;
    expect(csv.trimEnd().split('\n')).toHaveLength(21);
  });

  test('of an aggregated capture has what its memory records say, but no peak', async () => {
    const { code, stdout } = await timeline(aggregatedProfile(), ['--window', '50%..']);
    expect([code, stdout.includes('Window: ')]).toEqual([0, true]);
    const document = await documentOf(aggregatedProfile(), '--window', '50%..');
    expect([document.peak['tick'], document.peak['timeMs']]).toEqual([null, null]);
    expect((await timeline(aggregatedProfile(), ['--window', 'peak'])).stderr).toContain('does not say when the heap');
    expect((await timeline(aggregatedProfile(), ['--window', 'rss-peak'])).code).toBe(0);
  });

  test('that holds no memory record says so; one that is none is wrong usage', async () => {
    const { stdout } = await timeline(longProfile(10, 3, 4), ['--window', '#10']);
    expect(stdout).toContain('The window holds no memory record');
    const wrong = await timeline(longProfile(10, 3, 4), ['--window', '1..2']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('1..2 is no window of time')]);
  });
});

test('an aggregated capture has no bands, and that is said', async () => {
  for (const flags of [
    ['--by', 'module'],
    ['--filter', 'module:numpy'],
  ]) {
    const { code, stderr } = await timeline(aggregatedProfile(), flags);
    expect([code, stderr]).toEqual([2, expect.stringContaining('does not say when allocations lived')]);
  }
});
