/** Threads that answer: a slow question blocks no other, one that nobody waits for is given up, a hanging one is ended. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';

import type { Answer, Question } from '@memscope/query';

import { PoolError, QueryPool, type PoolOptions } from '../src/query-pool.js';
import { ask, copyCapture, pathOf, scratchFolder, serving } from './serving.js';

/**
 * Threads that answer with their number and a text; `search` texts say what to do. They wait on `gates`: a cell that the
 * test opens.
 */
function openPool(options: PoolOptions = {}): { pool: QueryPool; gates: Int32Array } {
  const folder = scratchFolder();
  const file = join(folder, 'test-worker.mjs');
  writeFileSync(
    file,
    `import { threadId } from 'node:worker_threads';
     export function runQuery({ question, cancel, runs }) {
       const gates = new Int32Array(runs.gates);
       const [verb, gate] = question.text.split(' ');
       Atomics.add(gates, 8, 1);
       Atomics.notify(gates, 8);
       if (verb === 'wait') while (Atomics.load(gates, Number(gate)) === 0) {
         if (Atomics.load(cancel, 0) !== 0) return { answer: null, trace: null };
         Atomics.wait(gates, Number(gate), 0, 5);
       }
       if (verb === 'hang') for (;;) Atomics.wait(gates, 9, 0);
       if (verb === 'throw') throw new TypeError('out of luck');
       return { answer: { status: 200, type: 'application/json; charset=utf-8', body: new TextEncoder().encode(String(threadId)) }, trace: null };
     }`,
  );
  const pool = new QueryPool({ lanes: 2, patienceMs: 20, ...options, threadFile: pathToFileURL(file) });
  onTestFinished(() => pool.close());
  return { pool, gates: new Int32Array(new SharedArrayBuffer(64)) };
}

const STARTED = 8;

/** Until so many questions have been begun. */
async function untilStarted(gates: Int32Array, count: number): Promise<void> {
  for (;;) {
    const now = Atomics.load(gates, STARTED);
    if (now >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

function put(
  { pool, gates }: ReturnType<typeof openPool>,
  text: string,
  { run = 'a', signal = new AbortController().signal } = {},
): Promise<Answer> {
  const question = { route: 'search', text } as unknown as Question;
  const place = { head: [{ profilePath: run, identity: '1' }], base: [], gates: gates.buffer };
  return pool.ask(place, question, signal);
}

const threadOf = async (answer: Promise<Answer>): Promise<string> => new TextDecoder().decode((await answer).body);

async function refusalOf(answer: Promise<unknown>): Promise<unknown> {
  try {
    await answer;
    return null;
  } catch (error) {
    return error instanceof PoolError ? error.refusal : error;
  }
}

describe('a run', () => {
  test('has a thread of its own, which is asked again and again', async () => {
    const opened = openPool();
    const first = await threadOf(put(opened, 'go'));
    const other = await threadOf(put(opened, 'go', { run: 'b' }));
    expect(other).not.toBe(first);
    expect(await threadOf(put(opened, 'go'))).toBe(first);
    expect(await threadOf(put(opened, 'go', { run: 'b' }))).toBe(other);
  });

  test('with a slow question still gets others answered, by another thread', async () => {
    const opened = openPool();
    const slow = put(opened, 'wait 0');
    await untilStarted(opened.gates, 1);
    const quick = await threadOf(put(opened, 'go'));
    Atomics.store(opened.gates, 0, 1);
    expect(await threadOf(slow)).not.toBe(quick);
  });

  test('does not hold up another run', async () => {
    const opened = openPool({ patienceMs: 1e6 });
    const slow = put(opened, 'wait 0');
    await untilStarted(opened.gates, 1);
    await put(opened, 'go', { run: 'b' });
    Atomics.store(opened.gates, 0, 1);
    await slow;
  });
});

describe('a question that nobody waits for', () => {
  test('is given up where it can be, and its thread lives on', async () => {
    const opened = openPool();
    const thread = await threadOf(put(opened, 'go'));
    const gone = new AbortController();
    const slow = put(opened, 'wait 0', { signal: gone.signal });
    await untilStarted(opened.gates, 2);
    gone.abort();
    expect(await refusalOf(slow)).toBe('cancelled');
    expect(await threadOf(put(opened, 'go'))).toBe(thread);
  });

  test('is not begun when it was still waiting', async () => {
    const opened = openPool({ patienceMs: 1e6 });
    const slow = put(opened, 'wait 0');
    await untilStarted(opened.gates, 1);
    const gone = new AbortController();
    const waiting = put(opened, 'go', { signal: gone.signal });
    gone.abort();
    Atomics.store(opened.gates, 0, 1);
    await slow;
    expect(await refusalOf(waiting)).toBe('cancelled');
    expect(Atomics.load(opened.gates, STARTED)).toBe(1);
  });

  test('loses its thread when it does not come back, and the next question gets a new one', async () => {
    const opened = openPool({ graceMs: 30 });
    const thread = await threadOf(put(opened, 'go'));
    const gone = new AbortController();
    const hanging = put(opened, 'hang', { signal: gone.signal });
    await untilStarted(opened.gates, 2);
    gone.abort();
    expect(await refusalOf(hanging)).toBe('cancelled');
    expect(await threadOf(put(opened, 'go'))).not.toBe(thread);
  });
});

describe('a question', () => {
  test('that takes too long is ended', async () => {
    const opened = openPool({ limitMs: 50 });
    expect(await refusalOf(put(opened, 'hang'))).toBe('slow');
  });

  test('is refused when too many wait', async () => {
    const opened = openPool({ patienceMs: 1e6 });
    const slow = put(opened, 'wait 0');
    await untilStarted(opened.gates, 1);
    const waiting = Array.from({ length: 200 }, () => put(opened, 'go'));
    expect(await refusalOf(put(opened, 'go'))).toBe('busy');
    Atomics.store(opened.gates, 0, 1);
    await Promise.all([slow, ...waiting]);
  });

  test('that finds a fault of the program says so, and others are answered', async () => {
    const opened = openPool();
    expect(await refusalOf(put(opened, 'throw'))).toMatchObject({ message: 'out of luck' });
    expect(await threadOf(put(opened, 'go'))).toMatch(/^\d+$/);
  });
});

test('a thread that cannot be started tells its fault, and leaves no question waiting for ever', async () => {
  let tell: (trace: string) => void = () => undefined;
  const fault = new Promise<string>((resolve) => (tell = resolve));
  const file = join(scratchFolder(), 'absent.mjs');
  const options = { lanes: 1, limitMs: 50, threadFile: pathToFileURL(file), onFault: (trace: string) => tell(trace) };
  const pool = new QueryPool(options);
  onTestFinished(() => pool.close());
  expect(await fault).toContain('absent.mjs');
  expect(await refusalOf(put({ pool, gates: new Int32Array(new SharedArrayBuffer(64)) }, 'go'))).toBe('slow');
});

test('a client that hangs up has its question given up', async () => {
  const server = await serving([copyCapture(scratchFolder(), 'mixed-v13')]);
  const controllers = Array.from({ length: 20 }, () => new AbortController());
  const asked = controllers.map(({ signal }, index) =>
    fetch(`http://127.0.0.1:${server.port}${pathOf(server, `flame?width=${300 + index}`)}`, { signal }),
  );
  for (const controller of controllers) controller.abort();
  expect((await Promise.allSettled(asked)).every(({ status }) => status === 'rejected')).toBe(true);
  expect((await ask(server, pathOf(server, 'flame'))).status).toBe(200);
});
