/** Two sides in every view: what each shows of them, in both themes, swapped, from a link, and with hostile names. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCapture } from '@memscope/fixtures';
import type { Run } from '@memscope/model';
import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { makeReport } from '../serving/make-report.js';
import { isBuilt } from '../serving/serve-captures.js';
import { findOrInstallChromium } from './chromium.js';
import { openPage, parametersOf, settle } from './open-page.js';
import { usePage } from './use-page.js';

const chromium = isBuilt() ? findOrInstallChromium() : null;

const MARKUP = '<img src=x onerror=alert(1)>';

/** In the capture language (fixtures/README.md). `keep` of the head keeps more, `old` has gone, hostile names are new. */
const BASE = `capture v13 command="python shop.py"
thread 1 "MainThread"
push main "/srv/shop.py":3 entry
push keep "/srv/shop.py":9 entry
malloc 0x1000000 9000000
pop
push old "/srv/shop.py":20 entry
malloc 0x3000000 4000000
pop
push same "/srv/shop.py":30 entry
malloc 0x5000000 3000000
memory t=10 rss=30000000
memory t=40 rss=40000000
`;
const HEAD = `capture v13 command="python shop.py"
thread 1 "MainThread"
push main "/srv/shop.py":4 entry
push keep "/srv/shop.py":12 entry
malloc 0x1000000 15000000
pop
push "${MARKUP}" "/srv/${MARKUP}\\u{202e}.py":20 entry
malloc 0x3000000 5000000
pop
push same "/srv/shop.py":33 entry
malloc 0x5000000 3000000
memory t=10 rss=35000000
memory t=60 rss=50000000
`;

