/**
 * The list of runs as it changes: `/api/events` sends a run whenever its state or progress changes, as server-sent
 * events (html.spec.whatwg.org/multipage/server-sent-events.html). Read with fetch, as EventSource cannot send the
 * token. When the connection ends it is made anew, later each time.
 */
import type { Run } from '@memscope/model';

import { reach } from './ask.js';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** A line that grows beyond this is no run. */
const LONGEST_LINE = 1_000_000;

/** Never settles; `onConnection` says whether the server is there. */
export async function followRuns(onRun: (run: Run) => void, onConnection: (isThere: boolean) => void): Promise<never> {
  const { signal } = new AbortController();
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    try {
      const response = await reach('api/events', signal);
      if (response.ok && response.body !== null) {
        onConnection(true);
        wait = FIRST_WAIT_MS;
        await readRuns(response.body, onRun);
      }
    } catch {
      // Told to the reader below.
    }
    onConnection(false);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** Calls `onRun` for each complete `data:` line. */
export async function readRuns(body: ReadableStream<Uint8Array>, onRun: (run: Run) => void): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data:')) onRun(JSON.parse(line.slice(5)) as Run);
    if (rest.length > LONGEST_LINE) throw new Error('a line without end');
  }
}
