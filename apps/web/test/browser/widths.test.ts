/** On a phone, on a wide screen, and in the system's own colours: what is shown is on the first screen, and keeps its meaning. */
import { describe, expect, test } from 'vitest';

import { isBuilt } from '../serving/serve-captures.js';
import { findOrInstallChromium, MISSING } from './chromium.js';
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

  test.each([
    [320, 780],
    [390, 780],
    [1280, 720],
  ])(
    'of %i pixels shows pictures on its first screen and numbers without scrolling sideways',
    async (width, height) => {
      const { page } = used;
      await page.setViewportSize({ width, height });
      const runs = (await (await fetch(`${used.server.address}api/runs`)).json()) as { id: string; name: string }[];
      const idOf = (name: string): string => runs.find((run) => run.name.startsWith(name))!.id;
      await used.show(`?view=overview&run=${idOf('pandas')}&base=${idOf('mixed')}`);
      for (const cell of await page.locator('main td.number:visible').all()) {
        const { x, width: wide } = (await cell.boundingBox())!;
        expect(x + wide).toBeLessThanOrEqual(width);
      }
      for (const view of VIEWS) {
        await used.show(`?view=${view}&run=${idOf('pandas')}`);
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
