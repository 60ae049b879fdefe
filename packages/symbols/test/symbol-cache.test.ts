/** The cache of symbols stays within its bounds, and fetching ends in time. */
import { existsSync, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fetchDebugFile } from '../src/debuginfod.js';
import { readCache, writeCache } from '../src/symbol-cache.js';
import { trimCache } from '../src/trim-cache.js';
import { scratchFolder } from './scratch-folder.js';

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 0, 1);

/** A file of 1,000 bytes that was used so many hours ago. */
function place(folder: string, name: string, hours: number): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.alloc(1000));
  utimesSync(path, new Date(NOW), new Date(NOW - hours * HOUR_MS));
  return path;
}

const FRAMES = (digit: number): string => `a${digit}/abcdef-000000000000000${digit}.json.gz`;

test('beyond its bounds, what was not used for longest goes first, until a quarter is free', () => {
  const folder = scratchFolder();
  const files = [9, 2, 7, 4].map((hours, digit) => place(folder, FRAMES(digit), hours));
  const debug = place(folder, 'debuginfod/00ff.debug', 8);
  trimCache(folder, 5000, NOW);
  expect([...files, debug].map(existsSync)).toEqual([true, true, true, true, true]);
  trimCache(folder, 4000, NOW);
  expect([...files, debug].map(existsSync)).toEqual([false, true, true, true, false]);
});

test('what may be in use stays, and so does what is not the cache’s own', () => {
  const folder = scratchFolder();
  const inUse = place(folder, FRAMES(1), 0.5);
  const foreign = ['a1/notes.txt', 'a1/x-1.json.gz', 'debuginfod/readme', 'precious/00ff.debug', 'top.json.gz'].map(
    (name) => place(folder, name, 1000),
  );
  trimCache(folder, 10, NOW);
  expect([inUse, ...foreign].map(existsSync)).toEqual(Array(6).fill(true));
  trimCache(join(folder, 'nowhere'), 10, NOW);
});

test('reading from the cache counts as use', () => {
  const path = join(scratchFolder(), FRAMES(1));
  const frames = {
    length: 0,
    start: Uint32Array.of(0),
    functionName: new Int32Array(),
    file: new Int32Array(),
    line: new Uint32Array(),
    source: new Uint8Array(),
    strings: [],
  };
  writeCache(path, { addresses: new Float64Array(), frames });
  utimesSync(path, new Date(NOW), new Date(NOW));
  expect(readCache(path)).not.toBeNull();
  expect(statSync(path).mtimeMs).toBeGreaterThan(NOW);
});

test('debug files are no longer fetched when all of them together have taken too long', async () => {
  let asked = 0;
  const server = createServer(() => asked++);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { urls: [url, url], cacheFolder: scratchFolder(), timeoutMs: 60_000, mostBytes: 1000 };
  const over = AbortSignal.abort(new Error('over'));
  expect(await fetchDebugFile('00ff', { ...options, deadline: over })).toEqual({
    path: null,
    faults: [expect.stringContaining('the time for all debug files together is over')],
  });
  expect(asked).toBe(0);
  // A server that never answers, until then.
  const deadline = new AbortController();
  server.on('request', () => deadline.abort(new Error('over')));
  const { path, faults } = await fetchDebugFile('00ff', { ...options, deadline: deadline.signal });
  expect([path, faults.length, asked]).toEqual([null, 2, 1]);
  for (const fault of faults) expect(fault).toContain('the time for all debug files together is over');
});
