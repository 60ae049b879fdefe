/** Views on paper: whole, on white, on as many pages as they need and none that is blank. */
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';

import { isBuilt } from '../serving/serve-captures.js';
import { findOrInstallChromium } from './chromium.js';
import { settle } from './open-page.js';
import { usePage } from './use-page.js';

const chromium = isBuilt() ? findOrInstallChromium() : null;

/** What is drawn on each page of a PDF: operators of its content stream, unpacked. */
function pagesOf(pdf: Buffer): string[] {
  const text = pdf.toString('latin1');
  const objects = new Map<string, { readonly head: string; readonly at: number }>();
  for (const { 1: id, 2: head, index, 0: all } of text.matchAll(
    /(?<=\n|^)(\d+) 0 obj\n([^]*?)(?=\nendobj|>> stream\n)/g,
  )) {
    objects.set(id!, { head: head!, at: index + all.length });
  }
  const pages = [...objects.values()].filter(({ head }) => /\/Type\s*\/Page\b(?!s)/.test(head));
  return pages.map(({ head }) => {
    const content = objects.get(/\/Contents (\d+) 0 R/.exec(head)?.[1] ?? '')!;
    const length = Number(/\/Length (\d+)/.exec(content.head)![1]);
    const start = content.at + '>> stream\n'.length;
    return inflateSync(pdf.subarray(start, start + length)).toString('latin1');
  });
}

describe.skipIf(chromium === null)('printed', () => {
  const used = usePage(chromium!, ['pandas-v13'], {}, ['mixed-v13', 'pandas-v13']);

  test.each(['overview', 'timeline', 'flame', 'tables', 'leaks'])(
    '%s has no blank page and is not cut',
    async (view) => {
      await used.show(`?view=${view}`);
      const { page } = used;
      const pages = pagesOf(await page.pdf({ format: 'A4' }));
      expect(pages.length).toBeGreaterThan(0);
      // Text, paths or images are drawn on each.
      for (const content of pages) expect(content).toMatch(/\bTj\b|\bTJ\b|\bre\b|\bDo\b/);
      expect(pages[0]!.length).toBeGreaterThan(500);
      await page.emulateMedia({ media: 'print' });
      await page.setViewportSize({ width: 703, height: 1000 });
      const widest = await page.evaluate(() =>
        Math.max(...Array.from(document.querySelectorAll('main *'), (each) => each.getBoundingClientRect().right)),
      );
      expect(widest).toBeLessThanOrEqual(703 + 1);
      await page.emulateMedia({ media: null });
    },
  );

  test('a table has its first hundred rows, says how many are left out, and is a list of the screen again afterwards', async () => {
    const { page } = used;
    await used.show('?view=tables');
    const rows = (): Promise<number> => page.locator('.grid-row').count();
    const onScreen = await rows();
    expect(onScreen).toBeLessThan(60);
    const onPaper = page.evaluate(
      () =>
        new Promise<readonly [number, string]>((resolve) =>
          addEventListener('beforeprint', () =>
            resolve([
              document.querySelectorAll('.grid-row:not(.pending)').length,
              document.querySelector('main .print-only')!.textContent,
            ]),
          ),
        ),
    );
    const pages = pagesOf(await page.pdf({ format: 'A4' }));
    expect(await onPaper).toEqual([100, expect.stringMatching(/^The first 100 of 596 rows; CSV has all of them\.$/)]);
    expect(pages.length).toBeGreaterThan(1);
    expect(await rows()).toBe(onScreen);
  });

  test('a view says what it is, of which capture and of what of it, instead of its controls', async () => {
    const { page } = used;
    const headOf = async (query: string): Promise<string[]> => {
      await used.show(query);
      await page.emulateMedia({ media: 'print' });
      for (const each of ['.tabs', '.scope-bar', '.tool-title', '.button'])
        expect([each, await page.locator(`${each}:visible`).count()]).toEqual([each, 0]);
      const text = await page.locator('.print-head').innerText();
      await page.emulateMedia({ media: null });
      expect(await page.locator('.print-head').isVisible()).toBe(false);
      return text.split('\n').filter((line) => line !== '');
    };
    const recorded = expect.stringMatching(/^recorded 20\d\d-.* · printed by memscope$/);
    expect(await headOf('?view=flame')).toEqual([
      'Flame graph of pandas-v13.bin',
      'bytes live at the peak · the whole recording',
      recorded,
    ]);
    expect(await headOf('?view=tables&table=site&filter=module%3Anumpy&window=10%25..50%25')).toEqual([
      'Tables of pandas-v13.bin',
      'bytes live at the peak of the window · by site · window 10%..50% · filter module:numpy',
      recorded,
    ]);
    expect((await headOf('?view=leaks&warmUp=10%25'))[1]).toBe(
      'without what was allocated in the first 10% · the whole recording',
    );
    expect((await headOf('?view=timeline'))[1]).toBe('live bytes by library · the whole recording');
    expect(await headOf('?view=history&trend=leaked')).toEqual(['History', 'Live at end · printed by memscope']);
  });

  test('is drawn at the width of a page, and at that of the screen again afterwards', async () => {
    const { page } = used;
    await used.show('?view=flame');
    const width = (): Promise<string | null> => page.locator('.flame-chart svg').getAttribute('width');
    const onScreen = await width();
    const onPaper = page.evaluate(
      () =>
        new Promise((resolve) =>
          addEventListener('beforeprint', () =>
            resolve(document.querySelector('.flame-chart svg')!.getAttribute('width')),
          ),
        ),
    );
    await page.pdf({ format: 'A4' });
    expect(await onPaper).toBe('880');
    await settle(page);
    expect(await width()).toBe(onScreen);
  });

  test('a dark page is white on paper, and dark again afterwards', async () => {
    await used.page.emulateMedia({ colorScheme: 'dark' });
    await used.show('?view=flame');
    const theme = (): Promise<string | undefined> =>
      used.page.evaluate(() => document.documentElement.dataset['theme']);
    expect(await theme()).toBe('dark');
    const seen = used.page.evaluate(
      () =>
        new Promise((resolve) =>
          addEventListener('beforeprint', () => resolve(document.documentElement.dataset['theme'])),
        ),
    );
    await used.page.pdf({ format: 'A4' });
    expect(await seen).toBe('light');
    expect(await theme()).toBe('dark');
  });
});
