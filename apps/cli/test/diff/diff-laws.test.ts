/** What holds of a diff of any two captures: random ones that are all corners, by every grouping and measure. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeCapture, makeRandomCapture, type RandomCaptureOptions } from '@memscope/fixtures';
import { ingest } from '@memscope/ingest';
import {
  COMPARED_GROUPINGS,
  COMPARED_MEASURES,
  testUnbounded,
  WHOLE_VIEW,
  type DiffDocument,
  type Profile,
} from '@memscope/model';
import { compareRuns, diffDocument, OpenRun, type CompareRequest } from '@memscope/query';
import { openProfile } from '@memscope/store';

import { useFolder } from '../views/captures-on-disk.js';

const RUNS = { seed: 20_261_130, numRuns: 6, endOnFailure: true };
const HOST = { testPattern: testUnbounded, memscopeVersion: '' };

const capture = fc.record({
  seed: fc.nat(1_000_000),
  records: fc.integer({ min: 40, max: 400 }),
  arenaBytes: fc.constantFrom(0, 262_144),
});

const ASKED = COMPARED_GROUPINGS.flatMap((by) =>
  COMPARED_MEASURES.filter((measure) => measure !== 'own-peak' || by === 'function').map(
    (measure) => [by, measure] as const,
  ),
);

function allRows({ grew, shrank, moved, peakMoved }: DiffDocument): DiffDocument['grew'] {
  return [...grew, ...shrank, ...moved, ...peakMoved];
}

function compare(run: OpenRun, request: CompareRequest): DiffDocument {
  return diffDocument(compareRuns(run, WHOLE_VIEW, request), '', Infinity);
}

const sumOf = (rows: DiffDocument['grew']): number => rows.reduce((all, { change }) => all + change, 0);

/** What changed by how much, in no order. */
function changesOf(rows: DiffDocument['grew'], sign: 1 | -1): string[] {
  return rows.map(({ name, file, change }) => `${name} ${file} ${sign * change}`).toSorted();
}

describe('of any two captures', () => {
  const folder = useFolder();
  let written = 0;

  async function read(options: RandomCaptureOptions): Promise<Profile> {
    const path = join(folder, `random-${written++}.bin`);
    writeFileSync(path, encodeCapture(makeRandomCapture(options)));
    const [outcome] = await ingest({ paths: [path] });
    if (outcome === undefined || outcome.error !== undefined) throw outcome?.error ?? new Error(path);
    return openProfile(outcome.profilePath);
  }

  test('changes add up to the difference of the totals, grown and shrunk apart, and the other way round they mirror', async () => {
    await fc.assert(
      fc.asyncProperty(capture, capture, fc.boolean(), async (first, second, isOneProgram) => {
        const base = await read(first);
        // Of one program the beginning is the same.
        const head = await read(isOneProgram ? { ...first, records: second.records } : second);
        const run = new OpenRun({ head: [head], base: [base] }, HOST);
        const back = new OpenRun({ head: [base], base: [head] }, HOST);
        const same = new OpenRun({ head: [head], base: [head] }, HOST);
        try {
          for (const [by, measure] of ASKED) {
            const request = { by, measure, lines: false, together: false };
            const compared = compareRuns(run, WHOLE_VIEW, request);
            const there = diffDocument(compared, '', Infinity);
            const first = diffDocument(compared, '', 1);
            const mirrored = compare(back, request);
            const total = measure === 'own-peak' ? there.totals.ownPeaks! : there.totals[measure]!;
            const what = `${by} by ${measure}`;
            expect([what, sumOf(allRows(there))]).toEqual([what, total.change]);
            const others = Object.values(first.leftOut);
            expect(allRows(first).length + others.reduce((sum, { rows }) => sum + rows, 0)).toBe(allRows(there).length);
            expect(sumOf(allRows(first)) + others.reduce((sum, { change }) => sum + change, 0)).toBe(total.change);
            expect(there.grew.every(({ change }) => change > 0)).toBe(true);
            expect(there.shrank.every(({ change }) => change < 0)).toBe(true);
            // As much here as there.
            expect(there.moved.every(({ base: before, head: after }) => before === after)).toBe(true);
            expect([what, changesOf(mirrored.shrank, -1)]).toEqual([what, changesOf(there.grew, 1)]);
            expect([what, changesOf(mirrored.grew, -1)]).toEqual([what, changesOf(there.shrank, 1)]);
            expect(allRows(compare(same, request))).toEqual([]);
          }
        } finally {
          for (const each of [run, back, same]) each.close();
        }
      }),
      RUNS,
    );
  });
});
