/** How answers travel: tags and 304, compression, HEAD, several clients at once, and names from strangers. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { encodeCapture, type CaptureRecord } from '@memscope/fixtures';
import {
  encodeTransforms,
  type FlameColumn,
  type FlameHead,
  type Run,
  type SearchAnswer,
  type TablePage,
} from '@memscope/model';
import { ingest } from '@memscope/ingest';

import { ask, askArrow, askJson, copyCapture, pathOf, readArrow, scratchFolder, serving } from './serving.js';

describe('an answer', () => {
  test('has a tag, by which a client that has it gets no other', async () => {
    const server = await serving([copyCapture(scratchFolder(), 'mixed-v13')]);
    const path = pathOf(server, 'flame?width=500');
    const first = await ask(server, path);
    const tag = first.headers.etag!;
    expect(tag).toMatch(/^W\/"[\w-]+"$/);
    expect(first.headers['cache-control']).toBe('private, no-cache');
    for (const header of [tag, `"other", ${tag}`]) {
      const again = await ask(server, path, { headers: { 'if-none-match': header } });
      expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, tag]);
    }
    expect((await ask(server, path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    const [other, same] = await Promise.all(
      ['flame?width=501', 'flame?width=500&measure=peak'].map((route) => ask(server, pathOf(server, route))),
    );
    expect(other!.headers.etag).not.toBe(tag);
    // Equal questions are one, however they are written.
    expect(same!.headers.etag).toBe(tag);
  });

  test('has another tag once the profile is another one', async () => {
    const path = copyCapture(scratchFolder(), 'mixed-v13');
    const server = await serving([path]);
    const route = pathOf(server, 'table');
    const before = await ask(server, route);
    await ingest({ paths: [path], force: true, maxTicks: 2 });
    const after = await ask(server, route, { headers: { 'if-none-match': before.headers.etag! } });
    expect(after.status).toBe(200);
    expect(after.headers.etag).not.toBe(before.headers.etag);
    expect(after.body.equals(before.body)).toBe(true);
  });

  test('that says what is wrong is not kept', async () => {
    const server = await serving([copyCapture(scratchFolder(), 'mixed-v13')]);
    const { headers, status } = await ask(server, pathOf(server, 'flame?window=x'));
    expect([status, headers.etag, headers['cache-control']]).toEqual([400, undefined, 'no-store']);
  });

  test.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ])('comes compressed by %s where that is taken', async (encoding, decompress) => {
    const server = await serving([copyCapture(scratchFolder(), 'mixed-v13')]);
    for (const route of ['flame', 'overview']) {
      const plain = await ask(server, pathOf(server, route));
      const packed = await ask(server, pathOf(server, route), { headers: { 'accept-encoding': encoding } });
      expect([packed.headers['content-encoding'], packed.headers.vary]).toEqual([encoding, 'Accept-Encoding']);
      expect(packed.headers.etag).toBe(plain.headers.etag);
      expect(packed.body.length).toBeLessThan(plain.body.length);
      expect(decompress(packed.body).equals(plain.body)).toBe(true);
      expect(plain.headers['content-encoding']).toBeUndefined();
    }
  });

  test('to HEAD is the same without its body', async () => {
    const server = await serving([copyCapture(scratchFolder(), 'mixed-v13')]);
    for (const route of ['flame', 'table']) {
      const [whole, head] = await Promise.all(
        ['GET', 'HEAD'].map((method) => ask(server, pathOf(server, route), { method })),
      );
      expect([head!.status, head!.body.length]).toEqual([200, 0]);
      expect(head!.headers['content-length']).toBe(String(whole!.body.length));
      expect(head!.headers.etag).toBe(whole!.headers.etag);
    }
    expect((await ask(server, '/api/events', { method: 'HEAD' })).status).toBe(200);
  });
});

test('many clients at once get each its own answer', async () => {
  const folder = scratchFolder();
  const server = await serving(
    ['mixed-v13', 'munmap-v13', 'extras-v13'].map((name) => copyCapture(folder, name)),
    {
      pool: { lanes: 2 },
    },
  );
  const alone = new Map<string, Buffer>();
  const paths = server
    .runs()
    .flatMap((run) =>
      ['overview', 'flame', 'table?by=site', 'timeline', 'leaks'].map((route) => pathOf(server, route, run)),
    );
  for (const path of paths) alone.set(path, (await ask(server, path)).body);
  const replies = await Promise.all(
    Array.from({ length: 60 }, (_, index) => paths[(index * 7) % paths.length]!).map(async (path) => ({
      path,
      reply: await ask(server, path),
    })),
  );
  for (const { path, reply } of replies) expect([path, reply.body.equals(alone.get(path)!)]).toEqual([path, true]);
});

describe('names from strangers', () => {
  const NAMES = [
    '<img src=x onerror=alert(1)>',
    '</script><script>alert(1)</script>',
    '"quoted" \\ and \'single\'',
    'first\nsecond\r\tthird',
    'user\u202enimda\u202c',
    '\u001b[31mred\u001b[0m',
    '\u2028line\u2029paragraph',
    '__proto__',
    `${'long_'.repeat(600)}end`,
    '=HYPERLINK("http://evil.example")',
  ];

  async function serveHostile(): ReturnType<typeof serving> {
    const records: CaptureRecord[] = [{ kind: 'thread', tid: 1 }];
    records.push({ kind: 'name', name: NAMES[0]! });
    for (const [index, name] of NAMES.entries()) {
      records.push(
        { kind: 'push', functionName: name, file: `/srv/${name}.py`, line: index + 1, entry: index === 0, code: null },
        { kind: 'allocation', allocator: 'malloc', address: 0x1000 + 64 * index, bytes: 100 + index, native: 0 },
      );
    }
    records.push({ kind: 'memory', timeMs: 10, rssBytes: 4096 }, { kind: 'trailer' });
    const path = join(scratchFolder(), '<b>&.bin');
    const header = { version: 13, startMs: 1000, endMs: 1020, commandLine: NAMES.join(' ') } as const;
    writeFileSync(path, encodeCapture({ header: header as never, records }, { header }));
    return serving([path]);
  }

  test('come as the text that they are, in JSON and in the head of Arrow', async () => {
    const server = await serveHostile();
    const { status, headers, body } = await ask(server, '/api/runs');
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    const [run] = JSON.parse(body.toString()) as Run[];
    expect(run).toMatchObject({ name: '<b>&.bin', state: 'ready', commandLine: NAMES.join(' ') });
    const page = await askJson<TablePage>(server, 'table?by=function&limit=100');
    expect(new Set(page.rows.map(({ label }) => label!.name))).toEqual(new Set(NAMES));
    const { head } = await askArrow<FlameColumn, FlameHead>(server, 'flame?width=10000&splitThreads=1');
    const named = head.labels.filter(({ kind }) => kind !== 'all' && kind !== 'thread');
    expect(new Set(named.map(({ file }) => file))).toEqual(new Set(NAMES.map((name) => `/srv/${name}.py`)));
    expect(head.labels.find(({ kind }) => kind === 'thread')!.name).toBe(`${NAMES[0]} (thread 1)`);
  });

  test('can be asked for by what they are called', async () => {
    const server = await serveHostile();
    const page = await askJson<TablePage>(server, 'table?by=function&limit=100');
    const short = page.rows.filter(({ label }) => label!.name.length < 200);
    expect(short).toHaveLength(NAMES.length - 1);
    for (const { label, bytes } of short) {
      const target = label!.function!;
      const reply = await ask(server, pathOf(server, `flame?${encodeTransforms([{ kind: 'focus', target }])}`));
      expect(reply.status).toBe(200);
      expect(readArrow<FlameColumn, FlameHead>(reply.body).head.rootBytes).toBe(bytes);
    }
    const text = `function:${JSON.stringify('<img src=x onerror=alert(1)>')}`;
    const found = await askJson<SearchAnswer>(server, `search?text=${encodeURIComponent(text)}`);
    expect(found.functions).toEqual([`${NAMES[0]}\n/srv/${NAMES[0]}.py`]);
  });
});
