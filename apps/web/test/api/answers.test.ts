import { tableFromArrays, tableToIPC } from 'apache-arrow';
import type { Run } from '@memscope/model';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { AnswerStore } from '../../src/api/answers.js';
import { AnswerError } from '../../src/api/answer-error.js';
import { ask } from '../../src/api/ask.js';
import { askFlame, askSearch, askTable, askTimeline, type ChosenRuns, type Question } from '../../src/api/question.js';
import { readColumns } from '../../src/api/read-columns.js';
import { readRuns } from '../../src/api/read-events.js';
import type { RunUpdate } from '../../src/api/read-events.js';
import { FIRST_STATE } from '../../src/state/page-state.js';

const json = (path: string): Question<unknown> => ({ slot: path.split('?')[0]!, path, format: 'json' });

describe('answers', () => {
  const asked: { readonly path: string; readonly signal: AbortSignal; readonly reply: (response: Response) => void }[] =
    [];
  const sent: object[] = [];
  beforeEach(() => {
    asked.length = 0;
    sent.length = 0;
    vi.stubGlobal('sessionStorage', { getItem: () => 'secret', setItem: () => undefined });
    vi.stubGlobal('fetch', (path: string, { signal, headers }: { signal: AbortSignal; headers: object }) => {
      sent.push(headers);
      return new Promise((resolve, reject) => {
        asked.push({ path, signal, reply: resolve });
        signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
      });
    });
  });
  afterEach(() => void vi.unstubAllGlobals());
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

  test('are asked once, and kept', async () => {
    const store = new AnswerStore(ask, () => undefined);
    store.want([json('a'), json('a')]);
    store.want([json('a')]);
    expect(asked.map(({ path }) => path)).toEqual(['a']);
    expect(sent).toEqual([{ authorization: 'Bearer secret' }]);
    asked[0]!.reply(Response.json({ x: 1 }));
    await settle();
    expect(store.read(json('a'))).toEqual({ state: 'ready', value: { x: 1 } });
    store.want([]);
    store.want([json('a')]);
    expect(asked).toHaveLength(1);
  });

  test('that nobody needs any more are given up', async () => {
    const store = new AnswerStore(ask, () => undefined);
    store.want([json('a'), json('b')]);
    store.want([json('b')]);
    await settle();
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    expect(store.read(json('a'))).toEqual({ state: 'loading', stale: null });
  });

  test('stay on the screen until the next of their slot has come', async () => {
    const store = new AnswerStore(ask, () => undefined);
    store.want([json('a?1')]);
    asked[0]!.reply(Response.json('one'));
    await settle();
    store.read(json('a?1'));
    store.want([json('a?2')]);
    expect(store.read(json('a?2'))).toEqual({ state: 'loading', stale: 'one' });
    store.forgetSlots();
    expect(store.read(json('a?2'))).toEqual({ state: 'loading', stale: null });
  });

  test('that failed say why and where, and can be asked again', async () => {
    let drawn = 0;
    const store = new AnswerStore(ask, () => drawn++);
    store.want([json('a')]);
    const error = { code: 'syntax', message: 'no such field', position: 3, length: 2 };
    asked[0]!.reply(Response.json({ error }, { status: 400 }));
    await settle();
    const failed = store.read(json('a'));
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'syntax', place: { position: 3, length: 2 } } });
    expect(drawn).toBe(1);
    store.retry();
    store.want([json('a')]);
    expect(asked).toHaveLength(2);
  });

  test('about a run that was read anew are asked again, those about others are not', async () => {
    const store = new AnswerStore(ask, () => undefined);
    const both = [json('api/runs/a/flame'), json('api/runs/ab/flame')];
    store.want(both);
    for (const { reply } of asked) reply(Response.json(1));
    await settle();
    store.forgetRun('a');
    store.want(both);
    expect(asked.map(({ path }) => path)).toEqual(['api/runs/a/flame', 'api/runs/ab/flame', 'api/runs/a/flame']);
  });

  test.each([
    [new Response('<html>', { status: 502 }), 'internal'],
    [new Response('', { status: 401 }), 'refused'],
    [new Response('no json'), 'internal'],
  ])('that make no sense are errors, too', async (response, code) => {
    const store = new AnswerStore(ask, () => undefined);
    store.want([json('a')]);
    asked[0]!.reply(response);
    await settle();
    const answer = store.read(json('a'));
    expect(answer.state === 'failed' && answer.error).toBeInstanceOf(AnswerError);
    expect(answer).toMatchObject({ error: { code } });
  });
});

const chosen = (...ids: string[]): ChosenRuns => ({ head: ids.map((id) => ({ id }) as Run), base: [] });

test('questions leave out defaults and escape what they are about', () => {
  const { query } = FIRST_STATE;
  const flame = askFlame(chosen('a/b'), query, {
    inverted: false,
    transforms: [],
    root: null,
    width: 800,
    weigh: 'grown',
  });
  expect(flame.path).toBe('api/runs/a%2Fb/flame?width=800');
  const table = askTable(
    't',
    chosen('r'),
    { ...query, filter: 'a&b=c' },
    { by: 'site', sort: 'self', descending: true, offset: 0, limit: 9, search: 'é&', change: 'grew' },
  );
  expect(new URLSearchParams(table.path.split('?')[1]).get('filter')).toBe('a&b=c');
  expect(new URLSearchParams(table.path.split('?')[1]).get('search')).toBe('é&');
});

test('questions name the runs of both sides, and one side where the answer has one', () => {
  const set = { head: chosen('a', 'b').head, base: chosen('c&').head };
  const { query } = FIRST_STATE;
  expect(askSearch(set, query, 'x').path).toBe('api/runs/a/search?run=b&base=c%26&text=x');
  expect(askTimeline('t', set, null, 800).path).toBe('api/runs/a/timeline?run=b&width=800');
});

test('columns come as numbers, with the head from the metadata', () => {
  const table = tableFromArrays({ a: Float64Array.of(1, Number.NaN), b: Uint32Array.of(2, 4_000_000_000) });
  table.schema.metadata.set('head', '{"x":[1]}');
  const bytes = tableToIPC(table, 'stream');
  const read = readColumns(bytes.slice().buffer);
  expect([read.length, read.head]).toEqual([2, { x: [1] }]);
  expect([...read.column['a']!]).toEqual([1, Number.NaN]);
  expect([...read.column['b']!]).toEqual([2, 4_000_000_000]);
});

test('runs are read from a stream however it is cut', async () => {
  const text = 'data: [{"id":"1"}]\n\nretry: 1000\n\ndata: {"id":"é"}\r\n\r\n: still there\n\ndata:{"id":"2"}\n\n';
  const bytes = new TextEncoder().encode(text);
  for (const size of [1, 2, 7, 1000]) {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
    const updates: RunUpdate[] = [];
    await readRuns(stream, (update) => updates.push(update));
    expect(updates).toEqual([
      { kind: 'list', runs: [{ id: '1' }] },
      { kind: 'run', run: { id: 'é' } },
      { kind: 'run', run: { id: '2' } },
    ]);
  }
});
