/**
 * A process of a `ProcessPool`: reads the captures that it is told to, one at a time, and tells how it goes. Who waits for
 * what does not come from a file cannot be stopped, so that this is read in a thread.
 */
import { statSync } from 'node:fs';
import { isOutOfMemory } from '@memscope/model/out-of-memory';
import { CallerPool } from './caller-pool.js';
import type { CapturePool } from './capture-pool.js';
import type { ReaderReply, ReaderRequest } from './process-pool.js';
import type { ThreadOptions } from './thread-pool.js';

const options = JSON.parse(process.argv[2] ?? '{}') as ThreadOptions;
const own = new CallerPool();
let threads: CapturePool | null = null;
let cancelling = new AbortController();

// Ctrl-C reaches every process of the terminal; whether to stop is the first one's to say.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('message', (request: ReaderRequest) => {
  if (request.kind === 'cancel') cancelling.abort();
  else void read(request);
});
// The one who asks is gone, or needs no more.
process.on('disconnect', () => {
  process.exit();
});

async function read({ task }: Extract<ReaderRequest, { kind: 'read' }>): Promise<void> {
  cancelling = new AbortController();
  try {
    const pool = isFile(task.path) && options.filename === undefined ? own : await openThreads();
    const fate = await pool.run(task, cancelling.signal, (readBytes, state) =>
      say({ kind: 'progress', readBytes, state }),
    );
    say({ kind: 'done', fate });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    say({ kind: 'failed', message, outOfMemory: isOutOfMemory(cause) });
  }
}

async function openThreads(): Promise<CapturePool> {
  const { ThreadPool } = await import('./thread-pool.js');
  return (threads ??= new ThreadPool(1, options));
}

/** A path that is not there is none, too. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function say(reply: ReaderReply): void {
  if (process.connected) process.send!(reply);
}
