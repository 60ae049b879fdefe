/** What is saved of a view holds what it shows: all rows, in names of their own. */
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';

import { isBuilt } from '../serving/serve-captures.js';
import { findOrInstallChromium } from './chromium.js';
import { parametersOf, settle } from './open-page.js';
import { usePage } from './use-page.js';

const chromium = isBuilt() ? findOrInstallChromium() : null;

const EVIL = `capture v13 command="python app.py"
thread 1 "main"
push "</text></svg><script>alert(1)</script>" "/x/<&'.py":3 entry
malloc 0x1000 9000000
memory t=10 rss=30000000
`;

describe.skipIf(chromium === null)('the menu of files', () => {
  const mixed = 'mixed-v13';
  const history = [mixed, mixed, mixed, mixed, 'pandas-v13', 'pandas-v13', 'pandas-v13'];
  const used = usePage(chromium!, ['pandas-v13', mixed], { evil: EVIL }, history);
  const { show } = used;
  let page: Page;
  beforeEach(() => {
    page = used.page;
  });

  test.each([
    ['flame', 'CSV', /^depth,function,file,line/],
    ['flame', 'SVG', /^<\?xml[^]*<svg [^]*import pandas/],
    ['flame', 'PNG', /^.PNG/],
    ['timeline', 'CSV', /^last_tick,time_ms,rss_least_bytes/],
    ['timeline', 'SVG', /^<\?xml[^]*<path /],
    ['timeline', 'PNG', /^.PNG/],
    ['functions', 'CSV', /^function,file,line/],
    ['leaks', 'CSV', /^kind,function,file,line,sites/],
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

  const saved = async (kind: string): Promise<Buffer> => {
    await page.click('[aria-label="Save what is shown"]');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click(`.menu button:has-text("${kind}")`),
    ]);
    const parts: Buffer[] = [];
    for await (const part of await download.createReadStream()) parts.push(part as Buffer);
    return Buffer.concat(parts);
  };
  /** Texts of an SVG file in their order, and what it holds besides: as another program reads it. */
  const readSvg = async (
    text: string,
  ): Promise<{ texts: string[]; isWhole: boolean; scripts: number; dashed: (string | null)[] }> => {
    const reader = await used.browser.newPage();
    const found = await reader.evaluate((source) => {
      const read = new DOMParser().parseFromString(source, 'image/svg+xml');
      return {
        texts: [...read.querySelectorAll('text')].map((each) => each.textContent),
        isWhole: read.querySelector('parsererror') === null,
        scripts: read.querySelectorAll('script').length,
        dashed: [...read.querySelectorAll('[stroke-dasharray]')].map((each) => each.getAttribute('stroke-dasharray')),
      };
    }, text);
    await reader.close();
    return found;
  };

  test('pictures say what they are of: view, capture, measure and total, window and filter, date, legend', async () => {
    await show('?view=flame&window=10%25..100%25&filter=size%3E%3D1KiB');
    const flame = await readSvg((await saved('SVG')).toString());
    expect(flame.texts.slice(0, 3)).toEqual([
      'Flame graph of pandas-v13.bin',
      expect.stringMatching(
        /^all {2}.* MiB live at the peak of the window, filtered · window 10%\.\.100% · filter size>=1KiB/,
      ),
      expect.stringMatching(/^recorded 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d · drawn by memscope$/),
    ]);
    expect(flame.texts).toEqual(expect.arrayContaining(['application', 'package']));
    await show('?view=timeline');
    const timeline = await readSvg((await saved('SVG')).toString());
    expect(timeline.texts.slice(0, 2)).toEqual([
      'Memory over time of pandas-v13.bin',
      'greatest heap 37.3 MiB · the whole recording',
    ]);
    expect(timeline.texts.join('\n')).toMatch(/\nheap\n.*RSS/s);
    // The line of RSS, and its mark in the legend.
    expect(timeline.dashed).toEqual(['5 3', '5 3']);
    expect(timeline.texts.join('\n')).toMatch(/ up to \d.* MiB/);
  });

  test('names of a capture are text in a picture, whatever they would end or begin', async () => {
    await show();
    const [id] = await page.evaluate(async () =>
      ((await (await fetch('api/runs')).json()) as { id: string; name: string }[])
        .filter(({ name }) => name.startsWith('evil'))
        .map((run) => run.id),
    );
    await show(`?run=${id}&view=flame`);
    const { texts, isWhole, scripts } = await readSvg((await saved('SVG')).toString());
    expect([isWhole, scripts]).toEqual([true, 0]);
    expect(texts.join('\n')).toContain('</text></svg><script>alert(1)</script>');
  });

  test('shows the trend of a history, opens its runs, and saves all of it', async () => {
    await show('?view=history');
    expect(await page.locator('.trend-summary').textContent()).toMatch(/^The peak grew by .* at c4 and stayed: /);
    expect(await page.locator('.trend-chart circle.can-open').count()).toBe(7);
    expect(await page.locator('.trend-told li').first().textContent()).toMatch(/^c4 2026-11-05: the peak grew by /i);
    const save = async (kind: string): Promise<string> => {
      await page.click('[aria-label="Save what is shown"]');
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.click(`.menu button:has-text("${kind}")`),
      ]);
      expect(download.suggestedFilename()).toBe(`memscope-history-peak.${kind.toLowerCase()}`);
      const parts: Buffer[] = [];
      for await (const part of await download.createReadStream()) parts.push(part as Buffer);
      return Buffer.concat(parts).toString();
    };
    const lines = (await save('CSV')).trimEnd().split('\n');
    expect(lines).toHaveLength(8);
    expect(lines[0]).toMatch(/^run,commit,branch,time,repetitions,peak,leaked,total,.*"?peak: /);
    expect(lines[5]).toMatch(/^5,c4,main,2026-11-05T00:00:00/);
    const svg = await save('SVG');
    expect(svg).toMatch(/^<\?xml[^]*<circle [^]*<\/svg>\n$/);
    expect(svg).not.toMatch(/class=|var\(/);
    await page.locator('.trend-chart circle').nth(5).click();
    await settle(page);
    expect(await parametersOf(page)).toMatchObject({ run: expect.any(String) as string });
    expect(await page.locator('main').textContent()).toContain('37.3 MiB');
  });

  test.each([
    ['tables&search=', 'table?', 200],
    ['tables&table=site&sort=name&rows=pandas', 'table?by=site&search=pandas&', 200],
    ['leaks', 'leaks?', 10],
  ])('saves all rows of ?view=%s, not only those that were loaded', async (view, question, least) => {
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
    expect(rowCount).toBeGreaterThan(least);
    expect(lines).toHaveLength(1 + rowCount);
    expect(new Set(lines).size).toBeGreaterThan(least);
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
