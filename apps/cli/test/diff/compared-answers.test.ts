/** What the page gets of two sides: both of every node and row, growth that is never netted, and the mirror of the swap. */
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SHARED_CAPTURES_FOLDER } from '@memscope/fixtures';
import {
  PYTHON_OBJECTS,
  testUnbounded,
  WHOLE_VIEW,
  type Profile,
  type TablePage,
  type TreeDocument,
} from '@memscope/model';
import { answerFlame, answerLeaks, answerSandwich, answerTable, compareRuns, OpenRun } from '@memscope/query';
import { openProfile } from '@memscope/store';

import { isBuilt } from '../built-cli.js';
import { documentOnDisk, useFolder, writeCapture } from '../views/captures-on-disk.js';
import { SHOP } from '../views/view-captures.js';

/** In another folder, lines shifted: `load` keeps more, `total` has gone and `sum_up` is new. */
const NEXT = SHOP.replaceAll('/srv/shop/', '/opt/next/')
  .replaceAll(/\.py:(\d+)/g, (_, line: string) => `.py:${Number(line) + 30}`)
  .replace('malloc 0x2000 2000000', 'malloc 0x2000 2600000')
  .replaceAll('push total ', 'push sum_up ');

const [BASE_BYTES, HEAD_BYTES] = [10_801_700, 11_401_700];
const HOST = { testPattern: testUnbounded, memscopeVersion: '' };
const view = WHOLE_VIEW;