describe.skipIf(chromium === null)('two sides', () => {
  const used = usePage(chromium!, [], { before: BASE, after: HEAD, later: HEAD.replace('15000000', '18000000') });
  let page: Page;
  let sides: { readonly before: string; readonly after: string; readonly later: string };
  beforeAll(async () => {
    const read = async (): Promise<readonly Run[]> =>
      (await (await fetch(`${used.server.address}api/runs`)).json()) as readonly Run[];
    let runs = await read();
    while (runs.some(({ state }) => state !== 'ready')) runs = await read();
    const idOf = (name: string): string => runs.find((run) => run.name === `${name}.bin`)!.id;
    sides = { before: idOf('before'), after: idOf('after'), later: idOf('later') };
  });
  beforeEach(() => {
    page = used.page;
  });
  const show = (query: string): Promise<void> => used.show(`?run=${sides.after}&base=${sides.before}&${query}`);
  const frames = (): Promise<string[]> =>
    page.locator('g.frame text').evaluateAll((texts) => texts.map(({ textContent }) => textContent));

  test('say in every view, in both themes, which run is which', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const view of ['overview', 'timeline', 'flame', 'tables', 'leaks']) {
        await show(`view=${view}`);
        expect(await page.locator('.sides-bar').innerText()).toMatch(/^Base\s+before\.bin\s+→\s+Head\s+after\.bin/);
        const seen = await page.evaluate(() => ({
          notices: document.querySelectorAll('.notice').length,
          images: document.querySelectorAll('img').length,
          hidden: /[^\P{Cc}\n]|\p{Cf}/u.test(document.body.textContent),
          isTooWide: document.scrollingElement!.scrollWidth > innerWidth,
        }));
        expect([view, seen]).toEqual([view, { notices: 0, images: 0, hidden: false, isTooWide: false }]);
      }
    }
  });

  test.each(['light', 'dark'] as const)(
    'are any two of the runs, chosen in their list, remembered in the address, in the %s theme',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      const named = (): Promise<string> => page.locator('.sides-bar').innerText();
      const choose = async (run: string, side: 'base' | 'head'): Promise<void> => {
        await page.locator(`.run-chooser input[aria-label="${run}.bin in the ${side}"]`).click();
        await settle(page);
      };
      await used.show(`?run=${sides.after}&view=tables`);
      await page.click('.run-name');
      await choose('before', 'base');
      expect(await named()).toMatch(/^Base\s+before\.bin\s+→\s+Head\s+after\.bin/);
      await choose('later', 'head');
      await choose('after', 'head');
      await choose('after', 'base');
      await choose('before', 'base');
      expect(await named()).toMatch(/^Base\s+after\.bin\s+→\s+Head\s+later\.bin/);
      const seen = await page.evaluate(() => {
        const box = document.querySelector('.run-chooser')!.getBoundingClientRect();
        return { isWithin: box.left >= 0 && box.right <= innerWidth && box.bottom <= innerHeight };
      });
      expect(seen).toEqual({ isWithin: true });
      await page.keyboard.press('Escape');
      expect(await page.locator('.run-chooser').count()).toBe(0);
      const chosen = { run: sides.later, base: sides.after, view: 'tables' };
      expect(await parametersOf(page)).toEqual(chosen);
      await page.reload();
      await settle(page);
      expect(await parametersOf(page)).toEqual(chosen);
      expect(await named()).toMatch(/^Base\s+after\.bin\s+→\s+Head\s+later\.bin/);
      await page.keyboard.press('x');
      await settle(page);
      expect(await parametersOf(page)).toEqual({ run: sides.after, base: sides.later, view: 'tables' });
      await page.goBack();
      await settle(page);
      expect(await named()).toMatch(/^Base\s+after\.bin\s+→\s+Head\s+later\.bin/);
      await page.click('.run-name');
      await page.click('.run-chooser button:has-text("Compare no more")');
      await settle(page);
      expect(await parametersOf(page)).toEqual({ run: sides.later, view: 'tables' });
    },
  );

  test('are one flame graph: what changed is said on its frames, and what one side lacks', async () => {
    await show('view=flame');
    expect(await frames()).toEqual([
      expect.stringMatching(/^all {2}\+6\.68 MiB$/),
      expect.stringMatching(/^main {2}\+6\.68 MiB {2}shop\.py$/),
      expect.stringMatching(/^keep {2}\+5\.72 MiB {2}shop\.py$/),
      'new: <img src=x onerror=alert(1)…',
      expect.stringMatching(/^gone: old {2}−3\.81 MiB {2}/),
      'same  shop.py',
    ]);
    const legend = await page.locator('.legend').innerText();
    expect(legend).toMatch(/shrank[^]*−4\.00 MiB[^]*less[^]*\+4\.00 MiB[^]*grew/);
    await page.locator('g.frame', { hasText: 'keep' }).hover();
    const facts = await page.locator('.tooltip').innerText();
    expect(facts).toMatch(/head\s+14\.3 MiB[^]*base\s+8\.58 MiB[^]*change\s+\+5\.72 MiB\s+0 allocations\s+\+67%/);
    await page.mouse.move(0, 0);
  });

  test('are searched on both sides', async () => {
    await show('view=flame&search=keep');
    expect(await page.locator('.flame .found').innerText()).toBe('base 8.58 MiB → head 14.3 MiB (+67%) matched');
  });

  test.each([
    ['grown', ['all  +10.5 MiB', 'keep', 'img'], ['old', 'same']],
    ['shrunk', ['all  −3.81 MiB', 'old'], ['keep', 'img', 'same']],
    ['base', ['keep', 'old', 'same'], ['img']],
  ])('are drawn as wide as %s', async (weigh, there, missing) => {
    await show(`view=flame&weigh=${weigh}`);
    const text = (await frames()).join('\n');
    for (const name of there) expect(text).toContain(name);
    for (const name of missing) expect(text).not.toContain(name);
  });

  test('are swapped by a key, and back', async () => {
    await show('view=flame&weigh=grown');
    await page.keyboard.press('x');
    await settle(page);
    expect(await page.locator('.sides-bar').innerText()).toMatch(/^Base\s+after\.bin\s+→\s+Head\s+before\.bin/);
    expect(await parametersOf(page)).toEqual({
      run: sides.before,
      base: sides.after,
      view: 'flame',
      weigh: 'grown',
    });
    expect((await frames()).join('\n')).toMatch(/new: old/);
    await page.keyboard.press('x');
    await settle(page);
    expect((await frames()).join('\n')).toMatch(/new: <img/);
  });

  test('are tables with the change, the base and the head, what grew apart from what shrank', async () => {
    await show('view=tables');
    expect(await page.locator('.grid-head').innerText()).toMatch(/Change ↓[^]*Base[^]*Head/);
    expect(await page.locator('.tables .found').innerText()).toBe(
      '5 rows · base 15.3 MiB → head 21.9 MiB · grew +10.5 MiB in 2 rows · shrank −3.81 MiB in 1 row',
    );
    const rows = (): Promise<string[]> =>
      page
        .locator('.grid-row')
        .evaluateAll((each) => each.map((row) => (row as HTMLElement).innerText.replaceAll(/\s+/g, ' ')));
    expect((await rows())[0]).toMatch(/^keep \/srv\/shop\.py \+5\.72 MiB 8\.58 MiB 14\.3 MiB/);
    await page.click('label:has(input[value="shrank"])');
    await settle(page);
    expect(await rows()).toEqual([expect.stringMatching(/^gone old \/srv\/shop\.py −3\.81 MiB 3\.81 MiB 0 B/)]);
    expect(await parametersOf(page)).toMatchObject({ view: 'tables', change: 'shrank' });
    for (const by of ['site', 'module', 'library', 'category', 'thread', 'owner', 'allocator']) {
      await show(`view=tables&table=${by}`);
      expect(await page.locator('.tables .found').innerText()).toContain('base 15.3 MiB → head 21.9 MiB');
    }
  });

  test('open in the overview: what changed in a sentence, totals of both sides, and the functions', async () => {
    await show('view=overview');
    expect(await page.locator('.diff-summary').innerText()).toMatch(/^The peak grew by 6\.68 MiB \(\+44%\): /);
    const totals = await page.locator('.totals').innerText();
    expect(totals).toMatch(/Base\s+Head\s+Change[^]*Peak\s+15\.3 MiB\s+21\.9 MiB\s+\+6\.68 MiB\s+\+44%/);
    const panels = await page.locator('.overview-main .panel').allInnerTexts();
    expect(panels[0]).toMatch(
      /^Grew at the peak[^]*keep[^]*\+5\.72 MiB[^]*<img src=x onerror=alert\(1\)>[^]*\+977 KiB/,
    );
    expect(panels[1]).toMatch(
      /^Moved: the same bytes, in another function[^]*3\.81 MiB from old[^]*to <img src=x onerror=alert\(1\)>/,
    );
    await page.click('.totals button:has-text("Live at end")');
    await settle(page);
    expect(await page.locator('.overview-main .panel h2').first().innerText()).toBe('Grew live at the end');
    await page.click('.overview-main button:has-text("keep")');
    await settle(page);
    expect(await page.locator('.sandwich-amounts').innerText()).toMatch(
      /^With callees base 8\.58 MiB → head 14\.3 MiB: \+5\.72 MiB \(\+67%\)/,
    );
    const callers = await page.locator('.small-flame text').allTextContents();
    expect(callers).toContain('main  +5.72 MiB  shop.py');
    const lines = await page.locator('.source').innerText();
    expect(lines).toMatch(/Change\s+Base\s+Head\s+Self change\s+Line/);
    expect(lines).toMatch(
      /−8\.58 MiB\s+8\.58 MiB\s+0 B\s+−8\.58 MiB\s+9\b[^]*\+14\.3 MiB\s+0 B\s+14\.3 MiB\s+\+14\.3 MiB\s+12\b/,
    );
  });

  test('lie over each other in the timeline, and a window is the same time of both', async () => {
    await show('view=timeline');
    expect(await page.locator('.time-chart canvas').first().getAttribute('aria-label')).toBe(
      'Heaps of both sides since their start: base at most 15.3 MiB over 1.00 s, head at most 21.9 MiB over 1.00 s.',
    );
    const box = (await page.locator('.time-chart canvas').last().boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.2, box.y + 100);
    expect(await page.locator('.tooltip').innerText()).toMatch(
      /heap, head\s+\S+ MiB\s+heap, base\s+\S+ MiB\s+heap, change/,
    );
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 100, { steps: 3 });
    await page.mouse.up();
    await settle(page);
    expect((await parametersOf(page))['window']).toMatch(/^\d+\.\dms\.\.\d+\.\dms$/);
    await page.keyboard.press('3');
    await settle(page);
    expect(await page.locator('main .notice').count()).toBe(0);
  });

  test('are leaks of the head, with what the base keeps, new ones marked', async () => {
    await show('view=leaks');
    const rows = await page
      .locator('.plain-table tbody tr')
      .evaluateAll((each) => each.map((row) => (row as HTMLElement).innerText.replaceAll(/\s+/g, ' ')));
    expect(rows[0]).toMatch(/keep.* \+5\.72 MiB 8\.58 MiB 14\.3 MiB/);
    expect(rows[1]).toMatch(/^new\s?<img.* \+4\.77 MiB 0 B 4\.77 MiB/);
    expect(await page.locator('.tiles').innerText()).toMatch(
      /Change\s+\+6\.68 MiB\s+base 15\.3 MiB \(\+44%\); 3\.81 MiB of 1 function has gone/,
    );
  });

  test('are the same in a report, which asks nobody', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'memscope-base-'));
    const base = join(folder, 'before.bin');
    writeFileSync(base, buildCapture(BASE));
    const report = makeReport({ text: HEAD }, '--base', base);
    const links = ['overview', 'timeline', 'flame', 'flame&weigh=grown', 'flame&inverted=1', 'tables', 'leaks'];
    const seen = (): Promise<string> =>
      page.evaluate(() =>
        [...document.querySelectorAll('main .notice, main :is(h1, tr, .grid-row, g.frame)')]
          .map(({ textContent }) => textContent)
          .join('\n'),
      );
    const { page: offline, problems } = await openPage(used.browser);
    for (const link of links) {
      await show(`view=${link}`);
      const served = await seen();
      page = offline;
      await page.goto('about:blank');
      await page.goto(`${report.address}#view=${link}`);
      await settle(page);
      expect([link, await seen()]).toEqual([link, served]);
      expect(await page.locator('.sides-bar').innerText()).toMatch(/^Base\s+before\.bin\s+→\s+Head\s+built\.bin/);
      page = used.page;
    }
    await offline.context().close();
    expect(problems).toEqual([]);
    report.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('are saved with both sides, and no cell is a formula', async () => {
    for (const [view, head] of [
      ['overview', 'list,measure,name,file,line,base,head,change,status,above_noise'],
      ['timeline', 'base_heap_most_bytes,base_rss_most_bytes'],
      ['flame', 'base_bytes,base_count,base_self_bytes,base_self_count'],
      ['tables', 'base_self_bytes,base_self_count,base_bytes,base_count'],
      ['leaks', 'base_bytes,base_count'],
    ] as const) {
      await show(`view=${view}`);
      await page.click('[aria-label="Save what is shown"]');
      const [download] = await Promise.all([page.waitForEvent('download'), page.click('.menu button:has-text("CSV")')]);
      expect(download.suggestedFilename()).toMatch(/^after\.bin-against-before\.bin-.*csv$/);
      const parts: Buffer[] = [];
      for await (const part of await download.createReadStream()) parts.push(part as Buffer);
      const csv = Buffer.concat(parts).toString('utf8');
      expect(csv.split('\n')[0]).toContain(head);
      expect(csv).not.toMatch(/(^|,)"?[=+@]|[^\P{Cc}\n]|\p{Cf}/mu);
    }
  });
});
