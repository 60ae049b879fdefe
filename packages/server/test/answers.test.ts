/** Every route over HTTP: its numbers are the profile's and memray's, and it says so where there are none. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oracleFrames, readOracle, findCapture, type Oracle, type OracleTemporalRow } from '@memscope/fixtures';
import {
  encodeTransforms,
  type BandsHead,
  type FlameColumn,
  type FlameHead,
  type LeaksPage,
  type Profile,
  type Run,
  type SandwichAnswer,
  type SearchAnswer,
  type SourceAnswer,
  type TablePage,
  type TimelineColumn,
  type TimelineHead,
} from '@memscope/model';
import { openProfile } from '@memscope/store';

import type { RunningServer } from '../src/index.js';
import { ask, askArrow, askJson, askRun, copyCapture, errorOf, jsonOf, scratchFolder, startServer } from './serving.js';

interface Served {
  readonly server: RunningServer;
  readonly profile: Profile;
  readonly close: () => Promise<void>;
}

async function serveOne(name: string): Promise<Served> {
  const folder = scratchFolder(true);
  const path = copyCapture(folder, name);
  const server = await startServer([path]);
  await server.settled();
  const profile = openProfile(`${path}.memscope`);
  return {
    server,
    profile,
    close: async () => {
      profile.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const sum = (column: readonly number[]): number => column.reduce((all, each) => all + each, 0);
const flameOf = (server: RunningServer, query: string): Promise<Flame> =>
  askArrow<FlameColumn, FlameHead>(server, `flame?width=10000&${query}`);
type Flame = Awaited<ReturnType<typeof askArrow<FlameColumn, FlameHead>>>;

describe('a capture with everything', () => {
  let served: Served;
  let server: RunningServer;
  let profile: Profile;
  let oracle: Oracle;
  beforeAll(async () => {
    served = await serveOne('mixed-v13');
    ({ server, profile } = served);
    oracle = readOracle(findCapture('mixed-v13').path);
  });
  afterAll(() => served.close());

  test('is listed with what it is', async () => {
    const [run, ...others] = jsonOf(await ask(server, '/api/runs')) as Run[];
    expect(others).toEqual([]);
    expect(run).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      name: 'mixed-v13.bin',
      state: 'ready',
      readBytes: expect.any(Number),
      totalBytes: profile.capture.totalBytes,
      message: null,
      startMs: oracle.metadata.start_ms,
      durationMs: profile.capture.endMs! - profile.capture.startMs,
      durationIsLeast: false,
      peakBytes: oracle.metadata.peak_memory,
      commandLine: oracle.metadata.command_line,
    });
  });

  test('has the overview that analyze prints', async () => {
    const overview = await askJson<{
      schema: string;
      capture: { peakBytes: number };
      totals: Record<string, number>;
      locations: unknown[];
      scope: unknown;
    }>(server, 'overview');
    expect(overview.schema).toBe('memscope.analysis/1');
    expect(overview.capture.peakBytes).toBe(oracle.metadata.peak_memory);
    expect(overview.totals['allocations']).toBe(profile.capture.allocations);
    expect(overview.locations.length).toBeGreaterThan(0);
    expect(overview.scope).toBeNull();
    const part = await askJson<{ scope: object }>(server, 'overview?window=%230..%231&filter=allocator%3Ammap');
    expect(part.scope).toMatchObject({ window: { fromTick: 0, toTick: 1 }, filter: 'allocator:mmap' });
  });

  test('has a timeline of its memory records', async () => {
    const { columns, head } = await askArrow<TimelineColumn, TimelineHead>(server, 'timeline?width=10000');
    const ticks = profile.ticks();
    expect(head).toMatchObject({
      ticks: ticks.length,
      fromTick: 0,
      toTick: ticks.length,
      peakTick: profile.capture.peakTick,
      peakBytes: profile.capture.peakBytes,
      rssPeakBytes: Math.max(...ticks.rssBytes),
    });
    expect(columns.timeMs.slice(0, ticks.length)).toEqual([...ticks.timeMs]);
    expect(columns.tick).toEqual(columns.timeMs.map((_, row) => row));
    expect(columns.heapLeast.slice(0, ticks.length)).toEqual([...ticks.heapBytes]);
    expect(columns.heapMost.slice(0, ticks.length)).toEqual([...ticks.peakBytes!]);
    expect(columns.rssMost.slice(0, ticks.length)).toEqual([...ticks.rssBytes]);
    // What follows the last record: its RSS is not known.
    expect(columns.rssMost.slice(ticks.length)).toEqual([NaN]);
    expect(columns.heapLeast.at(-1)).toBe(profile.notes.tailHeapBytes);
  });

  test.each([1, 2, 3])('loses no spike in a timeline of %i pixels', async (width) => {
    const { columns } = await askArrow<TimelineColumn, TimelineHead>(server, `timeline?width=${width}`);
    expect(columns.timeMs.length).toBeLessThanOrEqual(width);
    expect(columns.tick.at(-1)).toBe(profile.ticks().length);
    expect(Math.max(...columns.heapMost)).toBe(profile.capture.peakBytes);
    expect(Math.max(...columns.rssMost.filter((rss) => !Number.isNaN(rss)))).toBe(
      Math.max(...profile.ticks().rssBytes),
    );
    expect(Math.min(...columns.heapLeast)).toBe(Math.min(...profile.ticks().heapBytes, profile.notes.tailHeapBytes!));
  });

  test.each(['category', 'library', 'module', 'thread', 'allocator'])(
    'has bands by %s that add up to the heap',
    async (by) => {
      const { columns, head } = await askArrow<string, BandsHead>(server, `bands?by=${by}&width=10000&top=2`);
      const ticks = profile.ticks();
      const { tick, timeMs, ...bands } = columns as Record<string, number[]>;
      expect(timeMs!.slice(0, ticks.length)).toEqual([...ticks.timeMs]);
      expect(Object.keys(bands)).toEqual(head.bands.map((_, index) => `b${index}`));
      expect(head.bands.filter(({ rest }) => rest).length).toBeLessThanOrEqual(1);
      const heap = tick!.map((_, row) => sum(Object.values(bands).map((band) => band[row]!)));
      expect(heap).toEqual(tick!.map((at) => ticks.peakBytes![at] ?? profile.notes.tailPeakBytes));
    },
  );

  test.each(['peak', 'leaked', 'total', 'temporary'] as const)('has flame graphs and tables by %s', async (measure) => {
    const weights = profile.siteWeights(measure)!;
    const [bytes, count] = [sum([...weights.bytes]), sum([...weights.count])];
    for (const query of ['', '&inverted=1', '&splitThreads=1', '&stacks=python', '&mergeRecursion=1', '&counts=1']) {
      const { columns, head } = await flameOf(server, `measure=${measure}${query}`);
      expect(head).toMatchObject({ bytes, count, wholeBytes: bytes, rootBytes: bytes, rootCount: count });
      expect(columns.bytes[0]).toBe(bytes);
      expect(columns.parent.every((parent, node) => parent < node || node === 0)).toBe(true);
      expect(sum(columns.selfBytes) + head.foldedBytes).toBe(bytes);
      expect(columns.label.every((label) => head.labels[label] !== undefined)).toBe(true);
      expect(head.labels[columns.label[0]!]).toMatchObject({ kind: 'all', name: 'all' });
    }
    for (const by of ['function', 'site', 'module', 'thread', 'allocator']) {
      const page = await askJson<TablePage>(server, `table?by=${by}&measure=${measure}&limit=2000`);
      expect(page).toMatchObject({ by, bytes, count, wholeBytes: bytes, wholeCount: count });
      expect([sum(page.rows.map((row) => row.selfBytes)), sum(page.rows.map((row) => row.selfCount))]).toEqual([
        bytes,
        count,
      ]);
    }
  });

  /** "function|file|line<caller" of every node that holds something itself → "bytes/count". */
  type Sums = Map<string, [bytes: number, count: number]>;

  function add(sums: Sums, key: string, bytes: number, count: number): void {
    const [bytesBefore, countBefore] = sums.get(key) ?? [0, 0];
    sums.set(key, [bytesBefore + bytes, countBefore + count]);
  }

  /** What has no bytes is not drawn. */
  function settle(sums: Sums): Record<string, string> {
    return Object.fromEntries(
      [...sums].flatMap(([key, [bytes, count]]) => (bytes > 0 ? [[key, `${bytes}/${count}`]] : [])),
    );
  }

  /** "function|file|line<caller<thread" of what allocated → "bytes/count". */
  async function rowsOf(query: string): Promise<Record<string, string>> {
    const sums: Sums = new Map();
    // So that nothing is narrower than a pixel beside what is a thousand times as large.
    for (const part of ['size<=500', 'size>500 size<=100KiB', 'size>100KiB']) {
      const { columns, head } = await flameOf(server, `${query}&splitThreads=1&filter=${encodeURIComponent(part)}`);
      expect(head.foldedNodes).toBe(0);
      const names: string[] = [];
      for (let node = 0; node < columns.id.length; node++) {
        const { kind, name, file, line } = head.labels[columns.label[node]!]!;
        const above = node === 0 ? '' : names[columns.parent[node]!]!;
        names[node] = kind === 'all' ? '' : kind === 'thread' ? `${name}@` : `${name}|${file}|${line ?? 0}<${above}`;
        add(sums, names[node]!, columns.selfBytes[node]!, columns.selfCount[node]!);
      }
    }
    return settle(sums);
  }

  function rowsOfOracle(rows: readonly OracleTemporalRow[], counts: (from: number, to: number | null) => boolean) {
    const sums: Sums = new Map();
    for (const [tid, , stack, intervals] of rows) {
      const thread = [...profile.threads().tid].indexOf(BigInt(tid));
      const title = profile.threads().name[thread];
      const top = `thread ${tid}${title ? ` ${title}` : ''}@`;
      const key = oracleFrames(oracle, stack).reduce((outer, frame) => `${frame.join('|')}<${outer}`, top);
      for (const [from, to, count, bytes] of intervals) {
        if (counts(from, to)) add(sums, key, bytes, count);
      }
    }
    return settle(sums);
  }

  test.each([
    [0, 4],
    [1, 2],
    [2, 2],
    [0, 1],
    [3, 4],
  ])('holds memray’s temporal rows in the window #%i..#%i', async (from, to) => {
    const window = encodeURIComponent(`#${from}..#${to}`);
    expect(await rowsOf(`measure=leaked&window=${window}`)).toEqual(
      rowsOfOracle(oracle.temporal_leaks!, (born, died) => born >= from && born <= to && (died === null || died > to)),
    );
    const heap = (tick: number): number => profile.ticks().peakBytes![tick] ?? profile.notes.tailPeakBytes!;
    let peakTick = from;
    for (let tick = from; tick <= to; tick++) if (heap(tick) >= heap(peakTick)) peakTick = tick;
    expect(await rowsOf(`measure=peak&window=${window}`)).toEqual(
      rowsOfOracle(
        oracle.temporal_high_water_mark!,
        (born, end) => born <= peakTick && (end === null || end > peakTick),
      ),
    );
  });

  test('zooms into any node of a flame graph, and says the way back', async () => {
    const whole = await flameOf(server, '');
    const node = whole.columns.bytes.findIndex((_, at) => at > 3 && whole.columns.selfBytes[at] === 0);
    const zoomed = await flameOf(server, `root=${whole.columns.id[node]}`);
    expect(zoomed.head.rootBytes).toBe(whole.columns.bytes[node]);
    expect(zoomed.head.path.at(-1)).toMatchObject({ id: whole.columns.id[node] });
    expect(zoomed.head.path[0]).toMatchObject({ id: 0, label: { kind: 'all' } });
    expect(zoomed.head.bytes).toBe(whole.head.bytes);
  });

  test('changes a flame graph in the order of the transforms', async () => {
    const page = await askJson<TablePage>(server, 'table?by=function&sort=total&limit=2000');
    const row = page.rows.find(({ label, bytes, selfBytes }) => label!.function !== null && bytes! > selfBytes)!;
    const target = row.label!.function!;
    const focused = await flameOf(server, encodeTransforms([{ kind: 'focus', target }]));
    expect([focused.head.rootBytes, focused.head.bytes]).toEqual([row.bytes, page.bytes]);
    const callees = await flameOf(server, encodeTransforms([{ kind: 'callees', target }]));
    expect([callees.columns.bytes[0], callees.columns.selfBytes[0]]).toEqual([row.bytes, row.selfBytes]);
    const hidden = await flameOf(
      server,
      encodeTransforms([
        { kind: 'focus', target },
        { kind: 'hide', target },
      ]),
    );
    expect(hidden.columns.selfBytes[0]).toBe(row.selfBytes);
    expect(hidden.head.labels.some((label) => label.function === target)).toBe(false);
  });

  test('has a sandwich of each function, with the numbers of the table', async () => {
    const page = await askJson<TablePage>(server, 'table?by=function&limit=2000');
    for (const { label, ...row } of page.rows.filter((each) => each.label!.function !== null).slice(0, 5)) {
      const answer = await askJson<SandwichAnswer>(
        server,
        `sandwich?width=10000&function=${encodeURIComponent(label!.function!)}`,
      );
      expect(answer.function).toEqual(label);
      const { bytes, count, selfBytes, selfCount } = answer;
      expect({ bytes, count, selfBytes, selfCount }).toEqual({
        bytes: row.bytes,
        count: row.count,
        selfBytes: row.selfBytes,
        selfCount: row.selfCount,
      });
      expect([answer.callers.bytes[0], answer.callees.bytes[0]]).toEqual([bytes, bytes]);
      expect(answer.callers.label[0]).toEqual(label);
    }
  });

  test('has the lines of a function, and says why there is no source', async () => {
    const page = await askJson<TablePage>(server, 'table?by=function&limit=2000');
    const row = page.rows.find(({ label, selfBytes }) => label!.function !== null && selfBytes > 0)!;
    const source = await askJson<SourceAnswer>(server, `source?function=${encodeURIComponent(row.label!.function!)}`);
    expect(source).toMatchObject({ file: row.label!.file, source: null, message: expect.stringContaining('--source') });
    expect(sum(source.lines.map(({ selfBytes }) => selfBytes))).toBe(row.selfBytes);
    expect(sum(source.lines.map(({ bytes }) => bytes))).toBeGreaterThanOrEqual(row.bytes!);
  });

  test('pages, sorts and searches its tables', async () => {
    const all = await askJson<TablePage>(server, 'table?by=site&limit=2000');
    const sorted = all.rows.map(({ selfBytes }) => selfBytes);
    expect(sorted).toEqual(sorted.toSorted((a, b) => b - a));
    const page = await askJson<TablePage>(server, 'table?by=site&offset=2&limit=3');
    expect([page.rowCount, page.rows]).toEqual([all.rowCount, all.rows.slice(2, 5)]);
    const rising = await askJson<TablePage>(server, 'table?by=site&sort=selfCount&descending=0&limit=2000');
    const counts = rising.rows.map(({ selfCount }) => selfCount);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    const functions = await askJson<TablePage>(server, 'table?by=function&sort=name&descending=0&limit=2000');
    const { name } = functions.rows[0]!.label!;
    const found = await askJson<TablePage>(
      server,
      `table?by=function&search=${encodeURIComponent(name.toUpperCase())}`,
    );
    expect(found.rows.map(({ label }) => label!.name)).toContain(name);
    expect(found.rowCount).toBeLessThan(functions.rowCount);
    expect(await askJson<TablePage>(server, 'table?search=no+such+name')).toMatchObject({ rowCount: 0, rows: [] });
    expect((await askJson<TablePage>(server, `table?offset=${2 ** 31}`)).rows).toEqual([]);
  });

  test('says what a search matches: what a filter of the same words lets pass', async () => {
    const page = await askJson<TablePage>(server, 'table?by=function&sort=total&limit=2000');
    const { label } = page.rows.find((row) => row.label!.function !== null)!;
    const text = `function:${JSON.stringify(label!.name)}`;
    const answer = await askJson<SearchAnswer>(server, `search?text=${encodeURIComponent(text)}`);
    const filtered = await askJson<TablePage>(server, `table?filter=${encodeURIComponent(text)}`);
    expect([answer.matchedBytes, answer.matchedCount]).toEqual([filtered.bytes, filtered.count]);
    expect(answer.functions).toContain(label!.function);
    const none = await askJson<SearchAnswer>(server, 'search?text=no_such_name');
    expect(none).toEqual({ matchedBytes: 0, matchedCount: 0, functions: [] });
  });

  test('says which name nobody has, and which was probably meant, where a filter lets nothing pass', async () => {
    const suggestion = {
      text: 'No function is called "maqs": did you mean maps?',
      filter: 'function:maps',
    };
    const filter = 'filter=function%3Amaqs';
    expect((await flameOf(server, filter)).head.suggestion).toEqual(suggestion);
    expect((await askJson<TablePage>(server, `table?by=function&${filter}`)).suggestion).toEqual(suggestion);
    expect((await askJson<LeaksPage>(server, `leaks?${filter}`)).suggestion).toEqual(suggestion);
    expect(await askJson(server, `overview?${filter}`)).toMatchObject({ scope: { suggestion } });
    expect((await flameOf(server, 'filter=function%3Amaps')).head.suggestion).toBeNull();
  });

  test('lists its leaks with a verdict for each', async () => {
    const page = await askJson<LeaksPage>(server, 'leaks?limit=2000');
    expect([page.bytes, page.count]).toEqual([profile.capture.leakedBytes, profile.capture.leakedCount]);
    expect(page.rows).toHaveLength(page.rowCount);
    const names = page.verdicts.map(({ name }) => name);
    for (const row of page.rows) {
      expect(names).toContain(row.verdict);
      expect(row.liveBytes).toHaveLength(page.stepMs.length);
      expect(row.liveBytes.at(-1)).toBe(row.bytes);
    }
    expect(sum(page.verdicts.map(({ bytes }) => bytes))).toBe(page.bytes);
  });

  test.each([
    ['flame?filter=function%3A', 400, 'syntax'],
    ['flame?filter=%2F%28%2F', 400, 'pattern'],
    ['flame?window=nonsense', 400, 'syntax'],
    ['flame?window=%2399999', 400, 'outside'],
    ['flame?root=123456', 400, 'outside'],
    [`flame?${encodeTransforms([{ kind: 'focus', target: 'nobody\n' }])}`, 400, 'outside'],
    ['sandwich?function=nobody', 400, 'outside'],
    ['flame?measure=total&window=%230..%231', 422, 'cannotAnswer'],
    ['flame?stacks=native', 422, 'cannotAnswer'],
    ['timeline?from=50000', 400, 'outside'],
    ['leaks?warmUp=soon', 400, 'syntax'],
    ['search?text=size%3E', 400, 'syntax'],
  ] as const)('answers %s with %i %s', async (route, status, code) => {
    const reply = await askRun(server, route);
    expect([reply.status, errorOf(reply)]).toEqual([
      status,
      expect.objectContaining({ code, message: expect.stringMatching(/\w/) }),
    ]);
  });

  test('points at what is wrong in a filter', async () => {
    const reply = await askRun(server, `flame?filter=${encodeURIComponent('thread:1 /(/')}`);
    expect(errorOf(reply)).toMatchObject({ code: 'pattern', position: 9, length: 3 });
  });
});

