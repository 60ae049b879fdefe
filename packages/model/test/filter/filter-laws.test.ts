/** What holds for every filter, on filters and captures from a seeded source. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { allOf, anyOf, not, numberTerm, type Filter } from '../../src/filter/filter.js';
import { FilterError } from '../../src/filter/filter-error.js';
import { formatFilter } from '../../src/filter/format-filter.js';
import { matchSites, type SiteFilter } from '../../src/filter/match-sites.js';
import { parseFilter } from '../../src/filter/parse-filter.js';
import { formatPattern } from '../../src/filter/pattern.js';
import { pointAtFilterError } from '../../src/filter/point-at-filter-error.js';
import { parsePattern } from '../../src/filter/read-pattern.js';
import { amount, comparison, filter, pattern } from './random-filter.js';
import { SAMPLE } from './sample-subject.js';

const RUNS = { seed: 20_240_607, numRuns: 300 };

const LIFETIMES = [0, 1, 7, 100, 1024, 60_000, 59_999, 3_600_000, 1e12, 1e300, Infinity];

/** By lifetime the sites that pass. */
function answers({ passes, classOfLifetime }: SiteFilter): string[] {
  return LIFETIMES.map((ms) => passes[classOfLifetime(ms)]!.join(''));
}

function answersOf(filter: Filter): string[] {
  return answers(matchSites(filter, SAMPLE));
}

const ALL = LIFETIMES.map(() => '1'.repeat(SAMPLE.allocator.length));
const NONE = LIFETIMES.map(() => '0'.repeat(SAMPLE.allocator.length));

describe('of any filter', () => {
  test('the canonical text is an equal filter', () => {
    fc.assert(
      fc.property(filter, (f) => {
        const text = formatFilter(f);
        expect(parseFilter(text)).toEqual(f);
        expect(formatFilter(parseFilter(text))).toBe(text);
      }),
      RUNS,
    );
  });

  test('the canonical text of a pattern is an equal pattern', () => {
    fc.assert(
      fc.property(pattern, (p) => {
        expect(parsePattern(formatPattern(p))).toEqual(p);
      }),
      RUNS,
    );
  });

  test('the text in parentheses is an equal filter', () => {
    fc.assert(
      fc.property(filter, (f) => {
        expect(parseFilter(` ( ${formatFilter(f)} ) `)).toEqual(f);
      }),
      RUNS,
    );
  });

  test('f or -f is everything, f -f nothing', () => {
    fc.assert(
      fc.property(filter, (f) => {
        const text = formatFilter(f);
        expect(answersOf(parseFilter(`(${text}) or -(${text})`))).toEqual(ALL);
        expect(answersOf(parseFilter(`(${text}) -(${text})`))).toEqual(NONE);
      }),
      RUNS,
    );
  });

  test('the order of terms does not matter', () => {
    fc.assert(
      fc.property(fc.array(filter, { maxLength: 4 }), fc.infiniteStream(fc.nat()), (parts, random) => {
        const shuffled = parts
          .map((part) => [random.next().value ?? 0, part] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, part]) => part);
        expect(answersOf(allOf(...shuffled))).toEqual(answersOf(allOf(...parts)));
        expect(answersOf(anyOf(...shuffled))).toEqual(answersOf(anyOf(...parts)));
      }),
      RUNS,
    );
  });

  test('not not f is f, also where no function took both away', () => {
    fc.assert(
      fc.property(filter, (f) => {
        expect(answersOf({ kind: 'not', filter: { kind: 'not', filter: f } })).toEqual(answersOf(f));
      }),
      RUNS,
    );
  });

  test('not (f g) is not f or not g, and not (f or g) is not f, not g', () => {
    fc.assert(
      fc.property(filter, filter, (f, g) => {
        expect(answersOf(not(allOf(f, g)))).toEqual(answersOf(anyOf(not(f), not(g))));
        expect(answersOf(not(anyOf(f, g)))).toEqual(answersOf(allOf(not(f), not(g))));
      }),
      RUNS,
    );
  });

  test('and spreads over or', () => {
    fc.assert(
      fc.property(filter, filter, filter, (f, g, h) => {
        expect(answersOf(allOf(f, anyOf(g, h)))).toEqual(answersOf(anyOf(allOf(f, g), allOf(f, h))));
      }),
      RUNS,
    );
  });

  test('a class of lifetimes decides as each lifetime in it does', () => {
    fc.assert(
      fc.property(comparison, amount, amount, (sign, bound, ms) => {
        const { passes, classOfLifetime } = matchSites(numberTerm('lifetime', sign, bound), SAMPLE);
        const signs = { '<': ms < bound, '<=': ms <= bound, '=': ms === bound, '>=': ms >= bound, '>': ms > bound };
        expect(passes[classOfLifetime(ms)]![0] === 1).toBe(signs[sign]);
      }),
      { ...RUNS, numRuns: 2_000 },
    );
  });
});

describe('any text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: fc.constantFrom(...Array.from('ab:<>=-!/"\\() or.1')), maxLength: 40 }),
    fc
      .array(
        fc.constantFrom('size', '>', '=', '1', 'MiB', ' ', '(', ')', '-', 'or', ' or ', '"', '/', 'function:', 'x'),
      )
      .map((parts) => parts.join('')),
  );

  test('is a filter, or an error with a place in it that can be pointed at', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 8, max: 40 }), (written, width) => {
        try {
          expect(parseFilter(formatFilter(parseFilter(written)))).toEqual(parseFilter(written));
        } catch (error) {
          if (!(error instanceof FilterError)) throw error;
          expect(error.filter).toBe(written);
          expect(error.position).toBeGreaterThanOrEqual(0);
          expect(error.position + error.length).toBeLessThanOrEqual(written.length);
          const lines = pointAtFilterError(error, { width, show: (part) => part, measure: (part) => part.length });
          expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
          expect(lines[1]).toMatch(/^ *\^+$/);
        }
      }),
      { ...RUNS, numRuns: 3_000 },
    );
  });
});
