import { isFresh } from '@memscope/store';
import {
  memoryProfile,
  NATIVE_FRAME,
  PYTHON_FRAME,
  passingOf,
  spanOfRecording,
  usageOfProfile,
  type CaptureTables,
  type LifetimeBatch,
  type Profile,
} from '@memscope/model';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { aggregatedTables, batchOf, sampleTables, seededRandom } from './sample-tables.js';
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
      (profile: Profile) => usageOfProfile(profile),
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

test('the profile of 100,000 sites gives the same answers as its tables', () => {
  const tables = largeTables(100_000);
  const path = writeProfile({ tables, expectedBytes: 2 ** 25 });
  const profile = open(path);
  expect(digestColumns(profile.tables())).toEqual(digestColumns(tables));

  const sums = new Map<number, number>();
  for (let site = 0; site < tables.sites.length; site++) {
    const stack = tables.sites.pythonStack[site]!;
    const line = stack === 0 ? 0 : tables.frames.line[tables.stacks.frame[stack]!]!;
    sums.set(line, (sums.get(line) ?? 0) + tables.sites.totalBytes![site]!);
  }
  const byLocation = usageOfProfile(profile).locations;
  expect(new Map(byLocation.map((row) => [row.line, row.totalBytes]))).toEqual(sums);
  expect(byLocation.map((row) => row.peakBytes)).toEqual(
    byLocation.map((row) => row.peakBytes).toSorted((a, b) => b - a),
  );
});

test('lifetimes are summed where there are many, and not where that would help nobody', () => {
  // Hundreds of each site and moment.
  const rows = Array.from({ length: 3000 }, (_, row) => [row % 3, row % 4, (row % 4) + 1 + (row % 2), 1, 8] as const);
  const batches = [batchOf(rows), batchOf(rows)];
  const changesOf = (summedLifetimes?: number) =>
    open(writeProfile({ batches, ...(summedLifetimes === undefined ? {} : { summedLifetimes }) })).liveChanges();
  expect(changesOf()).toBeNull();
  const changes = changesOf(6000)!;
  const expected = new Map<string, number>();
  const add = (site: number, moment: number, bytes: number): void => {
    const key = `${site} ${moment}`;
    expected.set(key, (expected.get(key) ?? 0) + bytes);
  };
  for (const [site, born, died, , bytes] of [...rows, ...rows]) {
    add(site, born, bytes);
    add(site, died, -bytes);
  }
  const found = Array.from(
    changes.site,
    (site, row) => [`${site} ${changes.moment[row]}`, changes.bytes[row]] as const,
  );
  expect(new Map(found)).toEqual(expected);
  expect(found).toHaveLength(expected.size);
  const few = open(writeProfile({ batches: [batchOf([[2, 0, 3, 1, 5]])], summedLifetimes: 1 }));
  expect(few.liveChanges()).toBeNull();
});

test('what sites hold at the ends of ticks becomes changes, where lifetimes are many more', () => {
  const { sites } = sampleTables();
  const held = [8, 0].map((bytes) => ({
    bytes: new Float64Array(sites.length).fill(bytes),
    count: new Uint32Array(sites.length).fill(bytes >> 3),
    allocated: new Uint32Array(sites.length).fill(1),
  }));
  const rows = Array.from({ length: 1000 }, () => [0, 0, 2, 1, 8] as const);
  const changesOf = (coarseLifetimes: number, batches = [batchOf(rows)]) =>
    open(writeProfile({ batches, held, coarseLifetimes, expectedBytes: 100_000 })).coarseChanges();
  expect(changesOf(1001)).toBeNull();
  expect(changesOf(1, [batchOf(rows.slice(0, 1))])).toBeNull();
  const { length, site, moment, bytes, births, deaths, passing } = changesOf(1000)!;
  expect(passing).toBeNull();
  const found = Array.from({ length }, (_, row) => [
    site[row]!,
    moment[row]!,
    bytes[row]!,
    births[row]!,
    deaths[row]!,
    passingOf(births[row]!, deaths[row]!),
  ]);
  const ofSite = (wanted: number): number[][] => found.filter(([at]) => at === wanted).map((row) => row.slice(1));
  for (let at = 0; at < sites.length; at++) {
    const [kept, count, all] = [sites.leakedBytes[at]!, sites.leakedCount[at]!, sites.totalCount![at]!];
    const died = Math.max(0, all - 1 - count);
    const last = [4, kept, all - 1, died, died + Math.min(all - 1, died)];
    expect(ofSite(at)).toEqual([
      [0, 8, 1, 0, 0],
      [2, -8, 0, 1, 1],
      ...(last.slice(1, 4).some((each) => each !== 0) ? [last] : []),
    ]);
  }
});

test('after close every answer says so', () => {
  const profile = open(writeProfile());
  profile.close();
  expect(faultOf(() => profile.ticks())).toMatchObject({ name: 'StoreError', code: 'closed' });
  expect(faultOf(() => [...profile.lifetimes()])).toMatchObject({ code: 'closed' });
  expect(isFresh(profile.path, { path: '', size: 0, mtimeNs: 0n, digest: '' }, { temporaryThreshold: 1 })).toBe(false);
});

