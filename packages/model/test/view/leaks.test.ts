import { describe, expect, it } from 'vitest';

import {
  endOfWarmUp,
  filterOfApplication,
  formatFilter,
  LEAK_ROW_KINDS,
  LEAK_RULES,
  listLeaks,
  parseFilter,
  sayReserved,
  select,
  tellGrowth,
  viewOf,
  type LeakTable,
  type Profile,
  type Selection,
  type SelectionRequest,
} from '../../src/index.js';
import { profileOf } from './profile-text.js';
import { ALL_LEAKED } from './selection-requests.js';

function selectLeaked(profile: Profile, request: Partial<SelectionRequest> = {}): Selection {
  return select(profile, { ...ALL_LEAKED, splitThreads: true, ...request });
}

function rowsOf(
  leaks: LeakTable,
  { threads, sites, siteStacks, stackTables: { frames, stacks } }: Selection,
): string[] {
  return Array.from(leaks.order, (row) => {
    const site = leaks.site[row]!;
    const name = frames.functionName[stacks.frame[siteStacks.sites.pythonStack[site]!]!]!;
    const thread = threads.name[sites.thread[site]!]!;
    const age = `#${leaks.firstBornTick[row]}..#${leaks.lastBornTick[row]}`;
    const place = thread.startsWith('m') ? name : `${thread} ${name}`;
    return `${place} ${leaks.bytes[row]}/${leaks.count[row]} ${age} ${LEAK_RULES[leaks.rule[row]!]!.name}`;
  });
}

function leaksOf(profile: Profile, fromTick = 0, request: Partial<SelectionRequest> = {}): string[] {
  const selection = selectLeaked(profile, request);
  return rowsOf(listLeaks(selection, fromTick), selection);
}

/** An allocation in each of some ticks, which stay or go after `lives` moments. */
function growth(from: number, to: number, lives: number | null = null, every = 1): string {
  const rows: string[] = [];
  for (let tick = from; tick < to; tick += every)
    rows.push(lives === null ? `${2 * tick}.. 10/1` : `${2 * tick}..${2 * tick + lives} 10/1`);
  return rows.join(', ');
}

