import { oracleAllocators, type OracleRow } from '@memscope/fixtures';
import { describe, expect, it } from 'vitest';
import type { Decoded } from '../src/index.js';
import { allocatorSums } from './capture-summary.js';
import { differences, heldByOracle, heldBySites, namerOfOracle, siteRowKeys, StackNames } from './oracle-rows.js';
import { type OracleCase, oracleCases, readReal } from './real-captures.js';

/** Its lines are CPython's, not memray's: see oracle-faults.test.ts. Without lines, all else is compared here. */
const OTHER_LINES = 'extras-v12-py39';

const cases = oracleCases();
const all = cases.filter(([name]) => !isAggregated(name));
const aggregated = cases.filter(([name]) => isAggregated(name));

/** memray 1.10 does not say it in its answers. */
function isAggregated(name: string): boolean {
  return name.includes('-agg-');
}

type Part = 'high_water_mark' | 'leaked' | 'temporary_0' | 'temporary_1' | 'temporary_5';

function rowDifferences({ capture, oracle }: OracleCase, part: Part, threshold = 1): string[] {
  const { decoded, heap } = readReal(capture, threshold);
  const names = new StackNames(capture.name !== OTHER_LINES);
  const { sites } = decoded;
  const held = decoded.header.layout === 'aggregated' ? sites : heap.usages;
  const [bytes, count] = {
    high_water_mark: [held.peakBytes, held.peakCount] as const,
    leaked: [held.leakedBytes, held.leakedCount] as const,
    temporary: [sites.temporaryBytes, sites.temporaryCount] as const,
  }[part.startsWith('temporary') ? 'temporary' : (part as 'high_water_mark' | 'leaked')];
  const rows: readonly OracleRow[] = oracle[part] ?? [];
  const ours = heldBySites(siteRowKeys(decoded, names), bytes, count);
  const theirs = heldByOracle(rows, namerOfOracle(oracle, names));
  if (isAggregated(capture.name)) {
    for (const rows of [ours, theirs]) for (const held of rows.values()) held.count = 0;
  }
  return differences(ours, theirs, (key) => names.describe(key));
}

/** The innermost frame of each site; before version 12, memray counts entry frames apart. */
function locationsOf({ header, sites, stacks, frames, strings }: Decoded): string[] {
  return Array.from(sites.pythonStack, (stack) => {
    if (stack === 0) return '<unknown> <unknown>:0';
    const frame = stacks.frame[stack]!;
    const entry = header.version < 12 && frames.entry[frame] ? 'entry ' : '';
    return `${entry}${strings[frames.functionName[frame]!]} ${strings[frames.file[frame]!]}:${frames.line[frame]}`;
  });
}

describe.each(all)('%s gives what memray gives', (_, { capture, oracle }) => {
  it('at the peak and at the end, row by row', () => {
    expect(rowDifferences({ capture, oracle }, 'high_water_mark')).toEqual([]);
    expect(rowDifferences({ capture, oracle }, 'leaked')).toEqual([]);
    expect(readReal(capture).heap.peakBytes).toBe(oracle.metadata.peak_memory);
  });

  it.runIf(oracle.temporary_1)('for temporary allocations, row by row', () => {
    expect(rowDifferences({ capture, oracle }, 'temporary_1')).toEqual([]);
    if (oracle.temporary_0) expect(rowDifferences({ capture, oracle }, 'temporary_0', 0)).toEqual([]);
    if (oracle.temporary_5) expect(rowDifferences({ capture, oracle }, 'temporary_5', 5)).toEqual([]);
  });

  it.runIf(oracle.by_allocator)('for records and bytes of each allocator', () => {
    const { decoded } = readReal(capture);
    const expected = [...oracleAllocators(oracle, capture.version)].filter(([, { records }]) => records > 0);
    expect(allocatorSums(decoded)).toEqual(
      Object.fromEntries(expected.map(([name, { records, bytes }]) => [name, [records, bytes]])),
    );
    expect(decoded.recordsByAllocator.reduce((sum, records) => sum + records, 0)).toBe(oracle.records);
    // The header of a capture that was not ended counts none.
    expect([0, oracle.records]).toContain(decoded.header.records);
    expect([decoded.header.records, oracle.records]).toContain(oracle.metadata.total_allocations);
  });

  it('for the memory records', () => {
    const { decoded, heap } = readReal(capture);
    const { timeMs, rssBytes, heapBytes } = heap.ticks;
    const ticks = Array.from(timeMs, (time, row) => [decoded.header.startMs + time, rssBytes[row]!, heapBytes[row]!]);
    if (oracle.memory_records) expect(ticks.map((tick) => tick.slice(0, 2))).toEqual(oracle.memory_records);
    else expect(ticks).toEqual(oracle.snapshots);
    expect(heap.memoryRecords).toBe(ticks.length);
  });

  it.runIf(oracle.stats)('for its statistics', () => {
    const { decoded, heap } = readReal(capture);
    const { stats } = oracle;
    const sum = (column: Iterable<number>): number => [...column].reduce((total, value) => total + value, 0);
    expect(sum(heap.usages.totalBytes)).toBe(stats?.total_memory_allocated);
    expect(sum(heap.usages.totalCount)).toBe(stats?.total_num_allocations);
    expect(stats?.peak_memory_allocated).toBe(oracle.metadata.peak_memory);
    const counts = stats?.allocation_count_by_size;
    if (!counts) return;
    expect(decoded.sizes.exact).toBe(true);
    expect(Object.fromEntries([...decoded.sizes.bytes].map((size, row) => [size, decoded.sizes.count[row]]))).toEqual(
      counts,
    );
  });

  it.runIf(oracle.stats?.top_locations_by_size && capture.name !== OTHER_LINES)('for its top locations', () => {
    const { decoded, heap } = readReal(capture);
    const locations = locationsOf(decoded);
    for (const [top, column] of [
      [oracle.stats?.top_locations_by_size ?? [], heap.usages.totalBytes],
      [oracle.stats?.top_locations_by_count ?? [], heap.usages.totalCount],
    ] as const) {
      const sums = new Map<string, number>();
      for (const [row, location] of locations.entries()) sums.set(location, (sums.get(location) ?? 0) + column[row]!);
      const listed = top.map(([location, value]) => {
        const [functionName, file, line] = location ?? ['<unknown>', '<unknown>', 0];
        return `${value} at ${functionName} ${file}:${line}`;
      });
      const ours = new Set([...sums].map(([location, value]) => `${value} at ${location.replace(/^entry /u, '')}`));
      expect(listed.filter((line) => !ours.has(line))).toEqual([]);
      expect(new Set(listed).size).toBe(listed.length);
      const greatest = [...sums.values()].sort((a, b) => b - a).slice(0, listed.length);
      expect(top.map(([, value]) => value)).toEqual(greatest);
    }
  });
});

