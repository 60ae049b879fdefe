/** Who looks for a leak in real Chromium: by visible words alone, and every number leads to the same number. */
import { pairCapture } from '@memscope/fixtures';
import type { Locator, Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';

import { isBuilt } from '../serving/serve-captures.js';
import { findOrInstallChromium, MISSING } from './chromium.js';
import { parametersOf, settle } from './open-page.js';
import { usePage } from './use-page.js';

const chromium = isBuilt() ? findOrInstallChromium() : null;
if (chromium === null)
  process.stderr.write(`${isBuilt() ? MISSING : 'not built: the tests in a browser are skipped'}\n`);

describe.skipIf(chromium === null)('leaks', () => {
  const used = usePage(chromium!, [pairCapture('leak-1'), 'mixed-v13']);
  let page: Page;
  beforeEach(() => {
    page = used.page;
  });

  const root = (): Locator => page.locator('.flame-chart g.frame text', { hasText: /^all/ }).first();
  const click = async (target: Locator): Promise<void> => {
    await target.click();
    await settle(page);
  };

  test('a newcomer finds the line by at most five clicks on words that are to be seen', async () => {
    await used.show();
    let clicks = 0;
    const clickWords = async (words: string | RegExp): Promise<void> => {
      clicks++;
      await click(page.locator('a:visible, button:visible', { hasText: words }).first());
    };
    expect(await page.locator('main').innerText()).toContain('grows');
    await clickWords('Leaks');
    await clickWords('still growing');
    expect(await page.locator('.leak-row').count()).toBe(1);
    await clickWords(/^handle$/);
    const detail = page.locator('.leak-detail');
    expect(await detail.isVisible()).toBe(true);
    const told = await detail.innerText();
    for (const words of ['service.py:25', '9.40 MiB', '159 allocations at 3 sites', 'worker', 'oldest']) {
      expect(told).toContain(words);
    }
    await clickWords('Flame graph of 9.40 MiB');
    expect(await root().textContent()).toContain('9.40 MiB');
    expect(clicks).toBeLessThanOrEqual(5);
  });

  test('a row of sites opens that site, and Escape and Back return to its row', async () => {
    await used.show('?view=tables&table=site&measure=leaked&filter=handle');
    const row = page.locator('.grid-row', { hasText: 'service.py' }).first();
    const bytes = (await row.locator('.number').first().textContent()) ?? '';
    await click(row.locator('.row-name'));
    expect((await parametersOf(page))['site']).toMatch(/^\d+$/);
    const shown = await page.locator('.tables').innerText();
    for (const words of [bytes, 'Line of the application', 'Born', 'Age at the end', 'Live over time', 'Stack of']) {
      expect(shown).toContain(words);
    }
    expect(await page.locator('.leak-stack .is-line').count()).toBe(1);
    await page.keyboard.press('Escape');
    await settle(page);
    expect(await row.locator('.row-name').evaluate((name) => name === document.activeElement)).toBe(true);
    await click(row.locator('.row-name'));
    await click(page.locator('button:visible', { hasText: 'Flame graph of its line' }));
    expect(await root().textContent()).toContain('MiB');
    await page.goBack();
    await settle(page);
    expect(await page.locator('.leak-detail').isVisible()).toBe(true);
  });

  test('a row’s bytes and count, and what a card holds, are the numbers of what a click on them shows', async () => {
    await used.show('?view=leaks&warmUp=5%25');
    for (const at of [0, 1]) {
      for (const [place, measure] of [
        ['bytes', 'MiB'],
        ['count', ''],
      ] as const) {
        const number = page.locator(`.leak-row >> nth=${at} >> .amount[data-key^="${place}"]`);
        const text = await number.textContent();
        expect(text).toContain(measure);
        await click(number);
        expect((await root().textContent())!.split(/ {2}/)[1]).toMatch(new RegExp(`^${text} `));
        await page.goBack();
        await settle(page);
      }
    }
    const cards = page.locator('button.tile');
    for (let at = 1; at < (await cards.count()); at++) {
      const [value, lines] = await Promise.all([
        cards.nth(at).locator('.tile-value').textContent(),
        cards.nth(at).locator('.tile-detail').textContent(),
      ]);
      await click(cards.nth(at));
      const found = await page.locator('.leaks .found').textContent();
      expect(lines).toContain(found!.split(' with ')[0]);
      expect(found).toContain(value);
    }
  });

  test('begin with the findings of the overview, which have the same links', async () => {
    const findings = (): Promise<string[]> =>
      page
        .locator('.finding', { hasText: 'grows' })
        .evaluateAll((items) =>
          items.map((item) => [...item.querySelectorAll('strong, button')].map((each) => each.textContent).join(' | ')),
        );
    await used.show();
    const told = await findings();
    expect(told).toEqual([expect.stringMatching(/grows.* \| Show these bytes \| Look at handle$/)]);
    await used.show('?view=leaks');
    expect(await findings()).toEqual(told);
    await click(page.locator('.finding button', { hasText: 'Show these bytes' }).first());
    expect(await page.locator('.tile-value').first().textContent()).toBe('9.40 MiB');
  });

  test('tell in a title what a cell shows a part of', async () => {
    await used.show('?view=leaks');
    const most = page.locator('.leak-row .innermost:not(:empty)').first();
    expect(await most.getAttribute('title')).toMatch(/ \S+:\d+$/);
    await used.show('?view=tables');
    expect(await page.locator('.grid-row .place').first().getAttribute('title')).toMatch(/ \S*\/\S+$/);
  });

  test('are ordered by any column, searched, and open again from an address', async () => {
    await used.show('?view=leaks&run=');
    const names = (): Promise<string[]> => page.locator('.leak-row th .link-button').allTextContents();
    const first = await names();
    expect(first[0]).toBe('handle');
    for (const head of await page.locator('.leak-table .sort-button').all()) {
      const key = await head.getAttribute('data-key');
      await click(page.locator(`[data-key="${key}"]`));
      // What was pressed keeps the keyboard.
      expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset['key'])).toBe(key);
      expect(await page.locator('th[aria-sort]').count()).toBe(1);
      expect((await names()).toSorted()).toEqual(first.toSorted());
    }
    await page.fill('.leaks .search', 'MODEL');
    await page.locator('.leaks .found:has-text("1 line with 16.0 MiB")').waitFor();
    await click(page.locator('.leak-row button[aria-expanded]'));
    await parametersOf(page);
    await page.reload();
    await settle(page);
    expect(await names()).toEqual(['model']);
    expect(await page.locator('.leak-detail').innerText()).toContain('service.py:29');
    await page.keyboard.press('Escape');
    await settle(page);
    expect(await page.locator('.leak-detail').count()).toBe(0);
  });
});
