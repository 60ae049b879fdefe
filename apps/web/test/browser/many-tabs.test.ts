/** Many pages of one server: a browser opens six connections to it, and no page may hold one for good. */
import type { Run } from '@memscope/model';
import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, test, vi } from 'vitest';

import { isBuilt } from '../serving/serve-captures.js';
import { servePage } from '../serving/static-server.js';
import { findOrInstallChromium } from './chromium.js';
import { READING_RUN, useBrowser } from './use-page.js';

const chromium = isBuilt() ? findOrInstallChromium() : null;

interface Streams {
  readonly address: string;
  /** Open ones. */
  readonly count: () => number;
  readonly most: () => number;
  readonly send: (run: Run) => void;
  readonly close: () => Promise<void>;
}

async function serveStreams(): Promise<Streams> {
  const open = new Set<(run: Run) => void>();
  let most = 0;
  let now = READING_RUN;
  const server = await servePage(({ pathname }, response) => {
    if (pathname === '/api/runs') return void response.end(JSON.stringify([now]));
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    const tell = (told: Run | readonly Run[]): void => void response.write(`data: ${JSON.stringify(told)}\n\n`);
    tell([now]);
    open.add(tell);
    most = Math.max(most, open.size);
    response.once('close', () => open.delete(tell));
  });
  return {
    address: server.address,
    count: () => open.size,
    most: () => most,
    send: (run) => {
      now = run;
      for (const tell of open) tell(run);
    },
    close: () => server.close(),
  };
}

const progress = (page: Page, text: string): Promise<void> => page.locator(`main >> text=${text}`).waitFor();

describe.skipIf(chromium === null)('pages of one browser', () => {
  const inUse = useBrowser(chromium!);
  let context: BrowserContext;
  let streams: Streams;

  async function openTabs(number: number): Promise<Page[]> {
    streams = await serveStreams();
    context = await inUse.browser.newContext();
    const pages: Page[] = [];
    for (let i = 0; i < number; i++) {
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      await page.goto(streams.address);
      await progress(page, '25.0%');
      pages.push(page);
    }
    return pages;
  }

  async function close(): Promise<void> {
    await context.close();
    await streams.close();
  }

  test('share one stream, of which all of them hear', async () => {
    const pages = await openTabs(9);
    streams.send({ ...READING_RUN, readBytes: 500 });
    await Promise.all(pages.map((page) => progress(page, '50.0%')));
    expect([streams.count(), streams.most()]).toEqual([1, 1]);
    await close();
  });

  test('go on when the one that has the stream is closed', async () => {
    const [first, ...others] = await openTabs(3);
    await first!.close();
    await vi.waitFor(() => expect(streams.count()).toBe(1), 10_000);
    streams.send({ ...READING_RUN, readBytes: 750 });
    await Promise.all(others.map((page) => progress(page, '75.0%')));
    await close();
  });

  test('hold no stream for an address that was left, however many were opened in one tab', async () => {
    const [page] = await openTabs(1);
    for (let i = 0; i < 9; i++) {
      await page!.goto(`${streams.address}?view=flame&search=${i}`);
      await progress(page!, '25.0%');
    }
    await vi.waitFor(() => expect(streams.count()).toBe(1), 10_000);
    for (let i = 0; i < 4; i++) await page!.goBack();
    streams.send({ ...READING_RUN, readBytes: 500 });
    await progress(page!, '50.0%');
    await vi.waitFor(() => expect(streams.count()).toBe(1), 10_000);
    await close();
  });

  test('hold none while they are hidden, and hear what they missed when they are seen again', async () => {
    const [page] = await openTabs(1);
    const look = (state: string): Promise<void> =>
      page!.evaluate((value) => {
        Object.defineProperty(document, 'visibilityState', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await look('hidden');
    await vi.waitFor(() => expect(streams.count()).toBe(0), 10_000);
    streams.send({ ...READING_RUN, readBytes: 500 });
    await look('visible');
    await progress(page!, '50.0%');
    await close();
  });
});