/** The same, with each column as its type and a digest: comparing long columns element by element takes seconds. */
function digestColumns(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return `${value.constructor.name} ${createHash('sha256').update(bytes).digest('hex')}`;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, digestColumns(part)]));
}

function largeTables(length: number): CaptureTables {
  const tables = sampleTables();
  const random = seededRandom(7);
  const [stacks, frames] = [3 * length, 5000];
  const bytes = () => Float64Array.from({ length }, () => random(1_000_000));
  return {
    ...tables,
    frames: {
      length: frames,
      kind: new Uint8Array(frames),
      functionName: Array.from({ length: frames }, (_, row) => `call_${row}`),
      file: Array.from({ length: frames }, (_, row) => `/app/module_${row % 90}.py`),
      line: Int32Array.from({ length: frames }, (_, row) => row + 1),
      module: new Int32Array(frames).fill(-1),
      ip: new BigUint64Array(frames),
      source: Uint8Array.from({ length: frames }, () => random(4)),
    },
    stacks: {
      length: stacks,
      parent: Uint32Array.from({ length: stacks }, (_, row) => random(row)),
      frame: Uint32Array.from({ length: stacks }, (_, row) => (row === 0 ? 0 : random(frames))),
    },
    sites: {
      length,
      thread: Uint32Array.from({ length }, () => random(2)),
      allocator: Uint8Array.from({ length }, () => 1 + random(15)),
      pythonStack: Uint32Array.from({ length }, () => random(stacks)),
      nativeStack: Uint32Array.from({ length }, () => random(stacks)),
      owner: Uint32Array.from({ length }, () => random(5)),
      totalBytes: bytes(),
      totalCount: bytes(),
      peakBytes: bytes(),
      peakCount: bytes(),
      leakedBytes: bytes(),
      leakedCount: bytes(),
      temporaryBytes: bytes(),
      temporaryCount: bytes(),
    },
  };
}

test('what sites hold at the greatest heap of each tick comes back, where lifetimes are many more', () => {
  const { sites, ticks } = sampleTables();
  const rows = Array.from({ length: 4 * sites.length * ticks.length }, () => [0, 0, 2, 1, 8] as const);
  const peaksOf = (large: number): Float64Array[] =>
    Array.from({ length: ticks.length + 1 }, (_, tick) =>
      Float64Array.from({ length: sites.length }, (_bytes, site) => ((site * 7 + tick * 3) % 11) * large),
    );
  const levelsOf = (batches: readonly LifetimeBatch[], peaks: readonly Float64Array[]) =>
    open(writeProfile({ batches, peaks, coarseLifetimes: 1, expectedBytes: 10_000 })).peakLevels();
  for (const large of [1, 2 ** 33]) {
    const { steps, changes } = levelsOf([batchOf(rows)], peaksOf(large))!;
    expect(steps).toBe(ticks.length + 1);
    const expected = peaksOf(large);
    for (let site = 0; site < sites.length; site++) {
      let live = 0;
      for (let step = 0; step < steps; step++) {
        live += changes[site * steps + step]!;
        expect(live).toBe(expected[step]![site]);
      }
    }
  }
  expect(levelsOf([batchOf(rows.slice(1))], peaksOf(1))).toBeNull();
});

test('many stacks and sites of a native capture come back, and are checked where they are read', () => {
  const tables = largeTables(70_000);
  const { stacks, frames, sites } = tables;
  // The last frame is native, and so are the stacks behind Python's.
  const python = 68_000;
  const native = {
    ...tables,
    frames: { ...frames, kind: frames.kind.map((_, row) => (row === frames.length - 1 ? NATIVE_FRAME : PYTHON_FRAME)) },
    stacks: {
      ...stacks,
      frame: stacks.frame.map((frame, row) => (row < python ? frame % (frames.length - 1) : frames.length - 1)),
    },
    sites: { ...sites, pythonStack: sites.pythonStack.map((row) => row % python) },
  };
  const path = writeProfile({ tables: native });
  const { thread, allocator, pythonStack, owner, nativeStack } = native.sites;
  const profile = open(path);
  expect(profile.stackTables().stacks).toEqual(native.stacks);
  expect(profile.siteKeys()).toEqual({ length: 70_000, thread, allocator, pythonStack, owner, nativeStack });
  // Larger numbers than there are stacks, in as many bytes each.
  const database = openDatabase(path, true);
  database
    .prepare(
      `UPDATE packed_column SET delta = 0, packed = (SELECT packed FROM packed_column WHERE name = 'native_stack'),
        rows = 70000, width = 4 WHERE table_name = 'site' AND name = 'python_stack'`,
    )
    .run();
  expect(faultOf(() => open(path).siteKeys())).toMatchObject({ code: 'corrupt' });
});
