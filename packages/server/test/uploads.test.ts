/** Captures that are sent to the server: where they go, what is not taken, and who may send them. */
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import { findCapture } from '@memscope/fixtures';
import type { Run } from '@memscope/model';

import type { RunningServer } from '../src/index.js';
import { safeName, UploadFolder } from '../src/upload-folder.js';
import { ask, errorOf, jsonOf, pathOf, scratchFolder, serving, type Reply } from './serving.js';

const capture = readFileSync(findCapture('mixed-v13').path);

function send(server: RunningServer, name: string, body: Uint8Array, headers = {}, drop = 'd1'): Promise<Reply> {
  return ask(server, `/api/uploads/${drop}/${encodeURIComponent(name)}`, { method: 'PUT', headers, body });
}

test('a capture that is sent is read and shown like a named one, and gone when the server ends', async () => {
  const temporary = scratchFolder();
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const server = await serving([], { uploads: null });
  const reply = await send(server, 'mine.bin', capture);
  expect([reply.status, (jsonOf(reply) as Run).name]).toEqual([201, 'mine.bin']);
  await server.settled();
  expect(server.runs()).toMatchObject([{ name: 'mine.bin', state: 'ready' }]);
  expect((await ask(server, pathOf(server, 'overview'))).status).toBe(200);
  expect(readdirSync(temporary).filter((name) => name.startsWith('memscope-dropped-'))).toHaveLength(1);
  await server.close();
  expect(readdirSync(temporary).filter((name) => name.startsWith('memscope-dropped-'))).toEqual([]);
});

test('in a folder that was named it stays, under a name that takes no other place', async () => {
  const folder = scratchFolder();
  writeFileSync(join(folder, 'mine.bin'), 'another');
  const server = await serving([], { uploads: folder });
  expect((jsonOf(await send(server, 'mine.bin', capture)) as Run).name).toBe('mine-2.bin');
  await server.settled();
  await server.close();
  expect(readdirSync(folder).sort()).toEqual(['mine-2.bin', 'mine-2.bin.memscope', 'mine.bin']);
  expect(readFileSync(join(folder, 'mine-2.bin')).equals(capture)).toBe(true);
  expect(readFileSync(join(folder, 'mine.bin'), 'utf8')).toBe('another');
});

test('a symbol bundle waits for the capture of its drop, and goes where that goes', async () => {
  const folder = scratchFolder();
  writeFileSync(join(folder, 'mine.bin'), 'another');
  const uploads = new UploadFolder(folder);
  const take = (drop: string, name: string, text: string): Promise<string | null> =>
    uploads.take(Readable.from([Buffer.from(text)]), { drop, name, bytes: text.length });
  expect(await take('d1', 'mine.bin.symbols', 'bundle')).toBeNull();
  expect(await take('other', 'mine.bin', 'of another drop')).toBe(join(folder, 'mine-2.bin'));
  expect(await take('d1', 'mine.bin', 'capture')).toBe(join(folder, 'mine-3.bin'));
  uploads.close();
  expect(readdirSync(folder).sort()).toEqual(['mine-2.bin', 'mine-3.bin', 'mine-3.bin.symbols', 'mine.bin']);
  expect(readFileSync(join(folder, 'mine-3.bin.symbols'), 'utf8')).toBe('bundle');
});

test('what is no capture says so as a run that could not be read', async () => {
  const server = await serving([], { uploads: null });
  expect((await send(server, 'notes.txt', Buffer.from('hello'))).status).toBe(201);
  await server.settled();
  expect(server.runs()).toMatchObject([{ name: 'notes.txt', state: 'failed' }]);
});

test.each([
  ['../../etc/passwd', '__.._etc_passwd'],
  ['..', '_'],
  ['.hidden.bin', '_hidden.bin'],
  ['a\u0000b\u001b[31m.bin', 'a_b_[31m.bin'],
  ['C:\\temp\\x.bin', 'C__temp_x.bin'],
  ['<img src=x>.bin', '_img src=x_.bin'],
  ['', 'capture.bin'],
  ['größe 1.bin', 'größe 1.bin'],
])('the name %j becomes %j: a file in its folder and nowhere else', (name, own) => {
  expect(safeName(name)).toBe(own);
});

test('a name that is too long for a file system keeps its suffix', () => {
  const own = safeName(`${'ü'.repeat(400)}.bin.symbols`);
  expect(own).toMatch(/^ü+\.bin\.symbols$/);
  expect(Buffer.byteLength(own)).toBeLessThanOrEqual(180);
});

test('a capture that ends too early leaves nothing behind', async () => {
  const folder = scratchFolder();
  const server = await serving([], { uploads: folder });
  await new Promise<void>((resolve) => {
    const sent = request({
      host: '127.0.0.1',
      port: server.port,
      path: '/api/uploads/d1/cut.bin',
      method: 'PUT',
      headers: { 'content-length': capture.length },
    });
    sent.on('error', () => resolve());
    sent.write(capture.subarray(0, 1000), () => sent.destroy());
  });
  await server.close();
  expect(readdirSync(folder)).toEqual([]);
});

test('more than the disk has room for is refused before it comes', async () => {
  const uploads = new UploadFolder(scratchFolder());
  onTestFinished(() => uploads.close());
  const taken = uploads.take(Readable.from([]), { drop: 'd', name: 'x.bin', bytes: 2 ** 52 });
  await expect(taken).rejects.toMatchObject({ status: 507, message: /no room/ });
});

test('a folder that cannot be written is said', async (context) => {
  if (process.getuid?.() === 0) context.skip();
  const folder = scratchFolder();
  chmodSync(folder, 0o500);
  const server = await serving([], { uploads: folder });
  const reply = await send(server, 'mine.bin', capture);
  expect([reply.status, errorOf(reply).message]).toEqual([507, expect.stringContaining('cannot be written')]);
});

test('nothing is taken where that is not offered, of another site, without a length, or of no bytes', async () => {
  const none = await serving([]);
  expect((await send(none, 'mine.bin', capture)).status).toBe(405);
  const server = await serving([], { uploads: null });
  const evil = { origin: 'http://evil.example' };
  expect((await send(server, 'mine.bin', capture, evil)).status).toBe(403);
  expect((await send(server, 'mine.bin', capture, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await send(server, 'mine.bin', new Uint8Array(0))).status).toBe(400);
  expect(
    (await ask(server, '/api/uploads/d1/x.bin', { method: 'PUT', headers: { 'transfer-encoding': 'chunked' } })).status,
  ).toBe(400);
  expect((await send(server, 'mine.bin', capture, {}, '..%2f..')).status).toBe(404);
  expect((await ask(server, '/api/uploads/d1/x.bin')).status).toBe(404);
  expect((await ask(server, '/api/runs', { method: 'PUT', body: 'x' })).status).toBe(405);
  expect(server.runs()).toEqual([]);
});

test('who sends to a server that others reach needs its token', async () => {
  const server = await serving([], { host: '0.0.0.0', uploads: null });
  expect((await send(server, 'mine.bin', capture)).status).toBe(401);
  const token = new URL(server.url).hash.replace('#token=', '');
  expect((await send(server, 'mine.bin', capture, { authorization: `Bearer ${token}` })).status).toBe(201);
  await server.settled();
  expect(server.runs()).toMatchObject([{ state: 'ready' }]);
});
