import { isFresh } from '@memscope/store';
import { memoryProfile, spanOfRecording, usageOfProfile, type CaptureTables, type Profile } from '@memscope/model';
import { expect, test } from 'vitest';
import { aggregatedTables, batchOf, sampleTables } from './sample-tables.js';
import { faultOf, open, openDatabase, writeProfile } from './write-profile.js';

test('a profile gives back the tables that were written', () => {
  const profile = open(writeProfile());
  expect(profile.tables()).toEqual(sampleTables());
  expect(profile.capture).toEqual(sampleTables().capture);
  expect(profile.notes).toEqual(sampleTables().notes);
  expect(profile.ticks()).toEqual(sampleTables().ticks);
  expect(profile.sizeClasses()).toEqual(sampleTables().sizeClasses);
});

test('a profile of a format that knows neither process nor command nor start says null, not 0', () => {
  const sample = sampleTables();
  const capture = { ...sample.capture, pid: null, commandLine: null, startMs: null, endMs: null };
  const profile = open(writeProfile({ tables: { ...sample, capture } }));
  expect(profile.capture).toEqual(capture);
  expect(spanOfRecording(profile.capture, profile.ticks()).startMs).toBe(0);
});

test('with sqlSites native stacks and sites are rows of SQL, which add up to those without', () => {
  const path = writeProfile({ sqlSites: true });
  const database = openDatabase(path);
  const all = (sql: string): unknown[][] => database.prepare(sql).raw().all() as unknown[][];
  const { sites, stacks } = sampleTables();
  expect(all('SELECT native_stack, peak_bytes, temporary_count FROM native_site ORDER BY id')).toEqual(
    Array.from({ length: sites.length }, (_, row) => [
      sites.nativeStack![row],
      sites.peakBytes[row],
      sites.temporaryCount![row],
    ]),
  );
  expect(
    all('SELECT id, parent_id, frame_id FROM stack WHERE id > 0 UNION SELECT * FROM native_stack ORDER BY id'),
  ).toEqual(
    Array.from({ length: stacks.length - 1 }, (_, at) => [at + 1, stacks.parent[at + 1], stacks.frame[at + 1]]),
  );
  expect(all('SELECT site_id, sum(total_bytes) FROM native_site GROUP BY site_id ORDER BY site_id')).toEqual(
    all('SELECT id, total_bytes FROM site ORDER BY id'),
  );
  expect(open(path).tables()).toEqual(sampleTables());
});

test('a profile in memory answers as the stored one', () => {
  const batches = [batchOf([[2, 0, 3, 1, 5]]), batchOf([[0, 1, 4, 2, 60]])];
  for (const tables of [sampleTables(), aggregatedTables()]) {
    const [stored, kept] = [open(writeProfile({ tables, batches })), memoryProfile(tables, batches)];
    for (const ask of [
      (profile: Profile) => profile.tables(),
      (profile: Profile) => profile.threads(),
      (profile: Profile) => profile.stackTables(),
      (profile: Profile) => profile.siteKeys(),
      (profile: Profile) => profile.owners(),
      (profile: Profile) => profile.sizeClasses(),
      (profile: Profile) =>
        (['peak', 'leaked', 'total', 'temporary'] as const).map((each) => profile.siteWeights(each)),
      (profile: Profile) => Array.from(profile.lifetimes(), ({ site, born, died, bytes }) => [site, born, died, bytes]),
      (profile: Profile) => {
        const { libraries, ...usage } = usageOfProfile(profile);
        return { ...usage, libraries: libraries() };
      },
    ]) {
      expect(ask(kept)).toEqual(ask(stored));
    }
  }
});

test('a profile of an aggregated capture gives back its missing columns as null', () => {
  const profile = open(writeProfile({ tables: aggregatedTables() }));
  expect(profile.tables()).toEqual(aggregatedTables());
  expect(usageOfProfile(profile).allocators[0]).toEqual({
    allocator: 'malloc',
    peakBytes: 4000,
    peakCount: 4,
    leakedBytes: 0,
    leakedCount: 0,
    totalBytes: null,
    totalCount: null,
    temporaryBytes: null,
    temporaryCount: null,
  });
  expect([...profile.lifetimes()]).toEqual([]);
});

test('lines of sources that came with a symbol bundle survive, whatever they hold', () => {
  const sourceLines = new Map([
    [
      '/srv/engine.cpp',
      new Map([
        [6, 'int serve(int n) { return "\\ud800\u202e"[n]; }'],
        [10, ''],
      ]),
    ],
    ['__proto__', new Map([[1, '</script>']])],
  ]);
  const tables = { ...sampleTables(), sourceLines };
  const profile = open(writeProfile({ tables }));
  expect(profile.sourceLines()).toEqual(sourceLines);
  expect(profile.tables()).toEqual(tables);
  expect(open(writeProfile()).sourceLines()).toEqual(new Map());
});

