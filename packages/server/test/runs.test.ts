/** What is served: named files and folders, captures that come later, those that cannot be read, and how far each is. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  appendFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { onTestFinished, describe, expect, test } from 'vitest';
import { buildCapture, makeSyntheticCapture } from '@memscope/fixtures';
import { ingest } from '@memscope/ingest';
import type { Run } from '@memscope/model';

import { ask, copyCapture, errorOf, pathOf, runsUntil, scratchFolder, serving, startServer } from './serving.js';

const QUICK = { settleMs: 30, pollMs: 30 };

function stateOf(runs: readonly Run[]): Record<string, string> {
  return Object.fromEntries(runs.map(({ name, state }) => [name, state]));
}

describe('a server', () => {
  test('lists captures and profiles that are named, and reads what has no profile yet', async () => {
    const folder = scratchFolder();
    const [capture, other] = [copyCapture(folder, 'mixed-v13'), copyCapture(folder, 'munmap-v13')];
    await ingest({ paths: [other] });
    const server = await serving([capture, `${other}.memscope`]);
    expect(stateOf(server.runs())).toEqual({ 'mixed-v13.bin': 'ready', 'munmap-v13.bin.memscope': 'ready' });
  });

  test('lists what a folder holds: captures, and profiles without one', async () => {
    const folder = scratchFolder();
    const gone = copyCapture(folder, 'munmap-v13', 'gone.bin');
    await ingest({ paths: [gone] });
    renameSync(gone, join(scratchFolder(), 'gone.bin'));
    copyCapture(folder, 'mixed-v13');
    writeFileSync(join(folder, 'notes.txt'), 'no capture');
    mkdirSync(join(folder, 'inner.memscope'));
    const server = await serving([folder]);
    expect(stateOf(server.runs())).toEqual({ 'mixed-v13.bin': 'ready', 'gone.bin.memscope': 'ready' });
    expect(server.folders).toEqual([folder]);
  });

  test('serves an empty folder, and says what is not there', async () => {
    const folder = scratchFolder();
    const server = await serving([folder, join(folder, 'missing*.bin'), join(folder, 'absent.bin')]);
    expect(server.runs()).toEqual([]);
    expect(server.failures.map(({ code }) => code)).toEqual(['notFound', 'notFound']);
  });

  test('gives a run the same id each time, which does not say where it is', async () => {
    const path = copyCapture(scratchFolder(), 'mixed-v13');
    const ids = await Promise.all([1, 2].map(async () => (await serving([path])).runs()[0]!.id));
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).toMatch(/^[0-9a-f]{16}$/);
  });

  test('tells files of one name apart by their folders', async () => {
    const folder = scratchFolder();
    const paths = ['a', 'b'].map((name) => {
      mkdirSync(join(folder, name));
      return copyCapture(join(folder, name), 'mixed-v13');
    });
    const server = await serving([...paths, copyCapture(folder, 'munmap-v13')]);
    expect(server.runs().map(({ name }) => name)).toEqual([
      join('a', 'mixed-v13.bin'),
      join('b', 'mixed-v13.bin'),
      'munmap-v13.bin',
    ]);
  });

  test('lists what cannot be read with the reason, and has no answers for it', async () => {
    const folder = scratchFolder();
    const bad = join(folder, 'bad.bin');
    writeFileSync(bad, 'no capture at all');
    const damaged = join(folder, 'damaged.memscope');
    writeFileSync(damaged, 'no profile');
    const server = await serving([bad, damaged, copyCapture(folder, 'mixed-v13')]);
    expect(stateOf(server.runs())).toEqual({
      'bad.bin': 'failed',
      'damaged.memscope': 'failed',
      'mixed-v13.bin': 'ready',
    });
    for (const run of server.runs().filter(({ state }) => state === 'failed')) {
      expect(run.message).toMatch(/\w+ \w+/);
      const reply = await ask(server, pathOf(server, 'flame', run));
      expect([reply.status, errorOf(reply).code]).toEqual([409, 'notReady']);
    }
  });

  test('says that a profile has gone since, or was damaged', async () => {
    const path = copyCapture(scratchFolder(), 'mixed-v13');
    const server = await serving([path]);
    writeFileSync(`${path}.memscope`, 'gone');
    const reply = await ask(server, pathOf(server, 'flame?width=77'));
    expect([reply.status, errorOf(reply).code]).toEqual([500, 'internal']);
    expect((await ask(server, '/api/runs')).status).toBe(200);
  });
});

describe('the stream of events', () => {
  test('tells how far a capture is, from waiting to ready', async () => {
    const path = join(scratchFolder(), 'large.bin');
    writeFileSync(path, makeSyntheticCapture({ seed: 5, allocations: 250_000, live: 20_000 }));
    const server = await startServer([path]);
    onTestFinished(() => server.close());
    const seen = await runsUntil(server, ({ state }) => state === 'ready');
    const order = ['waiting', 'reading', 'resolving', 'writing', 'ready'];
    const states = seen.map(({ state }) => order.indexOf(state));
    expect(states).toEqual(states.toSorted((a, b) => a - b));
    const read = seen.map(({ readBytes }) => readBytes);
    expect(read).toEqual(read.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toEqual(server.runs()[0]);
  });

  test('is never kept or compressed, and starts with what there is', async () => {
    const server = await serving([copyCapture(scratchFolder(), 'mixed-v13')]);
    const [run] = await runsUntil(server, () => true);
    expect(run).toEqual(server.runs()[0]);
    const headers = await new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port: server.port, path: '/api/events', headers: { 'accept-encoding': 'gzip' } },
        (response) => {
          resolve(response.headers);
          sent.destroy();
        },
      );
      sent.on('error', reject);
      sent.end();
    });
    expect(headers).toMatchObject({
      'content-type': expect.stringMatching(/^text\/event-stream/),
      'cache-control': 'no-store',
    });
    expect(headers).not.toHaveProperty('content-encoding');
  });
});

describe.each([
  ['by the system’s notices', QUICK],
  ['by looking again and again', { ...QUICK, alwaysPoll: true }],
])('a named folder is watched %s', (_, watch) => {
  test('a capture that comes later is read', async () => {
    const folder = scratchFolder();
    const server = await serving([folder], { watch });
    const ready = runsUntil(server, ({ state }) => state === 'ready');
    copyCapture(folder, 'mixed-v13', 'later.bin');
    expect((await ready).at(-1)).toMatchObject({ name: 'later.bin', state: 'ready' });
    expect(server.runs()).toHaveLength(1);
  });

  test('a capture that is recorded anew is read again', async () => {
    const folder = scratchFolder();
    const path = copyCapture(folder, 'mixed-v13', 'run.bin');
    const server = await serving([folder], { watch });
    const before = server.runs()[0]!;
    const changed = runsUntil(server, ({ state, peakBytes }) => state === 'ready' && peakBytes !== before.peakBytes);
    copyCapture(folder, 'munmap-v13', 'run.bin');
    const after = (await changed).at(-1)!;
    expect([after.id, server.runs().length]).toEqual([before.id, 1]);
    expect(path).toContain(after.name);
  });

  test('a capture that cannot be read is listed as that, and read once it can be', async () => {
    const folder = scratchFolder();
    const server = await serving([folder], { watch });
    const failed = runsUntil(server, ({ state }) => state === 'failed');
    writeFileSync(join(folder, 'cut.bin'), 'memray\0');
    expect((await failed).at(-1)!.message).toMatch(/\w/);
    const ready = runsUntil(server, ({ state }) => state === 'ready');
    copyCapture(folder, 'mixed-v13', 'cut.bin');
    await ready;
    expect(stateOf(server.runs())).toEqual({ 'cut.bin': 'ready' });
  });
});

describe.each([
  ['a named capture', false],
  ['a capture in a named folder', true],
])('%s that is deleted', (_, isInFolder) => {
  test('leaves the list, with a sentence to who follows it; its profile is no run of its own', async () => {
    const folder = scratchFolder();
    const path = copyCapture(folder, 'mixed-v13', 'deleted.bin');
    const other = copyCapture(folder, 'munmap-v13', 'kept.bin');
    const server = await serving(isInFolder ? [folder] : [path, other], { watch: QUICK });
    const gone = runsUntil(server, ({ state }) => state === 'gone');
    const route = pathOf(
      server,
      'overview',
      server.runs().find(({ name }) => name === 'deleted.bin'),
    );
    expect((await ask(server, route)).status).toBe(200);
    renameSync(path, join(scratchFolder(), 'deleted.bin'));
    expect((await gone).at(-1)).toMatchObject({
      name: 'deleted.bin',
      message: 'its file was deleted, renamed or moved',
    });
    // Something that comes later, so that the folder has been looked at since.
    if (isInFolder) {
      const ready = runsUntil(server, ({ name, state }) => name === 'later.bin' && state === 'ready');
      copyCapture(folder, 'killed-v11', 'later.bin');
      await ready;
    }
    expect(server.runs().map(({ name }) => name)).toEqual(isInFolder ? ['kept.bin', 'later.bin'] : ['kept.bin']);
    expect(errorOf(await ask(server, route)).code).toBe('notFound');
  });
});

test('a capture that comes back is a run again', async () => {
  const folder = scratchFolder();
  const path = copyCapture(folder, 'mixed-v13', 'back.bin');
  const server = await serving([folder], { watch: QUICK });
  const away = join(scratchFolder(), 'back.bin');
  const gone = runsUntil(server, ({ state }) => state === 'gone');
  renameSync(path, away);
  await gone;
  const ready = runsUntil(server, ({ state }) => state === 'ready');
  renameSync(away, path);
  expect((await ready).at(-1)).toMatchObject({ name: 'back.bin' });
  expect(stateOf(server.runs())).toEqual({ 'back.bin': 'ready' });
});

test('a profile that is deleted is made anew', async () => {
  const path = copyCapture(scratchFolder(), 'mixed-v13');
  const server = await serving([path], { watch: QUICK });
  const again = runsUntil(server, ({ state }) => state === 'reading' || state === 'writing' || state === 'waiting');
  rmSync(`${path}.memscope`);
  await again;
  await server.settled();
  expect((await ask(server, pathOf(server, 'overview'))).status).toBe(200);
});

test('a file that still grows is left alone until it has stopped', async () => {
  const folder = scratchFolder();
  const bytes = readFileSync(copyCapture(scratchFolder(), 'mixed-v13'));
  // Long enough that no pause of a busy machine looks like an end.
  const server = await serving([folder], { watch: { settleMs: 1_000, pollMs: 20 } });
  const seen = runsUntil(server, ({ state }) => state === 'ready' || state === 'failed');
  const path = join(folder, 'growing.bin');
  writeFileSync(path, bytes.subarray(0, 100));
  for (let at = 100; at < bytes.length; at += 4_000) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    appendFileSync(path, bytes.subarray(at, at + 4_000));
  }
  const states = (await seen).map(({ state }) => state);
  expect(states.at(-1)).toBe('ready');
  expect(states).not.toContain('failed');
});

test('closing ends open connections at once', async () => {
  const folder = scratchFolder();
  copyFileSync(copyCapture(scratchFolder(), 'mixed-v13'), join(folder, 'a.bin'));
  const server = await startServer([folder]);
  await server.settled();
  const ended = new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path: '/api/events' }, (response) => {
      response.on('close', () => resolve('closed')).on('error', () => undefined);
      response.resume();
      void server.close();
    });
    sent.on('error', () => undefined);
    sent.end();
  });
  expect(await ended).toBe('closed');
});

test.skipIf(!existsSync('/proc/self/fd'))(
  'a capture that is being recorded is no failure, and is ready once it has ended',
  async () => {
    const path = join(scratchFolder(), 'live.bin');
    const hold = `require('fs').openSync(process.argv[1], 'a'); console.log('open'); setInterval(() => {}, 1e9)`;
    const recorder = spawn(process.execPath, ['-e', hold, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void recorder.kill('SIGKILL'));
    await once(recorder.stdout, 'data');
    const records = 'thread 1\npush main app.py:3 entry\nmalloc 0x1000 512\nmemory t=10 rss=1000000\n';
    // The recorder's number in the header is that of its container.
    writeFileSync(path, buildCapture(records, { header: { pid: 1, killed: true, padding: 4096 } }));

    const server = await serving([path], { watch: QUICK });
    const [run] = server.runs();
    expect(run).toMatchObject({ state: 'recording', message: expect.stringMatching(/is still recording into it$/) });
    recorder.kill('SIGKILL');
    await once(recorder, 'close');
    await runsUntil(server, ({ state }) => state === 'ready');
    expect(server.runs()[0]).toMatchObject({ peakBytes: 512, durationMs: 10, durationIsLeast: true });
  },
);
