/** How a run ended is told by what its file proves: times, damage and notes of a profile, on real captures. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildCapture, encodeCapture, endingCapture, parseCapture } from '@memscope/fixtures';
import {
  limitationsOf,
  select,
  spanOfRecording,
  WHOLE_VIEW,
  type CaptureNotes,
  type CaptureRow,
  type TickTable,
} from '@memscope/model';
import { openProfile } from '@memscope/store';

import { ingest } from '../src/index.js';
import { query } from './profile-rows.js';
import { scratchFolder, writeCapture } from './scratch-folder.js';

interface Ended {
  readonly capture: CaptureRow;
  readonly notes: CaptureNotes;
  readonly ticks: TickTable;
  readonly profilePath: string;
}

async function read(path: string): Promise<Ended> {
  const [outcome] = await ingest({ paths: [path] });
  if (outcome!.error) throw outcome!.error;
  const profile = openProfile(outcome!.profilePath);
  const { capture, notes } = profile;
  const ticks = profile.ticks();
  profile.close();
  return { capture, notes, ticks, profilePath: outcome!.profilePath };
}

function copied(name: string, as = name): string {
  const path = join(scratchFolder(), basename(as));
  copyFileSync(endingCapture(name), path);
  return path;
}

function lasted({ capture, ticks }: Ended): number {
  const { startMs, endMs } = spanOfRecording(capture, ticks);
  return endMs - startMs;
}

describe('a process that was killed', () => {
  test.each([
    ['oom-cut.bin', 13],
    ['oom-killed.bin', 11],
  ])('leaves no end, whatever its header says, and lasted at least until its last record (%s)', async (name, ms) => {
    const ended = await read(copied(name));
    expect(ended.notes.damage).toMatchObject({ kind: 'killed', unreadBytes: 0 });
    expect(ended.capture).toMatchObject({ endMs: null, complete: false });
    expect(lasted(ended)).toBe(ms);
    expect(query(ended.profilePath, 'SELECT end_ms, complete FROM capture')).toEqual([{ end_ms: null, complete: 0n }]);
  });

  test('is told from a copy of its file that ends within a record and a page', async () => {
    const bytes = readFileSync(endingCapture('oom-killed.bin'));
    const length = bytes.subarray(0, 5001).findLastIndex((byte) => byte !== 0);
    const path = writeCapture(scratchFolder(), 'part.bin', bytes.subarray(0, Math.min(length, 3001)));
    expect((await read(path)).notes.damage?.kind).toBe('cut');
  });

  test('is no more known to have lasted than a file that was cut, whose own end was not read', async () => {
    const bytes = readFileSync(endingCapture('stepback.bin'));
    const whole = await read(writeCapture(scratchFolder(), 'whole.bin', bytes));
    const half = await read(writeCapture(scratchFolder(), 'half.bin', bytes.subarray(0, bytes.length >> 1)));
    expect(half.notes.damage?.kind).toBe('cut');
    expect(half.capture.endMs).toBeNull();
    expect(spanOfRecording(half.capture, half.ticks).endMs).toBe(half.ticks.timeMs.at(-1));
    expect(lasted(half)).toBeLessThan(lasted(whole));
  });

  test('may have been copied while it was recording: zeros, and something behind them', async () => {
    const bytes = readFileSync(endingCapture('oom-killed.bin'));
    bytes.fill(0, 2048, 3072);
    const { damage } = (await read(writeCapture(scratchFolder(), 'torn.bin', bytes))).notes;
    expect(damage).toMatchObject({ kind: 'corrupt' });
    expect(damage?.reason).toMatch(/a copy that was made while the process was still recording/);
  });
});

describe('a child of a fork that is followed', () => {
  test('ends as such children do when nobody closes its recording', async () => {
    const ended = await read(copied('fork1.bin.20152'));
    expect(ended.notes.damage).toBeNull();
    expect(ended.capture).toMatchObject({ endMs: null, complete: true, peakBytes: 5_000_010 });
    expect(lasted(ended)).toBe(135);
    expect(limitationsOf(ended.capture, ended.notes, ended.ticks)).toContainEqual(
      expect.stringMatching(/^This is a child of a fork/),
    );
  });

  test('that closed it has its end', async () => {
    const ended = await read(copied('fork1.bin.20154'));
    expect(ended.capture).toMatchObject({ complete: true });
    expect(lasted(ended)).toBe(247);
  });

  test('is nothing else that has a number behind its name', async () => {
    expect((await read(copied('fork1.bin.20152', 'fork1.bin.20153'))).notes.damage?.kind).toBe('killed');
    const run = { commandLine: 'memray run -o x.7 app.py', pid: 7, killed: true, padding: 4096 };
    const path = writeCapture(scratchFolder(), 'x.7', buildCapture('thread 1\nmalloc 8 1', { header: run }));
    expect((await read(path)).notes.damage?.kind).toBe('killed');
  });
});

describe('a clock that is set while it records', () => {
  test('back an hour, is a note: the order of records is the order of time', async () => {
    const ended = await read(copied('stepback.bin'));
    const { capture, notes, ticks } = ended;
    expect(capture).toMatchObject({
      complete: true,
      peakBytes: 30_090_830,
      leakedBytes: 30_090_830,
      allocations: 1606,
    });
    expect(notes.clock).toMatchObject({ stepsBack: 1, stepsForward: 0 });
    expect(Math.round(notes.clock!.backMs / 60_000)).toBe(60);
    expect(limitationsOf(capture, notes, ticks)).toContainEqual(
      expect.stringMatching(/clock was set back once, by 1 h/),
    );
    expect(lasted(ended)).toBeGreaterThan(9_000);
    expect(lasted(ended)).toBeLessThan(10_000);
  });

  test.each([6, 7, 11, 13])(
    'anywhere, leaves what comes behind it where it was recorded (version %i)',
    async (version) => {
      const hour = 3_600_000;
      const decades = 30 * 365 * 24 * hour;
      const times = [10, 20, 20 - hour, 30 - hour, 40 - hour + decades, 50 - hour + decades, 60, 70];
      const records = times.map((time, row) => {
        const told = version === 6 ? Math.max(time, -1_600_000_000_000) : time;
        return `malloc ${4096 * (row + 1)} 100\nmemory t=${told < 0 ? 2n ** 64n + BigInt(told) : told} rss=1000`;
      });
      const header = { version, startMs: 1_700_000_000_000, endMs: 1_700_000_000_090 };
      const bytes = encodeCapture(parseCapture(`thread 1\n${records.join('\n')}`, header));
      const ended = await read(writeCapture(scratchFolder(), 'steps.bin', bytes));
      expect(ended.capture).toMatchObject({ complete: true, allocations: 8, leakedBytes: 800 });
      // A step takes the time of the record before it; at the end the clock is right again.
      expect([...ended.ticks.timeMs].map((time) => time - header.startMs)).toEqual([10, 20, 20, 30, 30, 40, 60, 70]);
      expect(ended.notes.clock).toMatchObject({ stepsBack: 1, backMs: hour, stepsForward: 1 });
      expect(lasted(ended)).toBe(90);
    },
  );
});

test('objects survive by identity: what was created before the recording is not taken off', async () => {
  const { notes } = await read(copied('life2.bin'));
  expect(notes.objects).toEqual({ created: 408, destroyed: 6109, fromBefore: 6002, surviving: 301 });
});

test('surviving objects have the stack that created them, and no part in any memory', async () => {
  const { capture, profilePath } = await read(copied('life2.bin'));
  expect(capture.answers.objects).toBe('exact');
  const profile = openProfile(profilePath);
  try {
    const selection = select(profile, { ...WHOLE_VIEW, filter: null, rules: [], measure: 'objects' });
    const { frames, stacks } = selection.stackTables;
    const created = new Map<string, number>();
    for (const [site, count] of selection.weights.count.entries()) {
      if (count === 0) continue;
      const name = frames.functionName[stacks.frame[selection.sites.pythonStack[site]!]!]!;
      created.set(name, (created.get(name) ?? 0) + count);
      for (const measure of ['peak', 'leaked', 'total', 'temporary'] as const) {
        expect(profile.siteWeights(measure)!.count[site]).toBe(0);
      }
    }
    // A session and its list and object each, and the list of them.
    expect(Object.fromEntries(created)).toEqual({ handle: 101, __init__: 200 });
    expect([selection.count, selection.bytes]).toEqual([301, Number.NaN]);
  } finally {
    profile.close();
  }
  const others = await read(copied('stepback.bin'));
  expect(others.capture.answers.objects).toBe('none');
});

test('a name of 15 MB is cut at 64 KiB and costs no more than that', async () => {
  const { notes, capture, ticks, profilePath } = await read(copied('one-15MB-name.bin'));
  expect(notes.cutNames).toBe(1);
  expect(limitationsOf(capture, notes, ticks)).toContainEqual(expect.stringMatching(/^One name is longer/));
  expect(query(profilePath, 'SELECT max(length(function)) AS most FROM frame')).toEqual([{ most: expect.anything() }]);
  expect(readFileSync(profilePath).length).toBeLessThan(1 << 20);
});

test('sums above 2^53 are said to be rounded', async () => {
  const lines = Array.from(
    { length: 8 },
    (_, row) => `mmap ${row * 4096} ${2n ** 50n * 3n}\nmunmap ${row * 4096} ${2n ** 50n * 3n}`,
  );
  const path = join(scratchFolder(), 'sums.bin');
  writeFileSync(path, encodeCapture(parseCapture(`thread 1\n${lines.join('\n')}`)));
  const { capture, notes, ticks } = await read(path);
  expect(limitationsOf(capture, notes, ticks)).toContainEqual(expect.stringMatching(/^Sums above 2\^53/));
});

test('a mapping that would reach beyond 2^64 ends there, in every number', async () => {
  const start = 2n ** 64n - 8192n;
  const path = join(scratchFolder(), 'wraps.bin');
  writeFileSync(path, encodeCapture(parseCapture(`thread 1\nmmap ${start} 65536\nmemory t=1 rss=1\nmmap 4096 100`)));
  const { capture, profilePath } = await read(path);
  expect(capture).toMatchObject({ peakBytes: 8291, leakedBytes: 8291, bytesAllocated: 8291 });
  expect(query(profilePath, 'SELECT sum(leaked_bytes) AS leaked, sum(total_bytes) AS total FROM site')).toEqual([
    { leaked: 8291n, total: 8291n },
  ]);
});

test('what does not fit into memory keeps everything before it', async () => {
  const lines = ['thread 1', 'push keep a.py:1', 'malloc 8 777', 'memory t=5 rss=100'];
  for (let mapping = 0; mapping < 2500; mapping++) lines.push('mmap 0x10000 0x10000000');
  for (let cut = 0; cut < 2500; cut++) lines.push(`munmap ${0x20000 + 4096 * cut} 2048`);
  const path = writeCapture(scratchFolder(), 'cuts.bin', encodeCapture(parseCapture(lines.join('\n'))));
  const { capture, notes, profilePath } = await read(path);
  expect(notes.damage).toMatchObject({ kind: 'limit', reason: expect.stringMatching(/more memory than there is/) });
  expect(notes.damage!.unreadBytes).toBeGreaterThan(0);
  expect(capture.complete).toBe(false);
  expect(query(profilePath, "SELECT total_bytes FROM site WHERE allocator = 'malloc'")).toEqual([
    { total_bytes: 777n },
  ]);
});
