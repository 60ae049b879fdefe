/** What is said of a way that grows, beside its bytes: how much a round, who keeps it, and what the cause is known to be. */
import { describe, expect, it } from 'vitest';

import { tellGrowth } from '../src/analysis/findings/grows.js';
import { profileOf } from './view/profile-text.js';

const TICKS = 200;
const MIB = 1024 * 1024;

function rows(of: (tick: number) => string): string {
  return Array.from({ length: TICKS }, (_, tick) => of(tick))
    .filter((row) => row !== '')
    .join(', ');
}

/** One block a tick, which stays; and such that go. */
const kept = (bytes: number): string => rows((tick) => `${2 * tick}.. ${bytes}/1`);
const passing = (bytes: number, count = 1): string =>
  rows((tick) => `${2 * tick}..${2 * tick} ${count * bytes}/${count}`);
/** An arena in every fifth tick. */
const arenas = rows((tick) => (tick % 5 === 2 ? `${2 * tick}.. ${MIB}/1` : ''));
const WORK = `m malloc main:1>work:9 ${passing(100_000, 5)}`;

function firstOf(text: string): ReturnType<typeof tellGrowth>[number] {
  return tellGrowth(profileOf(`${text}\n${WORK}`, TICKS))[0]!;
}

describe('what grows is told', () => {
  it('by round where several places count alike, and by block where one line keeps all, which may make many in a call', () => {
    const one = `m malloc main:1>handle:2 ${kept(20_000)}`;
    expect(firstOf(one).text).toMatch(/^19\.5 KiB for each of 200 blocks; live bytes rose/);
    const alike = `m malloc main:1>handle:3>read:7 ${passing(100)}\n m malloc main:1>handle:4 ${passing(50, 3)}`;
    const told = firstOf(`m calloc main:1>handle:2>make:8 ${kept(20_000)}\n ${alike}`);
    expect(told.evidence['rounds']).toBeUndefined();
    const below = firstOf(`m malloc main:1>handle:2 ${kept(20_000)}\n ${alike}`);
    expect(below.text).toMatch(/^19\.5 KiB in each of 200 rounds; /);
    expect(below.evidence['rounds']).toBe(200);
  });

  it('by round with what was there for good, whether the end gave part of it back or a round used more for a moment', () => {
    const counts = (to: number): string =>
      [3, 4]
        .map(
          (line) =>
            `m malloc main:1>handle:${line} ${rows((tick) => (tick < to ? `${2 * tick}..${2 * tick} 100/1` : ''))}`,
        )
        .join('\n');
    // Half of what was kept goes when all the work is done.
    const ended = rows((tick) => (tick < 196 ? `${2 * tick}..${tick % 2 === 0 ? '' : 394} 20000/1` : ''));
    const half = firstOf(`m malloc main:1>handle:2 ${ended}\n ${counts(196)}`);
    expect(half.text).toMatch(/^19\.5 KiB in each of 196 rounds; .*, and 1\.87 MiB of it is live at the end\./);
    // The last round had more in use than what it kept.
    const used = rows((tick) => (tick % 10 === 4 ? `${2 * tick}..${2 * tick + 4} 1000000/1` : ''));
    const whole = firstOf(
      `m malloc main:1>handle:2 ${kept(20_000)}\n m malloc main:1>handle:5 ${used}\n ${counts(200)}`,
    );
    expect(whole.text).toMatch(/^19\.5 KiB in each of 200 rounds; /);
  });

  it('with how many more lines of the function lead to it', () => {
    const of = (...lines: number[]): string =>
      firstOf(lines.map((line) => `m malloc main:1>handle:${line} ${kept(40_000 / line)}`).join('\n')).title;
    expect(of(2)).toMatch(/^handle \(srv\/app\.py:2\) grows: /);
    expect(of(2, 4)).toMatch(/^handle \(srv\/app\.py:2 and 1 more line\) grows: /);
    expect(of(2, 4, 5, 8)).toMatch(/^handle \(srv\/app\.py:2 and 3 more lines\) grows: /);
  });

  it('with all of its line, where no view shows its bytes and no others', () => {
    const way = `main:1>${'f'.repeat(20_000)}:2`;
    const { view } = firstOf(`m malloc ${way} ${kept(20_000)}\n m malloc ${way}>once:9 0.. 900000/1`);
    expect(view).toMatchObject({ view: 'leaks', filter: 'line:srv/app.py:2', exact: false });
    expect(firstOf(`m malloc main:1>handle:2 ${kept(20_000)}`).view).toMatchObject({ exact: true });
  });

  it('of arenas with the error of one of them', () => {
    const alike = [3, 4, 5].map((line) => `m malloc main:1>handle:${line} ${passing(100)}`).join('\n');
    expect(firstOf(`m mmap* main:1>handle:2 ${arenas}\n ${alike}`).text).toMatch(
      /^About 205 KiB, give or take 5\.12 KiB, in each of 200 rounds; /,
    );
    expect(firstOf(`m mmap* main:1>handle:2 ${arenas}`).text).toMatch(/^Live bytes rose/);
  });

  it('of arenas by about how many entries the list beside them has, which no dict tells', () => {
    const table = (allocator: string, sizes: readonly number[]): string =>
      sizes
        .map((bytes, at) => {
          const [born, died] = [5 + 35 * at, at + 1 < sizes.length ? `${2 * (40 + 35 * at)}` : ''];
          return `m ${allocator} main:1>handle:3>add:7 ${2 * born}..${died} ${bytes}/1`;
        })
        .join('\n');
    const list = firstOf(
      `m mmap* main:1>handle:2 ${arenas}\n ${table('realloc', [51_200, 57_600, 64_800, 72_904, 82_016])}`,
    );
    // 9,113 were too many for the list before, and there is room for 10,252.
    expect(list.text).toMatch(/^About 4\.24 KiB, give or take 364 B, for each of about 9,700 entries of a list; /);
    expect(list.title).toContain('handle (srv/app.py:3) grows: ');
    const dict = firstOf(
      `m mmap* main:1>handle:2 ${arenas}\n ${table('malloc', [5_120, 10_240, 20_480, 40_960, 81_920])}`,
    );
    expect(dict.text).toMatch(/^Live bytes rose/);
  });

  it('with the list that keeps what another line makes, if it grows as well', () => {
    const made = `m malloc main:1>handle:2 ${kept(20_000)}`;
    const list = (sizes: readonly number[], allocator = 'realloc'): string =>
      sizes
        .map((bytes, at) => {
          const until = at + 1 < sizes.length ? 2 * (40 + 35 * at) : '';
          return `m ${allocator} main:1>handle:3>emit:7 ${2 * (5 + 35 * at)}..${until} ${bytes}/1`;
        })
        .join('\n');
    const sizes = [20_480, 23_040, 25_920, 29_160, 32_808];
    for (const allocator of ['realloc', 'pymalloc_realloc']) {
      expect(firstOf(`${made}\n ${list(sizes, allocator)}`).text).toContain(
        'A list of about 3,900 entries grows with it: emit (srv/app.py:7) 32.0 KiB.',
      );
    }
    // In another function where it has as many entries as there are blocks.
    const elsewhere = (ticks: number): string =>
      `${list(sizes).replaceAll('handle:3>', '')}\n m malloc main:1>handle:2 ${rows((tick) => (tick < ticks ? `${2 * tick}.. 20000/20` : ''))}`;
    expect(firstOf(elsewhere(200)).text).toMatch(/4,000 blocks; .*A list of about 3,900 entries grows with it: emit /);
    expect(firstOf(elsewhere(150)).text).not.toContain('grows with it');
    // Of several the one in step.
    const larger = list(sizes.map((bytes) => 2 * bytes)).replaceAll('emit:7', 'note:9');
    expect(firstOf(`${elsewhere(200).replaceAll('main:1>emit', 'main:1>handle:3>emit')}\n ${larger}`).text).toContain(
      'A list of about 3,900 entries grows with it: emit ',
    );
    // Enlarged early, and not since; and what is most of what grows itself.
    expect(firstOf(`${made}\n ${list([32_808])}`).text).not.toContain('grows with it');
    expect(firstOf(`${made}\n ${list(sizes.map((bytes) => 200 * bytes))}`).text).not.toContain('grows with it');
  });

  it('with the line that most arenas fall on, unless they are few', () => {
    const few = rows((tick) => (tick % 50 === 20 ? `${2 * tick}.. ${MIB}/1` : ''));
    expect(firstOf(`m mmap* main:1>handle:2 ${arenas}`).title).toContain('handle (srv/app.py:2) grows: ');
    expect(firstOf(`m mmap* main:1>handle:2 ${few}`).title).toContain('handle (srv/app.py) grows: ');
  });

  it('with the futures that are kept beside it, and who asked for them', () => {
    const result = `w malloc /usr/lib/python3.13/threading.py/run:9>render:4 ${kept(20_000)}`;
    const future = (path: string, bytes: string): string =>
      `m malloc main:1>submit:5>/usr/lib/python3.13/${path}/submit:172>/usr/lib/python3.13/threading.py/__init__:33 ${bytes}`;
    expect(firstOf(`${result}\n ${future('concurrent/futures/thread.py', kept(500))}`).text).toContain(
      '200 futures are kept beside it, made by submit (srv/app.py:5).',
    );
    expect(firstOf(`${result}\n ${future('queue.py', kept(500))}`).text).not.toContain('futures');
    expect(firstOf(`${result}\n ${future('concurrent/futures/thread.py', passing(500))}`).text).not.toContain(
      'futures',
    );
  });

  it('below a module with what it runs in each round', () => {
    const loop = '/usr/lib/python3.13/asyncio/events.py/_run:80';
    const run = `srv/app.py/‹module›:40>${loop}`;
    const visits = [3, 4, 5].map(
      (line) => `m malloc ${run}>visit:${line}>/x/site-packages/web/a.py/get:1 ${passing(100)}`,
    );
    const told = firstOf(
      [
        `m mmap* ${run}>/x/site-packages/web/b.py/spawn:2 ${arenas}`,
        `m mmap* ${run}>visit:3 ${arenas}`,
        ...visits,
      ].join('\n'),
    );
    expect(told.title).toMatch(/^<module> \(srv\/app\.py:40\), which runs visit \(srv\/app\.py:\d\), grows: /);
  });

  it("with asyncio's set of tasks where that grows, and who started them, but with no other set", () => {
    const set = (path: string): string =>
      [20_480, 40_960, 81_920, 163_840]
        .map((bytes, at, all) => {
          const [born, died] = [
            [1, 4],
            [4, 20],
            [20, 90],
            [90, 0],
          ][at]!;
          const until = at + 1 < all.length ? 2 * died! : '';
          return `m malloc main:1>request:5>/usr/lib/python3.13/${path}:9>/usr/lib/python3.13/_weakrefset.py/add:88 ${2 * born!}..${until} ${bytes}/1`;
        })
        .join('\n');
    const request = `m malloc main:1>request:5 ${kept(20_000)}`;
    expect(firstOf(`${request}\n ${set('asyncio/tasks.py/create_task')}`).text).toMatch(
      /asyncio's set of tasks grows with it \(160 KiB\): tasks that do not end; started by request \(srv\/app\.py:5\)\./,
    );
    expect(firstOf(`${request}\n ${set('weakref.py/finalize')}`).text).not.toContain('set of tasks');
    // A module that runs the loop starts none itself.
    const loop = 'srv/app.py/‹module›:40>/usr/lib/python3.13/asyncio/events.py/_run:80';
    const waits = [5, 6].map((line) => `m malloc ${loop}>wait${line}:${line} ${kept(20_000)}`).join('\n');
    const started = set('asyncio/tasks.py/create_task').replaceAll('main:1>request:5', `${loop}>wait5:5`);
    expect(firstOf(`${waits}\n ${started}`).title).toMatch(
      /^<module> \(srv\/app\.py:40\), by tasks of wait5 \(srv\/app\.py:5\), grows: /,
    );
  });

  it('late as what was not at work before, or as what was and kept nothing', () => {
    const late = rows((tick) => (tick < 100 ? '' : `${2 * tick}.. 20000/1`));
    const before = rows((tick) => (tick < 100 ? `${2 * tick}..${2 * tick} 20000/1` : ''));
    const isNew = 'Before that it was not at work.';
    expect(firstOf(`m malloc main:1>audit:2 ${late}`).text).toContain(isNew);
    const beside = rows((tick) => (tick < 100 ? '' : `${2 * tick}..${2 * tick} 100/1`));
    expect(firstOf(`m malloc main:1>audit:2>make:7 ${late}\n m malloc main:1>audit:3 ${beside}`).text).toContain(isNew);
    expect(firstOf(`m malloc main:1>audit:2 ${late}, ${before}`).text).toContain('Before that it did not grow.');
  });

  it('as blocks of native code where a line makes many in each round, and no native stacks say whose', () => {
    const many = (count: number): string => rows((tick) => `${2 * tick}.. ${1000 * count}/${count}`);
    expect(firstOf(`m malloc main:1>count:2 ${many(8)}\n m calloc main:1>count:2 ${many(21)}`).text).toContain(
      '29 blocks a round at one line are native code',
    );
    expect(firstOf(`m malloc main:1>count:2 ${kept(20_000)}`).text).not.toContain('native code');
  });
});

