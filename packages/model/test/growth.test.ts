/** Curves that grow and curves that only look like it, judged over the work; and ways through a small tree. */
import { describe, expect, it } from 'vitest';

import { tellGrowth } from '../src/analysis/findings/grows.js';
import { findGrowth } from '../src/growth/find-growth.js';
import { judgeCurve } from '../src/growth/judge-curve.js';
import { BINS } from '../src/growth/work-clock.js';
import { profileOf } from './view/profile-text.js';

const MIB = 1024 * 1024;
const CONTEXT = { least: MIB / 2, momentsOfWork: 500 };

/** MiB at each end of a bin, from a share of the work (0 to 1). */
function verdictOf(live: (share: number) => number): string {
  const curve = Float64Array.from({ length: BINS + 1 }, (_, point) => live(point / BINS) * MIB);
  return judgeCurve(curve, new Float64Array(BINS + 1), CONTEXT).verdict;
}

describe('a curve of live bytes over the work', () => {
  it.each([
    ['a steady rise', (x: number) => 10 * x, 'grows'],
    ['a steady rise beside what was there before', (x: number) => 50 + 10 * x, 'grows'],
    ['a rise from half of the work on', (x: number) => 10 * Math.max(0, x - 0.5), 'grows'],
    ['a rise that the end gives back', (x: number) => (x > 0.95 ? 0 : 10 * x), 'grows'],
    ['a rise with much that comes and goes', (x: number) => 10 * x + (Math.round(x * BINS) % 3), 'grows'],
    ['a rise within the last fifth', (x: number) => 10 * Math.max(0, x - 0.8), 'late'],
    ['a cache that fills and is flat', (x: number) => 10 * Math.min(1, 3 * x), 'levelled'],
    ['a sawtooth', (x: number) => ((Math.round(x * BINS) + 6) % 16) / 2, 'freed'],
    ['what is given back half-way', (x: number) => (x > 0.5 ? 0.1 : 10 * x), 'freed'],
    ['one jump', (x: number) => (x > 0.4 ? 10 : 0), 'steps'],
    ['a table that doubles', (x: number) => 2 ** Math.floor(4 * x), 'steps'],
    ['a constant', () => 10, 'none'],
    ['less than matters', (x: number) => 0.3 * x, 'none'],
  ] as const)('%s', (_, live, verdict) => {
    expect(verdictOf(live)).toBe(verdict);
  });
});

describe('what grows', () => {
  const TICKS = 200;
  const each = (row: (tick: number) => string, from = 0, to = TICKS): string =>
    Array.from({ length: to - from }, (_, at) => row(from + at)).join(', ');
  const kept = (bytes: number, from = 0, to = TICKS): string => each((tick) => `${2 * tick}.. ${bytes}/1`, from, to);
  const passing = each((tick) => `${2 * tick}..${2 * tick + 1} 100/5`);

  const told = (text: string): string[] =>
    findGrowth(profileOf(text, TICKS)).growths.map(({ verdict, name, bytes }) => {
      return `${verdict} ${name === null ? '-' : `${name.functionName}:${name.line}`} ${bytes}`;
    });

  it('is named by the last function of the application, over threads, and summed below it', () => {
    const library = 'lib/site-packages/pkg/a.py';
    expect(
      told(`a malloc main:1>handle:2>${library}/f:7 ${each((tick) => `${4 * tick}.. 9000/1`, 0, 100)}
            b malloc main:1>handle:2>${library}/g:8 ${each((tick) => `${4 * tick + 2}.. 9000/1`, 0, 100)}
            a malloc main:1>work:3 ${passing}`),
    ).toEqual(['grows handle:2 1800000']);
  });

  /** Work until `busy` ticks, then nothing at all. */
  const thenIdle = (busy: number): string =>
    `m malloc main:1>handle:2 ${kept(20_000, 0, busy)}
     m malloc main:1>work:3 ${each((tick) => `${2 * tick}..${2 * tick + 1} 100/5`, 0, busy)}`;

  it('is judged by the work: what idles at the end still grows', () => {
    expect(told(thenIdle(120))).toEqual(['grows handle:2 2400000']);
  });

  it('is left open where nothing was allocated for most of the time: a full cache looks like work that ended', () => {
    expect(told(thenIdle(80))).toEqual(['idle handle:2 1600000']);
  });

  it('is told from the first to the last birth of what is kept, and what was idle after it', () => {
    const [finding] = tellGrowth(profileOf(thenIdle(120), TICKS));
    expect(finding?.rule).toBe('grows');
    expect(finding?.text).toContain('from 10 ms to 1.20 s (1.92 MiB a second), and none of it was freed.');
    expect(finding?.text).toContain('From 1.20 s to 2.00 s nothing was allocated.');
    const [open] = tellGrowth(profileOf(thenIdle(80), TICKS));
    expect(open).toMatchObject({ rule: 'levelled', severity: 'note', evidence: { fromMs: 10, toMs: 800 } });
    expect(open?.title).toBe('handle (srv/app.py:2) grew to 1.53 MiB until 800 ms, then nothing was allocated');
  });

  it('is not given back by the end where only what came and went beside it was', () => {
    const large = each((tick) => `${2 * tick}..${2 * tick + 1} 2000000/1`);
    const [finding] = tellGrowth(
      profileOf(`m malloc main:1>handle:2 ${kept(20_000)}, ${large}\n m malloc main:1>work:3 ${passing}`, TICKS),
    );
    expect(finding?.text).toContain('none of it was freed');
    expect(finding?.bytes).toBe(4_000_000);
  });

  it('is not given back by the end where much of it is live then', () => {
    const textOf = (freed: number): string | undefined =>
      tellGrowth(
        profileOf(
          `m malloc main:1>handle:2 ${kept(20_000, 0, freed)}, ${each((tick) => `${2 * tick}..398 20000/1`, freed)}
           m malloc main:1>work:3 ${passing}`,
          TICKS,
        ),
      )[0]?.text;
    expect(textOf(100)).toContain('and 1.91 MiB of it is live at the end.');
    expect(textOf(0)).toContain('only the end of the program gave it back.');
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

  it('cannot be told of an aggregated capture, or of hardly any work', () => {
    expect(findGrowth(profileOf('m malloc a 0.. 1/1', 9, 'aggregated')).silence).toBe('aggregated');
    expect(findGrowth(profileOf('m malloc a 0.. 1/1', 9)).silence).toBe('tooShort');
  });
});
