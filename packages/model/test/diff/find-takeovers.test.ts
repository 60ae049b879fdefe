/** What another function holds now is told by allocations and callers: that sizes agree tells nothing. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { findTakeovers } from '../../src/diff/find-takeovers.js';
import type { RowTrace } from '../../src/diff/row-traces.js';

const MIB = 2 ** 20;
const [MAIN, SERVE] = [100, 101];

/** A function that changed: below `MAIN` by one allocator, on both sides, unless it says otherwise. */
interface Changed {
  readonly name?: string;
  readonly pool?: string;
  readonly mib: number;
  readonly count: number;
  readonly caller?: number;
  readonly allocator?: number;
  readonly side?: RowTrace['side'];
}

function takeovers(changed: readonly Changed[]): string[] {
  const rows = changed.map(({ name, pool = 'app' }, row) => ({ functionName: name ?? `f${row}`, pool }));
  const changes = changed.map(({ mib }, row) => ({ row, change: mib * MIB, aboveNoise: true }));
  const traceOf = (row: number): RowTrace => {
    const { mib, count, caller = MAIN, allocator = 1, side = 'both' } = changed[row]!;
    return { function: row, side, parts: [{ caller, allocator, bytes: mib * MIB, count }] };
  };
  return findTakeovers(rows, changes, traceOf).map(
    ({ from, to, amount, basis }) => `${from.row} to ${to.row} ${amount / MIB} ${basis}`,
  );
}

const gone = (mib: number, count = 1): Changed => ({ mib: -mib, count: -count, side: 'base' });

describe('a function that stays', () => {
  test('has taken over what one that has gone held below the same caller', () => {
    expect(takeovers([gone(5), { mib: 5, count: 1 }])).toEqual(['0 to 1 5 allocations']);
  });

  test('has taken over what another one holds less, where the allocations went over too', () => {
    expect(
      takeovers([
        { mib: -5, count: -2 },
        { mib: 5, count: 2 },
      ]),
    ).toEqual(['0 to 1 5 allocations']);
  });

  test('has grown by the rest where what it took over became larger', () => {
    expect(takeovers([gone(5), { mib: 8, count: 1 }])).toEqual(['0 to 1 5 allocations']);
  });

  test('has grown where its own allocations became larger, whatever another saves', () => {
    expect(takeovers([gone(5), { mib: 5, count: 0 }])).toEqual([]);
    expect(
      takeovers([
        { mib: -4, count: 0 },
        { mib: 4, count: 0 },
      ]),
    ).toEqual([]);
  });

  test('has grown where it makes other allocations than those that went', () => {
    expect(takeovers([gone(5, 1), { mib: 5, count: 1000 }])).toEqual([]);
    expect(takeovers([gone(5), { mib: 5, count: 1, allocator: 2 }])).toEqual([]);
  });

  test('has grown where others call it, or it is of another library', () => {
    expect(takeovers([gone(5), { mib: 5, count: 1, caller: SERVE }])).toEqual([]);
    expect(takeovers([gone(5), { mib: 5, count: 1, pool: 'lib' }])).toEqual([]);
  });

  test('holds what one that has gone held, where that was more', () => {
    expect(takeovers([gone(11, 11), { mib: 10, count: 10 }])).toEqual(['0 to 1 10 allocations']);
    expect(takeovers([gone(11, 11), { mib: 10, count: 1 }])).toEqual([]);
  });

  test('has grown where one that stays merely fell by more', () => {
    expect(
      takeovers([
        { mib: -8, count: -1 },
        { mib: 5, count: 1 },
      ]),
    ).toEqual([]);
  });

  test('may share with another one what a third held', () => {
    expect(takeovers([gone(5, 5), { mib: 2, count: 2 }, { mib: 3, count: 3 }]).sort()).toEqual([
      '0 to 1 2 allocations',
      '0 to 2 3 allocations',
    ]);
  });
});

