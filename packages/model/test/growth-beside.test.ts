/** What grows beside other memory of the same call, in step with it or not: tables, arenas, imports, bursts. */
import { describe, expect, it } from 'vitest';

import { tellGrowth } from '../src/analysis/findings/grows.js';
import { each, kept, passing, TICKS, told } from './growth-script.js';
import { profileOf } from './view/profile-text.js';

describe('what grows beside other memory', () => {
  describe('in a table beside its values, which is copied into a larger one', () => {
    /** Of 64 bytes for each of the values, 50 a tick, from a tick on; the last copy is made in the tick that is said. */
    const table = (from: number, lastCopy: number): string => {
      const copies = [from, from + 3, from + 9, from + 21, from + 45, lastCopy];
      return copies
        .map(
          (tick, at) => `${2 * tick}..${at + 1 < copies.length ? 2 * copies[at + 1]! + 1 : ''} ${80_000 * 2 ** at}/1`,
        )
        .join(', ');
    };
    const values = (from: number): string => kept(10_000, from);
    const findingOf = (rows: string): ReturnType<typeof tellGrowth>[number] | undefined =>
      tellGrowth(profileOf(`${rows}\n m malloc main:1>work:3 ${passing}`, TICKS))[0];

    it.each([150, 196, 198, 199])('is all of both, wherever the last copy is made (tick %i)', (lastCopy) => {
      const all = findingOf(`m malloc main:1>remember:2 ${values(0)}, ${table(0, lastCopy)}`);
      expect(all?.bytes).toBe(200 * 10_000 + 80_000 * 32);
      const late = findingOf(`m malloc main:1>remember:2 ${values(80)}, ${table(80, lastCopy)}`);
      expect(late?.bytes).toBe(120 * 10_000 + 80_000 * 32);
      expect(late?.title).toMatch(/ since 8\d\d ms, rising/);
    });

    it('counts where another line or the caller makes the table, and no cache or buffer beside it does', () => {
      const bytesOf = (beside: string): number | undefined =>
        findingOf(`m malloc main:1>store:2>make:7 ${kept(200_000)}\n ${beside}`)?.bytes;
      expect(bytesOf(`m malloc main:1>store:2 ${table(0, 180)}`)).toBe(40_000_000 + 80_000 * 32);
      expect(bytesOf(`m malloc main:1>store:2>add:3 ${table(0, 180)}`)).toBe(40_000_000 + 80_000 * 32);
      expect(bytesOf(`m malloc main:1>store:2 ${kept(64_000, 0, 40)}`)).toBe(40_000_000);
      expect(bytesOf(`m malloc main:1>store:2 ${each((tick) => `${2 * tick}..${2 * tick + 1} 2560000/1`)}`)).toBe(
        40_000_000,
      );
      const told = findingOf(
        `m malloc main:1>store:2>make:7 ${kept(200_000)}\n m malloc main:1>store:2 ${table(0, 180)}`,
      );
      expect(told?.title).toContain('make (srv/app.py:7) grows: 40.6 MiB');
      expect(told?.text).toContain('With it counts what grows beside: store (srv/app.py:2) 2.44 MiB.');
    });

    it('is dated from its first block where nothing but it grows, and how full it is stays open', () => {
      const copies = [6, 12, 24, 48, 96, 180];
      const blocks = copies.map(
        (tick, at) => `${2 * tick}..${2 * (copies[at + 1] ?? TICKS) + 1} ${1_000_000 * 2 ** at}/1`,
      );
      const told = findingOf(`m malloc main:1>push:2 ${blocks.join(', ').replace(/\.\.401 /, '.. ')}`);
      expect(told?.title).toBe('push (srv/app.py:2) grows: 30.5 MiB so far, rising with the work');
      expect(told?.text).toContain('from 70 ms to 2.00 s');
      expect(told?.text).toContain('each about twice the one before');
      const full = findingOf(
        `m malloc main:1>push:2 ${blocks
          .slice(0, 4)
          .join(', ')
          .replace(/\.\.193 /, '.. ')}`,
      );
      expect(full?.rule).not.toBe('grows');
    });

    it('is no part of it where it only comes and goes, the last one at the end', () => {
      const buffers = [...Array(20).keys()].map((at) => `${20 * at + 12}..${at === 19 ? '' : 20 * at + 20} 600000/1`);
      const rows = `m malloc main:1>remember:2 ${values(0)}\n m calloc main:1>remember:2 ${buffers.join(', ')}`;
      const bytes = findingOf(rows)?.bytes ?? 0;
      expect(bytes).toBeGreaterThan(1_900_000);
      expect(bytes).toBeLessThanOrEqual(2_000_000);
    });
  });

  it('is not told of a short phase that follows another, but where the work before goes on beside it', () => {
    const before = (until: number): string => each((tick) => `${2 * tick}..${2 * tick + 1} 100/5`, 0, until);
    const built = (until: number): string[] =>
      told(`m malloc main:1>build:2 ${kept(50_000, 122)}
            m malloc main:3>work:4 ${before(until)}`);
    expect(built(122)).toEqual([]);
    expect(built(TICKS)).toEqual(['grows build:2 3900000']);
    // A line that does either, and a phase that lasts.
    expect(
      told(`m malloc main:1>keep:2 ${kept(50_000, 122)}
            m malloc main:1>work:4 ${before(122)}`),
    ).toEqual(['grows keep:2 3900000']);
    expect(
      told(`m malloc main:1>build:2 ${kept(50_000, 100)}
            m malloc main:3>work:4 ${before(100)}`),
    ).toEqual(['grows build:2 5000000']);
  });

  it('is what stays, not what lives at the ends of most ticks beside it', () => {
    const buffer = each((tick) => `${2 * tick}..${2 * tick + (tick % 40 === 30 ? 1 : 2)} 6000000/1`);
    expect(
      told(`m malloc main:1>parse:2 ${kept(20_000)}
            m malloc main:1>render:3 ${buffer}
            m malloc main:1>work:4 ${passing}`),
    ).toEqual(['grows parse:2 4000000']);
  });

  it('of several blocks that are copied into larger ones each time is what one copy of them holds', () => {
    const columns = each((tick) => `${2 * tick}..${tick < 195 ? 2 * tick + 3 : 394} ${5000 * (tick + 1)}/5`, 0, 196);
    expect(
      told(`m malloc main:1>concat:2 ${columns}
            m malloc main:1>work:4 ${passing}`),
    ).toEqual(['grows concat:2 980000']);
  });

  it('is none where a call does one thing after another, neither of which goes on; what goes on is told without the other', () => {
    const loaded = `m malloc main:9>fill:2 ${kept(50_000, 0, 110)}\n m malloc main:3>work:4 ${passing}`;
    expect(told(`m malloc main:10>read:2 ${kept(50_000, 150)}\n ${loaded}`)).toEqual(['levelled fill:2 5500000']);
    expect(told(`m malloc main:10>keep:2 ${kept(70_000, 111)}\n ${loaded}`)[0]).toBe('grows keep:2 6230000');
  });

  it('is told with what grows beside it', () => {
    const [finding] = tellGrowth(
      profileOf(
        `m malloc main:1>handle:2 ${kept(90_000)}
         m malloc main:1>keys:3 ${kept(7_000)}
         m malloc main:1>work:4 ${passing}`,
        TICKS,
      ),
    );
    expect(finding?.title).toContain('handle (srv/app.py:2) grows: 17.2 MiB');
    expect(finding?.text).toContain('Beside it grow: keys (srv/app.py:3) 1.34 MiB.');
  });

  it('is one with that of native threads where one call grows with them, and names what calls their library', () => {
    const lib = '/x/polars.so!';
    const threads = `t mmap ${lib}run>${lib}extend ${each((tick) => (tick % 20 === 9 ? `${2 * tick}.. 3000000/1` : ''))
      .split(', ')
      .filter((row) => row !== '')
      .join(', ')}`;
    const calls = `m malloc main:1>handle:3>frame:7>${lib}select ${passing}`;
    const textOf = (rows: string): string[] =>
      tellGrowth(profileOf(`${threads}\n ${calls}\n ${rows}`, TICKS)).map(({ title, text }) => `${title}. ${text}`);
    const [one, ...others] = textOf(`m malloc main:1>handle:2 ${kept(90_000)}`);
    expect(one).toMatch(
      /^handle \(srv\/app\.py:3 and 1 more line\) grows: 45\.8 MiB so far, .*Of it, 28\.6 MiB through line 3, 17\.2 MiB through line 2\. 28\.6 MiB of it are native threads'/,
    );
    expect(one).toMatch(/What calls \S+: frame \(srv\/app\.py:7\)\./);
    expect(others).toEqual([]);
    // Of two calls, or of one that begins far later, it is neither's.
    const two = textOf(
      `m malloc main:1>handle:2 ${kept(90_000)}\n m malloc main:1>audit:4 ${each((tick) => (tick % 14 < 5 ? `${2 * tick}.. 90000/1` : `${2 * tick}..${2 * tick + 1} 9/1`))}`,
    );
    expect(two.filter((text) => text.startsWith('memory without a Python frame'))).toHaveLength(1);
    const later = textOf(`m malloc main:1>handle:2 ${kept(90_000, 90)}`);
    expect(later.filter((text) => text.startsWith('memory without a Python frame'))).toHaveLength(1);
  });

  it('in arenas is told by the table that grows with them, whichever call enlarged it', () => {
    const arenas = `m mmap* main:1>handle:2 ${each((tick) => `${2 * tick}.. 1048576/1`)
      .split(', ')
      .filter((_, at) => at % 10 === 5)
      .join(', ')}`;
    const tables = (sizes: readonly (readonly [number, number, number])[], via: string): string =>
      sizes
        .map(
          ([born, died, bytes], at) =>
            `m malloc main:1>handle:2>${via}${at}>/usr/lib/python3.11/_weakrefset.py/add:88 ${2 * born}..${died === 0 ? '' : 2 * died} ${bytes}/1`,
        )
        .join('\n ');
    const via = '/usr/lib/python3.11/site-packages/web/server.py/serve:';
    const textOf = (rows: string): string =>
      tellGrowth(profileOf(`${arenas}\n ${rows}\n m malloc main:1>work:3 ${passing}`, TICKS))[0]?.text ?? '';
    const other = tables(
      [
        [1, 3, 4096],
        [3, 30, 2048],
        [30, 90, 4096],
      ],
      via,
    );
    const grown = [
      [1, 4, 2048],
      [4, 20, 8192],
      [20, 70, 16_384],
      [70, 0, 65_536],
    ] as const;
    expect(textOf(`${tables(grown, via)}\n ${other}`)).toMatch(
      /A table grows with it: add \(_weakrefset\.py:88\) 64\.0 KiB, filled from serve \(web\/server\.py:3\) ← handle \(srv\/app\.py:2\)\./,
    );
    // A buffer that is made anew, and a table that was full long ago.
    const anew = [
      [1, 4, 65_536],
      [4, 20, 8192],
      [20, 70, 16_384],
      [70, 0, 65_536],
    ] as const;
    expect(textOf(tables(anew, via))).not.toContain('A table');
    const full = [
      [1, 4, 2048],
      [4, 8, 8192],
      [8, 12, 16_384],
      [12, 0, 65_536],
    ] as const;
    expect(textOf(tables(full, via))).not.toContain('A table');
  });

  it('of what is imported anew again and again is all that the import keeps, named by the line that imports', () => {
    const bootstrap = '‹frozen·importlib._bootstrap›/_call:241';
    const plugin = `m malloc main:1>load:7>${bootstrap}>plugin.py/init:3 ${kept(60_000)}`;
    const code = `m mmap* main:1>load:7>${bootstrap}>‹frozen·importlib._bootstrap_external›/get_code:936 ${each((tick) => `${2 * tick}.. 1048576/1`, 0, 4).replaceAll(/\b(\d+)\.\./g, (_, tick) => `${50 * Number(tick) + 20}..`)}`;
    const work = `m malloc main:1>work:4 ${passing}`;
    const [grows] = tellGrowth(profileOf(`${plugin}\n ${code}\n ${work}`, TICKS));
    expect(grows?.title).toBe('load (srv/app.py:7) grows: 15.4 MiB so far, rising with the work');
    // What is imported once is no growth, whatever grows beside it.
    const [other] = tellGrowth(profileOf(`${plugin.replace(`${bootstrap}>`, '')}\n ${code}\n ${work}`, TICKS));
    expect(other?.title).toMatch(/^init \(plugin\.py:3\) grows: 11\.4 MiB so far/);
  });

  it('is not of an arena beside it that came once, where it needed none itself', () => {
    const arenas = (ticks: readonly number[]): string =>
      `m mmap* main:1>handle:3 ${ticks.map((tick) => `${2 * tick}.. 1048576/1`).join(', ')}`;
    const bytesOf = (ticks: readonly number[]): number | undefined =>
      tellGrowth(
        profileOf(
          `m malloc main:1>handle:2 ${kept(60_000)}\n ${arenas(ticks)}\n m malloc main:1>work:4 ${passing}`,
          TICKS,
        ),
      )[0]?.bytes;
    expect(bytesOf([80])).toBe(200 * 60_000);
    expect(bytesOf([10, 80, 150])).toBe(200 * 60_000 + 3 * 2 ** 20);
  });

  it('in few steps has the first of them, however long before the others it came; less before them is none', () => {
    const steps = (first: number): string =>
      `m malloc main:1>adapter:2 2.. ${first}/1, ${[80, 95, 110, 125, 140, 155, 170, 185].map((tick) => `${2 * tick}.. 900000/1`).join(', ')}`;
    const titleOf = (first: number): string | undefined =>
      tellGrowth(profileOf(`${steps(first)}\n m malloc main:1>work:3 ${passing}`, TICKS))[0]?.title;
    expect(titleOf(900_000)).toBe('adapter (srv/app.py:2) grows: 7.72 MiB so far, rising with the work');
    expect(titleOf(200_000)).toBe('adapter (srv/app.py:2) grows: 6.87 MiB since 810 ms, rising with the work');
  });

  it('is flat where the work goes on without it', () => {
    expect(
      told(`m malloc main:1>cache:2 ${kept(20_000, 0, 80)}
            m malloc main:1>work:3 ${passing}`),
    ).toEqual(['levelled cache:2 1600000']);
  });

  it('is none where entries are replaced, or only imports hold more', () => {
    expect(
      told(`m malloc main:1>cache:2 ${each((tick) => `${2 * tick}..${2 * tick + 60} 50000/1`)}
            m malloc main:1>‹frozen·importlib._bootstrap›/_call:241>lib/site-packages/p/a.py/f ${kept(20_000)}
            m malloc main:1>work:3 ${passing}`).filter((text) => text.startsWith('grows')),
    ).toEqual([]);
  });

  it('is two things where two functions are not in step', () => {
    expect(
      told(`m malloc main:1>one:2 ${each((tick) => `${2 * tick}.. 20000/7`)}
            m malloc main:1>two:3 ${each((tick) => `${2 * tick}.. 9000/3`)}
            m malloc main:1>work:3 ${passing}`),
    ).toEqual(['grows one:2 4000000', 'grows two:3 1800000']);
  });

  it('is two things where one of two began long after the other, though in step with it since', () => {
    const audit = `m malloc main:1>handle:7>audit:2 ${kept(10_000)}\n m malloc main:1>work:4 ${passing}`;
    expect(told(`m malloc main:1>handle:8>feature:3 ${kept(60_000, 100)}\n ${audit}`)).toEqual([
      'grows feature:3 6000000',
      'grows audit:2 2000000',
    ]);
    // In bursts, the first of which is not lost.
    const bursts = each(
      (tick) => (tick % 5 === 1 ? `${2 * tick}.. 300000/25` : `${2 * tick}..${2 * tick + 1} 100/1`),
      101,
    );
    expect(told(`m malloc main:1>handle:8>feature:3 ${bursts}\n ${audit}`)[0]).toBe('grows feature:3 6000000');
    const second = each((tick) => `${4 * tick}.. 60000/1`, 0, 100);
    expect(told(`m malloc main:1>handle:8>feature:3 ${second}\n ${audit}`)).toEqual(['grows handle:8 8000000']);
  });
});
