/** A browser and a server for all tests of a file, and for each test a page of its own that must give no cause for complaint. */
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

/** To be called where tests are described; what it gives is there when they run. `chromium` is the browser's path. */
export function usePage(chromium: string, captures: Parameters<typeof serveCaptures>[0]): PageInUse {
  // A browser shares two cores with whatever else runs.
  vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });
  let browser: Browser;
  let server: ServedCaptures;
  let open: OpenPage;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(chromium), serveCaptures(captures)]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  beforeEach(async () => {
    open = await openPage(browser);
  });
  afterEach(async () => {
    await open.page.context().close();
    // oxlint-disable-next-line vitest/no-standalone-expect -- of every test alike
    expect(open.problems).toEqual([]);
  });
  return {
    get browser() {
      return browser;
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
