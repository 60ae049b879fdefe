/** An update of a baseline leaves what unchanged runs differ by, and never writes less than the new run has. */
import { array, assert, nat, property } from 'fast-check';
import { describe, expect, test } from 'vitest';

import { keepUnchanged, type MeasuredOwner, type MeasuredRuns } from '../../src/index.js';

const MIB = 1024 * 1024;

function owner(name: string, peak: readonly number[], changes: Partial<MeasuredOwner> = {}): MeasuredOwner {
  const none = peak.map(() => 0);
  return {
    file: 'app.py',
    function: name,
    kind: 'function',
    threads: 1,
    peak,
    ownPeak: peak,
    leaked: none,
    total: peak,
    temporary: none,
    count: none,
    ...changes,
  };
}

/** Of `owners` and 1,000 bytes that are not listed. */
function measured(owners: readonly MeasuredOwner[], changes: Partial<MeasuredRuns> = {}): MeasuredRuns {
  const runs = owners[0]!.peak.length;
  const rest = Array.from({ length: runs }, () => 1000);
  const sum = (name: 'peak' | 'leaked'): number[] =>
    rest.map((small, run) => owners.reduce((all, each) => all + each[name][run]!, small));
  return {
    runs,
    together: false,
    pythonVersion: '3.13',
    tracePythonAllocators: false,
    nativeTraces: false,
    totals: {
      peak: sum('peak'),
      ownPeak: sum('peak'),
      leaked: sum('leaked'),
      total: sum('peak'),
      temporary: rest.map(() => 0),
      count: rest.map(() => 0),
      rss: null,
      durationMs: null,
    },
    least: { held: 1024, total: 1024, count: 8 },
    owners,
    rest: { peak: rest, ownPeak: rest, leaked: rest.map(() => 0), total: rest, temporary: rest, count: rest },
    ...changes,
  };
}

const peaks = (runs: MeasuredRuns): Record<string, readonly number[]> =>
  Object.fromEntries(runs.owners.map((each) => [each.function ?? each.kind, each.peak]));

describe('an updated baseline', () => {
  const before = measured([owner('load', [10 * MIB]), owner('parse', [2 * MIB])]);

  test('is as it was where the new run has a little less', () => {
    const after = measured([owner('load', [10 * MIB - 4096]), owner('parse', [2 * MIB])]);
    expect(keepUnchanged(before, after)).toEqual(before);
  });

  test('has what is more, however little, and what is less by what is worth a word', () => {
    const after = measured([owner('load', [10 * MIB + 1]), owner('parse', [2 * MIB - 65_536])]);
    const kept = keepUnchanged(before, after);
    expect(peaks(kept)).toEqual({ load: [10 * MIB + 1], parse: [2 * MIB - 65_536] });
    expect(kept.rest).toEqual(before.rest);
  });

  test('keeps an arena that comes and goes, but not that four are gone', () => {
    const arenas = (count: number): MeasuredRuns =>
      measured([owner('load', [60 * MIB]), owner('', [count * MIB], { kind: 'objects', function: null, file: null })]);
    expect(peaks(keepUnchanged(arenas(30), arenas(29)))['objects']).toEqual([30 * MIB]);
    expect(peaks(keepUnchanged(arenas(30), arenas(26)))['objects']).toEqual([26 * MIB]);
  });

  test('keeps a function that is too small to be listed this time, and drops one that was larger', () => {
    const small = measured([owner('load', [10 * MIB]), owner('tiny', [1100])]);
    const large = measured([owner('load', [10 * MIB]), owner('tiny', [MIB])]);
    const gone = measured([owner('load', [10 * MIB])]);
    expect(keepUnchanged(small, gone).owners).toEqual(small.owners);
    expect(keepUnchanged(large, gone).owners).toEqual(gone.owners);
  });

  test('of repetitions stays where the runs overlap', () => {
    const runs = measured([owner('load', [10 * MIB, 12 * MIB, 14 * MIB])]);
    const again = measured([owner('load', [13 * MIB, 13 * MIB, 15 * MIB])]);
    const more = measured([owner('load', [15 * MIB, 16 * MIB, 17 * MIB])]);
    expect(peaks(keepUnchanged(runs, again))).toEqual(peaks(runs));
    expect(peaks(keepUnchanged(runs, more))).toEqual(peaks(more));
  });

  test('is new where it was measured in another way, or where much of many functions would be kept', () => {
    for (const changes of [{ pythonVersion: '3.14' }, { tracePythonAllocators: true }, { nativeTraces: true }]) {
      const after = measured([owner('load', [10 * MIB - 4096])], changes);
      expect(keepUnchanged(before, after)).toBe(after);
    }
    const many = (each: number): MeasuredRuns =>
      measured(Array.from({ length: 60 }, (_, at) => owner(`f${at}`, [each])));
    expect(keepUnchanged(many(MIB), many(MIB - 30_000))).toEqual(many(MIB - 30_000));
  });

  test('never has less than the new run, and settles: what both runs have been written is left alone', () => {
    const bytes = nat(200_000);
    const run = array(bytes, { minLength: 3, maxLength: 3 }).map((values) =>
      measured(values.map((value, at) => owner(`f${at}`, [10 * MIB + value], { leaked: [value] }))),
    );
    assert(
      property(run, run, (a, b) => {
        const second = keepUnchanged(a, b);
        for (const [at, each] of second.owners.entries()) {
          for (const name of ['peak', 'ownPeak', 'leaked', 'total'] as const) {
            expect(each[name]![0]).toBeGreaterThanOrEqual(b.owners[at]![name]?.[0] ?? 0);
          }
        }
        expect(keepUnchanged(second, b)).toEqual(second);
      }),
    );
  });
});
