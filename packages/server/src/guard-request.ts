/**
 * What a request must be like before anything looks at it: for one of the server's own names, from no other page, read
 * only (but for captures that are sent, where those are taken), of bounded size and, where the server can be reached from elsewhere, with its token. A page on another site can
 * send requests to 127.0.0.1, also under a name of its own (DNS rebinding); none of them gets past here.
 */
import type { ApiError } from '@memscope/model';
import { timingSafeEqual, createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { apiFault, type ApiFault } from '@memscope/query';

export interface GuardRules {
  /** In lower case, with the port, as a `Host` header may say them. */
  readonly hosts: ReadonlySet<string>;
  /** Null = none is needed. */
  readonly token: string | null;
  /** Whether captures may be sent. */
  readonly takesUploads: boolean;
}

const MOST_URL_LENGTH = 8_192;
export const MOST_HEADERS = 100;
const MOST_PARAMETERS = 100;
const MOST_VALUE_LENGTH = 4_096;

/** `name`: asked for under another one than its own. */
export interface Refusal extends ApiFault {
  readonly reason?: 'name';
}

/** Null where the request may pass. */
export function guardRequest(request: IncomingMessage, { hosts, token, takesUploads }: GuardRules): Refusal | null {
  const { method = '', url = '', headers, rawHeaders } = request;
  if (url.length > MOST_URL_LENGTH) return refuse(414, 'syntax', `the address is longer than ${MOST_URL_LENGTH}`);
  // With a whole address in the place of a path, routes would be found by what no rule here has looked at.
  if (!url.startsWith('/')) return refuse(400, 'syntax', 'a path is asked for, not an address');
  if (rawHeaders.length > 2 * MOST_HEADERS) return refuse(431, 'syntax', `more than ${MOST_HEADERS} headers`);
  // Of several Node takes one; which of them whoever stands between meant is anybody's guess.
  const repeated = ['host', 'origin'].find((name) => countOf(rawHeaders, name) > 1);
  if (repeated !== undefined) return refuse(400, 'syntax', `more than one ${repeated}`);
  const host = headers.host?.toLowerCase();
  if (host === undefined || !hosts.has(host))
    return { ...refuse(403, 'forbidden', 'asked for under a name that is not its own'), reason: 'name' };
  const { origin } = headers;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host}`) {
    return refuse(403, 'forbidden', 'asked for by a page of another origin');
  }
  const isApi = isApiPath(url);
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    // Following a link to the page is fine: it sees nothing of whoever linked.
    const isLink = !isApi && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
    if (!isLink) return refuse(403, 'forbidden', 'asked for by a page of another site');
  }
  const isUpload = takesUploads && method === 'PUT' && url.startsWith('/api/uploads/');
  if (!isUpload && method !== 'GET' && method !== 'HEAD')
    return refuse(405, 'forbidden', 'only GET and HEAD are answered');
  const bytes = Number(headers['content-length'] ?? 0);
  if (headers['transfer-encoding'] !== undefined || (!isUpload && bytes !== 0)) {
    return refuse(400, 'syntax', isUpload ? 'the length of a capture is said first' : 'a request has no body here');
  }
  if (isUpload && !(Number.isSafeInteger(bytes) && bytes > 0))
    return refuse(400, 'syntax', 'an empty file is no capture');
  if (isApi && token !== null && !isAuthorized(headers.authorization, token)) {
    return refuse(401, 'forbidden', 'the token is missing or another one: open the address that memscope printed');
  }
  return null;
}

function countOf(rawHeaders: readonly string[], name: string): number {
  return rawHeaders.filter((each, index) => index % 2 === 0 && each.toLowerCase() === name).length;
}

export function isApiPath(url: string): boolean {
  return /^\/api(?:[/?]|$)/.test(url);
}

/** Parameters of a query string within bounds, or why not. */
export function readParameters(url: string): URLSearchParams | ApiFault {
  const at = url.indexOf('?');
  const text = at < 0 ? '' : url.slice(at + 1);
  if (!isWellEncoded(text)) return refuse(400, 'syntax', 'the query string is badly encoded');
  const parameters = new URLSearchParams(text);
  if (parameters.size > MOST_PARAMETERS) return refuse(400, 'syntax', `more than ${MOST_PARAMETERS} parameters`);
  for (const [name, value] of parameters) {
    if (value.length > MOST_VALUE_LENGTH) {
      return refuse(400, 'syntax', `${name.slice(0, 40)} is longer than ${MOST_VALUE_LENGTH}`);
    }
  }
  return parameters;
}

function isWellEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Takes as long whatever is wrong. */
function isAuthorized(header: string | undefined, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`));
}

function refuse(status: number, code: ApiError['code'], message: string): ApiFault {
  return apiFault(status, code, message);
}
