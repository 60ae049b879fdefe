/** The page in real Chromium, over the real server and real captures. */
import { findCapture, readOracle } from '@memscope/fixtures';
import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { isBuilt } from '../serving/serve-captures.js';
import { findOrInstallChromium, MISSING } from './chromium.js';
import { openPage, parametersOf, settle } from './open-page.js';
import { usePage } from './use-page.js';

const chromium = isBuilt() ? findOrInstallChromium() : null;
if (chromium === null)
  process.stderr.write(`${isBuilt() ? MISSING : 'not built: the tests in a browser are skipped'}\n`);

const VIEWS = ['overview', 'timeline', 'flame', 'tables', 'leaks'] as const;

describe.skipIf(chromium === null)('the page', () => {
  const used = usePage(chromium!, ['pandas-v13', 'mixed-agg-v13', 'mixed-native-v13']);
  const { show } = used;
  let page: Page;
  const oracle = readOracle(findCapture('pandas-v13').path);

  beforeAll(async () => {
    // Until the first run has been read.
    const first = await used.browser.newPage();
    await first.goto(used.server.address);
    await settle(first);
    await first.close();
  });
  beforeEach(() => {
    page = used.page;
  });

  describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
    test.each([
      [1280, 720],
      [360, 740],
    ])('shows every view %d pixels wide, and nothing sticks out', async (width, height) => {
      const other = await openPage(used.browser, { viewport: { width, height }, colorScheme });
      for (const view of VIEWS) {
        await other.page.goto(`${used.server.address}?view=${view}`);
        await settle(other.page);
        const seen = await other.page.evaluate(() => ({
          theme: document.documentElement.dataset['theme'],
          isTooWide: document.scrollingElement!.scrollWidth > innerWidth,
          isNotice: document.querySelector('main .notice') !== null,
          text: document.querySelector('main')!.textContent.length,
        }));
        expect([view, seen]).toEqual([
          view,
          { theme: colorScheme, isTooWide: false, isNotice: false, text: expect.any(Number) as number },
        ]);
        expect(seen.text).toBeGreaterThan(100);
      }
      await other.page.context().close();
      expect(other.problems).toEqual([]);
    });
  });

  test('says in the overview what memray says', async () => {
    await show();
    const titles = await page
      .locator('.tile-value')
      .evaluateAll((each) => each.map((one) => one.getAttribute('title') ?? ''));
    const leaked = oracle.leaked.reduce((sum, row) => sum + row[2], 0);
    expect(titles[0]).toBe(`${oracle.metadata.peak_memory.toLocaleString('en')} bytes`);
    expect(titles[1]).toBe(`${leaked.toLocaleString('en')} bytes`);
    expect(await page.locator('.command-line').getAttribute('title')).toBe(oracle.metadata.command_line);
  });

  test('shows a library and a category of the overview in the flame graph, filtered', async () => {
    await show();
    await page.locator('.bar-row', { has: page.locator('.bar-name', { hasText: /^pandas/ }) }).click();
    await settle(page);
    expect(await parametersOf(page)).toEqual({ view: 'flame', filter: 'owner:"pandas"', window: 'peak' });
    expect(await page.locator('g.frame').count()).toBeGreaterThan(1);
    await show();
    const entry = page.locator('.overview .legend-button:has-text("standard library")');
    const amount = (await entry.locator('.quiet').textContent())!.split(' · ')[0]!;
    await entry.focus();
    await page.keyboard.press('Shift+F10');
    await page.locator('[role=menuitem]:has-text("Filter to this")').click();
    await settle(page);
    expect(await parametersOf(page)).toEqual({ filter: 'owner:"standard library"', window: 'peak' });
    expect(await page.locator('.overview .legend-button').first().textContent()).toContain(amount);
  });

  test('the legend of the overview shows a category alone, hides it, and keeps the keyboard on its entry', async () => {
    await show();
    const rows = page.locator('.overview-main .bar-list >> nth=0 >> .bar-name');
    const all = await rows.allTextContents();
    const entry = page.locator('.overview [data-legend]').first();
    await entry.focus();
    await page.keyboard.press('Enter');
    const alone = await rows.allTextContents();
    expect(await entry.getAttribute('aria-pressed')).toBe('true');
    expect(alone.length).toBeGreaterThan(0);
    expect(alone.length).toBeLessThan(all.length);
    await page.keyboard.press('Enter');
    expect(await rows.allTextContents()).toEqual(all);
    await page.keyboard.press('Shift+Enter');
    const others = await rows.allTextContents();
    expect(others.some((name) => alone.includes(name))).toBe(false);
    expect(await entry.evaluate((button) => button === document.activeElement)).toBe(true);
    const name = await entry.getAttribute('data-legend');
    expect(await parametersOf(page)).toEqual({ category: `-${name}` });
    await page.reload();
    await settle(page);
    expect(await rows.allTextContents()).toEqual(others);
  });

  test('says in a window how long the window is, and names every choice of frames in full', async () => {
    await show('?view=overview&window=%2310..%2340');
    expect(await page.locator('.profiled .quiet').first().textContent()).toMatch(/, here [\d.]+ m?s of it$/);
    await show('?view=flame');
    await page.locator('.popover summary').click();
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 720 });
      await settle(page);
      const cut = await page
        .locator('.popover-box .segmented')
        .evaluateAll((each) => each.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length);
      expect([width, cut]).toEqual([width, 0]);
    }
  });

  test('restores a view exactly from its link', async () => {
    const link =
      '?view=flame&measure=leaked&counts=1&window=%2310..%2340&filter=module%3Apandas&frames=all&inverted=1&upwards=1&transform=hide%3A_run_code%0A%3Cfrozen%20runpy%3E&search=frame';
    await show(link);
    const seen = async (): Promise<unknown> =>
      page.evaluate(() => [
        [...document.querySelectorAll<HTMLInputElement>('input:checked')].map(({ value }) => value),
        [...document.querySelectorAll<HTMLInputElement>('input[type=search], input[type=text]')].map(
          ({ value }) => value,
        ),
        [...document.querySelectorAll('g.frame rect')].map((frame) => frame.outerHTML),
        document.querySelector('.crumbs')?.textContent,
      ]);
    const first = await seen();
    expect(JSON.stringify(first)).toContain('"leaked","counts"');
    await page.keyboard.press('4');
    await settle(page);
    await page.goBack();
    await settle(page);
    expect(await seen()).toEqual(first);
    const again = await openPage(used.browser);
    await again.page.goto(used.server.address + link);
    await settle(again.page);
    page = again.page;
    expect(await seen()).toEqual(first);
    await page.context().close();
    expect(again.problems).toEqual([]);
  });

  test('takes keys: views, help, search, back', async () => {
    await show();
    for (const [index, view] of VIEWS.entries()) {
      await page.keyboard.press(String(index + 1));
      await settle(page);
      expect((await parametersOf(page))['view'] ?? 'overview').toBe(view);
      expect(await page.locator('.tabs [aria-current]').count()).toBe(1);
    }
    await page.keyboard.press('?');
    expect(await page.locator('dialog[open]').textContent()).toContain('Filters and searches');
    await page.keyboard.press('Escape');
    expect(await page.locator('dialog[open]').count()).toBe(0);
    await page.keyboard.press('2');
    await settle(page);
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-filter'))).toBe(true);
    await page.keyboard.type('3');
    expect((await parametersOf(page))['view']).toBe('timeline');
  });

  test.each([
    ['view=flame&filter=function:zzqqzz', 'Clear the filter'],
    ['view=flame&filter=(', 'Clear the filter'],
    ['view=tables&function=none%0Anone.py', 'Show all functions'],
    ['view=leaks&window=900%25..950%25', 'Clear the window'],
    ['view=flame&root=99999999', 'Zoom out'],
  ])('where ?%s shows nothing, one button helps: %s', async (query, title) => {
    await show(`?${query}`);
    const button = page.locator(`main .notice button:has-text("${title}")`).first();
    await button.click();
    await settle(page);
    expect(await page.locator('main .notice:visible').count()).toBe(0);
    // The refusals, as the browser tells them.
    used.problems.splice(0);
  });

  test('sorts, searches and scrolls tables, and opens a function', async () => {
    await show('?view=tables');
    const names = (): Promise<string[]> => page.locator('.grid-row .row-name').allTextContents();
    expect((await names())[0]).toBe('iterencode');
    await page.click('.sort-button:has-text("With callees")');
    await settle(page);
    expect((await names())[0]).toBe('<module>');
    expect(await page.locator('[aria-sort=descending]').textContent()).toContain('With callees');
    await page.evaluate(() => document.querySelector('.grid-body')!.scrollTo(0, 32 * 500));
    await page.locator('.grid-row:not(.pending)[aria-rowindex="502"]').waitFor();
    await expect.poll(() => page.locator('.grid-row.pending').count()).toBe(0);
    await page.keyboard.press('/');
    await page.keyboard.type('json');
    await expect
      .poll(() => page.locator('.grid-row .place').allTextContents())
      .toSatisfy((places: string[]) => places.length > 0 && places.every((place) => /json/i.test(place)));
    await settle(page);
    await page.click('.grid-row .row-name >> nth=0');
    await settle(page);
    expect((await parametersOf(page))['function']).toMatch(/\n.*json/);
    expect(await page.locator('.small-flame g').count()).toBeGreaterThan(3);
    expect(await page.locator('.source-box').textContent()).toContain('Source');
    const opened = (await parametersOf(page))['function'];
    const neighbour = page.locator('.small-flame [role=link]').first();
    await neighbour.hover();
    expect(await neighbour.locator('title').textContent()).toBe(
      (await neighbour.getAttribute('aria-description')) ?? (await neighbour.getAttribute('aria-label')),
    );
    await neighbour.focus();
    await page.keyboard.press('Enter');
    await settle(page);
    const other = (await parametersOf(page))['function'];
    expect(other).not.toBe(opened);
    await page.locator('.small-flame .can-open').first().click();
    await settle(page);
    expect((await parametersOf(page))['function']).not.toBe(other);
  });

  test.each(['owner', 'library', 'category'])('opens the flame graph of a row by %s', async (by) => {
    await show(`?view=tables&table=${by}`);
    await page.click('.grid-row .row-name >> nth=0');
    await settle(page);
    expect(await parametersOf(page)).toMatchObject({ view: 'flame', filter: expect.stringMatching(/^owner:"/) });
    expect(await page.locator('main .notice').count()).toBe(0);
  });

  test('lists leaks with the bytes that memray says', async () => {
    await show('?view=leaks');
    const leaked = oracle.leaked.reduce((sum, row) => sum + row[2], 0);
    expect(await page.locator('.tile-value').first().getAttribute('title')).toBe(
      `${leaked.toLocaleString('en')} bytes`,
    );
    const rows = await page.locator('tbody tr').count();
    expect(rows).toBeGreaterThan(10);
    expect(await page.locator('.sparkline-line').count()).toBe(rows);
    // One row for all that importing pandas left, whatever of it allocated.
    expect(await page.locator('tbody tr:has-text("what it imports")').count()).toBeGreaterThan(0);
  });

  test('switches runs, and says of an aggregated one what it cannot answer', async () => {
    await show('?view=flame&measure=leaked');
    await page.click('.run-name');
    expect(await page.locator('.menu tbody button').count()).toBe(3);
    await page.click('.menu button:has-text("mixed-agg")');
    await settle(page);
    expect((await parametersOf(page))['measure']).toBe('leaked');
    expect(await page.locator('g.frame').count()).toBeGreaterThan(3);
    await page.keyboard.press('1');
    await settle(page);
    expect(await page.locator('.tile-value.unknown').count()).toBe(2);
    expect(await page.locator('.limitations').textContent()).toContain('aggregated');
    for (const measure of ['total', 'temporary', 'objects']) {
      expect(await page.locator(`.scope-bar [value=${measure}]`).isDisabled()).toBe(true);
    }
    expect(await page.locator('.window-field').isDisabled()).toBe(true);
    await page.keyboard.press('2');
    await settle(page);
    expect(await page.locator('.timeline [value=library]').isDisabled()).toBe(true);
    expect(await page.locator('.jumps button').count()).toBe(0);
  });

  test('says of an aggregated capture that it does not know what leaks, and shows what is live at the end', async () => {
    await show();
    const [id] = await page.evaluate(async () =>
      ((await (await fetch('api/runs')).json()) as { id: string; name: string }[])
        .filter(({ name }) => name.startsWith('mixed-agg'))
        .map((run) => run.id),
    );
    await show(`?view=leaks&run=${id}`);
    const notice = page.locator('main .notice');
    expect(await notice.textContent()).toContain('This capture cannot answer that');
    expect(await notice.textContent()).not.toContain('memscope');
    expect(await page.locator('.leaks .tool-row input:enabled').count()).toBe(0);
    await notice.locator('button').click();
    await settle(page);
    expect(await parametersOf(page)).toMatchObject({ view: 'tables', measure: 'leaked', table: 'application' });
    expect(await page.locator('.grid-row').count()).toBeGreaterThan(3);
  });

  test('marks what is wrong in a filter while it is typed', async () => {
    await show('?view=tables');
    await page.fill('[data-filter]', 'numpy size>x');
    expect(await page.locator('.filter-trouble mark').textContent()).toBe('x');
    expect(await page.getAttribute('[data-filter]', 'aria-invalid')).toBe('true');
    await page.fill('[data-filter]', 'numpy');
    expect(await page.locator('.filter-trouble').textContent()).toBe('');
    await page.keyboard.press('Enter');
    await settle(page);
    expect((await parametersOf(page))['filter']).toBe('numpy');
  });

  test('keeps the theme that the reader chose', async () => {
    await show();
    await page.click('[aria-label="Light or dark"]');
    await page.click('.menu button:has-text("Dark")');
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await page.reload();
    await settle(page);
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
  });
});
