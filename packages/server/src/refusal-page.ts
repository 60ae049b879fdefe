/**
 * What a person sees who opens the page under a name or port that is not the server's own, as through an ssh forward to
 * another local port: why that is refused, and what to do. Programs get JSON, as everywhere.
 */
import type { IncomingMessage } from 'node:http';
import type { GuardRules } from './guard-request.js';
import { isApiPath } from './guard-request.js';

const LONGEST_NAME = 200;

/** Whether somebody opened the address in a browser. */
export function isOpenedByPerson({ url = '', headers }: IncomingMessage): boolean {
  return !isApiPath(url) && /\btext\/html\b/.test(headers.accept ?? '');
}

/** HTML without scripts and styles. */
export function refusalPage({ headers }: IncomingMessage, { hosts, token }: GuardRules): string {
  const own = [...hosts][0] ?? '';
  const port = /:(\d+)$/.exec(own)?.[1] ?? '80';
  const asked = escapeHtml((headers.host ?? 'no name').slice(0, LONGEST_NAME));
  const address = escapeHtml(`http://${own}/`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>memscope: another name or port</title>
<h1>memscope does not answer as ${asked}</h1>
<p>It is served at <a href="${address}">${address}</a> and answers under its own names and port alone. Any page on the web
could otherwise ask it for your captures under a name of its own (DNS rebinding).</p>
<ul>
<li>Through ssh, forward the same port on your side:
<pre>ssh -L ${port}:127.0.0.1:${port} HOST</pre>
and open ${address}${token === null ? '' : ' with the token that memscope printed'}. Where that port is taken on your side,
start memscope with a free one: <code>memscope serve … --port N</code></li>
<li>From another machine, start it for that: <code>memscope serve … --host ADDRESS</code> prints a link with a token.</li>
</ul>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[^\w .:/[\]-]/gu, (each) => `&#${each.codePointAt(0)};`);
}
