/** Who may ask, how, and how much: everything else is refused before anything looks at it. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { RunningServer } from '../src/index.js';
import { ask, copyCapture, errorOf, pathOf, scratchFolder, serving, startServer, type Asking } from './serving.js';

let folder: string;
let server: RunningServer;
beforeAll(async () => {
  folder = scratchFolder(true);
  const web = join(folder, 'web');
  mkdirSync(join(web, 'assets'), { recursive: true });
  mkdirSync(join(web, '.git'));
  writeFileSync(join(web, 'index.html'), '<!doctype html><title>memscope</title>');
  writeFileSync(join(web, 'assets/page-1a2b.js'), 'export {};');
  writeFileSync(join(web, '.git/config'), 'hidden');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  server = await startServer([copyCapture(folder, 'mixed-v13')], { webFolder: web });
  await server.settled();
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const own = (): string => `127.0.0.1:${server.port}`;

async function statusOf(path: string, asking: Asking = {}): Promise<number> {
  return (await ask(server, path, asking)).status;
}

/** Bytes as they are; what came back until the server closed. */
function sendRaw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = '';
    const socket = connect(server.port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('latin1').on('data', (part: string) => (reply += part));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve(reply) : reject(error),
    );
    socket.on('close', () => resolve(reply));
  });
}

