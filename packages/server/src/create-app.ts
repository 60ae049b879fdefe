/**
 * The routes: guards first, then the API, then the page's files. Everything that is answered is one of what the user
 * named; ids stand for paths, and questions are read and bounded before a thread sees them.
 */
import compression from 'compression';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { createHash } from 'node:crypto';
import { constants } from 'node:zlib';
import { ViewError, type Offer, type RunChoice } from '@memscope/model';
import {
  apiFault,
  faultOf,
  isQuestionRoute,
  readQuestion,
  readRuns,
  type ApiFault,
  type Question,
} from '@memscope/query';
import { StoreError } from '@memscope/store';
import { streamRuns } from './event-stream.js';
import { guardRequest, readParameters, type GuardRules } from './guard-request.js';
import { PoolError, type QueryPool } from './query-pool.js';
import type { RunPlace, SetPlace } from './open-runs.js';
import { GONE, type RunList } from './run-list.js';
import { isOpenedByPerson, refusalPage } from './refusal-page.js';
import type { ServedHistory } from './served-history.js';
import { UploadError, type UploadFolder } from './upload-folder.js';

export interface AppParts {
  readonly runs: RunList;
  readonly pool: QueryPool;
  /** Null: none is served. */
  readonly history: ServedHistory | null;
  /** Null: no captures are taken. */
  readonly uploads: UploadFolder | null;
  /** A capture has come. */
  readonly onUpload: (path: string) => void;
  /** For every view that brings none of its own. */
  readonly libraryRules: string | null;
  /** Known once the port is. */
  readonly rules: () => GuardRules;
  /** Of the built page; null = there is none. */
  readonly webFolder: string | null;
  /** Changes when answers may be others for the same profile. */
  readonly version: string;
  readonly onFault: (trace: string) => void;
}

/** Headers of every response: nothing from outside runs, is shown, framed, guessed or told to others. */
const SECURE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Event streams at once. */
const MOST_STREAMS = 100;
const COMPRESSIBLE =
  /^(?:application\/(?:json|vnd\.apache\.arrow\.stream|javascript)|text\/(?!event-stream)|image\/svg)/;

