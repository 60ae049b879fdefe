/** Stored profiles hold memray's own numbers, asked both through the store and with plain SQL. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  findCapture,
  oracleAllocators,
  oracleFrames,
  readOracle,
  type Oracle,
  type OracleRow,
} from '@memscope/fixtures';
import { ALLOCATOR_NAMES, usageOfProfile, type Usage } from '@memscope/model';
import { openProfile } from '@memscope/store';

import { ingestCapture } from '../src/ingest-capture.js';
import { query, readStacks, type Row } from './profile-rows.js';
import { scratchFolder } from './scratch-folder.js';

async function profileOf(name: string): Promise<{ profile: string; oracle: Oracle; version: number }> {
  const { path, version } = findCapture(name);
  const profile = join(scratchFolder(), `${name}.memscope`);
  await ingestCapture({
    path,
    profilePath: profile,
    temporaryThreshold: 1,
    maxTicks: 1000,
    stamp: null,
    threaded: false,
  });
  return { profile, oracle: readOracle(path), version };
}

/** "tid@stack" → [bytes, count], as memray groups its rows. */
type Grouped = Map<string, [bytes: number, count: number]>;

function add(groups: Grouped, key: string, bytes: number, count: number): void {
  const [bytesBefore, countBefore] = groups.get(key) ?? [0, 0];
  groups.set(key, [bytesBefore + bytes, countBefore + count]);
}

function groupOracle(oracle: Oracle, rows: readonly OracleRow[]): Grouped {
  const groups: Grouped = new Map();
  for (const [tid, , bytes, count, stack] of rows) {
    const frames = oracleFrames(oracle, stack).toReversed();
    add(groups, `${tid}@${frames.map((frame) => frame.join('|')).join('<')}`, bytes, count);
  }
  return groups;
}

function groupProfile(profile: string, measure: 'peak' | 'leaked' | 'temporary'): Grouped {
  const stacks = readStacks(profile);
  const groups: Grouped = new Map();
  const sql = `SELECT tid, python_stack, ${measure}_bytes bytes, ${measure}_count count
    FROM site JOIN thread ON thread.id = site.thread_id WHERE ${measure}_count > 0 OR ${measure}_bytes > 0`;
  for (const { tid, python_stack: stack, bytes, count } of query(profile, sql)) {
    add(groups, `${tid as bigint}@${stacks.get(stack as bigint)}`, Number(bytes), Number(count));
  }
  return groups;
}

function only(rows: Row[]): Row {
  expect(rows).toHaveLength(1);
  return rows[0]!;
}

const ALL_ALLOCATIONS = [
  'mixed-v13',
  'mixed-v12',
  'mixed-native-v11',
  'munmap-v13',
  'munmap-v10',
  'mixed-v6',
  'killed-v11',
  'killed-v7',
  'extras-v13',
  'objects-v13',
  'pandas-v13',
];

describe.each(ALL_ALLOCATIONS)('%s:', (name) => {
  test('peak, leaked and temporary by thread and stack are memray’s rows', async () => {
    const { profile, oracle } = await profileOf(name);
    expect(groupProfile(profile, 'peak')).toEqual(groupOracle(oracle, oracle.high_water_mark));
    expect(groupProfile(profile, 'leaked')).toEqual(groupOracle(oracle, oracle.leaked));
    if (oracle.temporary_1 !== undefined) {
      expect(groupProfile(profile, 'temporary')).toEqual(groupOracle(oracle, oracle.temporary_1));
    }
  });

  test('the row of the capture holds memray’s totals and header', async () => {
    const { profile, oracle } = await profileOf(name);
    const { metadata, records, stats } = oracle;
    const row = only(query(profile, 'SELECT * FROM capture'));
    expect(row).toMatchObject({
      id: 1n,
      peak_bytes: BigInt(metadata.peak_memory),
      leaked_bytes: BigInt(oracle.leaked.reduce((sum, [, , bytes]) => sum + bytes, 0)),
      leaked_count: BigInt(oracle.leaked.reduce((sum, [, , , count]) => sum + count, 0)),
      start_ms: BigInt(metadata.start_ms),
      // The header of a killed process's capture repeats the start.
      end_ms: name.startsWith('killed') ? null : BigInt(metadata.end_ms),
      command_line: metadata.command_line,
      pid: BigInt(metadata.pid),
    });
    expect(JSON.parse(row['details'] as string)).toMatchObject({
      python_allocator: metadata.python_allocator,
      native_traces: metadata.has_native_traces,
      layout: 'all',
    });
    expect(JSON.parse(row['answers'] as string)).toMatchObject({
      total: 'exact',
      lifetimes: 'exact',
      native_stacks: metadata.has_native_traces ? 'exact' : 'none',
    });
    if (records !== undefined) {
      expect((row['allocations'] as bigint) + (row['deallocations'] as bigint)).toBe(BigInt(records));
    }
    if (stats !== undefined) expect(row['bytes_allocated']).toBe(BigInt(stats.total_memory_allocated));
  });

  test('ticks, sizes, records by allocator and thread names are memray’s', async () => {
    const { profile, oracle, version } = await profileOf(name);
    const ticks = query(profile, 'SELECT time_ms, rss_bytes, heap_bytes FROM tick ORDER BY id');
    const cells = ticks.map((tick) => [tick['time_ms'], tick['rss_bytes'], tick['heap_bytes']].map(Number));
    if (oracle.memory_records === undefined) expect(cells).toEqual(oracle.snapshots);
    else expect(cells.map((row) => row.slice(0, 2))).toEqual(oracle.memory_records);

    const sizes = oracle.stats?.allocation_count_by_size;
    if (sizes !== undefined) {
      const rows = query(profile, 'SELECT bytes, count FROM size_class ORDER BY bytes');
      expect(Object.fromEntries(rows.map(({ bytes, count }) => [String(bytes), Number(count)]))).toEqual(sizes);
    }

    const named = new Map(
      query(profile, 'SELECT tid, name FROM thread').map((row) => [String(row['tid']), row['name']]),
    );
    for (const [tid, name] of Object.entries(oracle.threads)) {
      // Up to version 9 memray makes a name up of the number.
      expect(named.get(tid) ?? '').toBe(name.startsWith('0x') ? '' : name);
    }

    const { recordsByAllocator } = openProfile(profile).notes;
    for (const [allocator, { records }] of oracleAllocators(oracle, version)) {
      const index = ALLOCATOR_NAMES.findIndex((name) => name === allocator);
      expect([allocator, recordsByAllocator?.[index]]).toEqual([allocator, records]);
    }
  });

  test('what the store answers is the sum of the rows', async () => {
    const { profile: path } = await profileOf(name);
    const profile = openProfile(path);
    const sums = only(
      query(path, 'SELECT sum(peak_bytes) peak, sum(leaked_bytes) leaked, sum(total_bytes) total FROM site'),
    );
    const { locations, threads, allocators, libraries } = usageOfProfile(profile);
    for (const usages of [locations, threads, allocators, libraries()]) {
      const sum = (key: 'peakBytes' | 'leakedBytes' | 'totalBytes'): bigint =>
        BigInt(usages.reduce((all: number, usage: Usage) => all + (usage[key] ?? 0), 0));
      expect({ peak: sum('peakBytes'), leaked: sum('leakedBytes'), total: sum('totalBytes') }).toEqual(sums);
    }
    profile.close();
  });
});

