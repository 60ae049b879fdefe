/** Tables of every grouping hold every byte, and a user's rules decide whose memory it is in all answers. */
import { rmSync } from 'node:fs';
import { GROUPINGS, type AnalysisDocument, type TablePage } from '@memscope/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { RunningServer } from '../src/index.js';
import { askJson, copyCapture, scratchFolder, serving, startServer } from './serving.js';

const RULES = '{ "rules": [{ "library": "ours", "category": "engine", "file": "*" }] }';

describe('a table', () => {
  let server: RunningServer;
  const folder = scratchFolder(true);
  beforeAll(async () => {
    server = await startServer([copyCapture(folder, 'mixed-v13')]);
    await server.settled();
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(GROUPINGS)('by %s holds every byte, and is found by its names', async (by) => {
    const page = await askJson<TablePage>(server, `table?by=${by}&limit=2000`);
    expect(page.rowCount).toBe(page.rows.length);
    expect(page.rows.reduce((sum, { selfBytes }) => sum + selfBytes, 0)).toBe(page.bytes);
    const { label, thread, allocator } = page.rows[0]!;
    const name = label?.name ?? thread ?? allocator!;
    const found = await askJson<TablePage>(server, `table?by=${by}&search=${encodeURIComponent(name)}`);
    expect(found.rowCount).toBeGreaterThan(0);
    expect(found.rowCount).toBeLessThanOrEqual(page.rowCount);
  });
});

test('rules that the server was started with decide in tables and in the overview', async () => {
  const server = await serving([copyCapture(scratchFolder(), 'mixed-v13')], { rules: RULES });
  const page = await askJson<TablePage>(server, 'table?by=library');
  expect(page.rows.map(({ label }) => label?.name)).toContain('ours');
  for (const part of ['overview', 'overview?window=peak']) {
    const { libraries, locations } = await askJson<AnalysisDocument>(server, part);
    expect(libraries.map(({ library }) => library)).toContain('ours');
    expect(new Set(locations.filter(({ file }) => file !== null).map(({ category }) => category))).toEqual(
      new Set(['engine']),
    );
  }
});
