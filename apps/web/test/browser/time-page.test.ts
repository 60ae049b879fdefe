/** The timeline and windows of time in real Chromium, over the real server and a real capture. */
import { findCapture, readOracle } from '@memscope/fixtures';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import { isBuilt } from '../serving/serve-captures.js';
import { findOrInstallChromium } from './chromium.js';
import { parametersOf, settle } from './open-page.js';
import { usePage } from './use-page.js';

const chromium = isBuilt() ? findOrInstallChromium() : null;

describe.skipIf(chromium === null)('over time, the page', () => {
  const used = usePage(chromium!, ['pandas-v13']);
  const { show } = used;
  let page: Page;
  const oracle = readOracle(findCapture('pandas-v13').path);
  beforeEach(() => {
    page = used.page;
  });

  test('draws the timeline with its bands', async () => {
    await show('?view=timeline');
    const colours = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.time-chart canvas')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const counts = new Map<string, number>();
      for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] !== 255) continue;
        const key = [data[at], data[at + 1], data[at + 2]].join();
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      return [...counts.values()].filter((count) => count > 300).length;
    });
    expect(colours).toBeGreaterThanOrEqual(4);
    expect(await page.locator('.band-legend li').count()).toBeGreaterThan(4);
    expect(await page.locator('.time-chart canvas').first().getAttribute('aria-label')).toContain('37.3 MiB');
  });

  test.each(['category', 'owner', 'application', 'module', 'thread', 'allocator'])('has bands by %s', async (by) => {
    await show(`?view=timeline&bands=${by}`);
    expect(await page.locator('.bands-trouble').textContent()).toBe('');
    expect(await page.locator('.band-legend li').count()).toBeGreaterThan(2);
  });

  test('a legend shows a band alone, hides it, and filters by it; RSS has a place of its own or none', async () => {
    await show('?view=timeline');
    const pixels = (): Promise<string> =>
      page.evaluate(() => document.querySelector<HTMLCanvasElement>('.time-chart canvas')!.toDataURL());
    const legend = page.locator('.band-legend');
    const names = await legend.locator('[data-legend]').allTextContents();
    expect(names.length).toBeGreaterThan(3);
    const drawings = new Set([await pixels()]);
    const first = legend.locator('[data-legend]').first();
    const name = (await first.getAttribute('data-legend'))!;
    await first.click();
    drawings.add(await pixels());
    expect(await first.getAttribute('aria-pressed')).toBe('true');
    expect(await legend.textContent()).toContain('all of the heap');
    expect((await parametersOf(page))['band']).toBe(`=${name}`);
    await legend.locator('button:has-text("Show all")').click();
    await first.click({ modifiers: ['Shift'] });
    drawings.add(await pixels());
    expect((await parametersOf(page))['band']).toBe(`-${name}`);
    await legend.locator('button:has-text("Show all")').click();
    for (const [choice, words] of [
      ['One scale', 'RSS'],
      ['Off', ''],
    ] as const) {
      await page.click(`.timeline .segmented label:has-text("${choice}")`);
      await settle(page);
      drawings.add(await pixels());
      expect((await legend.textContent())!.includes('RSS')).toBe(words !== '');
    }
    // By the keyboard as by a right click.
    await first.focus();
    await page.keyboard.press('Shift+F10');
    await page.click('.menu button:has-text("Filter to this")');
    await settle(page);
    drawings.add(await pixels());
    expect((await parametersOf(page))['filter']).toBe(`owner:"${name}"`);
    expect(await legend.textContent()).toContain('all of the heap');
    expect(await legend.locator('[data-legend]').count()).toBe(1);
    expect(drawings.size).toBe(6);
  });

  /** Drags over the timeline; returns the ticks of the window. */
  async function brush(from: number, to: number): Promise<readonly [number, number]> {
    const box = (await page.locator('.time-chart').boundingBox())!;
    const at = (share: number): number => box.x + 72 + share * (box.width - 84);
    await page.mouse.move(at(from), box.y + 100);
    await page.mouse.down();
    await page.mouse.move(at((from + to) / 2), box.y + 110);
    await page.mouse.move(at(to), box.y + 120);
    await page.mouse.up();
    await settle(page);
    const { window = '' } = await parametersOf(page);
    const match = /^#(\d+)\.\.#(\d+)$/.exec(window);
    if (match === null) throw new Error(`the window is ${window}`);
    return [Number(match[1]), Number(match[2])];
  }

  test('brushes a window, and every other view then shows what memray says of it', async () => {
    await show('?view=timeline&measure=leaked');
    const [from, to] = await brush(0.3, 0.6);
    expect(from).toBeGreaterThan(5);
    expect(to).toBeGreaterThan(from + 5);
    // Allocated in the window and not freed before its end.
    let expected = 0;
    for (const [, , , intervals] of oracle.temporal_leaks!) {
      for (const [born, died, , bytes] of intervals) {
        if (born >= from && born <= to && (died === null || died > to)) expected += bytes;
      }
    }
    await page.keyboard.press('4');
    await settle(page);
    await page.click('label:has-text("Allocators")');
    await settle(page);
    const rows = await page
      .locator('.grid-row .number:nth-child(2) span')
      .evaluateAll((each) => each.map((one) => one.getAttribute('title') ?? ''));
    const shown = rows.reduce((sum, text) => sum + Number(text.replaceAll(',', '')), 0);
    expect(shown).toBe(expected);
    await page.keyboard.press('Escape');
    await settle(page);
    expect((await parametersOf(page))['window']).toBeUndefined();
  });

  test('zooms the timeline with the wheel, jumps to the peak, and goes back', async () => {
    await show('?view=timeline');
    const box = (await page.locator('.time-chart').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + 100);
    await page.mouse.wheel(0, -300);
    await settle(page);
    expect((await parametersOf(page))['visible']).toMatch(/^\d+-\d+$/);
    await page.mouse.move(box.x + box.width / 2 + 20, box.y + 120);
    expect(await page.locator('.tooltip:visible').textContent()).toMatch(/tick \d+.*RSS.*heap/);
    await page.keyboard.press('Escape');
    await settle(page);
    expect((await parametersOf(page))['visible']).toBeUndefined();
    await page.click('button:has-text("peak heap")');
    await settle(page);
    expect((await parametersOf(page))['window']).toBe('#78');
  });

  test('draws on where the browser refuses to change the address, which follows once it does not', async () => {
    await page.addInitScript(() => {
      const replaceState = history.replaceState.bind(history);
      const refuse = (): never => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      };
      History.prototype.replaceState = refuse;
      History.prototype.pushState = refuse;
      addEventListener('allow', () => (History.prototype.replaceState = replaceState));
    });
    await show('?view=timeline');
    const canvas = page.locator('.time-chart canvas').first();
    const drawn = (): Promise<string> => canvas.evaluate((each) => (each as HTMLCanvasElement).toDataURL());
    const pictures = [await drawn()];
    const box = (await page.locator('.time-chart').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + 100);
    for (let notch = 0; notch < 3; notch++) {
      await page.mouse.wheel(0, -200);
      await settle(page);
      pictures.push(await drawn());
    }
    expect(new Set(pictures).size).toBe(4);
    await page.keyboard.press('3');
    await settle(page);
    expect(await page.locator('g.frame').count()).toBeGreaterThan(10);
    expect((await parametersOf(page))['view']).toBe('timeline');
    await page.evaluate(() => dispatchEvent(new Event('allow')));
    await vi.waitFor(async () => expect((await parametersOf(page))['view']).toBe('flame'), 20_000);
  });

  test('walks the timeline with arrows, and says what is there', async () => {
    await show('?view=timeline');
    await page.focus('.time-chart');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.visually-hidden[aria-live]').textContent()).toMatch(/tick 1, RSS .*, heap /);
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await settle(page);
    expect((await parametersOf(page))['window']).toBe('#2..#3');
  });
});