describe('an aggregated capture', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serveOne('mixed-agg-v13');
  });
  afterAll(() => served.close());

  test('answers by peak and leaked', async () => {
    const { capture } = served.profile;
    expect((await flameOf(served.server, '')).head.bytes).toBe(capture.peakBytes);
    expect((await flameOf(served.server, 'measure=leaked')).head.bytes).toBe(capture.leakedBytes);
    const { columns } = await askArrow<TimelineColumn, TimelineHead>(served.server, 'timeline');
    expect(columns.heapMost).toEqual(columns.heapLeast.map((_, row) => columns.heapMost[row]));
    expect(columns.heapMost.length).toBeGreaterThan(0);
  });

  test.each([
    'flame?measure=total',
    'flame?window=10%25..20%25',
    'bands?by=thread',
    'leaks',
    'table?measure=temporary',
  ])('says that it cannot answer %s', async (route) => {
    const reply = await askRun(served.server, route);
    expect([reply.status, errorOf(reply).code]).toEqual([422, 'cannotAnswer']);
  });
});

test('a capture with native stacks shows them alone, those of Python alone, or joined', async () => {
  const served = await serveOne('mixed-native-v13');
  try {
    const bytes = served.profile.capture.peakBytes;
    const kinds = async (stacks: string): Promise<Set<string>> => {
      const { head } = await flameOf(served.server, `stacks=${stacks}`);
      expect(head.bytes).toBe(bytes);
      return new Set(head.labels.map(({ kind }) => kind));
    };
    // Profiles without joined stacks show those of Python in their place.
    expect(await kinds('joined')).toContain('application');
    const python = await kinds('python');
    expect(python).toContain('application');
    expect(python).not.toContain('native');
    expect(await kinds('native')).toEqual(new Set(['all', 'native']));
  } finally {
    await served.close();
  }
});
