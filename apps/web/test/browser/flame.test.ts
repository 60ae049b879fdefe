/** The flame graph of a real capture: zooming, transforms, search. */
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';

import { isBuilt } from '../serving/serve-captures.js';
import { findOrInstallChromium } from './chromium.js';
import { parametersOf, settle } from './open-page.js';
import { usePage } from './use-page.js';

const chromium = isBuilt() ? findOrInstallChromium() : null;

describe.skipIf(chromium === null)('the flame graph', () => {
  const used = usePage(chromium!, ['pandas-v13']);
  const { show } = used;
  let page: Page;
  beforeEach(() => {
    page = used.page;
  });

  test('says that what is shown is old while something else is on its way, and moves nothing', async () => {
    await show('?view=flame');
    const note = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.querySelector('main')!, '::after').content);
    const place = (): Promise<unknown> =>
      page.evaluate(() => document.querySelector('.flame-chart')!.getBoundingClientRect().toJSON() as unknown);
    const [before, quiet] = [await place(), await note()];
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/flame**', async (route) => {
      await answered;
      await route.continue();
    });
    await page.click('[value=leaves]');
    await page.locator('.view.flame[aria-busy=true]').waitFor();
    expect([quiet, await note(), await place()]).toEqual(['none', '"Loading what was asked for…"', before]);
    answer();
    await settle(page);
    expect(await note()).toBe('none');
  });

  test('zooms the flame graph with a click, and back with the browser', async () => {
    await show('?view=flame&frames=all');
    const frame = page.locator('g.frame', { hasText: 'pandas_etl.py:6' });
    await frame.click();
    await settle(page);
    const { root } = await parametersOf(page);
    expect(root).toMatch(/^\d+$/);
    expect(await page.locator('.path-step').last().textContent()).toBe('<module>');
    const deepest = await page.locator('g.frame').count();
    expect(deepest).toBeGreaterThan(20);
    await page.goBack();
    await settle(page);
    expect((await parametersOf(page))['root']).toBeUndefined();
    await page.goForward();
    await settle(page);
    expect(await parametersOf(page)).toEqual({ view: 'flame', frames: 'all', root });
  });

  test('shows the program, with an import of a library as one frame that a click or a search opens; r shows all', async () => {
    await show('?view=flame');
    const frames = page.locator('g.frame');
    expect((await frames.allTextContents()).join('\n')).not.toMatch(/memray|runpy|importlib|pandas\.core/);
    await frames.filter({ hasText: 'import pandas' }).click();
    await settle(page);
    expect(await frames.filter({ hasText: 'import pandas.core.api' }).count()).toBe(1);
    await show('?view=flame&search=function:read_csv+or+file:core/frame.py');
    expect(await frames.filter({ hasText: 'import pandas.core.frame' }).count()).toBe(1);
    await page.keyboard.press('r');
    await settle(page);
    expect(await page.locator('.all-frames').getAttribute('aria-pressed')).toBe('true');
    expect((await frames.allTextContents()).join('\n')).toContain('_find_and_load');
  });

  test('shows the chosen frame without hovering: what it holds, who calls it, its curve, and what can be done', async () => {
    await show('?view=flame');
    const frames = page.locator('g.frame');
    expect(await frames.first().textContent()).toMatch(/^all {2}[\d.]+ MiB live at the peak$/);
    expect(await frames.filter({ hasText: 'import pandas' }).textContent()).toMatch(
      /^import pandas {2}[\d.]+ MiB [\d.]+%$/,
    );
    await frames.filter({ hasText: 'import pandas' }).click();
    await settle(page);
    const panel = page.locator('.frame-panel');
    expect(await panel.locator('.facts-name').textContent()).toBe('import pandas');
    expect(await panel.textContent()).toContain('Called by');
    await panel.locator('.sparkline path').first().waitFor();
    await panel.locator('.frame-caller', { hasText: 'pandas_etl.py:6' }).click();
    expect(await panel.locator('.facts-name').textContent()).toBe('<module>');
    await panel.locator('button', { hasText: 'Filter to it' }).click();
    await settle(page);
    expect((await parametersOf(page))['filter']).toMatch(/^line:"?[^"]*pandas_etl\.py:6"?$/);
    expect(await panel.isVisible()).toBe(false);
  });

  test('draws each frame below its caller, with a label where there is room, the same after zooming and coming back', async () => {
    await show('?view=flame&frames=all');
    const boxes = (): Promise<{ x: number; y: number; width: number; label: string }[]> =>
      page.locator('g.frame').evaluateAll((frames) =>
        frames.map((frame) => {
          const { x, y, width } = frame.querySelector('rect')!.getBoundingClientRect();
          return { x, y, width, label: frame.querySelector('text')?.textContent ?? '' };
        }),
      );
    const drawn = await boxes();
    const rowAbove = new Map<number, typeof drawn>();
    for (const box of drawn) rowAbove.set(box.y, [...(rowAbove.get(box.y) ?? []), box]);
    const top = Math.min(...rowAbove.keys());
    expect(rowAbove.get(top)).toHaveLength(1);
    expect(rowAbove.size).toBeGreaterThan(10);
    for (const { x, y, width, label } of drawn) {
      if (width > 60) expect(label).not.toBe('');
      if (y === top) continue;
      const callers = rowAbove.get(y - 20) ?? [];
      expect(callers.some((caller) => caller.x <= x + 0.1 && x + width <= caller.x + caller.width + 0.1)).toBe(true);
    }
    for (const row of rowAbove.values()) {
      const ordered = row.toSorted((a, b) => a.x - b.x);
      for (const [at, box] of ordered.entries()) {
        if (at > 0) expect(box.x).toBeGreaterThan(ordered[at - 1]!.x + ordered[at - 1]!.width - 0.1);
      }
    }
    await page.locator('g.frame', { hasText: 'pandas_etl.py:6' }).click();
    await settle(page);
    expect(await boxes()).not.toEqual(drawn);
    await page.goBack();
    await settle(page);
    expect(await boxes()).toEqual(drawn);
  });

  test('transforms the flame graph with keys and its menu, each a crumb that can be undone', async () => {
    await show('?view=flame&frames=all');
    const whole = await page.locator('g.frame').count();
    await page.focus('.flame-stage');
    for (let step = 0; step < 8; step++) await page.keyboard.press('ArrowDown');
    const selected = await page.locator('.selected-facts .facts-name').textContent();
    await page.keyboard.press('f');
    await settle(page);
    expect(await page.locator('.crumb').allTextContents()).toEqual([
      expect.stringContaining(`only through ${selected}`),
    ]);
    const focused = await page.locator('g.frame').count();
    expect(focused).not.toBe(whole);
    await page.locator('g.frame', { hasText: 'api.py:47' }).first().click({ button: 'right' });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await settle(page);
    expect(await page.locator('.crumb').count()).toBe(2);
    expect(new URLSearchParams(await page.evaluate(() => location.search)).getAll('transform')).toEqual([
      expect.stringMatching(/^focus:/),
      expect.stringMatching(/^hide:/),
    ]);
    await page.click('.crumb:first-child button');
    await settle(page);
    expect(await page.locator('.crumb').allTextContents()).toEqual([expect.stringContaining('without')]);
    await page.keyboard.press('Escape');
    await settle(page);
    expect(await page.locator('g.frame').count()).toBe(whole);
  });

  test('steps through what a search has found, the heaviest first, and says which of how many it is', async () => {
    await show('?view=flame&frames=all&search=function:_find_and_load');
    const place = page.locator('.match-place');
    const [, total] = /^(\d+) frames?$/.exec((await place.textContent())!) ?? [];
    expect(Number(total)).toBeGreaterThan(1);
    await page.keyboard.press('n');
    expect(await place.textContent()).toBe(`1 of ${total} frames`);
    const facts = page.locator('.selected-facts .facts-name');
    expect(await facts.textContent()).toBe('_find_and_load');
    expect(await page.locator('.flame-chart .selected').count()).toBe(1);
    await page.keyboard.press('N');
    expect(await place.textContent()).toBe(`${total} of ${total} frames`);
    await page.click('[aria-label^="Next match"]');
    expect(await place.textContent()).toBe(`1 of ${total} frames`);
    await page.focus('.search');
    await page.keyboard.press('Enter');
    expect(await place.textContent()).toBe(`2 of ${total} frames`);
    await page.keyboard.press('Shift+Enter');
    expect(await place.textContent()).toBe(`1 of ${total} frames`);
    const isInView = await page
      .locator('.flame-chart .selected')
      .evaluate((outline) => outline.getBoundingClientRect().bottom <= innerHeight);
    expect(isInView).toBe(true);
    await show('?view=flame&search=function:no_such_function');
    expect(await place.textContent()).toBe('');
    expect(await page.locator('.match-step:visible').count()).toBe(0);
  });

  test('searches the flame graph in the filter language, and says how much matches', async () => {
    await show('?view=flame');
    await page.keyboard.press('/');
    await page.keyboard.type('module:pandas');
    await page.waitForURL((url) => url.searchParams.get('search') === 'module:pandas');
    await settle(page);
    const found = await page.locator('.tools .found').getAttribute('title');
    await page.goto(`${used.server.address}?view=tables&table=thread&filter=module:pandas`);
    await settle(page);
    const row = await page.locator('.grid-row .number:nth-child(2) span').first().getAttribute('title');
    expect(found).toMatch(new RegExp(`^${row} bytes`));
    await show('?view=flame&search=module:(');
    expect(await page.locator('.tools .found.is-wrong').textContent()).toContain('module:');
    // The browser itself says that the server refused.
    expect(used.problems.splice(0)).toEqual([expect.stringContaining('400')]);
  });

  test('a legend shows the frames of one owner, or pales those of another, and links restore it', async () => {
    await show('?view=flame&frames=all');
    const fills = (): Promise<readonly string[]> =>
      page.locator('g.frame rect').evaluateAll((rects) => rects.map((rect) => rect.getAttribute('fill')!));
    const before = await fills();
    const entry = page.locator('.flame .legend [data-legend]').first();
    const name = (await entry.getAttribute('data-legend'))!;
    await entry.click();
    await settle(page);
    const alone = await fills();
    expect(alone).not.toEqual(before);
    expect((await parametersOf(page))['owners']).toBe(`=${name}`);
    await page.reload();
    await settle(page);
    expect(await fills()).toEqual(alone);
    await page.click('.flame .legend button:has-text("Show all")');
    await settle(page);
    expect(await fills()).toEqual(before);
  });

  test.each(['overview', 'flame', 'tables', 'leaks'])(
    'offers the name that was meant where nothing passes: %s',
    async (view) => {
      await show(`?view=${view}&filter=module:panads`);
      const offered = page.locator('[data-suggestion]');
      expect(await offered.textContent()).toBe('module:pandas');
      await offered.click();
      await settle(page);
      expect(new URL(page.url()).searchParams.get('filter')).toBe('module:pandas');
      expect(await page.locator('[data-suggestion]').count()).toBe(0);
    },
  );
});
