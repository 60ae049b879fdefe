/** `memscope serve` as users run it: one line, answers, and an end as soon as it is asked for. */
import { readdirSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { copyCapture } from '@memscope/fixtures';
import type { Run } from '@memscope/model';

import { hasTerminal, isBuilt, run, scratchFolder, start, startInTerminal, type Running } from './built-cli.js';
import { run as runHere } from './fake-host.js';
import { expectValid } from './views/document-schema.js';

/** The line that it prints, once it is there; whatever happens, it does not outlive the test. */
async function firstLine({ child, finished }: Running): Promise<string> {
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  const line = new Promise<string>((resolve) => {
    child.stdout.on('data', (part: string) => {
      text += part;
      if (text.includes('\n')) resolve(text);
    });
  });
  return Promise.race([line, finished.then(({ stdout, stderr }) => stdout + stderr)]);
}

const urlIn = (line: string): string => /http:\S+/.exec(line)?.[0] ?? '';

describe.skipIf(!isBuilt())('memscope serve', () => {
  test('prints one line with the address and what it serves, and answers there', async () => {
    const folder = scratchFolder();
    const running = start(['serve', copyCapture(folder, 'mixed-v13')]);
    const line = await firstLine(running);
    expect(line).toMatch(/^memscope: serving mixed-v13\.bin at http:\/\/127\.0\.0\.1:\d+\/ \(Ctrl-C ends it\)\n$/);
    const runs = (await (await fetch(`${urlIn(line)}api/runs`)).json()) as Run[];
    expect(runs.map(({ name }) => name)).toEqual(['mixed-v13.bin']);
    expectValid('api-1#Runs', runs);
    expectValid('api-1#ApiError', await (await fetch(`${urlIn(line)}api/runs/none/overview`)).json());
    running.child.kill('SIGINT');
    expect(await running.finished).toMatchObject({ code: 130, stderr: '', stdout: line });
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test.each([
    ['--together', ['fork-v8.bin', 'fork-v8.bin.15416'], []],
    ['--diff', ['fork-v8.bin.15416'], ['fork-v8.bin']],
  ] as const)('%s opens with the runs of each side', async (flag, head, base) => {
    const folder = scratchFolder();
    const paths = [copyCapture(folder, 'fork-v8'), copyCapture(folder, 'fork-v8.bin.15416')];
    const running = start(['serve', ...paths, flag]);
    const url = new URL(urlIn(await firstLine(running)));
    const runs = (await (await fetch(new URL('api/runs', url))).json()) as Run[];
    const namesOf = (side: string): string[] =>
      url.searchParams.getAll(side).map((id) => runs.find((each) => each.id === id)!.name);
    expect([namesOf('run'), namesOf('base')]).toEqual([head, base]);
    running.child.kill('SIGINT');
    await running.finished;
  });

  test('offers the processes of one run as one', async () => {
    const folder = scratchFolder();
    copyCapture(folder, 'fork-v8.bin.15416');
    const running = start(['serve', copyCapture(folder, 'fork-v8'), folder]);
    await firstLine(running);
    running.child.kill('SIGINT');
    expect((await running.finished).stdout).toContain('fork-v8.bin is one of 2 processes of one run');
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('ends by %s at once while pages are open', async (signal) => {
    const running = start(['serve', copyCapture(scratchFolder(), 'mixed-v13')]);
    const url = urlIn(await firstLine(running));
    const opened = new Promise<void>((resolve, reject) => {
      get(`${url}api/events`, (response) => {
        response.once('data', () => resolve());
        response.on('error', () => undefined);
      }).on('error', reject);
    });
    await opened;
    running.child.kill(signal);
    expect(await running.finished).toMatchObject({ code: 130, stderr: '' });
  });

  test('serves this folder and what comes into it, when nothing is named', async () => {
    const folder = scratchFolder();
    const running = start(['serve'], { cwd: folder });
    const line = await firstLine(running);
    expect(line).toContain('serving what comes into ');
    copyCapture(folder, 'munmap-v13');
    const url = urlIn(line);
    let runs: Run[] = [];
    while (runs.length === 0) {
      runs = (await (await fetch(`${url}api/runs`)).json()) as Run[];
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(runs[0]!.name).toBe('munmap-v13.bin');
    running.child.kill('SIGINT');
    expect((await running.finished).code).toBe(130);
  });

  test.skipIf(!hasTerminal())(
    'opens a page for captures to be dropped on, when nothing at all is said on a terminal',
    async () => {
      const running = startInTerminal([], { cwd: scratchFolder() });
      let shown = '';
      running.child.stdout.on('data', (part: string) => (shown += part));
      await expect.poll(() => shown, { timeout: 20_000 }).toMatch(/serving what comes into [^]* at http:/);
      expect(shown).toContain('opens a page on which captures can be dropped');
      running.child.stdin.write('\u0003');
      expect((await running.finished).code).toBe(130);
    },
  );

  test('for others prints an address with a token', async () => {
    const running = start(['serve', copyCapture(scratchFolder(), 'mixed-v13'), '--host', '0.0.0.0']);
    const line = await firstLine(running);
    expect(line).toMatch(/ at http:\/\/\S+:\d+\/#token=[\w-]{32} /);
    running.child.kill('SIGINT');
    await running.finished;
  });

  test('takes no port that is taken, and says so', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    const { code, stderr } = await run(['serve', copyCapture(scratchFolder(), 'mixed-v13'), '--port', String(port)]);
    expect([code, stderr]).toEqual([2, `memscope: port ${port} is taken; leave out --port for one that is free\n`]);
  });

  test('of what is not there ends like other commands', async () => {
    const folder = scratchFolder();
    for (const [name, message] of [
      ['missing*.bin', 'no memray capture has such a name'],
      ['missing.bin', 'there is no such file; check the path'],
    ] as const) {
      const { code, stderr, stdout } = await run(['serve', join(folder, name)]);
      expect([code, stdout, stderr]).toEqual([3, '', expect.stringContaining(message)]);
    }
    const broken = join(folder, 'broken.bin');
    writeFileSync(broken, 'nothing');
    const running = start(['serve', broken]);
    // It may still become one: the page says what is wrong with it.
    expect(await firstLine(running)).toContain('serving broken.bin');
    running.child.kill('SIGINT');
    await running.finished;
  });
});

test.each([
  [['serve', '-'], /standard input/],
  [['serve', '--port', 'http'], /--port/],
  [['serve', '--port', '70000'], /--port/],
  [['serve', '--host', 'no such host'], /no address of this machine/],
  [['serve', '--source', '/no/such\u001b[2J'], /^memscope: --source \/no\/such\\x1b\[2J: there is no such folder\n$/],
  [['list', 'a.bin', 'f', '--source', '/no/such\u001b[2J'], /^memscope: --source \/no\/such\\x1b\[2J: there is no/],
])('%j is wrong usage', async (args, message) => {
  const { code, stderr } = await runHere(args);
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
});
