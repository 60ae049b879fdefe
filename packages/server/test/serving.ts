/** A server over captures in a folder of its own, and requests to it as they go over the wire. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { onTestFinished } from 'vitest';
import { findCapture } from '@memscope/fixtures';
import type { ApiError, Run } from '@memscope/model';

import { serve, type RunningServer, type ServeRequest } from '../src/index.js';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** Removed when the test file's present test, or with `keep` its caller's hook, is done. */
export function scratchFolder(keep = false): string {
  const folder = mkdtempSync(join(tmpdir(), 'memscope-server-'));
  if (!keep) onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Copies a capture of `fixtures/captures` there; returns its path. */
export function copyCapture(folder: string, name: string, as?: string): string {
  const { path } = findCapture(name);
  const copy = join(folder, as ?? basename(path));
  copyFileSync(path, copy);
  return copy;
}

/** One thread unless more are asked for: starting them is what takes time here. */
export function startServer(paths: readonly string[], changes: Partial<ServeRequest> = {}): Promise<RunningServer> {
  const { pool, ...rest } = changes;
  return serve({ paths, port: 0, host: '127.0.0.1', webFolder: null, pool: { lanes: 1, ...pool }, ...rest });
}

/** Read, and closed with the test. */
export async function serving(paths: readonly string[], changes: Partial<ServeRequest> = {}): Promise<RunningServer> {
  const server = await startServer(paths, changes);
  onTestFinished(() => server.close());
  await server.settled();
  return server;
}

/** `path` goes out as it is. */
export function ask({ port }: Pick<RunningServer, 'port'>, path: string, asking: Asking = {}): Promise<Reply> {
  const { method = 'GET', headers = {}, body } = asking;
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

export function jsonOf({ body }: Reply): unknown {
  return JSON.parse(body.toString('utf8'));
}

/** Of a reply that is no answer. */
export function errorOf(reply: Reply): ApiError {
  return (jsonOf(reply) as { error: ApiError }).error;
}

/** The answer to a route of the only run, which must be there. */
export async function askRun(server: RunningServer, route: string): Promise<Reply> {
  return ask(server, pathOf(server, route));
}

export function pathOf(server: RunningServer, route: string, run: Run = server.runs()[0]!): string {
  return `/api/runs/${run.id}/${route}`;
}

export async function askJson<T>(server: RunningServer, route: string): Promise<T> {
  const reply = await askRun(server, route);
  if (reply.status !== 200) throw new Error(`${reply.status} ${reply.body.toString()}`);
  return jsonOf(reply) as T;
}

export interface ArrowReply<Column extends string, Head> {
  readonly columns: Readonly<Record<Column, number[]>>;
  readonly head: Head;
}

export async function askArrow<Column extends string, Head>(
  server: RunningServer,
  route: string,
): Promise<ArrowReply<Column, Head>> {
  const reply = await askRun(server, route);
  if (reply.status !== 200) throw new Error(`${reply.status} ${reply.body.toString()}`);
  return readArrow(reply.body);
}

export function readArrow<Column extends string, Head>(body: Uint8Array): ArrowReply<Column, Head> {
  const table = tableFromIPC(body);
  const columns = Object.fromEntries(
    table.schema.fields.map(({ name }) => [name, [...(table.getChild(name)!.toArray() as Iterable<number>)]]),
  );
  return {
    columns: columns as ArrowReply<Column, Head>['columns'],
    head: JSON.parse(table.schema.metadata.get('head')!) as Head,
  };
}

/** What the stream of events says, until `isLast` says so of a run. */
export function runsUntil(server: RunningServer, isLast: (run: Run) => boolean): Promise<Run[]> {
  return new Promise((resolve, reject) => {
    const seen: Run[] = [];
    const sent = request({ host: '127.0.0.1', port: server.port, path: '/api/events', agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        const parts = text.split('\n\n');
        text = parts.pop()!;
        for (const line of parts) {
          if (!line.startsWith('data: ')) continue;
          const told = JSON.parse(line.slice('data: '.length)) as Run | Run[];
          const runs = Array.isArray(told) ? told : [told];
          seen.push(...runs);
          if (!runs.some(isLast)) continue;
          sent.destroy();
          resolve(seen);
        }
      });
      response.on('error', () => undefined);
    });
    sent.on('error', reject);
    sent.end();
  });
}