test('unsigned 64-bit thread ids and instruction pointers survive', () => {
  const tables = sampleTables();
  const tid = BigUint64Array.of(0xffff_ffff_ffff_fffen, 0x7f00_1234_5678_9abcn);
  const ip = BigUint64Array.of(0n, 0n, 0x8000_0000_0000_0001n);
  const path = writeProfile({
    tables: { ...tables, threads: { ...tables.threads, tid }, frames: { ...tables.frames, ip } },
  });
  expect(open(path).threads().tid).toEqual(tid);
  expect(open(path).tables().frames.ip).toEqual(ip);
  const stored = openDatabase(path).prepare('SELECT tid FROM thread').pluck().safeIntegers().all();
  expect(stored).toEqual([-2n, 0x7f00_1234_5678_9abcn]);
});

test('names with escape sequences, quotes, line breaks, zero bytes and 100,000 characters survive', () => {
  const tables = sampleTables();
  const names = ['\u001b[31m\n"\'\\\0\u202e\u2028', 'é𝄞'.repeat(50_000), ''];
  const path = writeProfile({ tables: { ...tables, frames: { ...tables.frames, functionName: names, file: names } } });
  expect(open(path).tables().frames.functionName).toEqual(names);
  const byLocation = usageOfProfile(open(path)).locations;
  expect(byLocation.map((row) => row.functionName)).toEqual([names[1], names[0], null]);
});

test('usage is folded by the innermost Python frame, by thread and by allocator', () => {
  const profile = open(writeProfile());
  const peaks = (rows: readonly { peakBytes: number; leakedCount: number; totalBytes: number | null }[]) =>
    rows.map((row) => [row.peakBytes, row.leakedCount, row.totalBytes]);
  const byLocation = usageOfProfile(profile).locations;
  expect(byLocation.map((row) => [row.functionName, row.file, row.line])).toEqual([
    ['load', '/app/model.py', 20],
    ['main', '/app/serve.py', 10],
    [null, null, 0],
  ]);
  expect(peaks(byLocation)).toEqual([
    [4000, 0, 100_000],
    [1000, 7, 20_000],
    [0, 0, 3456],
  ]);
  const byThread = usageOfProfile(profile).threads;
  expect(byThread.map((row) => [row.tid, row.name])).toEqual([
    [1n, 'MainThread'],
    [2n, 'thread 2'],
  ]);
  expect(peaks(byThread)).toEqual([
    [5000, 7, 120_000],
    [0, 0, 3456],
  ]);
  expect(usageOfProfile(profile).allocators.map((row) => row.allocator)).toEqual(['malloc', 'calloc', 'mmap']);
});

test('frames of one source line count as one location', () => {
  const tables = sampleTables();
  const frames = {
    ...tables.frames,
    functionName: ['load', 'load', null],
    file: ['/app/a.py', '/app/a.py', null],
    line: Int32Array.of(5, 5, 0),
  };
  const rows = usageOfProfile(open(writeProfile({ tables: { ...tables, frames } }))).locations;
  expect(rows.map((row) => [row.functionName, row.line, row.peakBytes])).toEqual([
    ['load', 5, 5000],
    [null, 0, 0],
  ]);
});

test('a capture without threads, frames, sites or ticks has a profile too', () => {
  const tables = sampleTables();
  const none = new Float64Array(0);
  const rows = new Uint32Array(0);
  const empty: CaptureTables = {
    ...tables,
    capture: { ...tables.capture, nativeTraces: false },
    notes: { ...tables.notes, symbols: null },
    threads: { length: 0, tid: new BigUint64Array(0), name: [] },
    modules: { length: 0, path: [], name: [], buildId: [], category: [] },
    frames: {
      length: 0,
      kind: new Uint8Array(0),
      functionName: [],
      file: [],
      line: new Int32Array(0),
      module: new Int32Array(0),
      ip: new BigUint64Array(0),
      source: new Uint8Array(0),
    },
    stacks: { length: 1, parent: Uint32Array.of(0), frame: Uint32Array.of(0) },
    owners: {
      length: 0,
      kind: new Uint8Array(0),
      functionName: [],
      file: [],
      peakBytes: none,
      peakTick: rows,
    },
    sites: {
      length: 0,
      thread: rows,
      allocator: new Uint8Array(0),
      pythonStack: rows,
      nativeStack: null,
      owner: rows,
      totalBytes: none,
      totalCount: none,
      peakBytes: none,
      peakCount: none,
      leakedBytes: none,
      leakedCount: none,
      temporaryBytes: none,
      temporaryCount: none,
    },
    ticks: { length: 0, timeMs: none, rssBytes: none, heapBytes: none, peakBytes: none },
    sizeClasses: { length: 0, bytes: none, count: none },
  };
  const profile = open(writeProfile({ tables: empty }));
  expect(profile.tables()).toEqual(empty);
  expect(usageOfProfile(profile).locations).toEqual([]);
  expect(usageOfProfile(profile).threads).toEqual([]);
});

test('after close every answer says so', () => {
  const profile = open(writeProfile());
  profile.close();
  expect(faultOf(() => profile.ticks())).toMatchObject({ name: 'StoreError', code: 'closed' });
  expect(faultOf(() => [...profile.lifetimes()])).toMatchObject({ code: 'closed' });
  expect(isFresh(profile.path, { path: '', size: 0, mtimeNs: 0n, digest: '' }, { temporaryThreshold: 1 })).toBe(false);
});
