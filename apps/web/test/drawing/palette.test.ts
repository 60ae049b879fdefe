/**
 * The palette is measured: every two colours must differ for full sight and for simulated protanopia, deuteranopia and
 * tritanopia (Machado, Oliveira and Fernandes 2009, severity 1), as distances in OKLab (Ottosson 2020); text must have
 * WCAG's contrast of 4.5.
 */
import { describe, expect, test } from 'vitest';

import { mixColours } from '../../src/drawing/mix-colours.js';
import { bandColours, colouredCategory, ownerColour, ownerStyle, TINTS } from '../../src/drawing/owner-colour.js';
import { COLOURED_CATEGORIES, PALETTES, TEXT_ON_COLOUR } from '../../src/drawing/palette.js';

type Triple = readonly [number, number, number];

const SIGHTS: Readonly<Record<string, readonly [Triple, Triple, Triple]>> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const LEAST_DISTANCE = 0.08;

const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function linear(colour: string): Triple {
  return [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as unknown as Triple;
}

function seen(colour: Triple, sight: string): Triple {
  return SIGHTS[sight]!.map((row) => Math.min(1, Math.max(0, dot(row, colour)))) as unknown as Triple;
}

function okLab(colour: Triple): Triple {
  const l = Math.cbrt(dot([0.4122214708, 0.5363325363, 0.0514459929], colour));
  const m = Math.cbrt(dot([0.2119034982, 0.6806995451, 0.1073969566], colour));
  const s = Math.cbrt(dot([0.0883024619, 0.2817188376, 0.6299787005], colour));
  return [
    dot([0.2104542553, 0.793617785, -0.0040720468], [l, m, s]),
    dot([1.9779984951, -2.428592205, 0.4505937099], [l, m, s]),
    dot([0.0259040371, 0.7827717662, -0.808675766], [l, m, s]),
  ];
}

function contrast(first: string, second: string): number {
  const luminance = (colour: string): number => dot([0.2126, 0.7152, 0.0722], linear(colour));
  const [low, high] = [luminance(first), luminance(second)].toSorted((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

describe.each(['light', 'dark'] as const)('the %s palette', (scheme) => {
  const { category, series, rest } = PALETTES[scheme];
  const sets = { owners: [...Object.values(category), rest], bands: [...series, rest] };

  test.each(Object.keys(SIGHTS))('tells owners and bands apart with %s sight', (sight) => {
    for (const colours of Object.values(sets)) {
      const labs = colours.map((colour) => okLab(seen(linear(colour), sight)));
      for (const [index, lab] of labs.entries()) {
        for (const other of labs.slice(0, index)) {
          const distance = Math.hypot(lab[0] - other[0], lab[1] - other[1], lab[2] - other[2]);
          expect(distance).toBeGreaterThan(LEAST_DISTANCE);
        }
      }
    }
  });

  test.each(Object.keys(SIGHTS))('tells libraries of two categories apart at any tint with %s sight', (sight) => {
    const tinted = sets.owners.map((colour) =>
      TINTS.map((tint) => okLab(seen(linear(mixColours(colour, '#ffffff', tint)), sight))),
    );
    for (const [index, own] of tinted.entries()) {
      for (const other of tinted.slice(0, index).flat()) {
        for (const lab of own) {
          expect(Math.hypot(lab[0] - other[0], lab[1] - other[1], lab[2] - other[2])).toBeGreaterThan(0.045);
        }
      }
    }
  });

  const { grown, shrunk, same, mixed } = PALETTES[scheme].change;

  test.each(Object.keys(SIGHTS))(
    'tells what grew from what shrank, and both from what is the same, with %s sight',
    (sight) => {
      const distance = (one: string, other: string): number => {
        const [a, b] = [one, other].map((colour) => okLab(seen(linear(colour), sight))) as [Triple, Triple];
        return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
      };
      for (const each of grown)
        for (const other of shrunk) expect(distance(each, other)).toBeGreaterThan(LEAST_DISTANCE);
      for (const steps of [grown, shrunk]) {
        for (const colour of [...steps, mixed]) expect(distance(colour, same)).toBeGreaterThan(0.06);
      }
    },
  );

  test('has readable text on every colour', () => {
    for (const colour of [...Object.values(sets).flat(), ...grown, ...shrunk, same, mixed]) {
      expect(contrast(colour, TEXT_ON_COLOUR[scheme])).toBeGreaterThan(4.5);
    }
  });
});

describe('the colour of an owner', () => {
  const palette = PALETTES.light;

  test('is that of its category, in every picture the same, and a little lighter for some libraries', () => {
    for (const category of COLOURED_CATEGORIES)
      expect(ownerColour({ category }, palette)).toBe(palette.category[category]);
    const torch = ownerColour({ category: 'framework', library: 'PyTorch' }, palette);
    const tints = TINTS.map((tint) => mixColours(palette.category.framework, '#ffffff', tint));
    expect(tints).toContain(torch);
    expect(ownerStyle({ category: 'framework', library: 'PyTorch' })).toContain('var(--owner-framework)');
    for (const name of ['unknown', 'generated', '', null]) {
      expect(ownerColour({ category: name }, palette)).toBe(palette.rest);
    }
  });

  test('is one of memscope’s for a category of the user’s own, but never the application’s', () => {
    for (const own of ['caches', '__proto__', 'constructor', 'ours']) {
      expect(COLOURED_CATEGORIES).toContain(colouredCategory(own));
      expect(colouredCategory(own)).not.toBe('application');
    }
  });

  test('of bands is that of their library, whatever stands beside them; no two have the same', () => {
    const band = (name: string, category: string | null = 'package') => ({ name, rest: false, category });
    const bands = [band('numpy'), band('pandas'), band('pyarrow'), band('PyTorch', 'framework')];
    const colours = bandColours(bands, palette, false);
    expect(new Set(colours).size).toBe(4);
    expect(bandColours(bands.toReversed(), palette, false).toReversed()).toEqual(colours);
    expect(bandColours([bands[3]!], palette, false)).toEqual([
      ownerColour({ ...bands[3]!, library: 'PyTorch' }, palette),
    ]);
    expect(bandColours([band('framework', 'framework')], palette, true)).toEqual([palette.category.framework]);
    const threads = ['MainThread', 'worker-*', 'reader'].map((name) => band(name, null));
    const ofThreads = bandColours([...threads, { name: 'the rest', rest: true, category: null }], palette, false);
    expect(new Set(ofThreads).size).toBe(4);
    expect(ofThreads[3]).toBe(palette.rest);
    // A thread that comes first in another capture looks the same there.
    expect(bandColours([threads[2]!], palette, false)[0]).toBe(bandColours(threads.slice(2), palette, false)[0]);
  });
});

test('colours mix, long and short ones', () => {
  expect(mixColours('#000000', '#ffffff', 0.5)).toBe('#808080');
  expect(mixColours('#123456', '#fff', 0)).toBe('#123456');
  expect(mixColours('#123456', '#fff', 1)).toBe('#ffffff');
});
