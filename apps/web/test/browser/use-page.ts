/** A browser and a server for all tests of a file, and for each test a page of its own that must give no cause for complaint. */
import type { Run } from '@memscope/model';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';

import { serveCaptures, type ServedCaptures } from '../serving/serve-captures.js';
import { launchChromium } from './chromium.js';
import { openPage, settle, type OpenPage } from './open-page.js';

export interface PageInUse {
  readonly browser: Browser;
  readonly server: ServedCaptures;
  readonly page: Page;
  /** As of `OpenPage`; a test takes out what it expects. */
  readonly problems: string[];
  /** Opens the page at the query part of an address, and waits for it. */
  readonly show: (query?: string) => Promise<void>;
}

/** A run that is being read, a quarter of it so far. */
export const READING_RUN: Run = {
  id: 'one',
  name: 'capture.bin',
  state: 'reading',
  readBytes: 250,
  totalBytes: 1000,
  message: null,
  startMs: null,
  durationMs: null,
  durationIsLeast: false,
  peakBytes: null,
  commandLine: null,
  answers: null,
  parent: null,
};

/** To be called where tests are described; the browser is there when they run. `chromium` is its path. */
export function useBrowser(chromium: string): { readonly browser: Browser } {
  // A browser shares two cores with whatever else runs.
  vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });
  let browser: Browser;
  beforeAll(async () => void (browser = await launchChromium(chromium)));
  afterAll(() => browser?.close());
  return {
    get browser() {
      return browser;
    },
  };
}

/** To be called where tests are described; what it gives is there when they run. `chromium` is the browser's path. */
export function usePage(chromium: string, ...captures: Parameters<typeof serveCaptures>): PageInUse {
  const inUse = useBrowser(chromium);
  let server: ServedCaptures;
  let open: OpenPage;
  beforeAll(async () => void (server = await serveCaptures(...captures)));
  afterAll(() => server?.close());
  beforeEach(async () => void (open = await openPage(inUse.browser)));
  afterEach(async () => {
    await open.page.context().close();
    // oxlint-disable-next-line vitest/no-standalone-expect -- of every test alike
    expect(open.problems).toEqual([]);
  });
  return {
    get browser() {
      return inUse.browser;
    },
    get server() {
      return server;
    },
    get page() {
      return open.page;
    },
    get problems() {
      return open.problems;
    },
    show: async (query = '') => {
      await open.page.goto(server.address + query);
      await settle(open.page);
    },
  };
}
