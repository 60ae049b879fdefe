/** What a report takes of a profile along answers as the profile does; what was folded keeps every sum. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCapture } from '@memscope/fixtures';
import { ingest } from '@memscope/ingest';
import {
  isHeldWhole,
  packProfile,
  testUnbounded,
  unpackProfile,
  type HeldProfile,
  type PackLimits,
  type Profile,
} from '@memscope/model';
import { openProfile } from '@memscope/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { findAnswer, OpenRun, readQuestion, type QuestionRoute } from '../src/index.js';

const ALL: PackLimits = { sites: Infinity, lifetimes: Infinity };
const host = { testPattern: testUnbounded, memscopeVersion: '1' };
const folder = mkdtempSync(join(tmpdir(), 'memscope-packed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function readCapture(name: string): Promise<Profile> {
  const [outcome] = await ingest({ paths: [findCapture(name).path], output: join(folder, `${name}.memscope`) });
  if (outcome === undefined || outcome.error !== undefined) throw outcome?.error ?? new Error(name);
  return openProfile(outcome.profilePath);
}

function repack(profile: Profile, limits: PackLimits): { readonly profile: Profile; readonly held: HeldProfile } {
  const { packed, held } = packProfile(profile, limits);
  return { profile: unpackProfile(JSON.parse(JSON.stringify(packed)) as typeof packed), held };
}

function ask(profiles: readonly Profile[], text: string, base: readonly Profile[] = []): unknown {
  const [route = '', query = ''] = text.split('?', 2);
  const run = new OpenRun({ head: profiles, base }, host);
  try {
    return plain(findAnswer(run, readQuestion(route as QuestionRoute, new URLSearchParams(query)), null));
  } catch (error) {
    return (error as Error).message;
  }
}

/** Columns as lists. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each: unknown) =>
      ArrayBuffer.isView(each) ? Array.from(each as Float64Array, String) : each,
    ),
  );
}

const QUESTIONS = [
  'overview',
  'overview?window=20%25..60%25',
  'timeline?width=200',
  'bands?by=module&top=4&width=100',
  'bands?by=function&top=4&width=100&filter=size%3E%3D1KiB',
  'flame?width=400',
  'flame?width=400&measure=leaked&inverted=1&splitThreads=1',
  'flame?width=400&frames=all&interpreterFrames=1&filter=-thread%3Anobody',
  'table?by=function&measure=total',
  'table?by=site&window=30%25..70%25',
  'table?by=allocator&counts=1',
  'table?by=owner&sort=name&descending=0',
  'leaks',
  'leaks?warmUp=20%25',
  'search?text=function%3Aa',
];

describe.each(['mixed-native-v13', 'mixed-agg-v11', 'munmap-v13', 'objects-v13', 'mixed-v6'])('%s', (name) => {
  let profile: Profile;
  beforeAll(async () => void (profile = await readCapture(name)));
  afterAll(() => profile.close());

  test('answers as before where it was taken along whole', () => {
    const { profile: packed, held } = repack(profile, ALL);
    expect(isHeldWhole(held)).toBe(true);
    for (const question of QUESTIONS)
      expect([question, ask([packed], question)]).toEqual([question, ask([profile], question)]);
    for (const question of ['flame?width=300', 'diff?by=function', 'table?by=library', 'overview']) {
      expect([question, ask([packed], question, [packed])]).toEqual([question, ask([profile], question, [profile])]);
    }
  });

  test('folded keeps every sum, and what is left is told', () => {
    const { profile: folded, held } = repack(profile, { sites: 12, lifetimes: Infinity });
    expect([held.sites, held.ofSites]).toEqual([12, profile.siteKeys().length]);
    expect(held.share).toBeGreaterThan(0);
    expect(held.share).toBeLessThanOrEqual(1);
    expect(folded.stackTables().stacks.length).toBeLessThan(profile.stackTables().stacks.length);
    for (const by of ['thread', 'allocator']) {
      for (const measure of ['peak', 'leaked', 'total', 'temporary']) {
        for (const window of ['', '&window=25%25..75%25', '&window=peak']) {
          const question = `table?by=${by}&measure=${measure}${window}&sort=name`;
          expect([question, ask([folded], question)]).toEqual([question, ask([profile], question)]);
        }
      }
    }
    const root = (of: Profile): unknown =>
      (ask([of], 'flame?width=100') as { head: { rootBytes: number } }).head.rootBytes;
    expect(root(folded)).toBe(root(profile));
  });
});

test('windows of whole stretches are answered exactly where births and deaths are told apart between them only', async () => {
  const profile = await readCapture('mixed-v13');
  const all = [...profile.lifetimes()].reduce((sum, { rows }) => sum + rows, 0);
  const { profile: coarse, held } = repack(profile, { sites: Infinity, lifetimes: all - 1 });
  const { ticksPerStretch } = held;
  expect(ticksPerStretch).toBeGreaterThan(1);
  const ticks = profile.ticks().length;
  for (let from = 0; from <= ticks; from += ticksPerStretch!) {
    const window = encodeURIComponent(`#${from}..#${Math.min(from + ticksPerStretch! - 1, ticks)}`);
    for (const measure of ['peak', 'leaked']) {
      const question = `table?by=site&measure=${measure}&window=${window}&limit=1000`;
      expect([question, ask([coarse], question)]).toEqual([question, ask([profile], question)]);
    }
  }
  expect(ask([coarse], 'table?by=function')).toEqual(ask([profile], 'table?by=function'));
  profile.close();
});

test('where lifetimes find no room, windows are said not to be answered, and nothing else is lost', async () => {
  const profile = await readCapture('mixed-v12');
  const { profile: bare, held } = repack(profile, { sites: Infinity, lifetimes: 0 });
  expect(held.ticksPerStretch).toBeNull();
  expect(ask([bare], 'table?by=function&window=peak')).toMatch(/cannot answer for a window/);
  expect(ask([bare], 'table?by=function&measure=leaked')).toEqual(ask([profile], 'table?by=function&measure=leaked'));
  profile.close();
});
