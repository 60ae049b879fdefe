/**
 * Server-sent events: what the server offers beside runs, each as an event of its name without data; then the list of
 * runs as it is, and each run that changes, has come or has gone.
 */
import type { Offer, Run } from '@memscope/model';
import type { Response } from 'express';
import type { RunList } from './run-list.js';

/** Proxies and browsers give up on silent connections. */
const KEEP_ALIVE_MS = 15_000;
/** A client that does not read gets no more than this, and none that has read nothing since the last sign of life. */
const MOST_PENDING = 1 << 20;

export function streamRuns(
  runs: RunList,
  response: Response,
  keepAliveMs = KEEP_ALIVE_MS,
  offers: readonly Offer[] = [],
): void {
  response.status(200).set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.flushHeaders();
  const write = (text: string): void => {
    if (response.writableLength > MOST_PENDING) response.destroy();
    else response.write(text);
  };
  const tell = (run: Run | readonly Run[]): void => write(`data: ${JSON.stringify(run)}\n\n`);
  const stop = runs.listen(tell);
  let unread = 0;
  const keepAlive = setInterval(() => {
    const { writableLength } = response;
    if (unread > 0 && writableLength >= unread) return void response.destroy();
    unread = writableLength;
    write(':\n\n');
  }, keepAliveMs);
  response.once('close', () => {
    stop();
    clearInterval(keepAlive);
  });
  for (const offer of offers) write(`event: ${offer}\n\n`);
  tell(runs.list());
}
