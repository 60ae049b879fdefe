/**
 * Debian's Chromium, driven by playwright-core. `CHROMIUM_PATH` names another one. Where there is none, and the test runs as root with
 * apt, it is installed; else the tests say what to install and are skipped.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
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
export function findChromium(): string | null {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') return existsSync(named) ? named : null;
  return PLACES.find((path) => existsSync(path)) ?? null;
}

/** Tries to install it where that is possible without asking anybody; null where it is still not there. */
export function findOrInstallChromium(): string | null {
  const found = findChromium();
  if (found !== null || process.env['CHROMIUM_PATH']) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const options = {
      stdio: 'ignore',
      timeout: 240_000,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    } as const;
    spawnSync('apt-get', ['update', '-q'], options);
    spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], options);
  }
  return findChromium();
}

export const MISSING =
  'no Chromium: the tests in a browser are skipped. Install it (Debian: apt-get install chromium) or name one in CHROMIUM_PATH.';

export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: OPTIONS });
}
