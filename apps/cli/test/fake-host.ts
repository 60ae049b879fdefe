/** A host that keeps what is written and whose engine serves profiles from memory by path. */
import { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { CaptureProgress, IngestRequest, ListSymbolsRequest, PackSymbolsRequest } from '@memscope/ingest';
import type { Profile, SymbolNotes } from '@memscope/model';

import type { Engine, Host } from '../src/host.js';
import { runProgram } from '../src/program.js';

export interface FakeFailure {
  readonly code: string;
  readonly message: string;
}

export interface FakeWorld {
  /** Profiles and failures by capture path. */
  readonly captures?: Readonly<Record<string, Profile | FakeFailure>>;
  /** Captures in folders. */
  readonly folders?: Readonly<Record<string, readonly string[]>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Columns of a terminal; undefined = piped. */
  readonly terminal?: number;
  /** Rows of the terminal; by default enough for anything. */
  readonly rows?: number;
  /** Whether the pager can be started; it can by default. */
  readonly pagerStarts?: boolean;
  readonly signal?: AbortSignal;
  /** Reported to `onProgress` before the outcomes. */
  readonly progress?: readonly CaptureProgress[];
}

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly requests: readonly IngestRequest[];
  /** What symbols were listed or packed with. */
  readonly symbolRequests: readonly (ListSymbolsRequest | PackSymbolsRequest)[];
  /** What went to a pager, and which. */
  readonly paged: readonly { readonly text: string; readonly command: string }[];
}

export async function run(args: readonly string[], world: FakeWorld = {}): Promise<Run> {
  const { host, soFar } = fakeHost(world);
  const code = await runProgram(args, host);
  return { code, ...soFar() };
}

export function fakeHost(world: FakeWorld = {}): { readonly host: Host; readonly soFar: () => Omit<Run, 'code'> } {
  const requests: IngestRequest[] = [];
  const symbolRequests: (ListSymbolsRequest | PackSymbolsRequest)[] = [];
  const paged: { text: string; command: string }[] = [];
  const stdout = collector(world.terminal, world.rows);
  const stderr = collector(world.terminal, world.rows);
  const host: Host = {
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: world.env ?? {},
    signal: world.signal ?? new AbortController().signal,
    loadEngine: () => Promise.resolve(fakeEngine(world, requests, symbolRequests)),
    showInPager: (text, command) => {
      const starts = world.pagerStarts ?? true;
      if (starts) paged.push({ text, command });
      return Promise.resolve(starts);
    },
    runInTerminal: () => Promise.reject(new Error('nothing runs here')),
  };
  return { host, soFar: () => ({ stdout: stdout.text(), stderr: stderr.text(), requests, symbolRequests, paged }) };
}

/** As an `IngestError`: told by its name. */
function failure(path: string, { code, message }: FakeFailure): Error {
  return Object.assign(new Error(message), { name: 'IngestError', code, path });
}

function fakeEngine(
  { captures = {}, folders = {}, progress = [] }: FakeWorld,
  requests: IngestRequest[],
  symbolRequests: (ListSymbolsRequest | PackSymbolsRequest)[],
): Engine {
  const symbolsOf = (path: string): SymbolNotes => {
    const found = captures[path];
    if (found === undefined || 'code' in found)
      throw failure(path, found ?? { code: 'internal', message: 'not there' });
    if (found.notes.symbols !== null) return found.notes.symbols;
    throw failure(path, { code: 'notCapture', message: 'has no native stacks' });
  };
  return {
    listSymbols: async (path, request) => {
      symbolRequests.push(request);
      return symbolsOf(path);
    },
    packSymbols: async (path, request) => {
      symbolRequests.push(request);
      return { path: request.output ?? `${path}.symbols`, ...symbolsOf(path) };
    },
    isCaptureOrProfile: () => true,
    expandInputs: (args) => {
      const named = args.flatMap((path) => folders[path] ?? [path]);
      const unknown = named.filter((path) => captures[path] === undefined);
      return Promise.resolve({
        paths: named.filter((path) => captures[path] !== undefined),
        failures: unknown.map((path) => failure(path, { code: 'notFound', message: 'no such file or folder' })),
      } as Awaited<ReturnType<Engine['expandInputs']>>);
    },
    ingest: async (request) => {
      requests.push(request);
      for (const step of progress) request.onProgress?.(step);
      // Long enough for bars to be drawn.
      if (progress.length > 0) await setTimeout(300);
      const outcomes = request.paths.map((path) => {
        const found = captures[path];
        return found === undefined || 'code' in found
          ? { path, error: failure(path, found ?? { code: 'internal', message: 'not there' }) }
          : { path, profilePath: path, reused: false, ms: 1 };
      });
      return outcomes as Awaited<ReturnType<Engine['ingest']>>;
    },
    openProfile: (path) => {
      const found = captures[path];
      if (found === undefined || 'code' in found) throw new Error(`nothing at ${path}`);
      return found;
    },
  };
}

function collector(columns: number | undefined, rows = 10_000): { stream: Host['stdout']; text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return {
    stream: columns === undefined ? stream : Object.assign(stream, { isTTY: true, columns, rows }),
    text: () => chunks.join(''),
  };
}
