/** The page and the report in Firefox as it is shipped: the ways that people take most, its limit on addresses, and paper. */
import { inflateSync } from 'node:zlib';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { makeReport, type MadeReport } from '../serving/make-report.js';
import { isBuilt, serveCaptures, type ServedCaptures } from '../serving/serve-captures.js';
import { findOrInstallFirefox, launchFirefox, NO_FIREFOX } from './firefox.js';

const firefox = isBuilt() ? findOrInstallFirefox() : null;
if (firefox === null) process.stderr.write(`${NO_FIREFOX}\n`);

const VIEWS = ['overview', 'timeline', 'flame', 'tables', 'leaks'] as const;

const MOST_PAGES = { overview: 3, timeline: 1, flame: 1, tables: 6, leaks: 1 } as const;

/** What is drawn on each page of a PDF: the operators of its content, unpacked. Objects may stand in streams of their own. */
function pagesOf(pdf: Buffer): string[] {
  const text = pdf.toString('latin1');
  const streams = [...text.matchAll(/stream\r?\n/g)].flatMap(({ index, 0: start }) => {
    if (text.slice(index - 3, index) === 'end') return [];
    const from = index + start.length;
    try {
      return [inflateSync(pdf.subarray(from, text.indexOf('endstream', from))).toString('latin1')];
    } catch {
      // A font or a picture that is packed in another way.
      return [];
    }
  });
  const pages = [text, ...streams].join('\n').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
  const drawn = streams.filter((content) => /\b(?:cm|re)\b/.test(content) && /\b(?:q|Q)\b/.test(content));
  return drawn.slice(0, pages);
}

describe.skipIf(firefox === null)('in Firefox', () => {
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
  let browser: Browser;
  let server: ServedCaptures;
  let report: MadeReport;
  let page: Page;
  let problems: string[];
  beforeAll(async () => {
    report = makeReport('mixed-v13');
    [browser, server] = await Promise.all([launchFirefox(firefox!), serveCaptures(['pandas-v13'])]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    report?.close();
  });
  beforeEach(async () => {
    problems = [];
    page = await browser.newPage();
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
  });
  afterEach(async () => {
    await page.close();
    // oxlint-disable-next-line vitest/no-standalone-expect -- of every test alike
    expect(problems).toEqual([]);
  });

  /** Until nothing is being asked any more, and `more` is so too. */
  async function settle(more: string = 'true'): Promise<void> {
    const quiet = `document.querySelector('main > .view') !== null && document.querySelector('[aria-busy=true], .notice.loading') === null && (${more})`;
    for (let calm = 0; calm < 3;) {
      calm = (await page.evaluate(quiet)) === true ? calm + 1 : 0;
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 25)));
    }
  }
  async function show(address: string): Promise<void> {
    await page.goto(address);
    await settle();
  }
  const count = (selector: string): Promise<number> =>
    page.evaluate((each) => document.querySelectorAll(each).length, selector);

  test('every view is drawn; a frame is zoomed into, searched and left by Back', async () => {
    for (const view of VIEWS) {
      await show(`${server.address}?view=${view}`);
      expect([view, await count('main > .view'), await count('.notice.error')]).toEqual([view, 1, 0]);
    }
    await show(`${server.address}?view=flame`);
    expect(await count('g.frame')).toBeGreaterThan(3);
    await (await page.$$('g.frame'))[2]!.click();
    await settle("document.querySelector('.path-step') !== null");
    await page.goBack();
    await settle("document.querySelector('.path-step') === null");
    await page.focus('[data-search]');
    await page.keyboard.type('function:task');
    await settle("/matched/.test(document.querySelector('.found').textContent)");
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('5');
    await settle("document.querySelector('main > .view').ariaLabel === 'Leaks'");
    expect(await page.evaluate(() => document.activeElement!.id)).toBe('main');
  });

  test('nothing is lost where the address may not change as fast as the page', async () => {
    await show(`${server.address}?view=timeline`);
    const isRefused = await page.evaluate(() => {
      try {
        for (let at = 0; at < 400; at++) history.replaceState(history.state, '', location.href);
        return false;
      } catch {
        return true;
      }
    });
    expect(isRefused).toBe(true);
    await page.keyboard.press('3');
    await settle("document.querySelector('main > .view').ariaLabel === 'Flame graph'");
    for (let level = 0; level < 3; level++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await settle("document.querySelector('.path-step') !== null");
    // The address comes after, as soon as it may.
    await settle("location.search === document.documentElement.dataset.state && location.search.includes('root=')");
    await page.reload();
    await settle("document.querySelector('.path-step') !== null");
    // Firefox itself says it of each refusal, whoever catches it.
    problems = problems.filter((problem) => !/Too many calls to Location or History APIs/.test(problem));
  });

  test('a report answers by itself, and keeps what was chosen in its fragment', async () => {
    await show(`${report.address}#view=flame&filter=function%3Agrow`);
    expect(await page.evaluate(() => document.querySelector('main')!.textContent)).toContain('filtered');
    await page.keyboard.press('5');
    await settle("document.querySelector('main > .view').ariaLabel === 'Leaks'");
    expect(await page.evaluate(() => location.hash)).toContain('view=leaks');
  });

  test.each(VIEWS)('%s is printed whole, on no page more than it needs', async (view) => {
    await show(`${server.address}?view=${view}`);
    const drawn = pagesOf(Buffer.from(await page.pdf({ format: 'A4' })));
    expect(drawn.length).toBeGreaterThan(0);
    expect(drawn.length).toBeLessThanOrEqual(MOST_PAGES[view]);
    // Operators that write, fill or place a picture.
    for (const content of drawn) expect(content).toMatch(/\bT[jJ]\b|\bf\b|\bDo\b/);
  });
});
