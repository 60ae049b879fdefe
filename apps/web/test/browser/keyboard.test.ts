/** Keys alone, from the start to the leaking line and back: the keyboard is always where the view went. */
import { pairCapture } from '@memscope/fixtures';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';

import { isBuilt } from '../serving/serve-captures.js';
import { findOrInstallChromium, MISSING } from './chromium.js';
import { settle } from './open-page.js';
import { usePage } from './use-page.js';

const chromium = isBuilt() ? findOrInstallChromium() : null;
if (chromium === null) process.stderr.write(`${MISSING}\n`);

/** Stops of the Tab key that may lie between one thing and the next that is looked for. */
const MOST_TABS = 25;

describe.skipIf(chromium === null)('the keyboard alone', () => {
  const used = usePage(chromium!, [pairCapture('leak-1')]);
  let page: Page;
  beforeEach(() => {
    page = used.page;
  });

  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
    await settle(page);
  };
  /** What has the focus: its words, or what it is. */
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const at = document.activeElement!;
      return at.getAttribute('aria-label') ?? (at.id || at.tagName === 'BODY' ? at.tagName : at.textContent);
    });
  const tabTo = async (words: RegExp): Promise<void> => {
    for (let tabs = 0; tabs < MOST_TABS; tabs++) {
      await page.keyboard.press('Tab');
      if (words.test(await focused())) return;
    }
    throw new Error(`no ${String(words)} within ${MOST_TABS} stops`);
  };
  const viewOf = (): Promise<string> => page.evaluate(() => document.querySelector('main > .view')!.ariaLabel!);
  const spoken = (): Promise<string> =>
    page.evaluate(() => document.querySelector('.visually-hidden[aria-live=polite]')!.textContent);

  test('leads to the leaking line, and Escape returns step by step to where it came from', async () => {
    await used.show();
    await press('5');
    expect([await viewOf(), await focused(), await spoken()]).toEqual(['Leaks', 'MAIN', 'Leaks view']);
    await tabTo(/still growing/);
    await press('Enter');
    expect(await focused()).toMatch(/still growing/);
    await tabTo(/handle/);
    await press('Enter');
    expect(await page.locator('.leak-detail').innerText()).toContain('service.py:25');
    await tabTo(/Flame graph of/);
    await press('Enter');
    expect([await viewOf(), await focused()]).toEqual(['Flame graph', 'MAIN']);
    await tabTo(/^Flame graph\./);
    await press('ArrowDown', 'ArrowDown', 'Enter');
    expect(await page.locator('.path-step').count()).toBeGreaterThan(1);
    await press('Escape');
    expect([await viewOf(), await page.locator('.path-step').count()]).toEqual(['Flame graph', 0]);
    await press('Escape');
    expect([await viewOf(), await focused()]).toEqual(['Leaks', expect.stringMatching(/Flame graph of/)]);
    expect(await page.locator('.leak-detail').isVisible()).toBe(true);
  });

  test('returns with Back to what it was on, and opens a function and leaves it again', async () => {
    await used.show('?view=tables');
    await page.locator('main').focus();
    await tabTo(/^handle/);
    await press('Enter');
    expect(await focused()).not.toBe('BODY');
    expect(await page.locator('.sandwich-amounts').count()).toBe(1);
    await press('Escape');
    expect([await viewOf(), await focused()]).toEqual(['Tables', expect.stringMatching(/^handle/)]);
    await press('Enter', '1');
    await page.goBack();
    await page.goBack();
    await settle(page);
    expect([await viewOf(), await focused()]).toEqual(['Tables', expect.stringMatching(/^handle/)]);
  });

  test('zooms in on a frame, which the next keys are still for', async () => {
    await used.show('?view=flame');
    await page.locator('.flame-stage').focus();
    await press('ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter');
    expect(await page.locator('.path-step').count()).toBeGreaterThan(0);
    await press('s');
    expect(await viewOf()).toBe('Tables');
    expect(await page.locator('.sandwich-amounts').count()).toBe(1);
  });

  test('reaches every frame that is drawn by arrows, and keys that move nothing are the page’s', async () => {
    await used.show('?view=flame&frames=all');
    const drawn = await page.locator('.flame-chart g.frame').count();
    await page.locator('.flame-stage').focus();
    await press('ArrowDown');
    const places = new Set<string>();
    const selected = (): Promise<string> =>
      page.evaluate(() => {
        const { x, y, width } = document.querySelector('rect.selected')!.getBoundingClientRect();
        return [x, y, width].map(Math.round).join(' ');
      });
    // Each level from its left end to its right one.
    for (let level = 0; level < 60; level++) {
      for (let before = ''; before !== (await selected());) {
        before = await selected();
        await page.keyboard.press('ArrowLeft');
      }
      for (let before = ''; before !== (await selected());) {
        places.add((before = await selected()));
        await page.keyboard.press('ArrowRight');
      }
      const left = await selected();
      await page.keyboard.press('ArrowDown');
      if (left === (await selected())) break;
    }
    expect(places.size).toBeGreaterThan(3);
    const isTaken = (key: string): Promise<boolean> =>
      page.evaluate((name) => {
        const event = new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true });
        document.activeElement!.dispatchEvent(event);
        return event.defaultPrevented;
      }, key);
    for (const key of ['PageDown', 'Home', ' ', 'Tab']) expect([key, await isTaken(key)]).toEqual([key, false]);
    expect(drawn).toBeGreaterThan(3);
  });
});