describe('a cache that is full is told', () => {
  const last = rows((tick) => `${2 * tick}..${tick < 60 ? 2 * (tick + 140) : ''} 50000/1`);

  it('as one that is never hit where each round made an entry', () => {
    const compiled = [3, 4, 5].map((line) => `m malloc main:1>lookup:${line} ${passing(100)}`).join('\n');
    const textOf = (beside: string): string | undefined =>
      tellGrowth(
        profileOf(`m malloc main:1>lookup:2>/x/site-packages/sql/c.py/compile:7 ${last}\n ${beside}\n ${WORK}`, TICKS),
      ).find(({ rule }) => rule === 'levelled')?.text;
    expect(textOf(compiled)).toContain(
      'each of 200 rounds made an entry, and the last 140 are kept. A cache is never hit',
    );
    expect(textOf('')).toContain('a cache that is full, or data that was loaded.');
  });
});

it('what comes and goes is told to become more where it does, from first to last', () => {
  const textOf = (bytes: (tick: number) => number): string =>
    firstOf(`m malloc main:1>handle:2 ${rows((tick) => `${2 * tick}..${2 * tick + 1} ${bytes(tick)}/1`)}`).text;
  expect(textOf((tick) => 50_000 * (tick + 1))).toMatch(
    / The rises became higher, from \S+ KiB at first to 9\.\d+ MiB: /,
  );
  expect(textOf((tick) => 50_000 * (1 + (tick % 40)))).not.toContain('became higher');
});