describe('a function that is new', () => {
  const came = (mib: number, more: Partial<Changed> = {}): Changed => ({ mib, count: 1, side: 'head', ...more });

  test('in the place of one that has gone has grown, or shrunk, by the difference', () => {
    expect(takeovers([gone(10), came(13)])).toEqual(['0 to 1 10 callers']);
    expect(takeovers([gone(10), came(7)])).toEqual(['0 to 1 7 callers']);
  });

  test('of the same name has, wherever it is called', () => {
    expect(takeovers([{ ...gone(10, 3), name: 'load' }, came(13, { name: 'load', caller: SERVE })])).toEqual([
      '0 to 1 10 name',
    ]);
  });

  test('is new where it is not the only one in that place', () => {
    expect(takeovers([gone(10), came(13), came(14)])).toEqual([]);
  });

  test('is paired by size where as many came as have gone', () => {
    const changes = [gone(10, 10), gone(4, 40), came(13, { count: 13 }), came(2, { count: 20 })];
    expect(takeovers(changes)).toEqual(['0 to 2 10 callers', '1 to 3 2 callers']);
  });

  test('has more or fewer allocations of about the same size', () => {
    expect(takeovers([gone(11, 11), came(10, { count: 10 })])).toEqual(['0 to 1 10 callers']);
    expect(takeovers([gone(11, 11), came(15.4, { count: 15 })])).toEqual(['0 to 1 11 callers']);
  });

  test('is new where neither number nor size of allocations is what it was', () => {
    expect(takeovers([gone(10, 3), came(13, { count: 50 })])).toEqual([]);
  });

  test('holds what its caller held, and the rest is more', () => {
    const [caller, helper] = [0, 1];
    expect(takeovers([{ mib: -10, count: -1 }, came(13, { caller })])).toEqual([`${caller} to ${helper} 10 calls`]);
    expect(takeovers([{ mib: -10, count: 0 }, came(13, { caller })])).toEqual([]);
  });
});

const changedArbitrary = fc.array(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    pool: fc.constantFrom('app', 'lib'),
    mib: fc.integer({ min: -6, max: 6 }).filter((mib) => mib !== 0),
    count: fc.integer({ min: -3, max: 3 }),
    caller: fc.constantFrom(MAIN, SERVE, 0, 1),
    allocator: fc.constantFrom(1, 2),
    side: fc.constantFrom<RowTrace['side']>('both', 'head', 'base'),
  }),
  { maxLength: 8 },
);

/** A function is on the side that holds something. */
const sound = (changed: readonly Changed[]): Changed[] =>
  changed.map((each) => ({
    ...each,
    side: each.side === 'both' ? 'both' : each.mib > 0 ? 'head' : 'base',
  }));

test('no row gives or takes more than it changed by, within one library', () => {
  fc.assert(
    fc.property(changedArbitrary.map(sound), (changed) => {
      const left = changed.map(({ mib }) => Math.abs(mib));
      for (const shift of takeovers(changed)) {
        const [from, , to, amount] = shift.split(' ').map(Number) as [number, number, number, number];
        expect(changed[from]!.mib).toBeLessThan(0);
        expect(changed[to]!.mib).toBeGreaterThan(0);
        expect(changed[from]!.pool).toBe(changed[to]!.pool);
        for (const row of [from, to]) left[row]! -= amount;
      }
      expect(Math.min(0, ...left)).toBe(0);
    }),
  );
});

test('which there are does not depend on which side is which', () => {
  const total = (shifts: readonly string[]): number =>
    shifts.reduce((sum, shift) => sum + Number(shift.split(' ')[3]), 0);
  fc.assert(
    fc.property(changedArbitrary.map(sound), (changed) => {
      const swapped = changed.map((each): Changed => ({
        ...each,
        mib: -each.mib,
        count: -each.count,
        side: each.side === 'both' ? 'both' : each.side === 'head' ? 'base' : 'head',
      }));
      expect(total(takeovers(swapped))).toBe(total(takeovers(changed)));
    }),
  );
});
