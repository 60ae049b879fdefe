/** Leaks as the page asks for them: every number of a row is that of the view that it leads to. */
import { encodeViewQuery, WHOLE_VIEW, type LeaksPage, type SearchAnswer, type TablePage } from '@memscope/model';
import { describe, expect, test } from 'vitest';

import { askJson } from './serving.js';
import { sum, useCapture } from './serve-capture.js';

function askLeaks(server: Parameters<typeof askJson>[0], query = ''): Promise<LeaksPage> {
  return askJson<LeaksPage>(server, `leaks?limit=2000${query}`);
}

describe.each(['pandas-v13', 'mixed-native-v13'])('leaks of %s', (name) => {
  const served = useCapture(name);

  test.each(['', '&warmUp=10%25', '&window=20%25..', '&window=20%25..80%25&warmUp=30%25'])(
    'have for each row a filter and a window that give its bytes and count (%s)',
    async (part) => {
      const { rows, window, bytes } = await askLeaks(served.server, part);
      expect(new Set(rows.map(({ filter }) => filter)).size).toBe(rows.length);
      expect(sum(rows.map((row) => row.bytes))).toBe(bytes);
      for (const row of rows.slice(0, 25)) {
        const view = encodeViewQuery({ ...WHOLE_VIEW, measure: 'leaked', filter: row.filter, window });
        const table = await askJson<TablePage>(served.server, `table?by=thread&${view}`);
        expect([row.filter, table.bytes, table.count]).toEqual([row.filter, row.bytes, row.count]);
      }
    },
  );

  test('are the rows of a table by line of the application', async () => {
    const leaks = await askLeaks(served.server);
    const table = await askJson<TablePage>(served.server, 'table?by=application&measure=leaked&limit=2000');
    const held = (rows: readonly { readonly bytes: number; readonly count: number }[]): string[] =>
      rows.map(({ bytes, count }) => `${bytes} ${count}`).toSorted();
    expect(held(table.rows.map((row) => ({ bytes: row.selfBytes, count: row.selfCount })))).toEqual(held(leaks.rows));
  });

  test.each(['application', 'library', 'category', 'allocator', 'thread'])(
    'of a table by %s have rows with the filter that gives their bytes, within another filter, too',
    async (by) => {
      const outer = 'size>=256B';
      const view = encodeViewQuery({ ...WHOLE_VIEW, measure: 'leaked', filter: outer });
      const { rows } = await askJson<TablePage>(served.server, `table?by=${by}&limit=2000&${view}`);
      for (const row of rows.slice(0, 8)) {
        const filter = `${outer} ${row.filter}`;
        const asked = encodeViewQuery({ ...WHOLE_VIEW, measure: 'leaked', filter });
        const found = await askJson<TablePage>(served.server, `table?by=module&${asked}`);
        expect([row.filter, found.bytes, found.count]).toEqual([row.filter, row.selfBytes, row.selfCount]);
      }
    },
  );

  test('are found by a search that looks at sites, which names no frame', async () => {
    const { rows } = await askLeaks(served.server);
    for (const { filter, bytes } of rows.slice(0, 3)) {
      const text = encodeURIComponent(filter);
      const found = await askJson<SearchAnswer>(served.server, `search?measure=leaked&text=${text}`);
      expect([found.matchedBytes, found.functions]).toEqual([bytes, []]);
    }
  });

  test('have the stack of the site that keeps most, with the line on it', async () => {
    const { rows } = await askLeaks(served.server);
    for (const { stack, label, innermost } of rows) {
      if (innermost !== null) expect(stack[0]).toEqual(innermost);
      const isOn = label === null || stack.some((frame) => frame.function === label.function);
      // Runners and the import system do not show.
      expect(isOn || label.kind !== 'application').toBe(true);
    }
  });

  test('are of a verdict, found by a text, and ordered by any column, with what the rows hold together', async () => {
    const all = await askLeaks(served.server);
    for (const verdict of all.verdicts.filter(({ lines }) => lines > 0)) {
      const page = await askLeaks(served.server, `&verdict=${verdict.name}`);
      expect([page.rowCount, page.foundBytes, page.foundCount]).toEqual([verdict.lines, verdict.bytes, verdict.count]);
      expect(page.rows).toEqual(all.rows.filter((row) => row.verdict === verdict.name));
      expect(page.bytes).toBe(all.bytes);
    }
    const sought = all.rows[0]!.label?.name ?? 'python objects';
    const found = await askLeaks(served.server, `&search=${encodeURIComponent(sought.toUpperCase())}`);
    expect(found.rows[0]).toEqual(all.rows[0]);
    expect(found.foundBytes).toBe(sum(found.rows.map(({ bytes }) => bytes)));
    const columns = [
      ['bytes', ({ bytes }: LeaksPage['rows'][number]) => bytes],
      ['count', ({ count }: LeaksPage['rows'][number]) => count],
      ['born', ({ firstBornMs }: LeaksPage['rows'][number]) => firstBornMs],
      ['sites', ({ sites }: LeaksPage['rows'][number]) => sites],
    ] as const;
    for (const [sort, read] of columns) {
      for (const descending of [0, 1]) {
        const { rows } = await askLeaks(served.server, `&sort=${sort}&descending=${descending}`);
        const sign = descending === 1 ? -1 : 1;
        expect(rows.map(read)).toEqual(all.rows.map(read).toSorted((a, b) => sign * (a - b)));
      }
    }
    const names = await askLeaks(served.server, '&sort=name&descending=0');
    const texts = names.rows.flatMap(({ label }) => label?.name.toLowerCase() ?? []);
    expect(texts).toEqual(texts.toSorted());
  });
});