describe.skipIf(!isBuilt())('of two sides', () => {
  const folder = useFolder();
  const runs: OpenRun[] = [];
  let both: OpenRun;
  let swapped: OpenRun;
  let head: OpenRun;
  beforeAll(async () => {
    const paths = [writeCapture(folder, 'base', SHOP), writeCapture(folder, 'head', NEXT)];
    for (const path of paths) await documentOnDisk('tree', path);
    const open = (at: number): Profile => openProfile(`${paths[at]}.memscope`);
    both = new OpenRun({ head: [open(1)], base: [open(0)] }, HOST);
    swapped = new OpenRun({ head: [open(0)], base: [open(1)] }, HOST);
    head = new OpenRun(open(1), HOST);
    runs.push(both, swapped, head);
  });
  afterAll(() => runs.forEach((run) => run.close()));

  const flameOf = (run: OpenRun, part: Partial<Parameters<typeof answerFlame>[1]> = {}) =>
    answerFlame(run, {
      route: 'flame',
      view,
      inverted: false,
      transforms: [],
      root: 0,
      width: 1_000_000,
      weigh: 'larger',
      ...part,
    });

  describe.each([false, true])('a flame graph, inverted: %s,', (inverted) => {
    test('has both sides of each node, and what grew less what shrank is the change', () => {
      const { columns, head: about } = flameOf(both, { inverted });
      const [now, before, grown] = [columns.bytes, columns.baseBytes!, columns.grownBytes!];
      expect([now[0], before[0], about.bytes, about.baseBytes]).toEqual([
        HEAD_BYTES,
        BASE_BYTES,
        HEAD_BYTES,
        BASE_BYTES,
      ]);
      for (const [node, bytes] of now.entries()) {
        const shrunk = before[node]! + grown[node]! - bytes;
        expect(grown[node]).toBeGreaterThanOrEqual(Math.max(0, bytes - before[node]!));
        expect(shrunk).toBeGreaterThanOrEqual(0);
      }
      // `sum_up` came where `total` went: nothing of it is netted.
      expect(grown[0]).toBeGreaterThan(HEAD_BYTES - BASE_BYTES);
      expect(about.labels.every(({ line }) => line === null)).toBe(true);
    });

    test('is as wide as what grew, or shrank, where that is asked for', () => {
      for (const weigh of ['grown', 'shrunk', 'change', 'head', 'base'] as const) {
        const { columns, head: about } = flameOf(both, { inverted, weigh });
        expect(about.weigh).toBe(weigh);
        const whole = flameOf(both, { inverted }).columns;
        expect([columns.bytes[0], columns.baseBytes![0], columns.grownBytes![0]]).toEqual([
          whole.bytes[0],
          whole.baseBytes![0],
          whole.grownBytes![0],
        ]);
        const names = new Set(about.labels.map(({ name }) => name));
        expect(names.has('sum_up')).toBe(weigh !== 'shrunk' && weigh !== 'base');
        expect(names.has('total')).toBe(weigh !== 'grown' && weigh !== 'head');
      }
    });

    test('mirrors itself when the sides are swapped', () => {
      const read = (run: OpenRun, isHead: boolean): Map<string, number> => {
        const { columns, head: about } = flameOf(run, { inverted });
        const ways: string[] = [];
        for (const [node, parent] of columns.parent.entries()) {
          const { name, kind, module } = about.labels[columns.label[node]!]!;
          ways.push(`${node === 0 ? '' : ways[parent]!}/${name} ${kind} ${kind === 'native' ? module : ''}`);
        }
        const column = isHead ? columns.bytes : columns.baseBytes!;
        return new Map(ways.map((way, node) => [way, column[node]!]));
      };
      expect(read(swapped, false)).toEqual(read(both, true));
      expect(read(swapped, true)).toEqual(read(both, false));
    });

    test('zooms into a node by its id', () => {
      const { columns } = flameOf(both, { inverted });
      const root = columns.id[1]!;
      const zoomed = flameOf(both, { inverted, root });
      expect([zoomed.columns.bytes[0], zoomed.columns.baseBytes![0]]).toEqual([
        columns.bytes[1],
        columns.baseBytes![1],
      ]);
      expect(zoomed.head.path.at(-1)!.id).toBe(root);
    });
  });

  test('a run with itself grew nowhere', () => {
    const same = new OpenRun({ head: both.set.base, base: both.set.base }, HOST);
    const { columns } = flameOf(same);
    expect(columns.grownBytes!.every((each) => each === 0)).toBe(true);
    expect([...columns.bytes]).toEqual([...columns.baseBytes!]);
    const page = tableOf(same, {});
    expect(page.changes).toEqual({
      grew: { rows: 0, bytes: 0, count: 0 },
      shrank: { rows: 0, bytes: 0, count: 0 },
      new: 0,
      gone: 0,
    });
  });

  const tableOf = (run: OpenRun, part: Partial<Parameters<typeof answerTable>[1]>): TablePage =>
    answerTable(run, {
      route: 'table',
      view,
      by: 'function',
      sort: 'selfChange',
      descending: true,
      offset: 0,
      limit: 100,
      search: '',
      ...part,
    });

  test.each(['function', 'module', 'site', 'library', 'category', 'thread', 'owner'] as const)(
    'a table by %s says what grew and what shrank, apart, and they add up to the change',
    (by) => {
      const page = tableOf(both, { by });
      const { grew, shrank } = page.changes!;
      expect(grew.bytes - shrank.bytes).toBe(HEAD_BYTES - BASE_BYTES);
      const changes = page.rows.map((row) => Math.abs(row.selfBytes - row.baseSelfBytes!));
      expect(changes).toEqual(changes.toSorted((a, b) => b - a));
      expect(tableOf(both, { by, change: 'grew' }).rowCount).toBe(grew.rows);
      expect(tableOf(both, { by, change: 'shrank' }).rowCount).toBe(shrank.rows);
      expect(tableOf(swapped, { by }).changes).toMatchObject({ grew: shrank, shrank: grew });
    },
  );

  test('a table lists what is new and what has gone', () => {
    const names = (change: 'new' | 'gone'): string[] => tableOf(both, { change }).rows.map(({ label }) => label!.name);
    expect(names('new')).toEqual(['sum_up']);
    expect(names('gone')).toEqual(['total']);
    const sorted = tableOf(both, { sort: 'baseInclusive' }).rows.map(({ baseBytes }) => baseBytes!);
    expect(sorted).toEqual(sorted.toSorted((a, b) => b - a));
  });

  test('callers and callees have both sides', () => {
    const name = tableOf(both, { search: 'load' }).rows[0]!.label!.function!;
    const answer = answerSandwich(both, { route: 'sandwich', view, function: name, width: 1_000 });
    const alone = answerSandwich(head, { route: 'sandwich', view, function: name, width: 1_000 });
    expect([answer.bytes, answer.count, answer.selfBytes]).toEqual([alone.bytes, alone.count, alone.selfBytes]);
    expect(answer.base!.bytes).toBe(answer.bytes - 600_000);
    for (const { bytes, compared } of [answer.callers, answer.callees]) {
      expect([bytes[0], compared!.baseBytes[0], compared!.grownBytes[0]]).toEqual([
        answer.bytes,
        answer.base!.bytes,
        600_000,
      ]);
    }
  });

  test('leaks have what the base keeps at the same line', () => {
    const leaksOf = (run: OpenRun) => answerLeaks(run, { route: 'leaks', view, warmUp: null, offset: 0, limit: 100 });
    const [compared, now, before] = [leaksOf(both), leaksOf(head), leaksOf(swapped)];
    expect([compared.bytes, compared.count]).toEqual([now.bytes, now.count]);
    expect(compared.base!.bytes).toBe(before.bytes);
    const sum = compared.rows.reduce((all, { base }) => all + base!.bytes, 0);
    expect(sum + compared.base!.gone.bytes).toBe(compared.base!.bytes);
    expect(now.base).toBeNull();
  });
});

