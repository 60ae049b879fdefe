/**
 * No rule of axe-core is broken in any view, in either theme, on a wide screen and on a phone; of a run, of two that are
 * compared, and of what opens over a view. One browser walks through all of it.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type AxeCore from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';

import { isBuilt } from '../serving/serve-captures.js';
import { findOrInstallChromium, MISSING } from './chromium.js';
import { settle } from './open-page.js';
import { usePage } from './use-page.js';

const chromium = isBuilt() ? findOrInstallChromium() : null;
if (chromium === null) process.stderr.write(`${MISSING}\n`);

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Rule, then the elements that break it; empty where none does. */
async function broken(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof AxeCore };
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.slice(0, 4).map(({ html, any, all, none }) => {
        const why = [...any, ...all, ...none].map(({ message }) => message).join('; ');
        return `${id}: ${html.slice(0, 160)} – ${why.slice(0, 300)}`;
      }),
    );
  });
}

describe.skipIf(chromium === null)('no rule of axe is broken', () => {
  const use = usePage(chromium!, ['mixed-v13', 'pandas-v13'], {}, ['mixed-v13', 'pandas-v13']);

  async function expectClean(
    query: string,
    then: (page: Page) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    await use.show(query);
    await then(use.page);
    expect([query, await broken(use.page)]).toEqual([query, []]);
  }

  test.each(['light', 'dark'] as const)('in any view, in the %s theme', async (colorScheme) => {
    const { page } = use;
    await page.emulateMedia({ colorScheme });
    for (const view of ['overview', 'timeline', 'flame', 'tables', 'leaks']) await expectClean(`?view=${view}`);
    await expectClean('?view=flame', async () => {
      await page.locator('g.frame').nth(2).click();
      await settle(page);
    });
    await expectClean('?view=flame&search=a&window=10%25..60%25&filter=size%3E%3D1');
    await expectClean('?view=tables&table=site', async () => {
      await page.locator('.grid-row .row-name').first().click();
      await settle(page);
    });
    await expectClean('?view=tables', async () => {
      await page.locator('.grid-row .link-button, .grid-row button').first().click();
      await settle(page);
    });
    await expectClean('?view=overview', (page) => page.locator('.run-name').click());
    await expectClean('?view=flame&filter=module%3Anowhere');
    await expectClean('?view=history');
    const { runs } = {
      runs: await page.evaluate(async () => (await (await fetch('api/runs')).json()) as { id: string }[]),
    };
    const sides = `run=${runs[0]!.id}&base=${runs[1]!.id}`;
    for (const view of ['overview', 'timeline', 'flame', 'tables', 'leaks'])
      await expectClean(`?view=${view}&${sides}`);
    await page.setViewportSize({ width: 390, height: 780 });
    for (const view of ['overview', 'flame', 'leaks']) await expectClean(`?view=${view}`);
    await page.keyboard.press('?');
    expect(await broken(page)).toEqual([]);
  });
});