describe.each(aggregated)('%s gives what memray gives', (_, { capture, oracle }) => {
  it('at the peak and at the end, row by row in bytes (its counts: oracle-faults.test.ts)', () => {
    expect(rowDifferences({ capture, oracle }, 'high_water_mark')).toEqual([]);
    expect(rowDifferences({ capture, oracle }, 'leaked')).toEqual([]);
    const { peakBytes } = readReal(capture).decoded.sites;
    expect(peakBytes.reduce((sum, bytes) => sum + bytes, 0)).toBe(oracle.metadata.peak_memory);
  });

  it('for its snapshots', () => {
    const { decoded, heap } = readReal(capture);
    const { timeMs, rssBytes, heapBytes } = heap.ticks;
    expect(Array.from(timeMs, (time, row) => [decoded.header.startMs + time, rssBytes[row]!, heapBytes[row]!])).toEqual(
      oracle.snapshots,
    );
  });
});

/** Up to memray 1.10, a thread is shown by its number with its name in brackets, where it has one. */
function shownName(tid: string, name: string, version: number): string {
  if (version >= 11) return name;
  const hex = `0x${BigInt(tid).toString(16)}`;
  return name === '' ? hex : `${hex} (${name})`;
}

describe.each(cases)('%s gives what memray gives', (_, { capture, oracle }) => {
  it('for its header', () => {
    const { header } = readReal(capture).decoded;
    const { metadata } = oracle;
    expect(header).toMatchObject({
      version: capture.version,
      startMs: metadata.start_ms,
      endMs: metadata.end_ms,
      commandLine: metadata.command_line,
      pid: metadata.pid,
      pythonAllocator: metadata.python_allocator,
      nativeTraces: metadata.has_native_traces,
      layout: isAggregated(capture.name) ? 'aggregated' : 'all',
    });
    if (metadata.file_format !== undefined) expect(metadata.file_format).toBe(isAggregated(capture.name) ? 1 : 0);
    if (metadata.main_thread_id !== undefined) expect(Number(header.mainThreadId)).toBe(metadata.main_thread_id);
    if (metadata.trace_python_allocators !== undefined && header.version >= 11) {
      expect(header.tracePythonAllocators).toBe(metadata.trace_python_allocators);
    }
  });

  it('for its thread names', () => {
    const { threads, strings } = readReal(capture).decoded;
    const names = new Map(Array.from(threads.tid, (tid, row) => [String(tid), strings[threads.name[row]!] ?? '']));
    const shown = Object.keys(oracle.threads).map((tid) => [
      tid,
      shownName(tid, names.get(tid) ?? '', capture.version),
    ]);
    expect(Object.fromEntries(shown)).toEqual(oracle.threads);
  });
});
