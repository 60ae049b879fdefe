import { NEVER, type LifetimeBatch } from '@memscope/model';
import { ProfileWriter } from '@memscope/store/profile-writer';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { batchOf, rowsOf, sampleTables, seededRandom, temporaryFolder, type LifetimeRow } from './sample-tables.js';
import { faultOf, open, openDatabase } from './write-profile.js';

type Step = LifetimeBatch | { map: Uint32Array };

/** Writes batches and remaps in the given order. */
function write(steps: readonly Step[]): string {
  const path = join(temporaryFolder(), 'a.memscope');
  const writer = ProfileWriter.create(path);
  for (const step of steps) {
    if ('map' in step) writer.remapMoments(step.map);
    else writer.appendLifetimes(step);
  }
  writer.finish(sampleTables(), null);
  return path;
}

/** The rule, row by row and slowly. */
function remapSlowly(rows: readonly LifetimeRow[], map: Uint32Array): LifetimeRow[] {
  const merged: [number, number, number | null, number, number][] = [];
  for (const [site, oldBorn, oldDied, count, bytes] of rows) {
    const [born, died] = [map[oldBorn]!, oldDied === null ? null : map[oldDied]!];
    if (born === died) continue;
    const equal = merged.find(
      (row) => row[0] === site && row[1] === born && row[2] === died && (row[4] === 0) === (bytes === 0),
    );
    if (equal === undefined) merged.push([site, born, died, count, bytes]);
    else {
      equal[3] += count;
      equal[4] += bytes;
    }
  }
  return merged;
}

function randomRows(random: (limit: number) => number, rows: number, moments: number): LifetimeRow[] {
  return Array.from({ length: rows }, () => {
    const born = random(moments - 1);
    const died = random(5) === 0 ? null : born + 1 + random(moments - born - 1);
    return [random(3), born, died, 1 + random(3), random(4) === 0 ? 0 : random(1000)];
  });
}

test('remapped moments drop, merge and keep rows as the rule says, whatever came before and comes after', () => {
  const random = seededRandom(11);
  for (let round = 0; round < 20; round++) {
    const moments = 4 + random(40);
    const halve = Uint32Array.from({ length: moments }, (_, moment) => moment >> 1);
    const third = Uint32Array.from({ length: moments }, (_, moment) => Math.floor(moment / 3));
    const [first, second, last] = [1, 2, 3].map(() => randomRows(random, 1 + random(60), moments));
    const path = write([batchOf(first!), { map: halve }, batchOf(second!), { map: third }, batchOf(last!)]);
    const expected = [remapSlowly(remapSlowly(first!, halve), third), remapSlowly(second!, third), last!];
    expect([...open(path).lifetimes()].map(rowsOf)).toEqual(expected.filter((rows) => rows.length > 0));
  }
});

test('remapping renews the moments that a batch spans, and numbers the batches without gaps', () => {
  const map = Uint32Array.of(0, 0, 1, 1, 2, 2, 3, 3);
  const path = write([
    batchOf([[0, 0, 1, 1, 1]]),
    batchOf([[0, 2, 5, 1, 1]]),
    batchOf([[0, 4, null, 1, 1]]),
    { map },
    batchOf([[0, 3, 4, 1, 1]]),
  ]);
  const found = openDatabase(path).prepare('SELECT seq, rows, first_moment, last_moment FROM column_batch').raw().all();
  expect(found).toEqual([
    [0, 1, 1, 2],
    [1, 1, 2, null],
    [2, 1, 3, 4],
  ]);
});

test('rows without bytes stay apart from rows with bytes', () => {
  const map = Uint32Array.of(0, 0, 1, 1);
  const rows: LifetimeRow[] = [
    [0, 0, 2, 1, 100],
    [0, 1, 3, 1, 0],
    [0, 0, 3, 1, 50],
    [0, 1, 2, 2, 0],
  ];
  expect([...open(write([batchOf(rows), { map }])).lifetimes()].map(rowsOf)).toEqual([
    [
      [0, 0, 1, 2, 150],
      [0, 0, 1, 3, 0],
    ],
  ]);
});

test('a profile that was remapped to a fraction holds no unused pages', () => {
  const random = seededRandom(5);
  const batches = Array.from({ length: 20 }, () => batchOf(randomRows(random, 4000, 1000)));
  const map = Uint32Array.from({ length: 1000 }, (_, moment) => Math.floor(moment / 500));
  const path = write([...batches, { map }]);
  expect(statSync(path).size).toBeLessThan(64 * 1024);
  expect(open(path).tables()).toEqual(sampleTables());
});

test('a moment outside the map is refused', () => {
  const writer = ProfileWriter.create(join(temporaryFolder(), 'a.memscope'));
  writer.appendLifetimes(batchOf([[0, 5, NEVER, 1, 1]]));
  const fault = faultOf(() => writer.remapMoments(Uint32Array.of(0, 0)));
  writer.abort();
  expect(fault).toMatchObject({ name: 'StoreError' });
});
