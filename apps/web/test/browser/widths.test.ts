/** On a phone, on a wide screen, and in the system's own colours: what is shown is on the first screen, and keeps its meaning. */
import { describe, expect, test } from 'vitest';

import { isBuilt } from '../serving/serve-captures.js';
import { findOrInstallChromium, MISSING } from './chromium.js';
import { settle } from './open-page.js';
import { usePage } from './use-page.js';

const chromium = isBuilt() ? findOrInstallChromium() : null;
if (chromium === null) process.stderr.write(`${MISSING}\n`);

const VIEWS = ['overview', 'timeline', 'flame', 'tables', 'leaks'] as const;
/** What each view is looked at for. */
const PICTURES: Readonly<Partial<Record<(typeof VIEWS)[number], string>>> = {
  timeline: '.time-chart',
  flame: '.flame-chart',
  tables: '.grid-row',
};

describe.skipIf(chromium === null)('a page', () => {
  const used = usePage(chromium!, ['pandas-v13', 'mixed-v13']);
  const idsOf = async (...names: readonly string[]): Promise<string[]> => {
    const runs = (await (await fetch(`${used.server.address}api/runs`)).json()) as { id: string; name: string }[];
    return names.map((name) => runs.find((run) => run.name.startsWith(name))!.id);
  };

  test.each([
    [320, 780],
    [1280, 720],
  ])(
    'of %i pixels shows pictures on its first screen and numbers without scrolling sideways',
    async (width, height) => {
      const { page } = used;
      await page.setViewportSize({ width, height });
      const [own, other] = await idsOf('pandas', 'mixed');
      await used.show(`?view=overview&run=${own}&base=${other}`);
      for (const cell of await page.locator('main td.number:visible').all()) {
        const { x, width: wide } = (await cell.boundingBox())!;
        expect(x + wide).toBeLessThanOrEqual(width);
      }
      for (const view of VIEWS) {
        await used.show(`?view=${view}&run=${own}`);
        const widest = await page.evaluate(() => document.scrollingElement!.scrollWidth);
        expect([view, widest]).toEqual([view, width]);
        const picture = PICTURES[view];
        if (picture !== undefined) {
          const { y } = (await page.locator(picture).first().boundingBox())!;
          // Room for six frames or rows, or the greater part of a chart.
          expect(y).toBeLessThan(0.58 * height);
        }
        const numbers = page.locator('main :is(td, [role=cell]).number:visible');
        for (let at = 0; at < Math.min(4, await numbers.count()); at++) {
          const box = (await numbers.nth(at).boundingBox())!;
          expect([view, at, box.x + box.width <= width]).toEqual([view, at, true]);
        }
        if (view === 'tables' || view === 'leaks') expect(await numbers.count()).toBeGreaterThan(0);
      }
    },
  );

  test('never scrolls sideways, in any view of one run or two, from the width of a phone up', async () => {
    const { page } = used;
    const [own, other] = await idsOf('pandas', 'mixed');
    const sticksOut: unknown[] = [];
    for (const sides of [`run=${own}`, `run=${own}&base=${other}`]) {
      for (const view of sides.includes('base') ? VIEWS : [...VIEWS, 'tables&table=site&site=3']) {
        await page.setViewportSize({ width: 1280, height: 780 });
        await used.show(`?view=${view}&${sides}`);
        for (const width of [1024, 768, 320]) {
          await page.setViewportSize({ width, height: 780 });
          await settle(page);
          const widest = await page.evaluate(() => document.scrollingElement!.scrollWidth);
          if (widest > width) sticksOut.push([view, sides.includes('base'), width, widest]);
        }
      }
    }
    expect(sticksOut).toEqual([]);
  });

  test('cuts no table off and breaks no word of its totals at the widths of a phone, a tablet and a desk', async () => {
    const { page } = used;
    const [own, other] = await idsOf('pandas', 'mixed');
    const cut: unknown[] = [];
    for (const view of ['overview', 'tables', 'leaks']) {
      for (const sides of [`run=${own}`, `run=${own}&base=${other}`]) {
        for (const width of [320, 768, 1024, 1280]) {
          await page.setViewportSize({ width, height: 780 });
          await used.show(`?view=${view}&${sides}`);
          const boxes = await page
            .locator('.table-scroll')
            .evaluateAll((all) => all.map((each) => [each.scrollWidth, each.clientWidth] as const));
          for (const [wide, room] of boxes)
            if (wide > room) cut.push([view, sides.includes('base'), width, wide, room]);
        }
      }
    }
    expect(cut).toEqual([]);
    await page.setViewportSize({ width: 320, height: 780 });
    await used.show(`?view=overview&run=${own}&base=${other}`);
    const heights = await page
      .locator('.totals th[scope=row] .link-button')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().height));
    for (const height of heights) expect(height).toBeLessThan(24);
    const units = await page
      .locator('.tile-value')
      .evaluateAll((all) => all.map((each) => each.getClientRects().length));
    for (const rows of units) expect(rows).toBe(1);
  });

  test('of 360 pixels tells the chosen frame in lines, and keeps its tools in one row above the tabs', async () => {
    const { page } = used;
    await page.setViewportSize({ width: 360, height: 740 });
    await used.show('?view=flame');
    await page.locator('.flame-chart').focus();
    for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowDown');
    const word = page.locator('.frame-panel th').first();
    expect((await word.boundingBox())!.height).toBeLessThan(24);
    const icons = await page
      .locator('.top-bar > :is(.run-name, .icon-button)')
      .evaluateAll((all) => all.map((each) => Math.round(each.getBoundingClientRect().top)));
    expect(new Set(icons).size).toBe(1);
    const measures = page.locator('.scope-bar > [aria-label=Measure]');
    expect(await measures.locator('label:visible').allInnerTexts()).toEqual([
      'Peak',
      'Live at end',
      'Total',
      'Temporary',
    ]);
    await used.show('?view=leaks');
    expect(await measures.isVisible()).toBe(false);
    await page.setViewportSize({ width: 1280, height: 720 });
  });

  test('keeps its tabs and tools where they are when another view or a window is chosen', async () => {
    const { page } = used;
    const [own] = await idsOf('pandas');
    await page.setViewportSize({ width: 1280, height: 720 });
    const places = (): Promise<readonly (readonly number[])[]> =>
      page.locator('.tabs a:visible, .scope-bar .filter, .scope-bar summary').evaluateAll((all) =>
        all.map((each) => {
          const { x, y, width } = each.getBoundingClientRect();
          return [x, y, width];
        }),
      );
    const seen: unknown[] = [];
    for (const query of [
      '?view=flame',
      '?view=tables',
      '?view=flame&window=10%25..50%25',
      '?view=flame&measure=leaked',
    ]) {
      await used.show(`${query}&run=${own}`);
      seen.push(await places());
    }
    for (const each of seen) expect(each).toEqual(seen[0]);
  });

  test('with more contrast has edges around what is told by colour, and marks what is chosen by more than a shade', async () => {
    const { page } = used;
    const styleOf = (selector: string, name: string): Promise<string> =>
      page.evaluate(
        ([each, property]) => getComputedStyle(document.querySelector(each!)!).getPropertyValue(property!),
        [selector, name],
      );
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ contrast: 'more', colorScheme });
      await used.show('?view=overview');
      const text = await styleOf('body', 'color');
      for (const selector of ['main .swatch', 'main .segment', 'main .bar-fill']) {
        expect([selector, await styleOf(selector, 'outline-style'), await styleOf(selector, 'outline-color')]).toEqual([
          selector,
          'solid',
          text,
        ]);
      }
      expect([colorScheme, await styleOf('main .quiet', 'color')]).toEqual([colorScheme, text]);
      expect(await styleOf('.tabs [aria-current]', 'border-bottom-width')).toBe('4px');
      expect(await styleOf('.segmented input:checked + span', 'outline-style')).toBe('solid');
      await page.locator('.overview [data-legend]').first().click();
      expect(await styleOf('[data-legend][aria-pressed=true]', 'outline-style')).toBe('solid');
      await used.show('?view=flame');
      await page.locator('.flame-chart').focus();
      await page.keyboard.press('ArrowDown');
      expect(Number.parseFloat(await styleOf('rect.selected, rect.pointed', 'stroke-width'))).toBeGreaterThanOrEqual(2);
    }
    await page.emulateMedia({ contrast: 'no-preference', colorScheme: 'light' });
  });

  test('in the colours of the system keeps swatches and bars, and says in words whose frames are', async () => {
    const { page } = used;
    await page.emulateMedia({ forcedColors: 'active' });
    await used.show('?view=overview');
    const colours = await page.evaluate(() =>
      ['.swatch', '.bar-fill', '.segment'].map(
        (name) => getComputedStyle(document.querySelector(`main ${name}`)!).backgroundColor,
      ),
    );
    const canvas = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    for (const colour of colours) expect([canvas, 'rgba(0, 0, 0, 0)']).not.toContain(colour);
    const edge = (name: string): Promise<string> =>
      page.evaluate((each) => getComputedStyle(document.querySelector(each)!).borderBottomWidth, name);
    expect(await edge('.tabs [aria-current]')).not.toBe(await edge('.tabs a:not([aria-current])'));
    await used.show('?view=flame');
    expect(await page.locator('.legend').innerText()).toMatch(/Pa package/);
    expect((await page.locator('g.frame').allTextContents()).join('\n')).toMatch(/Pa import pandas/);
    await page.emulateMedia({ forcedColors: 'none' });
    await used.show('?view=flame');
    expect((await page.locator('g.frame').allTextContents()).join('\n')).not.toMatch(/Pa import/);
  });
});
