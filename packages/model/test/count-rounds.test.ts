/** Counts of places that allocate → how often the work was done, or that they do not tell. */
import { describe, expect, it } from 'vitest';

import type { AllocationPlace } from '../src/growth/allocation-places.js';
import { countRounds } from '../src/growth/count-rounds.js';

const MIB = 1024 * 1024;

/** "6006/3006 10" = one place that made 6,006 blocks and keeps 3,006, in 10 MiB. */
function placesOf(text: string): AllocationPlace[] {
  return text.split(/\s*,\s*/).map((each, site) => {
    const [, made, kept = '0', mib = '0'] = /^(\d+)(?:\/(\d+) (\d+))?$/.exec(each)!;
    return { site, made: Number(made), kept: Number(kept), keptBytes: Number(mib) * MIB };
  });
}

function roundsOf(text: string, isTornDown = false): number | null {
  const places = placesOf(text);
  const bytes = places.reduce((sum, { keptBytes }) => sum + keptBytes, 0);
  return countRounds(places, { bytes, isTornDown });
}

describe('rounds of work', () => {
  it.each([
    ['what most places are a multiple of', '40/40 30, 40, 80, 160, 4321', 40],
    ['of blocks that many of are kept in each, of which none is like the others', '25/9575 30, 25, 25, 50, 75', 25],
    ['where the first rounds make a few more', '6006/3006 34, 1500, 1500, 98, 15', 1500],
    ['without the list that one place made, too', '3201/3201 10, 9600, 6400, 28', 3200],
    ['what two counts have in common where one made a table, too', '1003/1001 5, 2000, 3000', 1000],
    ['where some of what one place makes is kept', '1600/1200 60, 400, 98, 9', 400],
    ['where all counts of what is kept are a multiple of one', '54400/6400 80, 124000/16800 4', 800],
    ['of what is kept unseen, where most places agree', '28225, 5645, 5645, 1326, 1326, 1326, 1326, 1325, 1325', 1326],
    ['of what is kept unseen, where others are made several times each', '18000, 12000, 34', 6000],
  ])('are %s', (_, places, rounds) => {
    expect(roundsOf(places)).toBe(rounds);
  });

  it.each([
    [
      'of what is kept unseen, as many places count what was done before as what is done each round',
      '28225, 5645, 5645, 1383, 1383, 1382, 1382, 13830, 800',
    ],
    ['one place alone counts its own blocks', '2500/2500 24'],
    ['what is kept is out of step with the work around it', '12000/487 4, 3000, 3000, 6000'],
    ['what is kept is of no size that a round has', '421417/177410 17, 5703, 200'],
    ['two counts have no great divisor', '9007/9007 4, 6021/6021 4'],
    ['nothing is kept and two places are alike', '60000, 60000, 28246, 28246'],
  ])('are not told where %s', (_, places) => {
    expect(roundsOf(places)).toBeNull();
  });

  it('are those around a parser that keeps many blocks of each, where enough places agree', () => {
    const ofMany = (text: string): number | null =>
      countRounds(placesOf(text), { bytes: 17 * MIB, isTornDown: false, ofMany: true });
    expect(ofMany('421417/177410 17, 5703, 700, 200, 200, 100')).toBe(100);
    expect(ofMany('421417/177410 17, 5703, 700, 200, 100')).toBeNull();
    expect(ofMany('4000/2410 17, 5703, 700, 200, 200, 100')).toBeNull();
    expect(roundsOf('421417/177410 17, 5703, 700, 200, 200, 100')).toBeNull();
  });

  it('are in step though the moment before the end lacks the last of them', () => {
    const places = '250/247 60, 750/741 10, 250, 750, 15523';
    expect(roundsOf(places, true)).toBe(250);
    expect(roundsOf('250/210 60, 750/630 10, 250, 750', true)).toBeNull();
  });
});