describe('leaks', () => {
  it('leave out what is only reserved, also of a line that grows, and say how much that is', () => {
    const text = `main mmap app.py/work:7            20.. 68719476736/1, 30..170 68719476736/1
                  main mmap app.py/pool:9            4.. 1073741824/1
                  main malloc app.py/work:7          ${growth(10, 100).replaceAll('10/1', '100000/1')}`;
    const profile = profileOf(text, 100);
    const selection = selectLeaked(profile);
    const leaks = listLeaks(selection, 0);
    expect(rowsOf(leaks, selection)).toEqual(['work 9000000/90 #10..#99 growing']);
    expect(leaks.totalBytes).toBe(9_000_000);
    const row = leaks.order[0]!;
    const curve = leaks.liveBytes.subarray(row * leaks.stepTicks.length, (row + 1) * leaks.stepTicks.length);
    expect([Math.min(...curve), Math.max(...curve)]).toEqual([0, 9_000_000]);
    const grows = tellGrowth(profile).find(({ rule }) => rule === 'grows');
    expect([grows?.bytes, grows?.view]).toEqual([9_000_000, viewOf('leaks', { filter: 'line:app.py:7' })]);
    expect(sayReserved(leaks, selection)).toBe(
      'Reserved, not used, and in no row: 65.0 GiB of address space that nothing touched, which costs no memory, ' +
        'by work (app.py:7) (64.0 GiB), pool (app.py:9) (1.00 GiB).',
    );
    expect(
      sayReserved(
        listLeaks(selectLeaked(profileOf(text, 100), { filter: parseFilter('allocator:malloc') }), 0),
        selection,
      ),
    ).toBeNull();
  });

  it('are listed by line, what still grows and then the heaviest first, with the time of birth and a verdict', () => {
    const profile = profileOf(
      `main malloc start  0.. 5000/1
       main malloc late   150.. 40/2
       main malloc grows  ${growth(10, 100)}
       main malloc flat   ${growth(10, 50)}
       main malloc cache  ${growth(5, 90, 20)}, ${growth(90, 100)}
       main malloc busy   ${growth(5, 90, 20, 9)}, 190.. 9/1, 150.. 1/1
       main malloc fresh  198.. 3/1
       main malloc gone   ${growth(0, 100, 5)}`,
      100,
    );
    expect(leaksOf(profile)).toEqual([
      'grows 900/90 #10..#99 growing',
      'start 5000/1 #0..#0 startUp',
      'flat 400/40 #10..#49 grewThenFlat',
      'cache 100/10 #90..#99 boundedCache',
      'late 40/2 #75..#75 oneOff',
      'busy 10/2 #75..#95 comesAndGoes',
      'fresh 3/1 #99..#99 newAtEnd',
    ]);
  });

  it('do not count what was born during the warm-up', () => {
    const profile = profileOf(`main malloc start 0.. 500/1, 60.. 1/1\n main malloc grows ${growth(0, 100)}`, 100);
    expect(leaksOf(profile, 20)).toEqual(['grows 800/80 #20..#99 growing', 'start 1/1 #30..#30 oneOff']);
    const { stepTicks, fromTick } = listLeaks(selectLeaked(profile), 20);
    expect([fromTick, stepTicks[0]! >= 20, stepTicks.at(-1)]).toEqual([20, true, 100]);
  });

  it('that grow slowly beside what was there at start-up show after a warm-up', () => {
    const profile = profileOf(`main malloc both 0.. 9000/9, ${growth(20, 100)}`, 100);
    expect(leaksOf(profile)).toEqual(['both 9800/89 #0..#99 undecided']);
    expect(leaksOf(profile, endOfWarmUp('10%', profile))).toEqual(['both 800/80 #20..#99 growing']);
  });

  it('are judged for all threads together, since threads fill a cache in turns', () => {
    // Each thread alone rises or falls; together they hold 200 bytes all the time.
    const a = '0..120 100/1, 120..150 20/1, 150.. 60/1';
    const b = '0..120 100/1, 120.. 140/2, 120..150 40/1';
    const profile = profileOf(`a malloc put ${a}\n b malloc put ${b}`, 100);
    expect(leaksOf(profile)).toEqual(['b put 200/3 #60..#75 boundedCache']);
    // A thread that leaks nothing by itself belongs to the picture, too.
    const handedOver = profileOf(`a malloc put 0..120 100/1\n b malloc put 120.. 100/1`, 100);
    expect(leaksOf(handedOver)).toEqual(['b put 100/1 #60..#60 boundedCache']);
    expect(leaksOf(handedOver, 0, { filter: parseFilter('thread:b') })).toEqual(['b put 100/1 #60..#60 oneOff']);
  });

  it('in arenas, too few to come evenly, are not called flat because none came for a while', () => {
    const verdicts = (...ticks: number[]): string[] =>
      leaksOf(
        profileOf(
          `main mmap* main:1>load:2 ${ticks.map((tick) => `${2 * tick}.. 1048576/1`).join(', ')}
           main malloc main:1>work:3 ${growth(0, 100, 1)}`,
          100,
        ),
      ).filter((row) => row.includes('1048576') || /\d{7}/.test(row));
    expect(verdicts(30, 60, 70)).toEqual([expect.stringMatching(/3145728\/3 #30\.\.#70 undecided$/)]);
    expect(verdicts(2, 5, 9, 22)).toEqual([expect.stringMatching(/4194304\/4 #2\.\.#22 grewThenFlat$/)]);
  });

  it('grow with the way that they belong to where they are more than crumbs of it', () => {
    const kept = Array.from({ length: 100 }, (_, tick) => `${2 * tick}.. 90000/1`).join(', ');
    const profile = profileOf(
      `main malloc main:1>handle:2>keep ${kept}
       main malloc main:1>handle:2>table 4.. 800/1
       main malloc main:1>work:3 ${growth(0, 100, 1)}`,
      100,
    );
    expect(leaksOf(profile)).toEqual(['keep 9000000/100 #0..#99 growing', 'table 800/1 #2..#2 startUp']);
  });

  it('of a cache that filled early are flat, as the finding on it says, and no one-off at start-up', () => {
    const filled = Array.from({ length: 17 }, (_, tick) => `${2 * tick}.. 200000/3, ${2 * tick + 1}.. 100000/2`);
    const profile = profileOf(
      `main malloc main:1>handle:2>cached ${filled.join(', ')}
       main malloc main:1>work:3 ${growth(0, 100, 1)}`,
      100,
    );
    expect(tellGrowth(profile).map(({ rule, title }) => `${rule}: ${title}`)).toEqual([
      expect.stringMatching(/^nothingGrows: /),
      expect.stringMatching(/^levelled: cached .* filled, then stayed flat/),
    ]);
    expect(leaksOf(profile)).toEqual(['cached 5100000/85 #0..#16 grewThenFlat']);
  });

  it('are imported where imports hold them and no rule says more', () => {
    const path = 'app.py/‹module›:1>‹frozen·importlib._bootstrap›/_find_and_load:2>lib/site-packages/p/a.py/f:3';
    const profile = profileOf(`main malloc ${path} ${growth(0, 90)}\n main malloc main:1>work:3 ${growth(0, 90)}`, 100);
    expect(leaksOf(profile).map((row) => row.split(' ').at(-1))).toEqual(['growing', 'imported']);
  });

  it('add up to what the capture leaked, by verdict and altogether', () => {
    const profile = profileOf(
      `main malloc a ${growth(0, 100)}\n pool mmap b 0.. 7/1, 150.. 0/1, 30.. 5/1\n main malloc c ${growth(0, 50, 9)}`,
      100,
    );
    const leaked = profile.siteWeights('leaked')!;
    const sum = (column: Iterable<number>): number => [...column].reduce((all, each) => all + each, 0);
    for (const splitThreads of [false, true]) {
      const { totalBytes, totalCount, byRule, order } = listLeaks(selectLeaked(profile, { splitThreads }), 0);
      expect([totalBytes, totalCount]).toEqual([sum(leaked.bytes), sum(leaked.count)]);
      expect(sum(byRule.map(({ bytes }) => bytes))).toBe(totalBytes);
      expect(sum(byRule.map(({ count }) => count))).toBe(totalCount);
      expect(sum(byRule.map(({ rows }) => rows))).toBe(order.length);
    }
  });

  it('have a curve of their live bytes that ends with what leaked', () => {
    const leaks = listLeaks(selectLeaked(profileOf(`main malloc a 0..40 5/1, 20.. 7/1, 198.. 1/1`, 100)), 0);
    expect(leaks.stepTicks).toHaveLength(24);
    const curve = [...leaks.liveBytes];
    expect(curve.slice(0, 5)).toEqual([5, 5, 12, 12, 7]);
    expect(curve.slice(-2)).toEqual([7, 8]);
  });

  it('are of the line of the application that leads to them, whatever library or thread allocated them', () => {
    const profile = profileOf(
      `a malloc main:1>load:2>lib/site-packages/numpy/core.py/zeros:9  2.. 5/1
       b malloc main:1>load:2>lib/site-packages/numpy/core.py/empty:4  4.. 9/1
       a malloc main:1>load:3                                          6.. 1/1
       a mmap   main:1>‹frozen·importlib._bootstrap›/_call:241>lib/site-packages/numpy/core.py/f  8.. 3/1
       a malloc -                                                      8.. 2/1`,
      100,
    );
    const selection = selectLeaked(profile);
    const leaks = listLeaks(selection, 0);
    const { frames } = selection.stackTables;
    const rows = Array.from(leaks.order, (row) => {
      const frame = leaks.frame[row]!;
      const line = frame < 0 ? '' : ` ${frames.functionName[frame]}:${frames.line[frame]}`;
      return `${LEAK_ROW_KINDS[leaks.kind[row]!]}${line} ${leaks.bytes[row]} of ${leaks.sites[row]}`;
    });
    expect(rows).toEqual(['line load:2 14 of 2', 'import main:1 3 of 1', 'frameless 2 of 1', 'line load:3 1 of 1']);
  });

  it('of several functions on one line are a row each, with a filter that gives the bytes of the row', () => {
    const profile = profileOf(
      `m malloc main:1>handle:2                                            2.. 5/1
       m malloc main:1>handle:2>‹listcomp›:2                               4.. 9/1
       m malloc main:1>handle:3                                            6.. 1/1
       m malloc main:1>handle:2>‹frozen·importlib._bootstrap›/_call:241>lib/site-packages/p/a.py/f  8.. 3/1`,
      100,
    );
    const selection = selectLeaked(profile);
    const leaks = listLeaks(selection, 0);
    const rows = Array.from(leaks.order, (row) => {
      const filter = filterOfApplication(leaks.site[row]!, selection);
      return [formatFilter(filter), leaks.bytes[row], selectLeaked(profile, { filter }).bytes];
    });
    expect(rows.map(([, bytes]) => bytes)).toEqual(rows.map(([, , shown]) => shown));
    expect(rows.map(([filter, bytes]) => `${filter} ${bytes}`)).toEqual([
      'application:app.py:<listcomp>:2 9',
      'application:"app.py:handle:2 itself" 5',
      'application:"app.py:handle:2 imports" 3',
      'application:app.py:3 1',
    ]);
  });

  it('of a window are what was allocated in it and live at its end', () => {
    const profile = profileOf('main malloc a 0.. 500/1, 60..150 20/2, 70..90 9/1, 130.. 7/1', 100);
    expect(leaksOf(profile, 0, { window: '#30..#60' })).toEqual(['a 20/2 #30..#30 startUp']);
    expect(leaksOf(profile, 40, { window: '#30..#80' })).toEqual(['a 7/1 #65..#65 oneOff']);
    const { stepTicks, liveBytes, totalBytes } = listLeaks(selectLeaked(profile, { window: '#30..#60' }), 0);
    expect([stepTicks.at(-1), liveBytes.at(-1), totalBytes]).toEqual([60, 20, 20]);
  });

  it('grow where analyze says so, and no other line that is large enough to be told is said to', () => {
    const steady = Array.from({ length: 100 }, (_, tick) => `${2 * tick}.. 20000/1`).join(', ');
    const doubling = '20.. 400000/1, 130.. 500000/1, 160.. 700000/1';
    const busy = Array.from({ length: 100 }, (_, tick) => `${2 * tick}..${2 * tick + 1} 10/1`).join(', ');
    const profile = profileOf(`m malloc keep:2 ${steady}\nm malloc jump:3 ${doubling}\nm malloc work:4 ${busy}`, 100);
    expect(leaksOf(profile)).toEqual(['keep 2000000/100 #0..#99 growing', 'jump 1600000/3 #10..#80 undecided']);
    expect(tellGrowth(profile).map(({ title }) => title)).toEqual([
      expect.stringMatching(/^keep \(srv\/app\.py:2\) grows: 1\.91 MiB/),
    ]);
  });

  it('grow where most of what analyze tells of is kept, however much the same line only reserved', () => {
    const steady = Array.from({ length: 100 }, (_, tick) => `${2 * tick}.. 20000/1`).join(', ');
    const busy = Array.from({ length: 100 }, (_, tick) => `${2 * tick}..${2 * tick + 1} 10/1`).join(', ');
    const profile = profileOf(
      `m malloc keep:2>list:3 ${steady}\nm mmap keep:2>list:3 0.. 3000000/1\nm malloc work:4 ${busy}`,
      100,
    );
    expect(tellGrowth(profile)[0]?.title).toMatch(/^list \(srv\/app\.py:3\) grows/);
    expect(leaksOf(profile)).toEqual(['list 5000000/101 #0..#99 growing']);
  });

  it('pass a filter by lifetime one by one', () => {
    const profile = profileOf(`main malloc a 0.. 5/1, 150.. 7/1, 20..40 9/1`, 100);
    expect(leaksOf(profile, 0, { filter: parseFilter('lifetime>1s') })).toEqual(['a 12/2 #0..#75 undecided']);
    expect(leaksOf(profile, 0, { filter: parseFilter('lifetime<1s') })).toEqual([]);
  });

  it('count the pieces of a mapping but date them by the mapping', () => {
    expect(leaksOf(profileOf('main mmap m 0.. 100/1, 150.. 0/1', 100))).toEqual(['m 100/2 #0..#0 startUp']);
  });

  it('cannot be judged from a few memory records, or listed from an aggregated capture', () => {
    expect(leaksOf(profileOf('main malloc a 0.. 1/1, 6.. 1/1', 4))).toEqual(['a 2/2 #0..#3 tooShort']);
    expect(leaksOf(profileOf('main malloc a 0.. 1/1', 0))).toEqual(['a 1/1 #0..#0 tooShort']);
    expect(() => leaksOf(profileOf('main malloc a 0.. 1/1', 4, 'aggregated'))).toThrow(/aggregated/);
  });
});

describe('a warm-up', () => {
  const profile = profileOf('main malloc a 0.. 1/1', 99);

  it.each([
    ['20%', 20],
    ['0%', 0],
    ['100ms', 10],
    ['#7', 7],
  ])('of %s ends at a tick', (text, tick) => {
    expect(endOfWarmUp(text, profile)).toBe(tick);
  });

  it.each([['10%..20%'], ['twenty'], [''], ['5 s'], ['120%']])('of %j is refused', (text) => {
    expect(() => endOfWarmUp(text, profile)).toThrow(expect.objectContaining({ name: 'ViewError' }));
  });

  it('that is none is answered with how one is written', () => {
    expect(() => endOfWarmUp('twenty', profile)).toThrow('twenty is no warm-up: write a share (20%), a time (30s)');
  });
});
