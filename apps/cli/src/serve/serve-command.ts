/**
 * `memscope serve`: starts the server, prints one line with its address and what it serves, and stays until Ctrl-C.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { formatCount, type Run, type RunChoice } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';
import { isLoopback, serve, type RunningServer } from '@memscope/server';
import { checkSqlite, isHistory, readRuns } from '@memscope/store';

import { describeFileError, exitCodeOf, isFileError } from '../describe-error.js';
import { EXIT, type ExitCode, UsageError } from '../exit-code.js';
import type { Host } from '../host.js';
import type { ReadingFlags } from '../options/reading-options.js';
import { requireFolder } from '../options/require-folder.js';
import { findPage } from '../beside-program.js';
import { HISTORY_NAME } from '../history/history-options.js';
import { findSources } from '../reading/find-sources.js';
import { complain } from '../terminal/write-output.js';
import type { NamedSides } from '../views/view-options.js';

export interface ServeFlags {
  readonly port: number;
  /** To listen on. */
  readonly address: string;
  /** Open the page in the user's browser. */
  readonly open: boolean;
  /** Folders in which sources may be read. */
  readonly source: readonly string[];
  /** Text of the user's own rules; null: none. */
  readonly rules: string | null;
  /** A file of runs; null: the one of the usual name, where there is one. */
  readonly history: string | null;
  /** An existing folder for what is dropped on the page; null: it is deleted at the end. */
  readonly uploads: string | null;
  readonly reading: ReadingFlags;
}

/** How long it may take before the address is printed. */
const READY_MS = 1_500;

/** Returns when the server has been stopped. Throws `UsageError`. */
export async function runServe(
  shown: NamedSides & { readonly isChosen: boolean },
  flags: ServeFlags,
  host: Host,
): Promise<ExitCode> {
  const paths = [...shown.head, ...shown.base];
  if (paths.includes('-')) throw new UsageError('serve reads no standard input: name a capture, a profile or a folder');
  // What is wrong with a folder or the installation is said before anything starts.
  findSources(flags.source);
  if (flags.uploads !== null) requireFolder(flags.uploads, '--uploads');
  try {
    checkSqlite(paths[0] ?? '');
    if (flags.history !== null) readRuns(flags.history, { branch: null, labels: {}, last: 1 });
  } catch (error) {
    if (!isFileError(error)) throw error;
    complain(host, describeFileError(error));
    return exitCodeOf(error);
  }
  const server = await start(paths, flags, host);
  try {
    for (const failure of server.failures) complain(host, describeFileError(failure));
    const [first] = server.failures;
    if (first !== undefined && server.runs().length === 0 && server.folders.length === 0) return exitCodeOf(first);
    // What is small or has been read before is ready at once; for the rest the page shows how far it is.
    await Promise.race([server.settled(), setTimeout(READY_MS, null, { ref: false }), untilAborted(host.signal)]);
    if (host.signal.aborted) return EXIT.interrupted;
    const url = shown.isChosen ? server.urlOf(await idsOfSides(server, shown)) : server.url;
    host.stdout.write(`memscope: serving ${describeServed(server)} at ${url} (Ctrl-C ends it)\n`);
    if (!shown.isChosen) host.stdout.write(offerFamilies(server.runs()));
    if (flags.open) openInBrowser(url);
    await untilAborted(host.signal);
    return EXIT.interrupted;
  } finally {
    await server.close();
  }
}

/** Throws `UsageError` where nothing of a side is served. */
async function idsOfSides(server: RunningServer, { head, base }: NamedSides): Promise<RunChoice> {
  const ids = { head: await server.idsOf(head), base: await server.idsOf(base) };
  if (ids.head.length === 0 || (base.length > 0 && ids.base.length === 0))
    throw new UsageError(`${printable((ids.head.length === 0 ? head : base).join(' '))}: no capture to be shown`);
  return ids;
}

/** A line for each run of several processes, as they are rarely looked at one by one. */
function offerFamilies(runs: readonly Run[]): string {
  return runs
    .map((parent) => ({ parent, children: runs.filter(({ parent: of }) => of === parent.id).length }))
    .filter(({ children }) => children > 0)
    .map(
      ({ parent, children }) =>
        `memscope: ${printable(parent.name)} is one of ${formatCount(children + 1)} processes of one run; the page's list of runs shows them as one\n`,
    )
    .join('');
}

async function start(
  paths: readonly string[],
  { port, address, source, rules, history, uploads, reading }: ServeFlags,
  host: Host,
): Promise<RunningServer> {
  try {
    return await serve({
      paths,
      port,
      host: address,
      webFolder: findPage(),
      sourceFolders: source,
      rules,
      history: history ?? findHistory(paths),
      // What others may put on this machine is for its user to say.
      ...(uploads !== null || isLoopback(address) ? { uploads } : {}),
      reading,
      onFault: (trace) =>
        complain(host, `internal fault, please report it:\n${trace.split('\n').map(printable).join('\n')}`),
    });
  } catch (error) {
    const words = listenFault(error, port, address);
    if (words === null) throw error;
    throw new UsageError(words, { cause: error });
  }
}

/** Where a history is kept if nothing else is said, here or in a folder that is served. */
function findHistory(paths: readonly string[]): string | null {
  return [HISTORY_NAME, ...paths.map((path) => join(path, HISTORY_NAME))].find((path) => isHistory(path)) ?? null;
}

/** Null for other faults. */
function listenFault(error: unknown, port: number, address: string): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const host = printable(address);
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} is taken; leave out --port for one that is free`;
    case 'EACCES':
      return `port ${port} may not be used; choose one above 1023, or leave out --port`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is no address of this machine`;
    default:
      return null;
  }
}

function describeServed(server: RunningServer): string {
  const runs = server.runs();
  const what = runs.length === 1 ? printable(runs[0]!.name) : `${formatCount(runs.length)} captures`;
  const { folders } = server;
  if (folders.length === 0) return what;
  const watched = folders.length === 1 ? printable(folders[0]!) : `${formatCount(folders.length)} folders`;
  return runs.length === 0 ? `what comes into ${watched}` : `${what}, watching ${watched},`;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** By the system's way of opening an address; where there is none, the printed address has to do. */
function openInBrowser(url: string): void {
  const [command, ...parameters] = openerOf(process.platform);
  const child = spawn(command, [...parameters, url], { stdio: 'ignore', detached: true });
  child.once('error', () => undefined);
  child.unref();
}

function openerOf(platform: NodeJS.Platform): [string, ...string[]] {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return ['xdg-open'];
}
