/**
 * `npm run screenshots -- --readme`: the pictures of the page in the README and the documentation, as the page is now. Their
 * captures are of the larger collection beside the repository; where that is not, the pictures stay as they are.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { SHARED_CAPTURES_FOLDER, SHARED_CASES_FOLDER } from '@memscope/fixtures';

import { serveCaptures } from '../serving/serve-captures.js';
import { findOrInstallChromium, launchChromium, MISSING } from './chromium.js';
import { settle } from './open-page.js';

interface Picture {
  readonly file: string;
  readonly view: string;
  readonly height: number;
  /** Captures by the names that they have in the picture. */
  readonly head: readonly [name: string, path: string];
  readonly base?: readonly [name: string, path: string];
}

const PACKAGES = join(SHARED_CAPTURES_FOLDER, 'pairs/packages');
const PICTURES: readonly Picture[] = [
  {
    file: 'page-flame.png',
    view: 'flame',
    height: 720,
    head: ['store.bin', join(SHARED_CASES_FOLDER, 'real/sqlalchemy/plain.bin')],
  },
  {
    file: 'page-timeline.png',
    view: 'timeline',
    height: 720,
    head: ['conv-shapes.bin', join(SHARED_CASES_FOLDER, 'inference/torch_conv_shapes/cap.bin')],
  },
  {
    file: 'page-diff.png',
    view: 'flame',
    height: 480,
    head: ['after.bin', join(PACKAGES, 'pydantic-head-1.bin')],
    base: ['before.bin', join(PACKAGES, 'pydantic-base-1.bin')],
  },
];

const into = fileURLToPath(new URL('../../../../.readme', import.meta.url));

async function takeAll(): Promise<void> {
  const path = findOrInstallChromium();
  if (path === null) throw new Error(MISSING);
  const browser = await launchChromium(path);
  try {
    for (const { file, view, height, head, base } of PICTURES) {
      const captures = base === undefined ? [head] : [head, base];
      const missing = captures.find((each) => !existsSync(each[1]));
      if (missing !== undefined) {
        process.stdout.write(`${file} stays as it is: there is no ${missing[1]}\n`);
        continue;
      }
      const folder = mkdtempSync(join(tmpdir(), 'memscope-readme-'));
      for (const [name, from] of captures) copyFileSync(from, join(folder, name));
      const server = await serveCaptures(captures.map(([name]) => join(folder, name)));
      const page = await browser.newPage({ viewport: { width: 1280, height }, colorScheme: 'light' });
      try {
        const runs = (await (await fetch(`${server.address}api/runs`)).json()) as { id: string; name: string }[];
        const idOf = ([name]: readonly [string, string]): string => runs.find((run) => run.name === name)!.id;
        const of = base === undefined ? '' : `&base=${idOf(base)}`;
        await page.goto(`${server.address}?view=${view}&run=${idOf(head)}${of}`);
        await settle(page);
        await page.screenshot({ path: join(into, file) });
        process.stdout.write(`${file}\n`);
      } finally {
        await page.close();
        await server.close();
        rmSync(folder, { recursive: true, force: true });
      }
    }
  } finally {
    await browser.close();
  }
}

await takeAll();