describe('a request under', () => {
  test.each([
    ['its address', () => own()],
    ['localhost', () => `localhost:${server.port}`],
    ['LOCALHOST', () => `LOCALHOST:${server.port}`],
    ['the IPv6 address', () => `[::1]:${server.port}`],
  ])('%s is answered', async (_, host) => {
    expect(await statusOf('/api/runs', { headers: { host: host() } })).toBe(200);
  });

  test.each([
    ['another name', () => `evil.example:${server.port}`],
    ['another name without a port', () => 'evil.example'],
    ['its address with another port', () => '127.0.0.1:1'],
    ['its address without a port', () => '127.0.0.1'],
    ['a name that ends like its own', () => `x.localhost:${server.port}`],
    ['its name as a user of another', () => `localhost:${server.port}@evil.example`],
  ])('%s is refused, also for the page', async (_, host) => {
    for (const path of ['/', '/api/runs', pathOf(server, 'flame')]) {
      const reply = await ask(server, path, { headers: { host: host() } });
      expect([path, reply.status]).toEqual([path, 403]);
      expect(errorOf(reply).code).toBe('forbidden');
    }
  });

  test('another name is explained to a person who opens it, with what to do', async () => {
    const open = (host: string, path = '/'): ReturnType<typeof ask> =>
      ask(server, path, { headers: { host, accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
    const reply = await open('localhost:9999', '/?view=flame');
    expect([reply.status, reply.headers['content-type']]).toEqual([403, 'text/html; charset=utf-8']);
    const text = reply.body.toString();
    expect(text).toContain('memscope does not answer as localhost:9999');
    expect(text).toContain(`ssh -L ${server.port}:127.0.0.1:${server.port} HOST`);
    expect(text).toContain(`<a href="http://${own()}/">`);
    const hostile = await open('x"><script>alert(1)</script>');
    expect(hostile.body.toString()).not.toContain('<script');
    expect((await open('localhost:9999', '/api/runs')).headers['content-type']).toMatch(/json/);
  });

  test('no name at all is refused', async () => {
    expect(await sendRaw('GET /api/runs HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await sendRaw('GET /api/runs HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 403 /);
  });
});

test('a whole address in the place of the path is refused: the rules for paths, that of the token among them, look at paths', async () => {
  for (const address of [`http://${own()}/api/runs`, 'http://x/api/runs', 'HTTP://x/api/runs']) {
    const reply = await sendRaw(`GET ${address} HTTP/1.1\r\nHost: ${own()}\r\nConnection: close\r\n\r\n`);
    expect(reply).toMatch(/^HTTP\/1\.1 400 /);
  }
});

describe('a page of', () => {
  test('its own origin is answered', async () => {
    const headers = { origin: `http://${own()}`, 'sec-fetch-site': 'same-origin' };
    expect(await statusOf('/api/runs', { headers })).toBe(200);
    expect(await statusOf('/api/runs', { headers: { 'sec-fetch-site': 'none' } })).toBe(200);
  });

  test.each([
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'https://127.0.0.1' },
    { origin: 'http://127.0.0.1:1' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  ])('another one is refused: %o', async (headers) => {
    const reply = await ask(server, '/api/runs', { headers });
    expect(reply.status).toBe(403);
    expect(reply.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('another one may link to the page, but not embed anything of it', async () => {
    const from = { 'sec-fetch-site': 'cross-site' };
    const link = { ...from, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect(await statusOf('/', { headers: link })).toBe(200);
    expect(await statusOf('/', { headers: { ...link, 'sec-fetch-dest': 'iframe' } })).toBe(403);
    expect(await statusOf('/assets/page-1a2b.js', { headers: { ...from, 'sec-fetch-mode': 'no-cors' } })).toBe(403);
  });
});

describe('every response', () => {
  test.each(['/', '/api/runs', '/nothing', '/api/nothing', '/assets/page-1a2b.js'])(
    'of %s is locked down',
    async (path) => {
      const { headers } = await ask(server, path);
      expect(headers).toMatchObject({
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(Object.keys(headers).filter((name) => /^(?:x-powered-by|server|access-control-.*)$/.test(name))).toEqual(
        [],
      );
    },
  );
});

describe('a request that', () => {
  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('would %s is refused', async (method) => {
    const reply = await ask(server, '/api/runs', { method });
    expect([reply.status, reply.headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  test('brings a body is refused', async () => {
    const headers = { 'content-length': '5' };
    expect(await statusOf('/api/runs', { headers, body: 'hello' })).toBe(400);
    expect(await statusOf('/api/runs', { headers: { 'transfer-encoding': 'chunked' }, body: 'hello' })).toBe(400);
  });

  test('is too long is refused, by its address, its values or its headers', async () => {
    const flame = pathOf(server, 'flame');
    expect(await statusOf(`${flame}?filter=${'a'.repeat(9_000)}`)).toBe(414);
    expect(await statusOf(`${flame}?filter=${'a'.repeat(5_000)}`)).toBe(400);
    expect(await statusOf('/api/runs', { headers: { 'x-long': 'a'.repeat(20_000) } })).toBe(431);
    expect(await statusOf(`${flame}?${'a=&'.repeat(200)}`)).toBe(400);
  });

  test('hides its origin or its host behind a hundred headers is refused like any other', async () => {
    const junk = Array.from({ length: 150 }, (_, i) => `x-${i}: y\r\n`).join('');
    const send = (headers: string): Promise<string> =>
      sendRaw(`GET /api/runs HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`);
    expect(await send(`Host: ${own()}\r\n${junk}Origin: http://evil.example\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    expect(await send(`${junk}Host: ${own()}\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    const few = junk.slice(0, junk.indexOf('x-90'));
    expect(await send(`Host: ${own()}\r\n${few}Origin: http://evil.example\r\n`)).toMatch(/^HTTP\/1\.1 403 /);
    expect(await send(`Host: ${own()}\r\n${few}`)).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('names two hosts or two origins is refused', async () => {
    const send = (headers: string): Promise<string> =>
      sendRaw(`GET /api/runs HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`);
    const [host, evil] = [`Host: ${own()}\r\n`, 'Origin: http://evil.example\r\n'];
    expect(await send(`${host}Host: evil.example\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await send(`${host}Origin: http://${own()}\r\n${evil}`)).toMatch(/^HTTP\/1\.1 40[03] /);
  });

  test.each([
    'flame?width=0',
    'flame?width=99999999',
    'flame?width=1e3',
    'flame?width=',
    'flame?root=-1',
    'flame?root=9007199254740993',
    'flame?inverted=yes',
    'flame?measure=everything',
    'flame?unknown=1',
    'flame?width=1&width=2',
    'flame?transform=focus',
    `flame?${'transform=hide:a&'.repeat(60)}`,
    'flame?filter=%',
    'flame?filter=%ff',
    'table?limit=100000',
    'table?by=password',
    'table?sort=1;drop+table+site',
    'timeline?from=-1',
    'timeline?filter=x',
    'bands',
    'sandwich',
    'site',
    'site?site=-1',
    'search',
    'search?text=',
  ])('asks for %s is refused', async (route) => {
    const reply = await ask(server, pathOf(server, route));
    expect([reply.status, errorOf(reply).code]).toEqual([400, 'syntax']);
  });

  test.each([
    '/api/runs/0000000000000000/flame',
    '/api/runs/__proto__/flame',
    '/api/runs/constructor/flame',
    '/api/runs/..%2f..%2fetc%2fpasswd/flame',
    '/api/runs//flame',
    '/api/',
    '/api',
    '/api/nothing',
    '/API/runs',
  ])('asks for %s finds nothing', async (path) => {
    expect(await statusOf(path)).toBe(404);
  });

  test('asks for something that a run does not have finds nothing', async () => {
    for (const route of ['toString', '__proto__', 'flame/', 'nothing', '..%2foverview']) {
      expect([route, await statusOf(pathOf(server, route))]).toEqual([route, 404]);
    }
  });

  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/%00',
    '/.git/config',
    '/assets/%2e%2e%2f%2e%2e%2fmixed-v13.bin',
    '//etc/passwd',
    '/%c0%ae%c0%ae/secret.txt',
  ])('leaves the page’s folder by %s gets nothing', async (path) => {
    const reply = await ask(server, path);
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.status).toBeLessThan(500);
    expect(reply.body.toString()).not.toMatch(/secret$|hidden|root:/);
  });

  test('is no HTTP is refused, and the server goes on', async () => {
    expect(await sendRaw('\u0016\u0003\u0001\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await sendRaw(`GET /\u0000 HTTP/1.1\r\nHost: ${own()}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await statusOf('/api/runs')).toBe(200);
  });
});

describe('the page', () => {
  test('is served with its files: those with a digest in their name for good', async () => {
    const page = await ask(server, '/');
    expect([page.status, page.headers['content-type'], page.headers['cache-control']]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-cache',
    ]);
    const script = await ask(server, '/assets/page-1a2b.js');
    expect([script.status, script.headers['content-type'], script.headers['cache-control']]).toEqual([
      200,
      expect.stringMatching(/^(?:text|application)\/javascript/),
      'public, max-age=31536000, immutable',
    ]);
  });

  test('says so where it has not been built', async () => {
    const bare = await serving([copyCapture(scratchFolder(), 'mixed-v13')]);
    expect((await ask(bare, '/')).body.toString()).toContain('not been built');
  });
});
