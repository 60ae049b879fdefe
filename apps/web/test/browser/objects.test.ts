/** Python objects that survive, of which only counts are known, in each view of the page. */
import { readOracle, findCapture } from '@memscope/fixtures';
import { describe, expect, test } from 'vitest';

import { isBuilt } from '../serving/serve-captures.js';
import { findOrInstallChromium } from './chromium.js';
import { parametersOf, settle } from './open-page.js';
import { usePage } from './use-page.js';

const chromium = isBuilt() ? findOrInstallChromium() : null;

describe.skipIf(chromium === null)('objects that survive', () => {
  const used = usePage(chromium!, ['objects-v13']);
  const { show } = used;
  const textOf = async (selector: string): Promise<string> => (await used.page.locator(selector).textContent()) ?? '';
  const heads = (): Promise<string[]> => used.page.locator('[role=columnheader]').allTextContents();

  test('are counted in the tables, without a column of bytes', async () => {
    await show('?view=tables&measure=objects');
    expect(await heads()).toEqual(['Function', 'Module', 'Share', 'Self count ↓', 'Count']);
    expect(await textOf('.found')).toContain('802 objects');
    expect(await textOf('.grid-body')).not.toMatch(/\d B|\?/);
    await used.page.click('label:has-text("Allocators")');
    await settle(used.page);
    expect(await textOf('.grid-body')).toBe('Python objects100%802');
  });

  test('are counted in what calls a function, and in its lines', async () => {
    await show(`?view=tables&measure=objects&function=${encodeURIComponent('make\n/srv/objects/objects.py')}`);
    expect(await textOf('.sandwich-amounts')).toBe('601 objects, callees included · 201 of its own (33.4%)');
    expect(await textOf('.source tbody')).toContain('60120116');
  });

  test('stand aside for memory in the overview, and counts go when they are left', async () => {
    const { metadata } = readOracle(findCapture('objects-v13').path);
    await show('?measure=objects');
    expect(await used.page.locator('.tile[aria-pressed=true] .tile-value').getAttribute('title')).toBe(
      `${metadata.peak_memory.toLocaleString('en')} bytes`,
    );
    expect(await used.page.locator('.scope-bar input:checked').evaluateAll(valuesOf)).toContain('bytes');
    await used.page.keyboard.press('3');
    await settle(used.page);
    expect((await parametersOf(used.page))['measure']).toBe('objects');
    await used.page.click('.scope-bar label:has-text("Live at end")');
    await settle(used.page);
    expect(await parametersOf(used.page)).toEqual({ view: 'flame', measure: 'leaked' });
  });
});

const valuesOf = (inputs: (SVGElement | HTMLElement)[]): string[] =>
  inputs.map((input) => (input as HTMLInputElement).value);
