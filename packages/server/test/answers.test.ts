/** Every route over HTTP: its numbers are the profile's and memray's. */
import { describe, expect, test } from 'vitest';
import { findCapture, readOracle } from '@memscope/fixtures';
import {
  encodeTransforms,
  type LeaksPage,
  type Run,
  type SandwichAnswer,
  type SearchAnswer,
  type SiteAnswer,
  type SourceAnswer,
  type TablePage,
} from '@memscope/model';

import { askFlame, sum, useCapture } from './serve-capture.js';
import { ask, askJson, jsonOf } from './serving.js';

describe('of a capture with everything', () => {
  const served = useCapture('mixed-v13');
  const oracle = readOracle(findCapture('mixed-v13').path);

  test('is listed with what it is', async () => {
    const [run, ...others] = jsonOf(await ask(served.server, '/api/runs')) as Run[];
    expect(others).toEqual([]);
    expect(run).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      name: 'mixed-v13.bin',
      state: 'ready',
      readBytes: expect.any(Number),
      totalBytes: served.profile.capture.totalBytes,
      message: null,
      startMs: oracle.metadata.start_ms,
      durationMs: served.profile.capture.endMs! - served.profile.capture.startMs!,
      durationIsLeast: false,
      peakBytes: oracle.metadata.peak_memory,
      commandLine: oracle.metadata.command_line,
      answers: served.profile.capture.answers,
      parent: null,
    });
  });

  test('has the overview that analyze prints', async () => {
    const overview = await askJson<{
      schema: string;
      capture: { peakBytes: number };
      totals: Record<string, number>;
      locations: unknown[];
      scope: unknown;
    }>(served.server, 'overview');
    expect(overview.schema).toBe('memscope.analysis/1');
    expect(overview.capture.peakBytes).toBe(oracle.metadata.peak_memory);
    expect(overview.totals['allocations']).toBe(served.profile.capture.allocations);
    expect(overview.locations.length).toBeGreaterThan(0);
    expect(overview.scope).toBeNull();
    const part = await askJson<{ scope: object }>(served.server, 'overview?window=%230..%231&filter=allocator%3Ammap');
    expect(part.scope).toMatchObject({ window: { fromTick: 0, toTick: 1 }, filter: 'allocator:mmap' });
  });

  test.each(['peak', 'leaked', 'total', 'temporary'] as const)('has flame graphs and tables by %s', async (measure) => {
    const weights = served.profile.siteWeights(measure)!;
    const [bytes, count] = [sum([...weights.bytes]), sum([...weights.count])];
    for (const query of ['', '&inverted=1', '&splitThreads=1', '&stacks=python', '&mergeRecursion=1', '&counts=1']) {
      const { columns, head } = await askFlame(served.server, `measure=${measure}${query}`);
      expect(head).toMatchObject({ bytes, count, wholeBytes: bytes, rootBytes: bytes, rootCount: count });
      expect(columns.bytes[0]).toBe(bytes);
      expect(columns.parent.every((parent, node) => parent < node || node === 0)).toBe(true);
      // What is below an import is folded, however wide it is.
      const closedBytes = columns.foldedBytes.filter((_, node) => columns.closed[node] === 1);
      expect(sum(columns.selfBytes) + sum(closedBytes) + head.foldedBytes).toBe(bytes);
      expect(columns.label.every((label) => head.labels[label] !== undefined)).toBe(true);
      expect(head.labels[columns.label[0]!]).toMatchObject({ kind: 'all', name: 'all' });
    }
    for (const by of ['function', 'site', 'module', 'thread', 'allocator']) {
      const page = await askJson<TablePage>(served.server, `table?by=${by}&measure=${measure}&limit=2000`);
      expect(page).toMatchObject({ by, bytes, count, wholeBytes: bytes, wholeCount: count });
      expect([sum(page.rows.map((row) => row.selfBytes)), sum(page.rows.map((row) => row.selfCount))]).toEqual([
        bytes,
        count,
      ]);
    }
  });

  test('zooms into any node of a flame graph, and says the way back', async () => {
    const whole = await askFlame(served.server, '');
    const node = whole.columns.bytes.findIndex((_, at) => at > 3 && whole.columns.selfBytes[at] === 0);
    const zoomed = await askFlame(served.server, `root=${whole.columns.id[node]}`);
    expect(zoomed.head.rootBytes).toBe(whole.columns.bytes[node]);
    expect(zoomed.head.path.at(-1)).toMatchObject({ id: whole.columns.id[node] });
    expect(zoomed.head.path[0]).toMatchObject({ id: 0, label: { kind: 'all' } });
    expect(zoomed.head.bytes).toBe(whole.head.bytes);
  });

  test('changes a flame graph in the order of the transforms', async () => {
    const page = await askJson<TablePage>(served.server, 'table?by=function&sort=inclusive&limit=2000');
    const row = page.rows.find(({ label, bytes, selfBytes }) => label!.function !== null && bytes! > selfBytes)!;
    const target = row.label!.function!;
    const focused = await askFlame(served.server, encodeTransforms([{ kind: 'focus', target }]));
    expect([focused.head.rootBytes, focused.head.bytes]).toEqual([row.bytes, page.bytes]);
    const callees = await askFlame(served.server, encodeTransforms([{ kind: 'callees', target }]));
    expect([callees.columns.bytes[0], callees.columns.selfBytes[0]]).toEqual([row.bytes, row.selfBytes]);
    const hidden = await askFlame(
      served.server,
      encodeTransforms([
        { kind: 'focus', target },
        { kind: 'hide', target },
      ]),
    );
    expect(hidden.columns.selfBytes[0]).toBe(row.selfBytes);
    expect(hidden.head.labels.some((label) => label.function === target)).toBe(false);
  });

  test('has a sandwich of each function, with the numbers of the table', async () => {
    const page = await askJson<TablePage>(served.server, 'table?by=function&limit=2000');
    for (const { label, ...row } of page.rows.filter((each) => each.label!.function !== null).slice(0, 5)) {
      const answer = await askJson<SandwichAnswer>(
        served.server,
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

  test.each(['', '&splitThreads=1'])(
    'has each site of the table, with its numbers, stack, line and end%s',
    async (threads) => {
      const ask = (measure: string): Promise<TablePage> =>
        askJson<TablePage>(served.server, `table?by=site&limit=2000&measure=${measure}${threads}`);
      const answerOf = (row: TablePage['rows'][number], measure: string): Promise<SiteAnswer> =>
        askJson<SiteAnswer>(served.server, `site?site=${row.site}&measure=${measure}${threads}`);
      const { rows, bytes, count } = await ask('peak');
      for (const row of rows.slice(0, 5)) {
        const site = await answerOf(row, 'peak');
        expect(site).toMatchObject({ siteBytes: row.selfBytes, siteCount: row.selfCount, bytes, count });
        expect([site.thread, site.allocator]).toEqual([row.thread, row.allocator]);
        expect(site.stack[0] ?? null).toEqual(row.label!.kind === 'none' ? null : row.label);
        expect(site.frames).toBe(site.stack.length);
      }
      const left = await ask('leaked');
      for (const row of left.rows) {
        const { life } = await answerOf(row, 'leaked');
        expect(life).toMatchObject({ bytes: row.selfBytes, count: row.selfCount });
        expect(life!.liveBytes.at(-1)).toBe(row.selfBytes);
        const { firstMs, lastMs } = life!.born!;
        expect(firstMs <= lastMs && lastMs <= life!.endMs).toBe(true);
      }
    },
  );

  test('has the lines of a function, and says why there is no source', async () => {
    const page = await askJson<TablePage>(served.server, 'table?by=function&limit=2000');
    const row = page.rows.find(({ label, selfBytes }) => label!.function !== null && selfBytes > 0)!;
    const source = await askJson<SourceAnswer>(
      served.server,
      `source?function=${encodeURIComponent(row.label!.function!)}`,
    );
    expect(source).toMatchObject({ file: row.label!.file, source: null, message: expect.stringContaining('--source') });
    expect(sum(source.lines.map(({ selfBytes }) => selfBytes))).toBe(row.selfBytes);
    expect(sum(source.lines.map(({ bytes }) => bytes))).toBeGreaterThanOrEqual(row.bytes!);
  });

  test('pages, sorts and searches its tables', async () => {
    const all = await askJson<TablePage>(served.server, 'table?by=site&limit=2000');
    const sorted = all.rows.map(({ selfBytes }) => selfBytes);
    expect(sorted).toEqual(sorted.toSorted((a, b) => b - a));
    const page = await askJson<TablePage>(served.server, 'table?by=site&offset=2&limit=3');
    expect([page.rowCount, page.rows]).toEqual([all.rowCount, all.rows.slice(2, 5)]);
    const rising = await askJson<TablePage>(served.server, 'table?by=site&sort=selfCount&descending=0&limit=2000');
    const counts = rising.rows.map(({ selfCount }) => selfCount);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    const functions = await askJson<TablePage>(served.server, 'table?by=function&sort=name&descending=0&limit=2000');
    const { name } = functions.rows[0]!.label!;
    const found = await askJson<TablePage>(
      served.server,
      `table?by=function&search=${encodeURIComponent(name.toUpperCase())}`,
    );
    expect(found.rows.map(({ label }) => label!.name)).toContain(name);
    expect(found.rowCount).toBeLessThan(functions.rowCount);
    expect(await askJson<TablePage>(served.server, 'table?search=no+such+name')).toMatchObject({
      rowCount: 0,
      rows: [],
    });
    expect((await askJson<TablePage>(served.server, `table?offset=${2 ** 31}`)).rows).toEqual([]);
  });

  test('says what a search matches: what a filter of the same words lets pass', async () => {
    const page = await askJson<TablePage>(served.server, 'table?by=function&sort=inclusive&limit=2000');
    const { label } = page.rows.find((row) => row.label!.function !== null)!;
    const text = `function:${JSON.stringify(label!.name)}`;
    const answer = await askJson<SearchAnswer>(served.server, `search?text=${encodeURIComponent(text)}`);
    const filtered = await askJson<TablePage>(served.server, `table?filter=${encodeURIComponent(text)}`);
    expect([answer.matchedBytes, answer.matchedCount]).toEqual([filtered.bytes, filtered.count]);
    expect(answer.functions).toContain(label!.function);
    const none = await askJson<SearchAnswer>(served.server, 'search?text=no_such_name');
    expect(none).toEqual({
      matchedBytes: 0,
      matchedCount: 0,
      baseMatchedBytes: null,
      baseMatchedCount: null,
      functions: [],
      modules: [],
    });
  });

  test('lists its leaks with a verdict for each', async () => {
    const page = await askJson<LeaksPage>(served.server, 'leaks?limit=2000');
    expect([page.bytes, page.count]).toEqual([served.profile.capture.leakedBytes, served.profile.capture.leakedCount]);
    expect(page.rows).toHaveLength(page.rowCount);
    const names = page.verdicts.map(({ name }) => name);
    for (const row of page.rows) {
      expect(names).toContain(row.verdict);
      expect(row.liveBytes).toHaveLength(page.stepMs.length);
      expect(row.liveBytes.at(-1)).toBe(row.bytes);
    }
    expect(sum(page.verdicts.map(({ bytes }) => bytes))).toBe(page.bytes);
  });
});
