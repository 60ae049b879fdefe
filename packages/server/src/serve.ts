/**
 * Named captures, profiles and folders → a running server: the list of runs is read in the background, and named folders
 * are watched for more.
 */
import { encodeRuns, type Run, type RunChoice } from '@memscope/model';
import type { IngestError } from '@memscope/ingest';
import { MEMSCOPE_VERSION } from '@memscope/store';
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { resolve } from 'node:path';
import { createApp } from './create-app.js';
import { findRuns } from './find-runs.js';
import type { GuardRules } from './guard-request.js';
import { limitConnections } from './limit-connections.js';
import { addressOf, isLoopback, ownHosts } from './own-hosts.js';
import { QueryPool, type PoolOptions } from './query-pool.js';
import { RunReader, type Reading } from './read-runs.js';
import { RunList } from './run-list.js';
import { ServedHistory } from './served-history.js';
import { UploadFolder } from './upload-folder.js';
import { VanishWatch } from './watch-vanished.js';
import { FolderWatch, type WatchOptions } from './watch-folders.js';

export interface ServeRequest {
  /** Captures, profiles, folders and patterns. */
  readonly paths: readonly string[];
  /** 0 = any that is free. */
  readonly port: number;
  readonly host: string;
  /** Of the built page; null = only the API. */
  readonly webFolder: string | null;
  /** Folders below which source files may be read and shown. Each must exist. */
  readonly sourceFolders?: readonly string[];
  /** Text of the user's own rules of which library frames belong to, for every view that brings none. */
  readonly rules?: string | null;
  /** A file of runs; null or left out: none. */
  readonly history?: string | null;
  /** Where captures that are dropped on the page are kept; null: for as long as the server runs; left out: none is taken. */
  readonly uploads?: string | null;
  /** How captures are read that have no profile yet. */
  readonly reading?: Reading;
  readonly pool?: Omit<PoolOptions, 'sourceFolders' | 'rules' | 'onFault'>;
  readonly watch?: WatchOptions;
  /** Hears of faults of the program, to be shown to the user. */
  readonly onFault?: (trace: string) => void;
}

export interface RunningServer {
  readonly port: number;
  /** To be opened; holds the token, where one is needed. */
  readonly url: string;
  /** The same, opened at those runs. */
  readonly urlOf: (shown: RunChoice) => string;
  /** Of what was named so: files, folders and patterns. Fewer, where some of it is not served. */
  readonly idsOf: (named: readonly string[]) => Promise<readonly string[]>;
  /** Folders that are watched. */
  readonly folders: readonly string[];
  /** What was named, but holds nothing that could be served. */
  readonly failures: readonly IngestError[];
  readonly runs: () => readonly Run[];
  /** Until all that is known has been read. */
  readonly settled: () => Promise<void>;
  /** Ends connections and threads at once. */
  readonly close: () => Promise<void>;
}

const MOST_HEADER_BYTES = 16_384;
const MOST_CONNECTIONS = 256;
/** A connection on which nothing moves, though a question may take a minute. */
const SILENT_MS = 120_000;
/** How often files are looked at that may have gone. */
const VANISHED_MS = 1_000;
/** How often slow requests are looked for. */
const CHECK_MS = 2_000;

/** Throws what listening throws (`EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`). */
export async function serve(request: ServeRequest): Promise<RunningServer> {
  const { host, port, webFolder, sourceFolders = [], rules: libraryRules = null, onFault = () => undefined } = request;
  const { paths, folders, failures } = await findRuns(request.paths);
  const stop = new AbortController();
  const runs = new RunList();
  runs.add(paths);
  const pool = new QueryPool({ ...request.pool, sourceFolders, rules: libraryRules, onFault });
  const token = isLoopback(host) ? null : randomBytes(24).toString('base64url');
  const uploads = request.uploads === undefined ? null : new UploadFolder(request.uploads);
  const rulesOf = (hosts: ReadonlySet<string>): GuardRules => ({ hosts, token, takesUploads: uploads !== null });
  let rules = rulesOf(new Set());
  const version = `${MEMSCOPE_VERSION} ${randomBytes(6).toString('hex')}`;
  const { history: historyPath = null } = request;
  const history = historyPath === null ? null : new ServedHistory(resolve(historyPath));
  const reader = new RunReader(runs, pool, stop.signal, request.reading ?? {}, onFault);
  const serveAlso = (changed: readonly string[]): void => {
    runs.add(changed);
    reader.read(changed);
  };
  const app = createApp({
    runs,
    pool,
    history,
    uploads,
    onUpload: (path) => serveAlso([path]),
    libraryRules,
    rules: () => rules,
    webFolder,
    version,
    onFault,
  });
  const server = createServer(
    {
      maxHeaderSize: MOST_HEADER_BYTES,
      // A large capture takes its time to come; nothing else has a body, and silent connections are ended.
      requestTimeout: 0,
      headersTimeout: 10_000,
      connectionsCheckingInterval: CHECK_MS,
    },
    app,
  );
  // With a limit Node drops what comes behind it unseen, a Host or an Origin for one: the guard counts them itself.
  server.maxHeadersCount = 0;
  server.setTimeout(SILENT_MS);
  limitConnections(server, MOST_CONNECTIONS);
  try {
    await listen(server, port, host);
  } catch (error) {
    await pool.close();
    throw error;
  }
  const address = server.address();
  const ownPort = typeof address === 'object' && address !== null ? address.port : port;
  rules = rulesOf(ownHosts(host, ownPort));

  if (paths.length > 0) reader.read(paths);
  const watch = new FolderWatch(folders, paths, serveAlso, request.watch);
  const { settleMs = VANISHED_MS } = request.watch ?? {};
  const deals = { onRemoved: (path: string) => watch.forget(path), readAgain: (path: string) => reader.read([path]) };
  const vanished = new VanishWatch(runs, deals, settleMs);
  const urlOf = (query: string): string =>
    `${addressOf(host, ownPort)}${query}${token === null ? '' : `#token=${token}`}`;
  return {
    port: ownPort,
    url: urlOf(''),
    urlOf: (shown) => urlOf(`?${encodeRuns(shown)}`),
    idsOf: async (named) => (await findRuns(named)).paths.flatMap((path) => runs.idOf(path) ?? []),
    folders,
    failures,
    runs: () => runs.list(),
    settled: () => reader.settled(),
    close: async () => {
      stop.abort();
      watch.close();
      vanished.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, pool.close(), reader.settled()]);
      uploads?.close();
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
