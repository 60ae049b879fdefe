/**
 * Whose something is → its colour, the same wherever it is drawn, between captures and on both sides of a comparison: the
 * colour of the category, a little lighter for some libraries, so that those side by side can be told apart. Here alone
 * colours are assigned.
 */
import { mixColours } from './mix-colours.js';
import { COLOURED_CATEGORIES, type ColouredCategory, type Palette } from './palette.js';

export interface Owner {
  /** As rules of libraries name it. */
  readonly category?: string | null;
  readonly library?: string | null;
}

/** Shares of white. More would bring colours too close to each other. */
export const TINTS = [0, 0.07, 0.14] as const;

export function ownerColour(owner: Owner, palette: Palette): string {
  const category = colouredCategory(owner.category);
  const colour = category === null ? palette.rest : palette.category[category];
  return mixColours(colour, '#ffffff', tintOf(owner));
}

/** The same for CSS, which follows the theme by itself. */
export function ownerStyle(owner: Owner): string {
  const category = colouredCategory(owner.category);
  const colour = category === null ? 'var(--rest)' : `var(--owner-${category})`;
  const tint = tintOf(owner);
  return tint === 0 ? colour : `color-mix(in srgb, ${colour}, white ${100 * tint}%)`;
}

/** The colour of a category by itself. A user's own has that of one of memscope's, always the same one. */
export function colouredCategory(category: string | null | undefined): ColouredCategory | null {
  if (category === null || category === undefined || UNCOLOURED.has(category)) return null;
  const known = COLOURED_CATEGORIES.find((each) => each === category);
  // The application's own stays its own.
  return known ?? COLOURED_CATEGORIES[1 + (hashOf(category) % (COLOURED_CATEGORIES.length - 1))]!;
}

const UNCOLOURED: ReadonlySet<string> = new Set(['unknown', 'generated', 'profiler', '']);

function tintOf({ category, library }: Owner): number {
  // What stands for all of a category has its colour.
  if (library === null || library === undefined || library === category) return 0;
  return TINTS[(hashOf(library) >>> 8) % TINTS.length]!;
}

export interface ColouredBand {
  readonly name: string;
  readonly rest: boolean;
  readonly category: string | null;
}

/**
 * A colour for each band: its owner's where it has one; else one of the series that its name has in every capture, as far
 * as no other band has taken it. `byCategory`: bands stand for whole categories.
 */
export function bandColours(bands: readonly ColouredBand[], palette: Palette, byCategory: boolean): string[] {
  const taken = new Set<string>();
  const colours = new Map<ColouredBand, string>();
  // Which one gives way must not depend on which one is heavier.
  for (const band of bands.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const { name, rest, category } = band;
    if (rest) colours.set(band, palette.rest);
    else if (category !== null) {
      const own = ownerColour({ category, library: byCategory ? null : name }, palette);
      const base = ownerColour({ category }, palette);
      const free = [own, ...BAND_TINTS.map((tint) => mixColours(base, '#ffffff', tint))].find(
        (each) => !taken.has(each),
      );
      colours.set(band, free ?? own);
    } else {
      const { series } = palette;
      const first = hashOf(name) % series.length;
      const free = series.map((_, at) => series[(first + at) % series.length]!).find((each) => !taken.has(each));
      colours.set(band, free ?? palette.rest);
    }
    taken.add(colours.get(band)!);
  }
  return bands.map((band) => colours.get(band)!);
}

/** Of several libraries of one category beside each other. */
const BAND_TINTS = [0, 0.14, 0.28, 0.42, 0.07, 0.21] as const;

/** FNV-1a (isthe.com/chongo/tech/comp/fnv), so that a name looks the same in every capture. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < Math.min(name.length, 200); at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
