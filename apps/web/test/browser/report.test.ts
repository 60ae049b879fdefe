/** The report: a file that shows what the page of a server shows, says what it cannot, and asks nobody anything. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { makeReport, type MadeReport } from '../serving/make-report.js';
import { isBuilt, serveCaptures, type ServedCaptures } from '../serving/serve-captures.js';
import { findOrInstallChromium, launchChromium } from './chromium.js';
import { openPage, settle, type OpenPage } from './open-page.js';

const chromium = isBuilt() ? findOrInstallChromium() : null;

const MARKUP = '</script><img src=x onerror=alert(1)>';
const LONG = 'z'.repeat(100_000);
const HOSTILE = `capture v13 command="python ${MARKUP}<!--<script>"
thread 1 "${MARKUP}"
push "${MARKUP}" "/x/${MARKUP}.py":3 entry
malloc 0x1000 9000000
push "</title><script>alert(2)</script>" "/x/\\u{202e}gpj.py":7 entry
malloc 0x2000000 5000000
push "${LONG}" "/x/${LONG}.py":2 entry
malloc 0x4000000 3000000
memory t=10 rss=30000000
memory t=20 rss=40000000
`;

describe.skipIf(chromium === null)('a report', () => {
  let browser: Browser;
  let server: ServedCaptures;
  let report: MadeReport;
  beforeAll(async () => {
    report = makeReport('mixed-v13');
    [browser, server] = await Promise.all([launchChromium(chromium!), serveCaptures(['mixed-v13'])]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    report?.close();
  });

  /** With every request that is not for the file itself among the problems. */
  async function openReport(options: Parameters<typeof openPage>[1] = {}): Promise<OpenPage> {
    const opened = await openPage(browser, options);
    opened.page.on('request', (request) => {
      if (!/^(?:file:.*\.report\.html|about:blank|blob:|data:)/.test(request.url())) {
        opened.problems.push(`request to ${request.url()}`);
      }
    });
    return opened;
  }

  async function show(page: Page, address: string): Promise<void> {
    await page.goto('about:blank');
    await page.goto(address);
    await settle(page);
  }

  const seen = (page: Page): Promise<string> =>
    page.evaluate(() => {
      const copy = document.querySelector('main')!.cloneNode(true) as HTMLElement;
      for (const words of copy.querySelectorAll('.fine-print')) words.remove();
      return copy.textContent;
    });

  test('shows the numbers that the server gives, in every view', async () => {
    const [fromFile, fromServer] = await Promise.all([openReport(), openPage(browser)]);
    for (const link of [
      'view=overview',
      'view=overview&measure=total&counts=1',
      'view=timeline',
      'view=timeline&bands=allocator',
      'view=flame',
      'view=flame&measure=total&inverted=1',
      'view=flame&measure=leaked&splitThreads=1&upwards=1',
      'view=flame&search=function%3Agrow',
      ...['function', 'site', 'module', 'thread', 'allocator'].map((by) => `view=tables&measure=temporary&table=${by}`),
      'view=tables&sort=name&descending=0&rows=a',
      'view=leaks',
      'view=leaks&warmUp=20%25',
      'view=overview&window=20%25..70%25',
      'view=timeline&bands=allocator&filter=size%3E%3D1KiB',
      'view=flame&window=20%25..70%25&filter=function%3Agrow',
      'view=flame&frames=all&splitThreads=1&mergeRecursion=1&transform=collapse%3Amixed.py',
      'view=flame&transform=hide%3Amain%0A%2Fshared%2Fmixed.py&transform=focus%3Agrow%0A%2Fshared%2Fmixed.py',
      'view=tables&measure=leaked&table=category&filter=-function%3Agrow',
    ]) {
      await show(fromFile.page, `${report.address}#${link}`);
      await fromServer.page.goto(`${server.address}?${link}`);
      await settle(fromServer.page);
      const text = await seen(fromFile.page);
      expect(text.length).toBeGreaterThan(40);
      expect([link, text]).toEqual([link, await seen(fromServer.page)]);
    }
    await fromFile.page.context().close();
    await fromServer.page.context().close();
    expect(fromFile.problems).toEqual([]);
  }, 120_000);

  test('zooms, goes back, opens a function, and keeps all of it in the fragment', async () => {
    const { page, problems } = await openReport({ colorScheme: 'dark' });
    await show(page, `${report.address}#view=flame`);
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    const before = await page.locator('g.frame').count();
    await page.locator('g.frame').nth(3).click();
    await settle(page);
    expect(new URL(page.url()).hash).toMatch(/root=\d+/);
    expect(await page.locator('.path-step').count()).toBeGreaterThan(1);
    await page.goBack();
    await settle(page);
    expect(await page.locator('g.frame').count()).toBe(before);
    await page.keyboard.press('4');
    await settle(page);
    await page.locator('.grid-row .link-button, .grid-row button').first().click();
    await settle(page);
    expect(await page.locator('.sandwich-amounts').innerText()).toMatch(/allocations, callees included/);
    expect(await page.locator('.source-box').innerText()).toContain('this report holds no source files');
    await page.context().close();
    expect(problems).toEqual([]);
  }, 60_000);

  test('shows first what it was made for, and takes other windows, filters and changes of the tree', async () => {
    const part = makeReport('mixed-v13', '--filter', 'function:grow', '--window', '10%..90%');
    const { page, problems } = await openReport();
    await show(page, part.address);
    expect(await page.locator('[data-filter]').inputValue()).toBe('function:grow');
    expect(await page.locator('.window-field').inputValue()).toBe('10%..90%');
    await page.keyboard.press('3');
    await settle(page);
    const filtered = await page.locator('g.frame').first().textContent();
    await page.locator('[data-filter]').fill('');
    await page.locator('[data-filter]').press('Enter');
    await settle(page);
    expect(await page.locator('g.frame').first().textContent()).not.toBe(filtered);
    await page.locator('g.frame').nth(3).click({ button: 'right' });
    await page.locator('.menu').getByText('Hide this function').click();
    await settle(page);
    expect(await page.locator('.crumb').count()).toBe(1);
    await page.reload();
    await settle(page);
    expect(await page.locator('.crumb').count()).toBe(1);
    expect(await page.locator('.window-field').inputValue()).toBe('10%..90%');
    expect(await page.locator('.held-note').isHidden()).toBe(true);
    await page.context().close();
    part.close();
    expect(problems).toEqual([]);
  }, 60_000);

  test('stops a pattern that would run for ever, says so with a button, and answers one that ends', async () => {
    const { page, problems } = await openReport();
    const found = (): Promise<string> => page.locator('main').innerText();
    await show(page, `${report.address}#view=tables&table=site&filter=${encodeURIComponent('/(.|.)+#/')}`);
    expect(await found()).toMatch(/That pattern took too long[^]*longer than 2 s/);
    await page.locator('.notice button', { hasText: 'Clear the filter' }).click();
    await settle(page);
    expect(await page.locator('.grid-row').count()).toBeGreaterThan(0);
    await show(page, `${report.address}#view=tables&table=site&filter=${encodeURIComponent('/^gr[o]w$/')}`);
    expect(await found()).toContain('grow');
    await page.context().close();
    expect(problems).toEqual([]);
  }, 60_000);

  test('shows hostile names as text, whatever they would end or begin', async () => {
    const hostile = makeReport({ text: HOSTILE });
    const { page, problems } = await openReport();
    for (const view of ['overview', 'timeline', 'flame', 'tables', 'tables&table=site', 'leaks']) {
      await show(page, `${hostile.address}#view=${view}`);
      expect([view, await page.locator('img, script:not([type=module])').count()]).toEqual([view, 0]);
      expect(await page.evaluate(() => /\p{Cf}/u.test(document.body.textContent))).toBe(false);
    }
    await show(page, `${hostile.address}#view=flame`);
    expect((await page.locator('g.frame').allTextContents()).join('\n')).toContain(MARKUP);
    await page.context().close();
    hostile.close();
    expect(problems).toEqual([]);
  }, 60_000);

  test('of many long names that do not compress has at most 10 MB, and says what it folded', async () => {
    // 3,000 functions with 6 MB of names and files.
    let state = 1;
    const random = (): string => {
      let text = '';
      for (let at = 0; at < 500; at++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        text += String.fromCharCode(97 + ((state >>> 8) % 26), 65 + ((state >>> 16) % 26));
      }
      return text;
    };
    const lines = ['capture v13 command="python app.py"', 'thread 1 "main"'];
    for (let at = 0; at < 3000; at++) {
      lines.push(`push "${random()}" "/x/${random()}.py":${at + 1} entry`);
      lines.push(`malloc 0x${(0x1000000 + at * 0x10000).toString(16)} ${10_000 + (at % 7)}`, 'pop');
    }
    const report = makeReport({ text: [...lines, 'memory t=10 rss=90000000', ''].join('\n') });
    expect(report.bytes).toBeGreaterThan(1_000_000);
    expect(report.bytes).toBeLessThanOrEqual(10_000_000);
    const { page, problems } = await openReport();
    await show(page, `${report.address}#view=flame`);
    expect(await page.locator('g.frame').first().textContent()).toContain('28.6 MiB');
    expect(await page.locator('.held-note').isHidden()).toBe(true);
    // Asked of the profile, which holds some of the sites, with all that they allocated together.
    await show(page, `${report.address}#view=tables&table=thread&filter=size%3E%3D1`);
    expect(await page.locator('.held-note').innerText()).toMatch(
      /This report holds [\d,]+ of 3,000 allocation sites as they were recorded, at least .*%/,
    );
    expect(await page.locator('main').innerText()).toContain('28.6 MiB');
    await page.context().close();
    report.close();
    expect(problems).toEqual([]);
  }, 120_000);
});
