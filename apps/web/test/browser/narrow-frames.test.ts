/** Frames that are too narrow for a label are shapes of a path, and behave like every other frame. */
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';

import { isBuilt } from '../serving/serve-captures.js';
import { findOrInstallChromium } from './chromium.js';
import { parametersOf, settle } from './open-page.js';
import { usePage } from './use-page.js';

const chromium = isBuilt() ? findOrInstallChromium() : null;

interface Shape {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

describe.skipIf(chromium === null)('a frame that is too narrow for a label', () => {
  const used = usePage(chromium!, ['pandas-v13']);
  const { show } = used;
  let page: Page;
  beforeEach(() => {
    page = used.page;
  });

  const narrowShapes = (): Promise<Shape[]> => shapesIn('.flame-chart');

  async function shapesIn(drawing: string): Promise<Shape[]> {
    const paths = await page
      .locator(`${drawing} >> path`)
      .evaluateAll((each) => each.map((one) => one.getAttribute('d') ?? ''));
    return Array.from(paths.join('').matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)v19h-\3z/g), ([, ...numbers]) => {
      const [x = 0, y = 0, width = 0] = numbers.map(Number);
      return { x, y, width };
    });
  }

  /** In the middle of one of those that a hand can hit, within the window. */
  async function pointAtNarrow(): Promise<Shape & { readonly at: readonly [number, number] }> {
    const stage = (await page.locator('.flame-chart').boundingBox())!;
    const shape = (await narrowShapes()).find(({ y, width }) => width > 6 && y > 40 && stage.y + y < 650)!;
    const at = [stage.x + shape.x + shape.width / 2, stage.y + shape.y + 10] as const;
    await page.mouse.move(...at);
    return { ...shape, at };
  }

  const outline = (kind: string): Promise<number[]> =>
    page
      .locator(`.flame-chart .${kind}`)
      .evaluate((box) => ['x', 'y', 'width'].map((name) => Number(box.getAttribute(name))));

  test('is drawn below its caller, narrower than a label, beside the labelled ones', async () => {
    await show('?view=flame&frames=all');
    const narrow = await narrowShapes();
    expect(narrow.length).toBeGreaterThan(100);
    const wide = await page.locator('g.frame rect').evaluateAll((each) =>
      each.map((one) => {
        const { x, y, width } = one.getBoundingClientRect();
        const chart = document.querySelector('.flame-chart')!.getBoundingClientRect();
        return { x: x - chart.x, y: y - chart.y, width };
      }),
    );
    const all = [...wide, ...narrow.map(({ x, y, width }) => ({ x, y, width: width + 1 }))];
    for (const { x, y, width } of all) {
      const callers = all.filter((one) => y === 0 || Math.abs(one.y - (y - 20)) < 0.1);
      expect(callers.some((one) => one.x <= x + 0.6 && x + width <= one.x + one.width + 0.6)).toBe(true);
    }
    for (const { width } of narrow) expect(width).toBeLessThan(35);
  });

  test('is named and outlined where the pointer is over it', async () => {
    await show('?view=flame&frames=all');
    const { x, y, width } = await pointAtNarrow();
    expect(await page.locator('.tooltip:visible .facts-name').count()).toBe(1);
    const [left, top, across] = await outline('pointed');
    expect([left, top]).toEqual([expect.closeTo(x, 1), y]);
    expect(across! - 1).toBeCloseTo(width, 1);
    await page.mouse.move(2, 2);
    expect(await page.locator('.flame-chart .pointed').count()).toBe(0);
  });

  test('is what a click zooms into', async () => {
    await show('?view=flame&frames=all');
    const { at } = await pointAtNarrow();
    const name = await page.locator('.tooltip .facts-name').textContent();
    await page.mouse.click(...at);
    await settle(page);
    expect((await parametersOf(page))['root']).toMatch(/^\d+$/);
    expect(await page.locator('.path-step').last().textContent()).toBe(name);
  });

  test('opens its menu, is selected by it, and arrows go on from there', async () => {
    await show('?view=flame&frames=all');
    const { x, at } = await pointAtNarrow();
    await page.mouse.click(...at, { button: 'right' });
    expect(await page.locator('.menu button').count()).toBeGreaterThan(3);
    expect((await outline('selected'))[0]).toBeCloseTo(x, 1);
    await page.keyboard.press('Escape');
    await page.focus('.flame-stage');
    await page.keyboard.press('ArrowUp');
    expect(await page.locator('.selected-facts .facts-name').count()).toBe(1);
    expect((await outline('selected'))[2]).toBeGreaterThan(1);
    await page.keyboard.press('f');
    await settle(page);
    expect(await page.locator('.crumb').count()).toBe(1);
  });

  test('turns pale when a search does not match it', async () => {
    await show('?view=flame&frames=all');
    const fills = (): Promise<(string | null)[]> =>
      page.locator('.flame-chart path').evaluateAll((each) => each.map((one) => one.getAttribute('fill')));
    const before = await fills();
    const shapes = await narrowShapes();
    await show('?view=flame&frames=all&search=nothing-has-this-name');
    const pale = await fills();
    expect(before.length).toBeGreaterThan(2);
    expect(pale.some((fill) => before.includes(fill))).toBe(false);
    await show('?view=flame&frames=all&search=module:pandas');
    const mixed = await fills();
    expect(mixed.some((fill) => before.includes(fill)) && mixed.some((fill) => pale.includes(fill))).toBe(true);
    expect(await narrowShapes()).toHaveLength(shapes.length);
  });

  test('opens its own callers and callees in those of another function', async () => {
    await show(
      `?view=tables&frames=all&function=${encodeURIComponent('_find_and_load\n<frozen importlib._bootstrap>')}`,
    );
    const flame = page.locator('.small-flame').last();
    const { x, y, width } = (await shapesIn('.small-flame >> nth=-1')).find((one) => one.width > 6 && one.y > 40)!;
    const at = { x: x + width / 2, y: y + 10 };
    await flame.hover({ position: at });
    expect(Number(await flame.locator('.pointed').getAttribute('x'))).toBeCloseTo(x, 1);
    const name = (await flame.locator('path title').first().textContent())!.split('\n')[0];
    await flame.click({ position: at });
    await settle(page);
    expect((await parametersOf(page))['function']?.split('\n')[0]).toBe(name);
  });

  test('is in the saved SVG, as each frame that is shown', async () => {
    await show('?view=flame&frames=all');
    const shown = (await narrowShapes()).length + (await page.locator('g.frame').count());
    await page.click('[aria-label="Save what is shown"]');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('.menu button:has-text("SVG")')]);
    const parts: Buffer[] = [];
    for await (const part of await download.createReadStream()) parts.push(part as Buffer);
    expect(
      Buffer.concat(parts)
        .toString()
        .match(/<title>/g),
    ).toHaveLength(shown);
  });
});
