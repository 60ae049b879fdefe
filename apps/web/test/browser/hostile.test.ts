/** Names from strangers are text everywhere: on the page, in tooltips and menus, in what is saved. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { isBuilt, serveCaptures, type ServedCaptures } from '../serving/serve-captures.js';
import { findOrInstallChromium, launchChromium } from './chromium.js';
import { openPage, settle } from './open-page.js';

// A browser shares two cores with whatever else runs.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

const chromium = isBuilt() ? findOrInstallChromium() : null;

/** In the capture language (fixtures/README.md). */
const MARKUP = '<img src=x onerror=alert(1)>';
const BIDI = '\\u{202e}gpj.exe\\u{2066}';
const LONG = 'z'.repeat(100_000);
const CAPTURE = `capture v13 command="python ${MARKUP} ${BIDI}"
thread 1 "${MARKUP}"
push "${MARKUP}" "/x/${MARKUP}.py":3 entry
malloc 0x1000 9000000
push "f${BIDI}" "/x/${BIDI}\\n.py":7 entry
malloc 0x2000000 5000000
push "=cmd()" "/site-packages/${MARKUP}/=a.py":1 entry
malloc 0x3000000 4000000
push "${LONG}" "/x/${LONG}.py":2 entry
malloc 0x4000000 3000000
push "\\e[2J\\x07\\0\\"'&" "/x/\\xff\\xfe.py":2 entry
malloc 0x5000000 2000000
memory t=10 rss=30000000
memory t=20 rss=40000000
`;

describe.skipIf(chromium === null)('hostile names', () => {
  let browser: Browser;
  let server: ServedCaptures;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(chromium!), serveCaptures([], { hostile: CAPTURE })]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  test('are shown as text by every view, and nothing acts', async () => {
    const { page, problems } = await openPage(browser);
    const name = encodeURIComponent('<img src=x onerror=alert(1)>\n/x/<img src=x onerror=alert(1)>.py');
    const links = [
      'overview',
      'timeline',
      'timeline&bands=thread',
      'flame',
      'flame&inverted=1',
      'leaks',
      ...['function', 'site', 'module', 'thread'].map((by) => `tables&table=${by}`),
      `tables&function=${name}`,
      `flame&transform=focus%3A${name}`,
    ];
    for (const link of links) {
      await page.goto(`${server.address}?view=${link}`);
      await settle(page);
      const seen = await page.evaluate(() => ({
        images: document.querySelectorAll('img, script:not([src])').length,
        hidden: /[^\P{Cc}\n]|\p{Cf}/u.test(document.body.textContent),
        title: document.title,
        isTooWide: document.scrollingElement!.scrollWidth > innerWidth,
        characters: document.body.textContent.length,
      }));
      expect([link, seen]).toEqual([
        link,
        {
          images: 0,
          hidden: false,
          title: 'hostile.bin – memscope',
          isTooWide: false,
          characters: expect.any(Number) as number,
        },
      ]);
      expect(seen.characters).toBeLessThan(30_000);
    }
    await page.goto(`${server.address}?view=flame`);
    await settle(page);
    const names = await page.locator('g.frame').evaluateAll((each) => each.map((one) => one.textContent));
    expect(names.join('\n')).toContain('<img src=x onerror=alert(1)>');
    expect(names.join('\n')).toContain('f\\u{202e}gpj.exe');
    expect(names.join('\n')).toMatch(/^z{5,}…  [\d.]+ MiB/m);
    for (const frame of await page.locator('g.frame').all()) {
      await frame.hover();
      await frame.click({ button: 'right' });
      await page.keyboard.press('Escape');
    }
    await page.context().close();
    expect(problems).toEqual([]);
  });

  test('are escaped in what is saved, and no cell is a formula', async () => {
    const { page, problems } = await openPage(browser);
    await page.goto(`${server.address}?view=flame`);
    await settle(page);
    const save = async (kind: string): Promise<string> => {
      await page.click('[aria-label="Save what is shown"]');
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.click(`.menu button:has-text("${kind}")`),
      ]);
      const parts: Buffer[] = [];
      for await (const part of await download.createReadStream()) parts.push(part as Buffer);
      return Buffer.concat(parts).toString('utf8');
    };
    const svg = await save('SVG');
    expect(svg).not.toMatch(/<img|<script|\son\w+=(?!alert)|[^\P{Cc}\n]|\p{Cf}/u);
    expect(svg).toContain('&lt;img src=x onerror=alert(1)&gt;');
    const reader = await browser.newPage();
    const read = await reader.evaluate((text) => {
      const document = new DOMParser().parseFromString(text, 'image/svg+xml');
      return {
        broken: document.querySelector('parsererror') !== null,
        texts: document.querySelectorAll('text').length,
      };
    }, svg);
    await reader.context().close();
    expect(read).toEqual({ broken: false, texts: expect.any(Number) as number });
    expect(read.texts).toBeGreaterThan(4);
    const csv = await save('CSV');
    expect(csv).toContain("'=cmd()");
    expect(csv).not.toMatch(/(^|,)"?[=+@]|[^\P{Cc}\n]|\p{Cf}/mu);
    await page.context().close();
    expect(problems).toEqual([]);
  });
});
