/**
 * The colours of owners (categories of libraries) and of changes, light and dark. Chosen so that every two differ for
 * people with full sight and with protanopia, deuteranopia and tritanopia, and so that dark text is readable on each; a
 * test measures both. Colour is never alone: legends, tooltips and labels say the same in words.
 */
export type Scheme = 'light' | 'dark';

/** Categories of libraries with a colour of their own, in the order in which legends list them. */
export const COLOURED_CATEGORIES = [
  'application',
  'package',
  'framework',
  'math',
  'gpu',
  'pythonObjects',
  'standardLibrary',
  'interpreter',
  'importSystem',
  'system',
] as const;

export type ColouredCategory = (typeof COLOURED_CATEGORIES)[number];

export interface Palette {
  readonly category: Readonly<Record<ColouredCategory, string>>;
  /** For bands and lines that are of no category. */
  readonly series: readonly string[];
  /** For what is in none of them. */
  readonly rest: string;
  /** For what changed between two sides. */
  readonly change: ChangeColours;
}

export interface ChangeColours {
  /** The least change first: red, and blue. */
  readonly grown: readonly string[];
  readonly shrunk: readonly string[];
  readonly same: string;
  /** Parts grew and parts shrank, and little is left of it in the sum. */
  readonly mixed: string;
}

/** Which colours stand for bands of no category. */
const SERIES = ['package', 'application', 'pythonObjects', 'math', 'framework', 'standardLibrary', 'gpu'] as const;

export const PALETTES: Readonly<Record<Scheme, Palette>> = {
  light: paletteOf(
    {
      application: '#f2bc44',
      package: '#5fbafd',
      framework: '#6486ea',
      math: '#ba63b0',
      gpu: '#87b17a',
      pythonObjects: '#5bf9b4',
      standardLibrary: '#e18e02',
      interpreter: '#faec57',
      importSystem: '#c0dafd',
      system: '#7a8765',
    },
    '#bfbbbf',
    {
      grown: ['#f7c6b5', '#f3a086', '#ea7b5f', '#e0563c'],
      shrunk: ['#b7d3f6', '#8abaf3', '#5b9eee', '#3b83e6'],
      same: '#e1e4e9',
      mixed: '#a3a9b3',
    },
  ),
  dark: paletteOf(
    {
      application: '#c0670a',
      package: '#4579da',
      framework: '#a697ff',
      math: '#e6b5ff',
      gpu: '#0fb5b8',
      pythonObjects: '#8fd69e',
      standardLibrary: '#efaa0d',
      interpreter: '#f2f0a5',
      importSystem: '#bdf6ff',
      system: '#b49473',
    },
    '#7f7b7d',
    {
      grown: ['#bb8d7e', '#e08a6c', '#fa7a51', '#f9442c'],
      shrunk: ['#7d9bc6', '#67a3ee', '#4fb0ff', '#5ed3ff'],
      same: '#79808a',
      mixed: '#cdd2d9',
    },
  ),
};

/** Text on any of the colours. */
export const TEXT_ON_COLOUR: Readonly<Record<Scheme, string>> = { light: '#15181d', dark: '#0b0d10' };

function paletteOf(category: Palette['category'], rest: string, change: ChangeColours): Palette {
  return { category, series: SERIES.map((name) => category[name]), rest, change };
}