export function createApp({
  runs,
  pool,
  history,
  uploads,
  onUpload,
  libraryRules,
  rules,
  webFolder,
  version,
  onFault,
}: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.set('case sensitive routing', true);
  app.set('strict routing', true);

  app.use((request, response, next) => {
    response.set(SECURE_HEADERS);
    const fault = guardRequest(request, rules());
    if (fault === null) return next();
    if (fault.reason === 'name' && isOpenedByPerson(request)) {
      response.status(fault.status).set('Cache-Control', 'no-store').type('html');
      return void response.send(refusalPage(request, rules()));
    }
    if (fault.status === 405) response.set('Allow', 'GET, HEAD');
    if (fault.status === 401) response.set('WWW-Authenticate', 'Bearer');
    // What else the client sends is not worth reading.
    if (fault.status === 400 || fault.status === 405 || fault.status === 431) response.set('Connection', 'close');
    sendFault(response, fault);
  });
  // Levels that keep up with a disk: most clients are on the same machine.
  app.use(
    compression({
      level: 1,
      brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } },
      filter: (_, response) => COMPRESSIBLE.test(String(response.getHeader('Content-Type'))),
    }),
  );

  app.get('/api/runs', (_, response) => {
    response.set('Cache-Control', 'no-store').json(runs.list());
  });
  app.get('/api/history', (request, response) => {
    const parameters = readParameters(request.url);
    if (!(parameters instanceof URLSearchParams)) return sendFault(response, parameters);
    try {
      response.set('Cache-Control', 'no-store').json(history?.answer(runs, parameters.get('branch')) ?? null);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      sendFault(
        response,
        apiFault(422, 'cannotAnswer', 'the history cannot be read; `memscope history show` says why'),
      );
    }
  });
  if (uploads !== null) app.put('/api/uploads/:drop/:name', (request, response) => take(uploads, request, response));
  const offers: Offer[] = [
    ...(history === null ? [] : ['history' as const]),
    ...(uploads === null ? [] : ['uploads' as const]),
  ];
  let streams = 0;
  app.get('/api/events', (request, response) => {
    if (streams >= MOST_STREAMS) return sendFault(response, apiFault(503, 'slow', 'too many pages are open'));
    if (request.method === 'HEAD') return void response.type('text/event-stream').end();
    streams++;
    response.once('close', () => streams--);
    streamRuns(runs, response, undefined, offers);
  });
  app.get('/api/runs/:id/:route', (request, response) => answer(request, response));
  app.use('/api', (_, response) => sendFault(response, apiFault(404, 'notFound', 'there is no such route')));

  if (webFolder !== null) {
    app.use(
      express.static(webFolder, {
        dotfiles: 'deny',
        redirect: false,
        setHeaders: (response, path) => {
          // Files in assets carry a digest of what they hold in their names.
          const lasting = /[\\/]assets[\\/]/.test(path);
          response.setHeader('Cache-Control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
        },
      }),
    );
  }
  app.use((request, response) => {
    const isPage = request.path === '/';
    response
      .status(isPage ? 200 : 404)
      .type('text/plain')
      .send(isPage ? 'memscope serves its API here; the page has not been built.\n' : 'Not found.\n');
  });
  app.use((error: unknown, _: Request, response: Response, __: NextFunction) => {
    const status = statusOf(error);
    if (response.headersSent) {
      onFault(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return void response.destroy();
    }
    if (status >= 500) onFault(error instanceof Error ? (error.stack ?? error.message) : String(error));
    sendFault(response, apiFault(status, status >= 500 ? 'internal' : 'syntax', 'the request could not be understood'));
  });
  return app;

  async function answer(request: Request<{ id: string; route: string }>, response: Response): Promise<void> {
    const { id, route } = request.params;
    if (runs.find(id) === null) return sendFault(response, NO_SUCH_RUN);
    if (!isQuestionRoute(route)) return sendFault(response, apiFault(404, 'notFound', 'there is no such route'));
    const parameters = readParameters(request.url);
    if (!(parameters instanceof URLSearchParams)) return sendFault(response, parameters);
    let question: Question;
    let choice: RunChoice;
    try {
      choice = readRuns(route, id, parameters);
      question = readQuestion(route, parameters, libraryRules);
    } catch (error) {
      if (error instanceof ViewError) return sendFault(response, faultOf(error)!);
      throw error;
    }
    const place = placeOf(choice);
    if ('error' in place) return sendFault(response, place);
    const digest = createHash('sha256')
      .update(JSON.stringify([version, place, question]))
      .digest('base64url');
    const tag = `W/"${digest.slice(0, 27)}"`;
    response.set({ 'Cache-Control': 'private, no-cache', Vary: 'Accept-Encoding' });
    // A source file may change without the profile.
    if (route !== 'source') response.set('ETag', tag);
    if (route !== 'source' && matches(request.headers['if-none-match'], tag)) return void response.status(304).end();

    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const { status, type, body } = await pool.ask(place, question, gone.signal);
      if (gone.signal.aborted) return;
      if (status !== 200) {
        response.removeHeader('ETag');
        response.set('Cache-Control', 'no-store');
      }
      response.status(status).set({ 'Content-Type': type, 'Content-Length': String(body.length) });
      response.end(body);
    } catch (error) {
      if (!(error instanceof PoolError)) throw error;
      if (gone.signal.aborted || error.refusal === 'cancelled') return void response.destroy();
      response.removeHeader('ETag');
      const message = error.refusal === 'busy' ? 'too many questions at once' : 'it took longer than a minute';
      sendFault(response, apiFault(503, 'slow', message));
    }
  }

  async function take(
    folder: UploadFolder,
    request: Request<{ drop: string; name: string }>,
    response: Response,
  ): Promise<void> {
    const { drop, name } = request.params;
    if (!/^[\w-]{1,64}$/.test(drop)) return sendFault(response, apiFault(404, 'notFound', 'there is no such route'));
    try {
      const path = await folder.take(request, { drop, name, bytes: Number(request.headers['content-length']) });
      if (path !== null) onUpload(path);
      const run = path === null ? null : runs.find(runs.idOf(path) ?? '');
      response.status(201).set('Cache-Control', 'no-store').json(run);
    } catch (error) {
      if (!(error instanceof UploadError)) throw error;
      if (error.code === 'internal') onFault(error.stack ?? error.message);
      // What else of it comes is not worth reading.
      response.set('Connection', 'close');
      sendFault(response, apiFault(error.status, error.code, error.message));
    }
  }

  function placeOf({ head, base }: RunChoice): SetPlace | ApiFault {
    const places: RunPlace[] = [];
    for (const id of [...head, ...base]) {
      const run = runs.find(id);
      if (run === null) return NO_SUCH_RUN;
      const place = runs.placeOf(id);
      if (place === null) return apiFault(409, 'notReady', `${run.name} is not ready: ${run.state}`);
      if (place.identity === GONE) return apiFault(404, 'notFound', `the profile of ${run.name} has gone`);
      places.push(place);
    }
    return { head: places.slice(0, head.length), base: places.slice(head.length) };
  }
}

const NO_SUCH_RUN = apiFault(404, 'notFound', 'there is no such run');

function sendFault(response: Response, { status, error }: ApiFault): void {
  response.status(status).set('Cache-Control', 'no-store').json({ error });
}

function matches(header: string | undefined, tag: string): boolean {
  return header !== undefined && header.split(',').some((each) => each.trim() === tag);
}

/** What Express and its parts make of a malformed request. */
function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : 500;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
