/** What sites hold at the ends of periods → changes: at the end of each, their sum is what the site holds. */
import { expect, test } from 'vitest';
import { HeldByPeriod, NEVER, passingOf, type HeldSites, type PeriodChanges } from '../../src/index.js';

const SITES = 5;
const MALLOC = 6;
const MMAP = 14;

/** Sites that come one after the other and hold something else at the end of each tick. */
function heldAt(tick: number): HeldSites {
  const sites = Math.min(SITES, 1 + (tick >> 2));
  const column = <Column extends Float64Array | Uint32Array>(target: Column, of: (site: number) => number): Column => {
    for (let site = 0; site < sites; site++) target[site] = of(site);
    return target;
  };
  // A site rests now and then.
  const work = (site: number): number => tick - (tick % (site + 1));
  return {
    bytes: column(new Float64Array(sites), (site) => ((work(site) * 7 + site) % 11) * 100),
    count: column(new Uint32Array(sites), (site) => (work(site) * 3 + site) % 5),
    allocated: column(new Uint32Array(sites), (site) => work(site) * 4 + 8),
  };
}

function changesOf(ticks: number, mostPeriods?: number): PeriodChanges {
  const sums = new HeldByPeriod(mostPeriods === undefined ? {} : { mostPeriods });
  for (let tick = 0; tick < ticks; tick++) {
    const held = heldAt(tick);
    if (sums.endsWith(tick, held.bytes.length)) sums.add(tick, held);
  }
  return sums.finish(heldAt(ticks), new Uint8Array(SITES).fill(MALLOC), ticks)!;
}

/** By site, what its changes up to a moment add up to. */
function sumUpTo({ length, site, moment, bytes, births, deaths }: PeriodChanges, last: number): number[][] {
  const sums = Array.from({ length: SITES }, () => [0, 0, 0]);
  for (let row = 0; row < length; row++) {
    if (moment[row]! > last) continue;
    const sum = sums[site[row]!]!;
    for (const [at, value] of [bytes[row]!, births[row]!, births[row]! - deaths[row]!].entries()) sum[at]! += value;
  }
  return sums;
}

function expected({ bytes, allocated, count }: HeldSites): number[][] {
  return Array.from({ length: SITES }, (_, site) => [bytes[site] ?? 0, allocated[site] ?? 0, count[site] ?? 0]);
}

/** First moments of the periods. */
function beginnings({ moment }: PeriodChanges): number[] {
  return [...new Set(moment)].sort((a, b) => a - b);
}

test('while ticks are few each is a period, whose changes add up to what sites hold at its end', () => {
  const changes = changesOf(20);
  expect(beginnings(changes)).toEqual(Array.from({ length: 21 }, (_, tick) => 2 * tick));
  for (let tick = 0; tick <= 20; tick++) expect(sumUpTo(changes, 2 * tick + 1)).toEqual(expected(heldAt(tick)));
});

test('of more ticks than periods each period is several, exact at its end', () => {
  const changes = changesOf(100, 16);
  const starts = beginnings(changes);
  expect(starts.length).toBeGreaterThan(8);
  expect(starts.length).toBeLessThanOrEqual(17);
  const steps = starts.slice(1).map((start, at) => start - starts[at]!);
  expect(new Set(steps.slice(0, -1))).toEqual(new Set([16]));
  for (const next of starts.slice(1)) expect(sumUpTo(changes, next - 1)).toEqual(expected(heldAt(next / 2 - 1)));
  expect(sumUpTo(changes, NEVER)).toEqual(expected(heldAt(100)));
});

test('where ticks are merged, periods that ended within one of the new ticks go on', () => {
  const sums = new HeldByPeriod({ mostPeriods: 16 });
  for (let tick = 0; tick < 12; tick++) if (sums.endsWith(tick, SITES)) sums.add(tick, heldAt(tick));
  sums.addLarge({
    rows: 2,
    site: Uint32Array.of(0, 0),
    born: Uint32Array.of(2, 0),
    died: Uint32Array.of(20, 3),
    count: Float64Array.of(1, 1),
    bytes: Float64Array.of(2 ** 25, 2 ** 25),
  });
  // Three ticks become one.
  sums.remap(Uint32Array.from({ length: 24 }, (_, moment) => 2 * Math.floor(moment / 6) + (moment % 6 > 2 ? 1 : 0)));
  const changes = sums.finish(heldAt(12), new Uint8Array(SITES).fill(MMAP), 4)!;
  expect(beginnings(changes)).toEqual([0, 2, 4, 6, 8]);
  for (let tick = 0; tick < 4; tick++) expect(sumUpTo(changes, 2 * tick + 1)).toEqual(expected(heldAt(3 * tick + 2)));
  const { born, died } = changes.largeMappings;
  expect([born, died]).toEqual([Uint32Array.of(0, 0), Uint32Array.of(6, 1)]);
});

test('large mappings are kept one by one, and nothing else of their size', () => {
  const sums = new HeldByPeriod();
  const bytes = Float64Array.of(2 ** 25, 2 ** 25, 2 ** 25, 2 ** 20);
  sums.addLarge({
    rows: 4,
    site: Uint32Array.of(0, 1, 0, 0),
    born: Uint32Array.of(0, 1, 2, 3),
    died: Uint32Array.of(NEVER, 4, 5, 6),
    // The third stands for two mappings of half the size.
    count: Float64Array.of(1, 1, 2, 1),
    bytes,
  });
  const nothing = { bytes: new Float64Array(2), count: new Uint32Array(2), allocated: new Uint32Array(2) };
  expect(sums.finish(nothing, Uint8Array.of(MMAP, MALLOC), 1)).toBeNull();
  sums.add(0, nothing);
  const { length, largeMappings } = sums.finish(nothing, Uint8Array.of(MMAP, MALLOC), 1)!;
  expect(length).toBe(0);
  expect([largeMappings.rows, largeMappings.born[0], largeMappings.died[0]]).toEqual([1, 0, NEVER]);
});

test('of very many sites nothing is summed, and nothing is asked for', () => {
  const sums = new HeldByPeriod();
  expect(sums.endsWith(0, 1000)).toBe(true);
  sums.add(0, heldAt(0));
  expect(sums.endsWith(1, 1_000_000)).toBe(false);
  expect(sums.endsWith(2, 1000)).toBe(false);
  expect(sums.finish(heldAt(2), new Uint8Array(SITES), 3)).toBeNull();
});

test('what is kept is no work that comes and goes', () => {
  const births = [10, 10, 4, 0];
  const deaths = [0, 10, 6, 3];
  expect(births.map((born, row) => passingOf(born, deaths[row]!))).toEqual([0, 20, 10, 3]);
});
