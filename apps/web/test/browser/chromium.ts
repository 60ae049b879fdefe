/** Debian's Chromium, driven by playwright-core. `CHROMIUM_PATH` names another one. */
import { chromium, type Browser } from 'playwright-core';

import { findBrowser, findOrInstallBrowser, type WantedBrowser } from './find-browser.js';

const WANTED: WantedBrowser = {
  variable: 'CHROMIUM_PATH',
  places: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  package: 'chromium',
};
const OPTIONS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Null where there is none. */
export const findChromium = (): string | null => findBrowser(WANTED);

/** As `findOrInstallBrowser`. */
export const findOrInstallChromium = (): string | null => findOrInstallBrowser(WANTED);

export const MISSING =
  'no Chromium: the tests in a browser are skipped. Install it (Debian: apt-get install chromium) or name one in CHROMIUM_PATH.';

export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: OPTIONS });
}
