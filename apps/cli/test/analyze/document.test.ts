/** The JSON document: valid by the shipped schemas for every kind of capture, exact, and alone on standard output. */
import { describe, expect, test } from 'vitest';
import type { Profile } from '@memscope/model';

import { run } from '../fake-host.js';
import { fakeProfile, START_MS } from '../fake-profile.js';
import { HOSTILE_NAMES, hostileProfile } from '../hostile-profile.js';
import { aggregatedProfile, killedProfile } from '../sample-profiles.js';
import { serviceProfile } from '../service-profile.js';
import { expectInvalid, expectValid } from '../views/document-schema.js';

/** A parsed document, loosely typed: the schema is what checks it. */
interface Document {
  readonly schema: string;
  readonly capture: Record<string, unknown>;
  readonly totals: Record<string, unknown>;
  readonly locations: readonly Record<string, unknown>[];
  readonly threads: readonly Record<string, unknown>[];
  readonly timeline: { readonly timeMs: readonly number[]; readonly peakBytes: readonly number[] | null };
  readonly sizes: unknown;
  readonly records: unknown;
}

async function documentOf(profile: Profile, ...flags: string[]): Promise<Document> {
  const { stdout } = await run(['analyze', 'a.bin', '--json', ...flags], { captures: { 'a.bin': profile } });
  return JSON.parse(stdout) as Document;
}

describe.each([
  ['a service', serviceProfile],
  ['an aggregated capture', aggregatedProfile],
  ['a killed process', killedProfile],
  ['hostile names', hostileProfile],
  ['nothing at all', () => fakeProfile({})],
] as const)('the document of %s', (_, build) => {
  test('is valid by its schema', async () => {
    const document = await documentOf(build());
    expectValid('analysis-1', document);
    expect(document.schema).toBe('memscope.analysis/1');
  });

  test('is plain ASCII control-wise: nothing in it can drive a terminal', async () => {
    const { stdout } = await run(['analyze', 'a.bin', '--json'], { captures: { 'a.bin': build() } });
    expect(stdout).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069\u200b]|\p{Cs}/u);
  });
});

test('the schema allows no keys but its own', async () => {
  const document = await documentOf(serviceProfile());
  expectInvalid('analysis-1', { ...document, extra: 1 });
  expectInvalid('analysis-1', { ...document, totals: { ...document.totals, peak_bytes: 1 } });
});

test('capture and totals carry the columns of the capture table in camelCase, as exact integers', async () => {
  const peakBytes = 2 ** 53 - 1;
  const { capture, totals } = await documentOf(fakeProfile({ capture: { peakBytes } }));
  const columns =
    'id path format formatVersion layout compression nativeTraces pythonVersion pythonAllocator tracePythonAllocators ' +
    'commandLine pid mainThreadId startMs endMs complete readBytes totalBytes allocations deallocations bytesAllocated ' +
    'peakBytes peakTick leakedBytes leakedCount temporaryBytes temporaryCount';
  expect(Object.keys(capture)).toEqual(expect.arrayContaining(columns.split(' ')));
  expect([capture['peakBytes'], totals['peakBytes']]).toEqual([peakBytes, peakBytes]);
});

test('times are milliseconds and ISO 8601 in UTC, null where they are no dates', async () => {
  const { capture, totals } = await documentOf(serviceProfile());
  expect([capture['startMs'], capture['startTime']]).toEqual([START_MS, '2026-11-23T07:45:55.278Z']);
  expect(totals['peakTime']).toBe('2026-11-23T07:46:20.378Z');
  expect((await documentOf(hostileProfile())).capture['startTime']).toBeNull();
});

test('an aggregated capture has nulls, not zeros, for what it did not record', async () => {
  const { capture, totals, sizes, records, timeline, locations } = await documentOf(aggregatedProfile());
  expect([capture['allocations'], totals['bytesAllocated'], totals['temporaryBytes'], totals['peakTimeMs']]).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect([sizes, records, timeline.peakBytes, locations[0]?.['totalBytes']]).toEqual([null, null, null, null]);
});

test('thread numbers beyond 2^53 are decimal strings, others are integers', async () => {
  const threads = [
    [1n, 'small'],
    [2n ** 64n - 1n, 'large'],
  ] as const;
  const document = await documentOf(fakeProfile({ threads }));
  expect(document.threads.map(({ tid }) => tid)).toEqual([1, '18446744073709551615']);
});

test('names come through unchanged, whatever they hold', async () => {
  const names = (await documentOf(hostileProfile())).locations.map((row) => row['function']);
  const given: readonly unknown[] = HOSTILE_NAMES;
  expect(new Set(names)).toEqual(new Set(given));
});

test('all locations are given, or the first -n in the order of --sort', async () => {
  expect((await documentOf(serviceProfile())).locations).toHaveLength(13);
  const few = await documentOf(serviceProfile(), '-n', '2', '--sort', 'leaked');
  expect(few.locations.map((row) => row['function'])).toEqual(['load_tensor', 'remember']);
});

test('a timeline of very many ticks is thinned to a thousand steps that keep the peak', async () => {
  const ticks = Array.from({ length: 5_000 }, (_, tick) => [tick, 9, 1, tick === 3_333 ? 77 : 2] as const);
  const { timeline } = await documentOf(fakeProfile({ ticks }));
  expect(timeline.timeMs).toHaveLength(1_000);
  expect(Math.max(...(timeline.peakBytes ?? []))).toBe(77);
});

describe('of several captures', () => {
  const captures = {
    'a.bin': serviceProfile(),
    'b.bin': killedProfile(),
    'c.bin': { code: 'empty', message: 'is empty' },
  };

  test('a list of documents and failures is printed, valid by its schema', async () => {
    const { stdout, stderr, code } = await run(['analyze', 'a.bin', 'b.bin', 'c.bin', '--json'], { captures });
    const list = JSON.parse(stdout) as { schema: string; analyses: unknown[]; failures: unknown[] };
    expectValid('analysis-list-1', list);
    expect([list.schema, list.analyses.length, list.failures.length, code]).toEqual([
      'memscope.analysis-list/1',
      2,
      1,
      3,
    ]);
    expect(stderr).toContain('memscope: c.bin: is empty');
  });

  test('a single one that fails prints nothing on standard output', async () => {
    const { stdout, code } = await run(['analyze', 'c.bin', '--json'], { captures });
    expect([stdout, code]).toEqual(['', 3]);
  });
});
