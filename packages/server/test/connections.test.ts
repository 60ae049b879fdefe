/** Clients that are slow, or say nothing, keep nobody else out. */
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { limitConnections } from '../src/limit-connections.js';
import { copyCapture, scratchFolder, serving } from './serving.js';

const MOST = 4;

describe('a server of four connections', () => {
  let server: Server;
  const clients: Socket[] = [];
  beforeEach(async () => {
    server = createServer((request, response) => {
      // Never answered, or at once.
      if (request.url === '/wait') response.write('…');
      else response.end('hello');
    });
    limitConnections(server, MOST);
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.destroy();
    server.closeAllConnections();
    server.close();
  });

  async function open(text = ''): Promise<Socket> {
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    clients.push(client);
    client.on('error', () => undefined);
    await once(client, 'connect');
    if (text !== '') client.write(text);
    return client;
  }

  async function hear(client: Socket): Promise<string> {
    const [part] = (await Promise.race([once(client, 'data'), once(client, 'close')])) as [unknown];
    return Buffer.isBuffer(part) ? part.toString() : 'closed';
  }

  const get = (path: string): Promise<Socket> => open(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);

  test.each([
    ['send nothing', ''],
    ['send half a request', 'GET / HTTP/1.1\r\nHo'],
    ['have had their answer', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('has room where all are held by clients that %s: the oldest goes', async (_, text) => {
    const slow: Socket[] = [];
    for (let i = 0; i < MOST; i++) {
      slow.push(await open(text));
      if (text.endsWith('\r\n\r\n')) await hear(slow.at(-1)!);
    }
    const gone = once(slow[0]!, 'close');
    expect(await hear(await get('/'))).toContain('hello');
    await gone;
    expect(slow.slice(1).filter(({ closed }) => closed)).toEqual([]);
  });

  test('turns newcomers away, and cuts nobody, where all are being answered', async () => {
    const busy = await Promise.all(Array.from({ length: MOST }, () => get('/wait')));
    await Promise.all(busy.map(hear));
    expect(await hear(await get('/'))).toBe('closed');
    expect(busy.filter(({ closed }) => closed)).toEqual([]);
    busy[0]!.destroy();
    await once(busy[0]!, 'close');
    let reply = 'closed';
    while (reply === 'closed') reply = await hear(await get('/'));
    expect(reply).toContain('hello');
  });
});

test('hundreds of silent connections keep nobody from an answer', async () => {
  const { port } = await serving([copyCapture(scratchFolder(), 'mixed-v13')]);
  const silent = Array.from({ length: 400 }, () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    return socket;
  });
  await Promise.all(silent.map((socket) => once(socket, 'connect')));
  const reply = await fetch(`http://127.0.0.1:${port}/api/runs`);
  expect(reply.status).toBe(200);
  for (const socket of silent) socket.destroy();
});
