/** Questions about several runs at once: as one, and compared with others. */
import { existsSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  testUnbounded,
  WHOLE_VIEW,
  type AnalysisDocument,
  type DiffDocument,
  type TablePage,
  type TimelineHead,
} from '@memscope/model';
import { compareRuns, OpenRun } from '@memscope/query';
import { openProfile } from '@memscope/store';

import type { RunningServer } from '../src/index.js';
import { ask, copyCapture, errorOf, jsonOf, readArrow, scratchFolder, startServer, type Reply } from './serving.js';

const FILES = ['fork-v8.bin', 'fork-v8.bin.15416', 'mixed-v13.bin'] as const;
type File = (typeof FILES)[number];

let server: RunningServer;
const folder = scratchFolder(true);

beforeAll(async () => {
  const names = ['fork-v8', 'fork-v8.bin.15416', 'mixed-v13'];
  server = await startServer(names.map((name, at) => copyCapture(folder, name, FILES[at])));
  await server.settled();
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const idOf = (file: File): string => server.runs().find(({ name }) => name === file)!.id;

function get(route: string, head: readonly File[], base: readonly File[] = [], query = ''): Promise<Reply> {
  const others = [...head.slice(1).map((file) => `run=${idOf(file)}`), ...base.map((file) => `base=${idOf(file)}`)];
  return ask(server, `/api/runs/${idOf(head[0]!)}/${route}?${[...others, query].filter(Boolean).join('&')}`);
}

async function tableOf(head: readonly File[], by = 'function'): Promise<TablePage> {
  return jsonOf(await get('table', head, [], `by=${by}&measure=leaked&limit=2000`)) as TablePage;
}

const [PARENT, CHILD, OTHER] = FILES;

describe('several runs', () => {
  test('are one to every route: bytes add up, and rows of one function are one', async () => {
    const [both, parent, child] = await Promise.all([tableOf([PARENT, CHILD]), tableOf([PARENT]), tableOf([CHILD])]);
    expect(both.bytes).toBe(parent.bytes + child.bytes);
    const selfOf = (page: TablePage, name: string): number =>
      page.rows.filter(({ label }) => label?.name === name).reduce((sum, { selfBytes }) => sum + selfBytes, 0);
    for (const name of new Set(both.rows.map(({ label }) => label?.name ?? ''))) {
      expect([name, selfOf(both, name)]).toEqual([name, selfOf(parent, name) + selfOf(child, name)]);
    }
  });

  test('are told apart by run', async () => {
    const { rows } = await tableOf([PARENT, CHILD], 'run');
    const [parent, child] = await Promise.all([tableOf([PARENT]), tableOf([CHILD])]);
    expect(new Map(rows.map(({ label, selfBytes }) => [label!.name, selfBytes]))).toEqual(
      new Map([
        [PARENT, parent.bytes],
        [CHILD, child.bytes],
      ]),
    );
    const { head } = readArrow((await get('bands', [PARENT, CHILD], [], 'by=run')).body);
    expect((head as { bands: { name: string }[] }).bands.map(({ name }) => name).toSorted()).toEqual([PARENT, CHILD]);
  });

  test.each(['overview', 'timeline', 'flame', 'table', 'leaks', 'search?text=main'])('answer %s', async (route) => {
    const [name = '', query = ''] = route.split('?');
    expect((await get(name, [PARENT, CHILD], [], query)).status).toBe(200);
  });
});

test('what is summed is said with the overview and with the timeline, and a sum of RSS is not given', async () => {
  const { together, totals } = jsonOf(await get('overview', [PARENT, CHILD])) as AnalysisDocument;
  const { runs, held, clock } = together!;
  expect(runs.map(({ run }) => run)).toEqual([PARENT, CHILD]);
  expect(totals.peakBytes).toBe(runs.reduce((sum, { peakBytes }) => sum + peakBytes, 0));
  expect(held!.bytes).toBeLessThanOrEqual(totals.peakBytes);
  expect(totals.rssPeakBytes).toBe(Math.max(...runs.map(({ rssPeakBytes }) => rssPeakBytes!)));
  const head = readArrow((await get('timeline', [PARENT, CHILD])).body).head as TimelineHead;
  expect([head.clock, head.peakBytes, head.runs!.map(({ run }) => run)]).toEqual([clock, held!.bytes, [PARENT, CHILD]]);
  const alone = readArrow((await get('timeline', [PARENT])).body).head as TimelineHead;
  expect([alone.clock, alone.runs]).toEqual([undefined, undefined]);
});

describe('a base', () => {
  test('gives the answers of memscope diff', async () => {
    const served = jsonOf(await get('diff', [CHILD], [PARENT], 'measure=total')) as DiffDocument;
    const [base, head] = [PARENT, CHILD].map((file) => openProfile(`${folder}/${file}.memscope`));
    const host = { testPattern: testUnbounded, memscopeVersion: '' };
    const run = new OpenRun({ head: [head!], base: [base!] }, host);
    const request = { measure: 'total', by: 'function', lines: false, together: true } as const;
    const { totals, summary } = compareRuns(run, WHOLE_VIEW, request);
    run.close();
    expect({ totals: served.totals, summary: served.summary }).toEqual({ totals, summary });
  });

  test('is refused, with words, where an answer has one side', async () => {
    for (const route of ['overview', 'timeline', 'bands']) {
      const reply = await get(route, [PARENT], [CHILD], route === 'bands' ? 'by=module' : '');
      expect(reply.status).toBe(400);
      expect(errorOf(reply).message).toBe(`${route} takes no base: ask for it once for each side`);
    }
    expect(errorOf(await get('diff', [PARENT])).message).toBe('a diff needs a base');
  });

  test('that is the run itself changes nothing', async () => {
    const { grew, shrank, moved } = jsonOf(await get('diff', [OTHER], [OTHER])) as DiffDocument;
    expect([grew, shrank, moved]).toEqual([[], [], []]);
  });
});

describe('an address', () => {
  test('of a set has a tag of its own', async () => {
    const tags = await Promise.all([
      get('flame', [PARENT]),
      get('flame', [PARENT, CHILD]),
      get('flame', [CHILD, PARENT]),
      get('flame', [PARENT], [CHILD]),
    ]);
    expect(new Set(tags.map(({ headers }) => headers.etag)).size).toBe(4);
  });

  test('that names a run which nobody knows, or one twice, or too many, says so', async () => {
    const place = `/api/runs/${idOf(PARENT)}/flame`;
    for (const name of ['run', 'base']) {
      const unknown = await ask(server, `${place}?${name}=abc`);
      expect([unknown.status, errorOf(unknown).message]).toEqual([404, 'there is no such run']);
    }
    const twice = await ask(server, `${place}?run=${idOf(PARENT)}`);
    expect([twice.status, errorOf(twice).message]).toEqual([400, 'a run stands twice on one side']);
    const many = Array.from({ length: 64 }, (_, at) => `run=${at}`).join('&');
    const tooMany = await ask(server, `${place}?${many}`);
    expect([tooMany.status, errorOf(tooMany).message]).toEqual([400, 'more than 64 runs at once']);
  });

  test('that names a run whose profile has gone says which', async () => {
    const own = scratchFolder();
    const paths = [copyCapture(own, 'mixed-v13'), copyCapture(own, 'munmap-v13')];
    const others = await startServer(paths, { watch: { settleMs: 60_000 } });
    try {
      await others.settled();
      const [first, second] = others.runs();
      const path = `/api/runs/${first!.id}/flame?base=${second!.id}`;
      expect((await ask(others, path)).status).toBe(200);
      rmSync(`${paths[1]}.memscope`);
      expect(existsSync(`${paths[1]}.memscope`)).toBe(false);
      const reply = await ask(others, path);
      expect([reply.status, errorOf(reply).message]).toEqual([404, 'the profile of munmap-v13.bin has gone']);
    } finally {
      await others.close();
    }
  });
});

test('children that were followed into a fork name their parent', () => {
  const parents = new Map(server.runs().map(({ name, parent }) => [name, parent]));
  expect(parents).toEqual(
    new Map([
      [PARENT, null],
      [CHILD, idOf(PARENT)],
      [OTHER, null],
    ]),
  );
});

test('sets of runs are closed as others are asked for, and each run stays open while a set needs it', async () => {
  const sets: (readonly [readonly File[], readonly File[]])[] = [
    [[PARENT], []],
    [[CHILD], []],
    [[OTHER], []],
    [[PARENT, CHILD], []],
    [[PARENT, CHILD, OTHER], []],
    [[PARENT], [CHILD]],
    [[CHILD], [PARENT]],
    [[PARENT, OTHER], [CHILD]],
  ];
  for (const _ of [1, 2]) {
    for (const [head, base] of sets) {
      // Of a measure that was not asked for before nothing is kept.
      expect((await get('search', head, base, 'text=main&measure=temporary')).status).toBe(200);
    }
  }
});
