/** A server that others than this machine can reach: who may ask it, and by which names. */
import { hostname, networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';

import { ownHosts } from '../src/own-hosts.js';
import { ask, copyCapture, pathOf, scratchFolder, serving, type Asking } from './serving.js';

describe('a server that others can reach', () => {
  test('answers the API only to who has its token, which is in the fragment of its address', async () => {
    const open = await serving([copyCapture(scratchFolder(), 'mixed-v13')], { host: '0.0.0.0' });
    const token = new URL(open.url).hash.replace('#token=', '');
    expect(token).toMatch(/^[\w-]{32}$/);
    const bearing = (value: string): Asking => ({ headers: { authorization: value } });
    expect((await ask(open, '/')).status).toBe(200);
    for (const path of ['/api/runs', '/api/events', pathOf(open, 'flame')]) {
      expect((await ask(open, path)).status).toBe(401);
      expect((await ask(open, `${path}?token=${token}`)).status).toBe(401);
      expect((await ask(open, path, bearing(`Bearer ${token}x`))).status).toBe(401);
      expect((await ask(open, path, bearing(`Bearer ${token.slice(1)}`))).status).toBe(401);
      expect((await ask(open, path, bearing(token))).status).toBe(401);
    }
    expect((await ask(open, '/api/runs', bearing(`Bearer ${token}`))).status).toBe(200);
    expect((await ask(open, pathOf(open, 'flame'), bearing(`Bearer ${token}`))).status).toBe(200);
    const foreign = { headers: { authorization: `Bearer ${token}`, host: `evil.example:${open.port}` } };
    expect((await ask(open, '/api/runs', foreign)).status).toBe(403);
  });

  test('has another token each time', async () => {
    const servers = await Promise.all([1, 2].map(() => serving([], { host: '0.0.0.0' })));
    expect(new Set(servers.map(({ url }) => url.replace(/^.*#/, ''))).size).toBe(2);
  });

  test('knows the addresses of its machine as its own names', () => {
    const hosts = ownHosts('0.0.0.0', 8123);
    const addresses = Object.values(networkInterfaces()).flatMap((list) =>
      (list ?? []).filter(({ family }) => family === 'IPv4'),
    );
    for (const { address } of addresses) expect(hosts).toContain(`${address}:8123`);
    expect(hosts).toContain(`${hostname().toLowerCase()}:8123`);
    expect([...ownHosts('Example.ORG', 80)]).toEqual(
      expect.arrayContaining(['example.org:80', 'example.org', 'localhost']),
    );
    expect(ownHosts('::1', 9)).toContain('[::1]:9');
  });
});
