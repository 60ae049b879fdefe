/** A page of the browser that remembers whatever a page should never do, and waits for what it has asked. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export interface OpenPage {
  readonly page: Page;
  /** Console errors, exceptions, policy violations, dialogs and requests to elsewhere. */
  readonly problems: string[];
}

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, colorScheme: 'light', ...options });
  page.setDefaultTimeout(20_000);
  const problems: string[] = [];
  let origin: string | null = null;
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`exception: ${error.stack ?? error.message}`));
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = request.url();
    if (url.startsWith('blob:')) return;
    origin ??= new URL(url).origin;
    if (new URL(url).origin !== origin) problems.push(`request to ${url}`);
  });
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) =>
      // eslint-disable-next-line no-console -- that is how it gets out of the page
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  return { page, problems };
}

/** Until nothing is being asked any more and what came is drawn; not `waitForFunction`, which the policy forbids. */
export async function settle(page: Page): Promise<void> {
  for (let quiet = 0, tries = 0; quiet < 3; tries++) {
    if (tries > 1200) throw new Error('the page never comes to rest');
    await page.waitForTimeout(25);
    const isQuiet = await page.evaluate(
      () =>
        document.querySelector('main > .view') !== null &&
        document.querySelector('[aria-busy=true], .notice.loading') === null,
    );
    quiet = isQuiet ? quiet + 1 : 0;
  }
}

/** The address follows what is no step of its own with a delay. */
const ADDRESS_DELAY_MS = 400;

/** The query part of its address, decoded. */
export async function parametersOf(page: Page): Promise<Record<string, string>> {
  await page.waitForTimeout(ADDRESS_DELAY_MS);
  return Object.fromEntries(new URLSearchParams(await page.evaluate(() => location.search)));
}
