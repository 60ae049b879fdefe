/** What changed between two sides as widths, colours and words. */
import type { ComparedWeight } from '@memscope/model';
import { describe, expect, test } from 'vitest';

import { changeScale, colourChange, type Changed, type ChangeScale } from '../../src/drawing/change-scale.js';
import { markOf, sidesOfNode, widthsOf } from '../../src/drawing/compared-nodes.js';
import { PALETTES } from '../../src/drawing/palette.js';
import type { FlameAnswer } from '../../src/api/question.js';

const colours = PALETTES.light.change;
const MIB = 2 ** 20;
const colour = (each: Changed, scale: ChangeScale, weigh: ComparedWeight = 'larger'): string =>
  colourChange(each, { scale, weigh }, colours);

function changed(base: number, head: number, grown = Math.max(0, head - base)): Changed {
  return { head, base, grown, shrunk: base + grown - head };
}

describe('the colour scale', () => {
  test('has round steps up to the greatest change', () => {
    expect(changeScale(9 * MIB, 30 * MIB, false, colours).steps).toEqual([MIB / 8, MIB / 2, 2 * MIB, 8 * MIB]);
    expect(changeScale(4_200, 9_000, true, colours).steps).toEqual([1, 10, 100, 1000]);
  });

  test('is pale for noise: a small part of the whole is never strong', () => {
    const { steps } = changeScale(4_000, 64 * MIB, false, colours);
    expect(steps.at(-1)).toBe(MIB);
    expect(colour(changed(0, 4_000), { steps })).toBe(colours.same);
  });

  test('is red for what grew, blue for what shrank, and says where both hide in a sum', () => {
    const scale = changeScale(8 * MIB, 30 * MIB, false, colours);
    expect(colour(changed(0, 8 * MIB), scale)).toBe(colours.grown.at(-1));
    expect(colour(changed(3 * MIB, 0), scale)).toBe(colours.shrunk[2]);
    expect(colour(changed(MIB, MIB), scale)).toBe(colours.same);
    expect(colour(changed(5 * MIB, 5 * MIB, 2 * MIB), scale)).toBe(colours.mixed);
    expect(colour(changed(5 * MIB, 5 * MIB, 2 * MIB), scale, 'grown')).toBe(colours.grown[2]);
    expect(colour(changed(5 * MIB, 5 * MIB, 2 * MIB), scale, 'shrunk')).toBe(colours.shrunk[2]);
  });
});

test('widths are either side, the larger, the change, or what grew or shrank', () => {
  const column = (...values: number[]): Float64Array => Float64Array.from(values);
  const answer = {
    column: { bytes: column(7, 4, 0), baseBytes: column(6, 1, 2), grownBytes: column(3, 3, 0) },
  } as unknown as FlameAnswer;
  const widths = (weigh: Parameters<typeof widthsOf>[2]): number[] => [...widthsOf(answer, false, weigh)!];
  expect(widths('head')).toEqual([7, 4, 0]);
  expect(widths('base')).toEqual([6, 1, 2]);
  expect(widths('larger')).toEqual([9, 4, 2]);
  expect(widths('grown')).toEqual([3, 3, 0]);
  expect(widths('shrunk')).toEqual([2, 0, 2]);
  expect(widths('change')).toEqual([5, 3, 2]);
  expect(sidesOfNode(answer, -1, false)).toBeNull();
  expect(markOf({ head: 4, base: 0 })).toBe('new');
  expect(markOf({ head: 0, base: 2 })).toBe('gone');
  expect(markOf({ head: 4, base: 1 })).toBeNull();
});
