/**
 * Debian's Firefox, driven by puppeteer-core over WebDriver BiDi. `FIREFOX_PATH` names another one. It runs as it is shipped:
 * with its limit on how often a page may change its address, which other drivers take away.
 */
import { launch, type Browser } from 'puppeteer-core';

import { findOrInstallBrowser } from './find-browser.js';

/** As `findOrInstallBrowser`. */
export function findOrInstallFirefox(): string | null {
  return findOrInstallBrowser({
    variable: 'FIREFOX_PATH',
    places: ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
    package: 'firefox-esr',
  });
}

export const NO_FIREFOX =
  'no Firefox: the tests in it are skipped. Install it (Debian: apt-get install firefox-esr) or name one in FIREFOX_PATH.';

export function launchFirefox(executablePath: string): Promise<Browser> {
  return launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    // Root has no sandbox of its own in a container.
    env: { ...process.env, MOZ_DISABLE_CONTENT_SANDBOX: '1', MOZ_HEADLESS: '1' },
    extraPrefsFirefox: {
      'dom.navigation.navigationRateLimit.count': 200,
      'dom.navigation.navigationRateLimit.timespan': 10,
    },
    defaultViewport: { width: 1280, height: 720 },
  });
}
