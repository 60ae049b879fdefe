import { describe, expect, it } from 'vitest';
import { differences, namerOfOracle, siteRowKeys, StackNames } from './oracle-rows.js';
import { oracleCases, readReal } from './real-captures.js';
import { heldAtPeaks, oracleAtPeaks, oracleLeaks, temporalLeaks, totalBytes } from './temporal-rows.js';

/**
 * Where memray's rows of the temporal high-water mark do not add up to its own list of greatest heaps: ticks from, to
 * (inclusive), and the rows' sums there. A site whose allocations and frees cancel in number but not in bytes keeps its
 * old bytes.
 */
const ROWS_DO_NOT_ADD_UP: Readonly<
  Record<string, { ticks: readonly number[]; firstSums: readonly [rows: number, list: number] }>
> = {
  'pandas-v13': { ticks: [32, 33, 34, 35, 36, 37, 38], firstSums: [8_319_664, 8_319_543] },
};

/** Where memray's list of greatest heaps leaves out a last rise that no fall followed: its last element, and ours. */
const LAST_RISE_LEFT_OUT: Readonly<Record<string, readonly [memray: number, ours: number]>> = {
  'killed-v11': [20_131_025, 22_557_862],
  'killed-v13': [20_130_720, 22_557_557],
  'fork-v13.bin.5084': [1_375_105, 1_504_660],
};

/** Where memray's list ends early: so many elements for so many ticks. */
const LIST_ENDS_EARLY: Readonly<Record<string, readonly [memray: number, ticks: number]>> = { 'fork-v13': [3, 19] };

describe.each(oracleCases((oracle) => oracle.temporal_leaks !== undefined))(
  '%s gives what memray gives',
  (name, { capture, oracle }) => {
    it('for temporal leaks, row by row', () => {
      const { decoded, lifetimes } = readReal(capture);
      const names = new StackNames();
      const ours = temporalLeaks(lifetimes, siteRowKeys(decoded, names));
      const theirs = oracleLeaks(oracle.temporal_leaks ?? [], namerOfOracle(oracle, names));
      expect(differences(ours, theirs, (key) => `${names.describe(key)} ${key}`)).toEqual([]);
    });

    it('for the greatest heap of each tick', () => {
      const { heap } = readReal(capture);
      const ours = [...heap.ticks.peakBytes, heap.tailPeakBytes];
      const theirs = [...(oracle.high_water_mark_by_snapshot ?? [])];
      expect([theirs.length, ours.length]).toEqual(LIST_ENDS_EARLY[name] ?? [ours.length, ours.length]);
      const risen = LAST_RISE_LEFT_OUT[name];
      if (risen) {
        expect([theirs.at(-1), ours.at(-1)]).toEqual(risen);
        theirs[theirs.length - 1] = risen[1];
      }
      expect(ours.slice(0, theirs.length)).toEqual(theirs);
    });

    it('for the temporal high-water mark, row by row wherever its rows add up', () => {
      const { decoded, heap, lifetimes } = readReal(capture);
      const names = new StackNames();
      const greatest = [...heap.ticks.peakBytes, heap.tailPeakBytes];
      const ours = heldAtPeaks(lifetimes, siteRowKeys(decoded, names), greatest.length);
      const theirs = oracleAtPeaks(oracle, namerOfOracle(oracle, names), greatest.length);
      const faults = greatest.flatMap((bytes, tick) => (totalBytes(theirs[tick]!) === bytes ? [] : [tick]));
      const known = ROWS_DO_NOT_ADD_UP[name];
      expect(faults).toEqual(known?.ticks ?? []);
      if (known) {
        const first = known.ticks[0]!;
        expect([totalBytes(theirs[first]!), greatest[first]]).toEqual(known.firstSums);
      }
      for (const tick of greatest.keys()) {
        if (faults.includes(tick)) continue;
        const found = differences(ours[tick]!, theirs[tick]!, (key) => names.describe(key));
        if (found.length > 0) expect({ tick, found }).toEqual({ tick, found: [] });
      }
    });
  },
);
