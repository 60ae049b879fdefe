/**
 * The built page over HTTP under a strict Content-Security-Policy, with an API behind it: a function here, or another
 * server to which requests are passed on.
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export const pageFolder = fileURLToPath(new URL('../../dist', import.meta.url));

export type Api = (url: URL, response: ServerResponse) => void;

export interface PageServer {
  readonly address: string;
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1, or on `port`. */
export async function servePage(api: Api | { readonly passTo: string }, port = 0): Promise<PageServer> {
  const server: Server = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    if (!url.pathname.startsWith('/api/')) sendFile(url.pathname, response);
    else if (typeof api === 'function') api(url, response);
    else passOn(incoming, response, api.passTo);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function sendFile(path: string, response: ServerResponse): void {
  const file = join(pageFolder, normalize(path === '/' ? '/index.html' : path));
  if (!file.startsWith(pageFolder) || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
  });
  createReadStream(file).pipe(response);
}

function passOn(incoming: IncomingMessage, response: ServerResponse, address: string): void {
  const target = new URL(incoming.url ?? '/', address);
  const { authorization } = incoming.headers;
  const headers = { host: target.host, ...(authorization === undefined ? {} : { authorization }) };
  const outgoing = request(target, { headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.writeHead(502).end());
  response.on('close', () => outgoing.destroy());
  outgoing.end();
}
