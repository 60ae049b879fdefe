/** What is saved of a view holds what it shows: all rows, in names of their own. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { isBuilt, serveCaptures, type ServedCaptures } from '../serving/serve-captures.js';
import { findOrInstallChromium, launchChromium } from './chromium.js';
import { openPage, settle, type OpenPage } from './open-page.js';

// A browser shares two cores with whatever else runs.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

const chromium = isBuilt() ? findOrInstallChromium() : null;

describe.skipIf(chromium === null)('the menu of files', () => {
  let browser: Browser;
  let server: ServedCaptures;
  let open: OpenPage;
  let page: Page;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(chromium!), serveCaptures(['pandas-v13'])]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  beforeEach(async () => {
    open = await openPage(browser);
    page = open.page;
  });
  afterEach(async () => {
    await page.context().close();
    // oxlint-disable-next-line vitest/no-standalone-expect -- of every test alike
    expect(open.problems).toEqual([]);
  });

  async function show(query: string): Promise<void> {
    await page.goto(server.address + query);
    await settle(page);
  }

  test.each([
    ['flame', 'CSV', /^depth,function,file,line/],
    ['flame', 'SVG', /^<\?xml[^]*<svg [^]*_compile_bytecode/],
    ['flame', 'PNG', /^.PNG/],
    ['timeline', 'CSV', /^last_tick,time_ms,rss_least_bytes/],
    ['timeline', 'SVG', /^<\?xml[^]*<path /],
    ['timeline', 'PNG', /^.PNG/],
    ['functions', 'CSV', /^function,file,line/],
    ['leaks', 'CSV', /^function,file,line,thread/],
    ['overview', 'CSV', /^function,file,line,module/],
  ])('saves the %s view as %s', async (view, kind, start) => {
    await show(`?view=${view === 'functions' ? 'tables' : view}`);
    await page.click('[aria-label="Save what is shown"]');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click(`.menu button:has-text("${kind}")`),
    ]);
    expect(download.suggestedFilename()).toMatch(new RegExp(`^pandas-v13.bin-${view}.*\\.${kind.toLowerCase()}$`));
    const parts: Buffer[] = [];
    for await (const part of await download.createReadStream()) parts.push(part as Buffer);
    const content = Buffer.concat(parts);
    expect(content.length).toBeGreaterThan(500);
    expect(content.toString('latin1')).toMatch(start);
  });

  test.each([
    ['tables&search=', 'table?'],
    ['tables&table=site&sort=name&rows=pandas', 'table?by=site&search=pandas&'],
    ['leaks', 'leaks?'],
  ])('saves all rows of ?view=%s, not only those that were loaded', async (view, question) => {
    await show(`?view=${view}`);
    await page.click('[aria-label="Save what is shown"]');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('.menu button:has-text("CSV")')]);
    const parts: Buffer[] = [];
    for await (const part of await download.createReadStream()) parts.push(part as Buffer);
    const lines = Buffer.concat(parts).toString().trimEnd().split('\n');
    const rowCount = await page.evaluate(async (path) => {
      const [run] = (await (await fetch('api/runs')).json()) as { id: string }[];
      const answer = (await (await fetch(`api/runs/${run!.id}/${path}limit=1`)).json()) as { rowCount: number };
      return answer.rowCount;
    }, question);
    expect(rowCount).toBeGreaterThan(200);
    expect(lines).toHaveLength(1 + rowCount);
    expect(new Set(lines).size).toBeGreaterThan(200);
  });

  test('says where the reader looks that there are more rows than any program opens', async () => {
    await show('?view=tables');
    await page.route('**/table?*', async (route) => {
      const response = await route.fetch();
      const answer = (await response.json()) as { rowCount: number };
      await route.fulfill({ response, json: { ...answer, rowCount: 1_000_001 } });
    });
    await page.click('[aria-label="Save what is shown"]');
    await page.click('.menu button:has-text("CSV")');
    const reason = page.locator('.menu button:has-text("More than a million rows: a filter makes them fewer")');
    await reason.waitFor();
    expect(await page.locator('[role=status][aria-live]').textContent()).toMatch(/^More than a million rows/);
    await page.keyboard.press('Escape');
    expect(await page.locator('.menu').count()).toBe(0);
  });
});
