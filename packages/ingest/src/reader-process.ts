/** A process of a `ProcessPool`: reads the captures that it is told to, one at a time, in a thread, and tells how it goes. */
import { isOutOfMemory } from '@memscope/model/out-of-memory';
import type { ReaderReply, ReaderRequest } from './process-pool.js';
import { ThreadPool, type ThreadOptions } from './thread-pool.js';

const pool = new ThreadPool(1, JSON.parse(process.argv[2] ?? '{}') as ThreadOptions);
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
    const fate = await pool.run(task, cancelling.signal, (readBytes, state) =>
      say({ kind: 'progress', readBytes, state }),
    );
    say({ kind: 'done', fate });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    say({ kind: 'failed', message, outOfMemory: isOutOfMemory(cause) });
  }
}

function say(reply: ReaderReply): void {
  if (process.connected) process.send!(reply);
}
