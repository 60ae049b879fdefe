/** Server-sent events: every run as it is, then each change of one. */
import type { Run } from '@memscope/model';
import type { Response } from 'express';
import type { RunList } from './run-list.js';

/** Proxies and browsers give up on silent connections. */
const KEEP_ALIVE_MS = 15_000;
/** A client that does not read gets no more than this. */
const MOST_PENDING = 1 << 20;

export function streamRuns(runs: RunList, response: Response): void {
  response.status(200).set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.flushHeaders();
  const write = (text: string): void => {
    if (response.writableLength > MOST_PENDING) response.destroy();
    else response.write(text);
  };
  const tell = (run: Run): void => write(`data: ${JSON.stringify(run)}\n\n`);
  const stop = runs.listen(tell);
  const keepAlive = setInterval(() => write(':\n\n'), KEEP_ALIVE_MS);
  response.once('close', () => {
    stop();
    clearInterval(keepAlive);
  });
  for (const run of runs.list()) tell(run);
  if (runs.list().length === 0) write(':\n\n');
}
