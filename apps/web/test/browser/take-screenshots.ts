/**
 * `npm run screenshots -- FOLDER [ADDRESS [RUN]]`: each view in both themes and at a phone's width, as PNG files. Without an
 * address a bundled capture is shown.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { serveCaptures } from '../serving/serve-captures.js';
import { servePage } from '../serving/static-server.js';
import { findOrInstallChromium, launchChromium, MISSING } from './chromium.js';
import { settle } from './open-page.js';

const [folder, address, run = ''] = process.argv.slice(2);
const VIEWS = ['overview', 'timeline', 'flame', 'tables', 'leaks'] as const;
const SIZES = { wide: { width: 1280, height: 720 }, phone: { width: 360, height: 740 } } as const;

async function takeAll(into: string): Promise<void> {
  const path = findOrInstallChromium();
  if (path === null) throw new Error(MISSING);
  mkdirSync(into, { recursive: true });
  const server = address === undefined ? await serveCaptures(['pandas-v13']) : await servePage({ passTo: address });
  const browser = await launchChromium(path);
  try {
    for (const scheme of ['light', 'dark'] as const) {
      for (const [size, viewport] of Object.entries(SIZES)) {
        const page = await browser.newPage({ viewport, colorScheme: scheme });
        page.on('console', (message) => process.stderr.write(`${message.type()}: ${message.text()}\n`));
        page.on('pageerror', (error) => process.stderr.write(`${error.stack ?? error.message}\n`));
        for (const view of VIEWS) {
          await page.goto(`${server.address}?view=${view}${run === '' ? '' : `&run=${run}`}`);
          await settle(page);
          await page.screenshot({ path: join(into, `${view}-${scheme}-${size}.png`) });
        }
        await page.close();
      }
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

if (folder === undefined) {
  process.stderr.write('say which folder the pictures go to\n');
  process.exitCode = 2;
} else {
  await takeAll(folder);
}
