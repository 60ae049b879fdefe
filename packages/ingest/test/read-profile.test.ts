/** What can be asked while a profile is being written: it answers as the file does, or says that only the file knows. */
import { copyFileSync } from 'node:fs';
import { basename } from 'node:path';
import { copyCapture, makeSyntheticCapture } from '@memscope/fixtures';
import { NEVER, type LifetimeBatch, type Profile } from '@memscope/model';
import { openProfile } from '@memscope/store';
import { expect, test } from 'vitest';

import { CollectedLifetimes } from '../src/collected-lifetimes.js';
import { ingest, NotWritten, type ReadStacks } from '../src/index.js';
import { ReadProfile } from '../src/read-profile.js';
import { scratchFolder, writeCapture } from './scratch-folder.js';

/** The profile as it was told of before its file was complete, and its file. */
async function readBoth(path: string, inCaller = false): Promise<readonly [early: Profile | null, stored: Profile]> {
  let early: Profile | null = null;
  const [outcome] = await ingest({ paths: [path], inCaller, onRead: (_, profile) => (early = profile) });
  if (outcome?.error !== undefined) throw outcome.error;
  return [early, openProfile(outcome!.profilePath)];
}

function columnsOf(batches: Iterable<LifetimeBatch>): unknown {
  const all = [...batches];
  const join = (name: Exclude<keyof LifetimeBatch, 'rows'>): number[] => all.flatMap((batch) => [...batch[name]]);
  return { site: join('site'), born: join('born'), died: join('died'), count: join('count'), bytes: join('bytes') };
}

const large = makeSyntheticCapture({ seed: 7, allocations: 70_000, live: 20_000 });

const NAMES = ['mixed-v13', 'mixed-agg-v13', 'killed-v13', 'extras-v7', 'objects-v13', 'large'];

test.each([false, true].flatMap((inCaller) => NAMES.map((name) => [name, inCaller] as const)))(
  '%s answers as its file does, before that is complete (read by who asks: %s)',
  async (name, inCaller) => {
    const folder = scratchFolder();
    const path = name === 'large' ? writeCapture(folder, 'large.bin', large) : copyCapture(folder, name);
    const [early, stored] = await readBoth(path, inCaller);
    if (early === null) throw new Error('nothing was told');
    expect(early.path).toBe(stored.path);
    expect(early.tables()).toEqual(stored.tables());
    expect(early.threads()).toEqual(stored.threads());
    expect(columnsOf(early.lifetimes())).toEqual(columnsOf(stored.lifetimes()));
    expect([early.liveChanges(), early.coarseChanges()]).toEqual([stored.liveChanges(), stored.coarseChanges()]);
    expect(early.peakLevels()).toEqual(stored.peakLevels());
    // Documents have its fields in their order.
    expect(JSON.stringify(early.capture)).toBe(JSON.stringify(stored.capture));
    early.close();
    stored.close();
  },
);

test('stacks of a large capture are told before what they hold, in the columns that the profile has then', async () => {
  const told: (ReadStacks | Profile)[] = [];
  const path = writeCapture(scratchFolder(), 'large.bin', large);
  await ingest({
    paths: [path],
    inCaller: true,
    onStacks: (_, stacks) => void told.push(stacks),
    onRead: (_, profile) => void told.push(profile),
  });
  const [stacks, profile] = told as [ReadStacks, Profile];
  expect(told).toHaveLength(2);
  expect(stacks.tables.frames).toBe(profile.stackTables().frames);
  expect(stacks.tables.stacks).toBe(profile.stackTables().stacks);
  expect(stacks.sites.pythonStack).toBe(profile.siteKeys().pythonStack);
  profile.close();
});

test.each([false, true])('of native stacks nothing is told before the file is complete (%s)', async (inCaller) => {
  const [early, stored] = await readBoth(copyCapture(scratchFolder(), 'mixed-native-v13'), inCaller);
  expect(early).toBeNull();
  stored.close();
});

test('recordings of its children that lie beside a capture are known before its file is complete', async () => {
  const path = copyCapture(scratchFolder(), 'mixed-v13');
  for (const pid of [12, 3]) copyFileSync(path, `${path}.${pid}`);
  const [early, stored] = await readBoth(path, true);
  expect(early!.children()).toEqual([`${basename(path)}.3`, `${basename(path)}.12`]);
  expect(stored.children()).toEqual(early!.children());
  early!.close();
  stored.close();
});

test('lifetimes that are too many for memory are read from the file, once that is complete', async () => {
  const [, stored] = await readBoth(copyCapture(scratchFolder(), 'mixed-v13'));
  const read = new ReadProfile(stored.path);
  expect(read.add({ kind: 'lifetimes', lifetimes: { batches: null, coarse: null } })).toBeNull();
  const profile = read.add({ kind: 'tables', tables: stored.tables() })!;
  expect(() => profile.lifetimes()).toThrow(NotWritten);
  read.finish();
  expect(columnsOf(profile.lifetimes())).toEqual(columnsOf(stored.lifetimes()));
  profile.close();
  stored.close();
});

/** All of site 1, one allocation of 8 bytes each. */
function batchOf(born: readonly number[], died: readonly number[]): LifetimeBatch {
  const rows = born.length;
  const site = new Uint32Array(rows).fill(1);
  const [count, bytes] = [new Float64Array(rows).fill(1), new Float64Array(rows).fill(8)];
  return { rows, site, born: Uint32Array.from(born), died: Uint32Array.from(died), count, bytes };
}

test('collected lifetimes are copies, and follow moments that are renumbered', () => {
  const collected = new CollectedLifetimes(1000);
  const batch = batchOf([0, 2, 3], [1, 3, NEVER]);
  collected.add(batch);
  batch.born.fill(9);
  collected.remap(Uint32Array.of(0, 0, 0, 1));
  collected.add(batchOf([1], [NEVER]));
  const { born, died } = columnsOf(collected.take()!) as Record<string, number[]>;
  expect({ born, died }).toEqual({ born: [0, 1, 1], died: [1, NEVER, NEVER] });
});

test('more than a million lifetimes, and those of a large capture, are not collected', () => {
  const many = new CollectedLifetimes(1000);
  const batch = batchOf(Array<number>(1 << 16).fill(0), Array<number>(1 << 16).fill(1));
  for (let at = 0; at <= 16; at++) many.add(batch);
  expect(many.take()).toBeNull();
  const large = new CollectedLifetimes(2 ** 30);
  large.add(batch);
  expect(large.take()).toBeNull();
});
