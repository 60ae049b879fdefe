/**
 * `npm run screenshots -- FOLDER [ADDRESS [RUN]]`: each view in both themes and at three widths, as PNG files. Without an
 * address bundled captures are shown, one and two that are compared. Pictures that lie in the folder from before are
 * compared with the new ones: which differ is listed, and shown in `FOLDER/changed`; none of that is a failure.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

import { serveCaptures } from '../serving/serve-captures.js';
import { servePage } from '../serving/static-server.js';
import { findOrInstallChromium, launchChromium, MISSING } from './chromium.js';
import { comparePictures } from './compare-pictures.js';
import { settle } from './open-page.js';

const [folder, address, run = ''] = process.argv.slice(2);
const VIEWS = ['overview', 'timeline', 'flame', 'tables', 'leaks'] as const;
const SIZES = {
  wide: { width: 1280, height: 720 },
  tablet: { width: 768, height: 1024 },
  phone: { width: 390, height: 780 },
} as const;

async function takeAll(into: string): Promise<void> {
  const path = findOrInstallChromium();
  if (path === null) throw new Error(MISSING);
  mkdirSync(into, { recursive: true });
  rmSync(join(into, 'changed'), { recursive: true, force: true });
  const server =
    address === undefined ? await serveCaptures(['pandas-v13', 'mixed-v13']) : await servePage({ passTo: address });
  const browser = await launchChromium(path);
  try {
    const links = await linksOf(server.address, run);
    const compared: string[] = [];
    for (const scheme of ['light', 'dark'] as const) {
      for (const [size, viewport] of Object.entries(SIZES)) {
        const page = await browser.newPage({ viewport, colorScheme: scheme });
        page.on('console', (message) => process.stderr.write(`${message.type()}: ${message.text()}\n`));
        page.on('pageerror', (error) => process.stderr.write(`${error.stack ?? error.message}\n`));
        for (const [name, link] of links) {
          compared.push(...(await take(page, server.address + link, into, `${name}-${scheme}-${size}`)));
        }
        await page.close();
      }
    }
    const last = compared.length === 0 ? 'none differs from what lay there' : `${compared.length} differ`;
    process.stdout.write(`${compared.map((line) => `${line}\n`).join('')}${into}: ${last}\n`);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Of every view by its name; with two captures of the bundled ones compared, too. */
async function linksOf(server: string, head: string): Promise<readonly (readonly [name: string, link: string])[]> {
  const runs = (await (await fetch(`${server}api/runs`)).json()) as readonly {
    readonly id: string;
    readonly name: string;
  }[];
  const idOf = (name: string): string => runs.find((each) => each.name.startsWith(name))?.id ?? '';
  const ownLink = head !== '' ? `&run=${head}` : address === undefined ? `&run=${idOf('pandas')}` : '';
  const alone = VIEWS.map((view) => [view, `?view=${view}${ownLink}`] as const);
  if (address !== undefined) return alone;
  const sides = `&run=${idOf('pandas')}&base=${idOf('mixed')}`;
  return [...alone, ...VIEWS.map((view) => [`compared-${view}`, `?view=${view}${sides}`] as const)];
}

/** Says in a line by how much the picture differs from the one that lay there; nothing where it does not. */
async function take(page: Page, link: string, into: string, name: string): Promise<string[]> {
  await page.goto(link);
  await settle(page);
  const file = join(into, `${name}.png`);
  const before = existsSync(file) ? readFileSync(file) : null;
  const after = await page.screenshot({ path: file });
  if (before === null) return [];
  const { pixels, share, picture } = comparePictures(before, after);
  if (pixels === 0) return [];
  if (picture !== null) {
    mkdirSync(join(into, 'changed'), { recursive: true });
    writeFileSync(join(into, 'changed', `${name}.png`), picture);
  }
  return [`${name}: ${pixels.toLocaleString('en')} pixels differ, ${(100 * share).toFixed(2)}%`];
}

if (folder === undefined) {
  process.stderr.write('say which folder the pictures go to\n');
  process.exitCode = 2;
} else {
  await takeAll(folder);
}