describe.each(['mixed-agg-v11', 'mixed-agg-native-v10', 'objects-agg-v13'])('aggregated, %s:', (name) => {
  test('bytes by thread and stack are memray’s, and what was not recorded is NULL', async () => {
    const { profile, oracle } = await profileOf(name);
    const bytesOnly = (groups: Grouped): Map<string, number> =>
      new Map([...groups].map(([key, [bytes]]) => [key, bytes]));
    // Where rows merge memray miscounts: only their bytes compare.
    expect(bytesOnly(groupProfile(profile, 'peak'))).toEqual(bytesOnly(groupOracle(oracle, oracle.high_water_mark)));
    expect(bytesOnly(groupProfile(profile, 'leaked'))).toEqual(bytesOnly(groupOracle(oracle, oracle.leaked)));

    const unknown = [
      'allocations',
      'deallocations',
      'bytes_allocated',
      'peak_tick',
      'temporary_bytes',
      'temporary_count',
    ];
    const row = only(query(profile, 'SELECT * FROM capture'));
    expect(unknown.map((column) => row[column])).toEqual(unknown.map(() => null));
    expect(JSON.parse(row['details'] as string)).toMatchObject({ layout: 'aggregated' });
    expect(JSON.parse(row['answers'] as string)).toMatchObject({
      peak: 'exact',
      leaked: 'exact',
      total: 'none',
      temporary: 'none',
      lifetimes: 'none',
      sizes: 'none',
    });
    expect(
      only(
        query(
          profile,
          `SELECT (SELECT count(*) FROM site WHERE coalesce(total_bytes, total_count, temporary_bytes, temporary_count)
             IS NOT NULL) sites, (SELECT count(*) FROM tick WHERE peak_bytes IS NOT NULL) ticks,
             (SELECT count(*) FROM size_class) sizes, (SELECT count(*) FROM column_batch) lifetimes`,
        ),
      ),
    ).toEqual({ sites: 0n, ticks: 0n, sizes: 0n, lifetimes: 0n });
  });
});

describe('a capture without native traces', () => {
  test('has no native stacks and no native frames', async () => {
    const { profile } = await profileOf('mixed-v13');
    expect(query(profile, 'SELECT table_name FROM packed_column')).toEqual([]);
    expect(query(profile, `SELECT id FROM frame WHERE kind <> 'python' OR ip IS NOT NULL OR function IS NULL`)).toEqual(
      [],
    );
  });
});

describe('the capture of a killed process', () => {
  test.each(['killed-v13', 'killed-v7'])('%s is not complete, and says so with nothing unread', async (name) => {
    const { profile } = await profileOf(name);
    expect(only(query(profile, 'SELECT complete, read_bytes = total_bytes whole FROM capture'))).toEqual({
      complete: 0n,
      whole: 1n,
    });
    expect(openProfile(profile).notes.damage).toMatchObject({ kind: 'killed', unreadBytes: 0 });
  });
});