const PAIRS = join(SHARED_CAPTURES_FOLDER, 'pairs', 'packages');

describe.skipIf(!isBuilt() || !existsSync(PAIRS))('of two versions of a package', () => {
  const folder = useFolder();

  test("arenas of Python's allocator are one frame, one row and one node, which hold what the diff says of them", async () => {
    const paths = ['base', 'head'].map((side) => {
      const path = join(folder, `${side}.bin`);
      copyFileSync(join(PAIRS, `aiohttp-${side}-1.bin`), path);
      return path;
    });
    for (const path of paths) await documentOnDisk('tree', path);
    const [before, after] = paths.map((path) => openProfile(`${path}.memscope`));
    const run = new OpenRun({ head: [after!], base: [before!] }, HOST);
    const diff = compareRuns(run, view, { measure: 'peak', by: 'function', lines: false, together: true });
    const objects = [...diff.grew, ...diff.shrank, ...diff.peakMoved].filter(({ kind }) => kind === 'objects');
    for (const inverted of [false, true]) {
      const { columns, head: about } = answerFlame(run, {
        route: 'flame',
        view,
        inverted,
        transforms: [],
        root: 0,
        width: 100_000,
      });
      const nodes = [...columns.label.keys()].filter(
        (node) => about.labels[columns.label[node]!]!.name === PYTHON_OBJECTS,
      );
      expect(nodes.map((node) => [columns.baseBytes![node], columns.bytes[node]])).toEqual(
        objects.map(({ base, head: now }) => [base, now]),
      );
    }
    expect(objects).toHaveLength(1);
    for (const by of ['function', 'location', 'module'] as const) {
      const page = answerTable(run, {
        route: 'table',
        view,
        by,
        sort: 'selfChange',
        descending: true,
        offset: 0,
        limit: 2_000,
        search: '',
      });
      const { grew, shrank } = page.changes!;
      expect(grew.bytes - shrank.bytes).toBe(page.bytes - page.baseBytes!);
      const row = page.rows.find(({ label }) => label!.name === PYTHON_OBJECTS)!;
      expect([row.baseSelfBytes, row.selfBytes]).toEqual([objects[0]!.base, objects[0]!.head]);
    }
    run.close();
    const tree = await documentOnDisk<TreeDocument>('tree', paths[1]!, '--base', paths[0]!, '--threshold', '0%');
    expect(tree.nodes.flatMap((node) => (node.arenas ? [[node.baseBytes, node.bytes]] : []))).toEqual(
      objects.map(({ base, head: now }) => [base, now]),
    );
  });
});
