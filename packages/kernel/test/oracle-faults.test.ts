import { describe, expect, it } from 'vitest';
import { type HeldRows, heldByOracle, heldBySites, namerOfOracle, siteRowKeys, StackNames } from './oracle-rows.js';
import { oracleCases, readReal } from './real-captures.js';

const cases = oracleCases();

/** Rows that are not the same on both sides: "TID FUNCTION:LINE BYTES/COUNT", ours and memray's. */
function unequal(ours: HeldRows, theirs: HeldRows, names: StackNames): [ours: string[], memray: string[]] {
  const only = (rows: HeldRows, others: HeldRows): string[] =>
    [...rows].flatMap(([key, { bytes, count }]) => {
      const other = others.get(key);
      if (other?.bytes === bytes && other.count === count) return [];
      const [tid = '', stack = ''] = key.split(' ');
      return [`${tid} ${names.innermost(Number(stack)).replace(/ .*:/u, ':')} ${bytes}/${count}`];
    });
  return [only(ours, theirs).sort(), only(theirs, ours).sort()];
}

/**
 * memray reads the address steps of CPython 3.9's line tables as signed, so that steps of 128 bytes and more go wrong.
 * In extras.py, `before` allocates on lines 15, 17 and 19 and `one_line` on lines 25 and 26, with such steps between.
 */
describe('extras-v12-py39: the lines are those of CPython where memray gives others', () => {
  const found = cases.filter(([name]) => name === 'extras-v12-py39');

  it.each(found)('%s', (_, { capture, oracle }) => {
    const { decoded, heap } = readReal(capture);
    const names = new StackNames();
    const keys = siteRowKeys(decoded, names);
    const nameOf = namerOfOracle(oracle, names);
    const expected = [
      ['1 before:17 60006/3', '1 before:19 90006/3', '1 one_line:25 274404/6', '1 one_line:26 180003/3'],
      ['1 before:20 150012/6', '1 one_line:25 454407/9'],
    ];
    const { peakBytes, peakCount, leakedBytes, leakedCount } = heap.usages;
    const peak = heldBySites(keys, peakBytes, peakCount);
    expect(unequal(peak, heldByOracle(oracle.high_water_mark, nameOf), names)).toEqual(expected);
    const leaked = heldBySites(keys, leakedBytes, leakedCount);
    expect(unequal(leaked, heldByOracle(oracle.leaked, nameOf), names)).toEqual(expected);
    for (const [threshold, rows] of [
      [0, oracle.temporary_0 ?? []],
      [1, oracle.temporary_1 ?? []],
    ] as const) {
      const { sites } = readReal(capture, threshold).decoded;
      const temporary = heldBySites(keys, sites.temporaryBytes, sites.temporaryCount);
      expect(unequal(temporary, heldByOracle(rows, nameOf), names)).toEqual([[], []]);
    }
  });
});

/**
 * Where aggregated rows of one stack and thread differ only in the allocator (here realloc and calloc, or two of
 * pymalloc's), memray adds their bytes, but only 1 to the first one's count. Peak and leaked; all other rows are equal.
 */
const AGGREGATED_COUNTS: Readonly<Record<string, { peak: string[][]; leaked: string[][] }>> = {
  'mixed-agg-v11': {
    peak: [
      ['2 grow:9 2088123/2001', '3 grow:9 2193776/2101', '4 grow:9 2297371/2201'],
      ['2 grow:9 2088123/2', '3 grow:9 2193776/2', '4 grow:9 2297371/2'],
    ],
    leaked: [
      ['2 grow:9 2088123/2001', '3 grow:9 2193776/2101', '4 grow:9 2297371/2201'],
      ['2 grow:9 2088123/2', '3 grow:9 2193776/2', '4 grow:9 2297371/2'],
    ],
  },
  'objects-agg-v13': {
    peak: [
      ['1 __init__:12 20430/535', '2 <lambda>:27 12104/170'],
      ['1 __init__:12 20430/401', '2 <lambda>:27 12104/89'],
    ],
    leaked: [
      ['1 __init__:12 20430/535', '2 <lambda>:27 11056/201'],
      ['1 __init__:12 20430/401', '2 <lambda>:27 11056/106'],
    ],
  },
};

describe.each(cases.filter(([name]) => name.includes('-agg-')))('%s', (name, { capture, oracle }) => {
  it('has the counts that its records say, also where memray merges them otherwise', () => {
    const { decoded } = readReal(capture);
    const names = new StackNames();
    const keys = siteRowKeys(decoded, names);
    const nameOf = namerOfOracle(oracle, names);
    const { peakBytes, peakCount, leakedBytes, leakedCount } = decoded.sites;
    const known = AGGREGATED_COUNTS[name] ?? { peak: [[], []], leaked: [[], []] };
    const peak = heldBySites(keys, peakBytes, peakCount);
    expect(unequal(peak, heldByOracle(oracle.high_water_mark, nameOf), names)).toEqual(known.peak);
    const leaked = heldBySites(keys, leakedBytes, leakedCount);
    expect(unequal(leaked, heldByOracle(oracle.leaked, nameOf), names)).toEqual(known.leaked);
  });
});

describe('captures of killed processes', () => {
  const killed = cases.filter(([name]) => /^killed|^ort-native-v11/u.test(name));

  it.each(killed)('%s is read to its end, without an end mark', (_, { capture, oracle }) => {
    const { decoded } = readReal(capture);
    const { damage, header, compressed } = decoded;
    expect({ compressed, records: header.records, end: header.endMs - header.startMs }).toEqual({
      compressed: false,
      records: 0,
      end: 0,
    });
    expect(damage).toMatchObject({
      kind: 'killed',
      reason: 'the file ends without the end mark of a finished capture',
    });
    expect(decoded.recordsByAllocator.reduce((sum, records) => sum + records, 0)).toBe(oracle.records);
  });
});

/** Two native stacks of these captures never resolve to the same names, so that memray's rows can be told apart. */
describe('native stacks', () => {
  const distinct = cases.filter(([name]) => /^mixed-(agg-)?native/u.test(name));

  it.each(distinct)(
    'of %s tell as many rows apart as for memray, with the same bytes and counts',
    (_, { capture, oracle }) => {
      const { decoded, heap } = readReal(capture);
      const names = new StackNames();
      const keys = siteRowKeys(decoded, names);
      const nameOf = namerOfOracle(oracle, names);
      const held = decoded.header.layout === 'aggregated' ? decoded.sites : heap.usages;
      const nativeKeys = keys.map((key, row) => `${key} ${decoded.sites.nativeStack[row]}`);
      for (const [bytes, count, rows] of [
        [held.peakBytes, held.peakCount, oracle.high_water_mark],
        [held.leakedBytes, held.leakedCount, oracle.leaked],
      ] as const) {
        const ours = [...heldBySites(nativeKeys, bytes, count)].map(([key, sums]) => {
          return `${key.split(' ').slice(0, 2).join(' ')} ${sums.bytes}/${sums.count}`;
        });
        const theirs = rows.map(([tid, , bytes, count, stack]) => `${tid} ${nameOf(stack)} ${bytes}/${count}`);
        expect(ours.sort()).toEqual(theirs.sort());
      }
    },
  );
});
