/** What stands on the page while there is nothing to show: progress, failures, no run, no server, a missing token. */
import { readFileSync } from 'node:fs';
import type { Run } from '@memscope/model';
import { describe, expect, test } from 'vitest';

import { findCapture } from '@memscope/fixtures';

import { isBuilt, serveCaptures } from '../serving/serve-captures.js';
import { servePage, type Api } from '../serving/static-server.js';
import { findOrInstallChromium } from './chromium.js';
import { openPage, settle, type OpenPage } from './open-page.js';
import { READING_RUN, useBrowser } from './use-page.js';

const chromium = isBuilt() ? findOrInstallChromium() : null;

/** Sends each of `updates` to whoever listens, when told to. */
function scripted(runs: readonly Run[]): { readonly api: Api; readonly send: (run: Run) => void } {
  const listeners: ((run: Run) => void)[] = [];
  return {
    send: (run) => listeners.forEach((listener) => listener(run)),
    api: ({ pathname }, response) => {
      if (pathname === '/api/runs') response.end(JSON.stringify(runs));
      else if (pathname === '/api/events') {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
        listeners.push((run) => response.write(`data: ${JSON.stringify(run)}\n\n`));
      } else response.writeHead(500).end('not json');
    },
  };
}

describe.skipIf(chromium === null)('without a profile to show the page', () => {
  const inUse = useBrowser(chromium!);

  async function show(api: Api, query = ''): Promise<OpenPage & { readonly close: () => Promise<void> }> {
    const server = await servePage(api);
    const open = await openPage(inUse.browser);
    await open.page.goto(server.address + query);
    return {
      ...open,
      close: async () => {
        await open.page.context().close();
        await server.close();
      },
    };
  }

  test('shows how far a capture is read, and why one failed', async () => {
    const { api, send } = scripted([READING_RUN]);
    const { page, problems, close } = await show(api);
    const notice = page.locator('main .notice');
    await notice.waitFor();
    expect(await notice.textContent()).toBe('capture.bin is being read250 B of 1000 B, 25.0%');
    expect(await page.locator('progress').getAttribute('value')).toBe('250');
    send({ ...READING_RUN, readBytes: 500 });
    await page.locator('text=50.0%').waitFor();
    send({ ...READING_RUN, readBytes: 1000, state: 'resolving' });
    await page.locator('text=its native frames are being named').waitFor();
    send({ ...READING_RUN, state: 'failed', message: 'not a capture: \u202e<b>' });
    await page.locator('text=could not be read').waitFor();
    expect(await notice.textContent()).toBe('capture.bin could not be readnot a capture: \\u{202e}<b>');
    expect(await page.locator('.scope-bar').isVisible()).toBe(false);
    await close();
    expect(problems).toEqual([]);
  });

  test('lists many runs within the window, and of one that could not be read says why it cannot be compared', async () => {
    const many = Array.from({ length: 30 }, (_, at): Run => ({ ...READING_RUN, id: `run-${at}`, name: `${at}.bin` }));
    const bad: Run = { ...READING_RUN, id: 'bad', name: 'bad.bin', state: 'failed', message: 'it is empty' };
    const { page, problems, close } = await show(scripted([...many, bad]).api);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.locator('.run-name').click();
    const box = (await page.locator('.run-chooser').boundingBox())!;
    expect(box.y + box.height).toBeLessThanOrEqual(800);
    const row = page.locator('.run-chooser tbody tr').last();
    await row.scrollIntoViewIfNeeded();
    expect(await row.innerText()).toMatch(/bad\.bin\s+could not be read\s+it is empty/);
    for (const input of await row.locator('input').all()) {
      expect(await input.isDisabled()).toBe(true);
      expect(await input.getAttribute('title')).toBe('It could not be read: it is empty');
    }
    expect(await page.locator('.run-chooser th').first().isVisible()).toBe(true);
    await close();
    expect(problems).toEqual([]);
  });

  test('says that there are no captures, or not the one of the link', async () => {
    const none = await show(scripted([]).api);
    await none.page.locator('text=No captures yet').waitFor();
    await none.close();
    const other = await show(scripted([READING_RUN]).api, '?run=gone&view=flame');
    await other.page.locator('text=That run is not here').waitFor();
    await other.page.click('text=Show the first one');
    await other.page.locator('text=is being read').waitFor();
    expect(await other.page.evaluate(() => location.search)).toBe('?run=one&view=flame');
    await other.close();
    expect([...none.problems, ...other.problems]).toEqual([]);
  });

  test('says that a run has gone, and offers another', async () => {
    const other: Run = { ...READING_RUN, id: 'two', name: 'other.bin' };
    for (const query of ['', '?run=one']) {
      const { api, send } = scripted([READING_RUN, other]);
      const { page, problems, close } = await show(api, query);
      await page.locator('text=capture.bin is being read').waitFor();
      // Once the page listens.
      while (!(await page.locator('text=has gone').first().isVisible())) {
        send({ ...READING_RUN, state: 'gone', message: 'its file was deleted' });
        await page.waitForTimeout(20);
      }
      expect(await page.locator('main .notice').textContent()).toBe(
        'capture.bin has goneNothing more can be said of it: its file was deleted.Show the first one',
      );
      await page.click('text=Show the first one');
      await page.locator('text=other.bin is being read').waitFor();
      await close();
      expect(problems).toEqual([]);
    }
  });

  test('drops the runs that a server does not have any more', async () => {
    const listeners: ((runs: readonly Run[]) => void)[] = [];
    const { page, close } = await show(({ pathname }, response) => {
      if (pathname === '/api/runs') response.end(JSON.stringify([READING_RUN]));
      else {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
        listeners.push((runs) => response.write(`data: ${JSON.stringify(runs)}\n\n`));
      }
    });
    await page.locator('text=capture.bin is being read').waitFor();
    while (!(await page.locator('text=has gone').first().isVisible())) {
      listeners.forEach((tell) => tell([]));
      await page.waitForTimeout(20);
    }
    expect(await page.locator('main .notice').textContent()).toContain('memscope serve does not have it any more');
    await close();
  });

  test('takes captures that are dropped or chosen, opens the first, and says what it does not take', async () => {
    const server = await serveCaptures(['munmap-v13']);
    const { page, problems } = await openPage(inUse.browser);
    await page.goto(server.address);
    await settle(page);
    const bytes = readFileSync(findCapture('mixed-v13').path);
    const drop = async (name: string, content: Buffer): Promise<void> => {
      const parameters = [name, content.toString('latin1')] as const;
      const dataTransfer = await page.evaluateHandle(([called, text]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(text, (each) => each.charCodeAt(0))], called));
        return transfer;
      }, parameters);
      await page.dispatchEvent('main', 'dragover', { dataTransfer });
      expect(await page.locator('.drop-target').textContent()).toBe('Drop captures to analyse them');
      await page.dispatchEvent('main', 'drop', { dataTransfer });
      expect(await page.locator('.drop-target').isVisible()).toBe(false);
    };
    await drop('mine <b>.bin', bytes);
    await page.locator('.run-name >> text=mine _b_.bin').waitFor();
    await page.locator('main > .view').waitFor();
    await drop('empty.bin', Buffer.alloc(0));
    await page.locator('.sent-captures >> text=was not taken: an empty file is no capture').waitFor();
    await page.click('.sent-captures >> text=Close');
    await page.click('.run-name');
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.click('.menu >> text=Add captures…')]);
    await chooser.setFiles([{ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') }]);
    await page.locator('main >> text=notes.txt could not be read').waitFor();
    await page.context().close();
    await server.close();
    // The refusal of the empty one, as the browser tells it.
    expect(problems.filter((problem) => !problem.includes('400'))).toEqual([]);
  });

  test('says that the server is gone, or wants its token', async () => {
    const gone = await show((_, response) => response.destroy());
    await gone.page.locator('main >> text=memscope serve does not answer').waitFor();
    await gone.close();
    const locked = await show((_, response) => void response.writeHead(401).end());
    await locked.page.locator('text=The server wants its token').waitFor();
    await locked.close();
  });

  test('sends the token of its fragment, and shows it to nobody', async () => {
    const seen: (string | undefined)[] = [];
    const { api } = scripted([READING_RUN]);
    const { page, close } = await show((url, response) => {
      seen.push(response.req.headers.authorization);
      api(url, response);
    }, '?view=flame#token=abc-DEF_1');
    await page.locator('text=is being read').waitFor();
    expect(new Set(seen)).toEqual(new Set(['Bearer abc-DEF_1']));
    expect(await page.evaluate(() => location.href)).toMatch(/\/\?view=flame$/);
    await close();
  });

  test('says when an answer makes no sense', async () => {
    const { api } = scripted([{ ...READING_RUN, state: 'ready' }]);
    const { page, close } = await show(api, '?view=flame');
    await page.locator('main .notice.error').waitFor();
    expect(await page.locator('main .notice.error').textContent()).toContain('The server answered 500');
    await close();
  });
});
