/** However a capture is read (heap in the same thread, in its own, in the pool's threads), its profile is the same. */
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { findCapture, makeSyntheticCapture, SHARED_CAPTURES_FOLDER, type SyntheticOptions } from '@memscope/fixtures';
import { sourceStamp } from '@memscope/store';

import { ingestCapture, type CaptureTask } from '../src/ingest-capture.js';
import { ingest, type SymbolRequest } from '../src/index.js';
import { DEFAULT_SYMBOLS, planSymbols } from '../src/symbol-request.js';
import { query, readAllRows } from './profile-rows.js';
import { scratchFolder, writeCapture } from './scratch-folder.js';

const CAPTURES = [
  'mixed-v13',
  'mixed-raw-v13',
  'mixed-agg-v13',
  'mixed-agg-native-v10',
  'mixed-native-v13',
  'munmap-v13',
  'munmap-v6',
  'mixed-v6',
  'killed-v11',
  'objects-v13',
  'extras-v11',
  'fork-v8.bin.15416',
  'engine-dwarf5-v13',
  'pandas-v13',
];

/** Names what can be named, where the files are there. */
const SYMBOLS: SymbolRequest = { ...DEFAULT_SYMBOLS, sysroots: [join(SHARED_CAPTURES_FOLDER, '../sysroot/v13')] };

function task(path: string, profilePath: string, options: Partial<CaptureTask>): CaptureTask {
  return {
    path,
    profilePath,
    temporaryThreshold: 1,
    maxTicks: 1000,
    stamp: sourceStamp(path),
    threaded: false,
    symbols: planSymbols(path, SYMBOLS),
    ...options,
  };
}

describe.each(CAPTURES)('%s gives the same profile, row by row and byte by byte,', (name) => {
  const { path } = findCapture(name);

  test('with the heap in the same thread, in a thread of its own, and from the pool', async () => {
    const folder = scratchFolder();
    const [local, threaded, pooled] = ['local', 'threaded', 'pooled'].map((each) => join(folder, each));
    onTestFinished(() => void vi.unstubAllEnvs());
    // The notes say what came from a cache.
    const emptyCache = (name: string): unknown => vi.stubEnv('XDG_CACHE_HOME', join(folder, name));
    emptyCache('first');
    await ingestCapture(task(path, local!, {}));
    emptyCache('second');
    await ingestCapture(task(path, threaded!, { threaded: true }));
    emptyCache('third');
    const [outcome] = await ingest({ paths: [path], output: pooled!, symbols: SYMBOLS });
    expect(outcome?.error).toBeUndefined();
    const expected = readAllRows(local!);
    expect(readAllRows(threaded!)).toEqual(expected);
    expect(readAllRows(pooled!)).toEqual(expected);
  });
});

describe('a capture that is large enough for a second thread', () => {
  async function readBothWays(options: SyntheticOptions): Promise<string> {
    const folder = scratchFolder();
    const path = writeCapture(folder, 'large.bin', makeSyntheticCapture({ live: 20_000, ...options }));
    const local = join(folder, 'local');
    await ingestCapture(task(path, local, {}));
    const [outcome] = await ingest({ paths: [path], jobs: 2 });
    const profilePath = outcome?.error === undefined ? outcome!.profilePath : '';
    expect(readAllRows(profilePath)).toEqual(readAllRows(local));
    return profilePath;
  }

  test('gives the same profile as without it', async () => {
    const profilePath = await readBothWays({ seed: 3, allocations: 150_000, allocationsPerTick: 1_000 });
    const [counts] = query(profilePath, 'SELECT (SELECT count(*) FROM tick) ticks, allocations FROM capture');
    expect(counts).toEqual({ ticks: 150n, allocations: 150_000n });
  });

  test('also where ticks are merged while it is read', async () => {
    const profilePath = await readBothWays({ seed: 4, allocations: 150_000, allocationsPerTick: 50 });
    const [row] = query(
      profilePath,
      `SELECT (SELECT count(*) FROM tick) ticks, (SELECT count(*) FROM column_batch) batches,
       (SELECT max(last_moment) FROM column_batch) last FROM capture`,
    );
    expect(row!['ticks']).toBeLessThanOrEqual(1000n);
    expect(row!['batches']).toBeGreaterThan(0n);
    expect(row!['last']).toBeLessThanOrEqual(2n * (row!['ticks'] as bigint) + 1n);
  });
});
