/**
 * Colours of kinds of code and of bands, light and dark. Chosen so that every two differ for people with full sight and with
 * protanopia, deuteranopia and tritanopia, and so that dark text is readable on each; a test measures both. Colour is
 * never alone: legends, tooltips and labels say the same in words.
 */
export type Scheme = 'light' | 'dark';

export const KINDS = [
  ['application', 'your code'],
  ['package', 'packages'],
  ['native', 'native code'],
  ['standardLibrary', 'standard library'],
  ['importSystem', 'import system'],
  ['generated', 'generated code'],
  ['unknown', 'unknown'],
] as const;

export type Kind = (typeof KINDS)[number][0];

const HUES = {
  light: {
    amber: '#f4a340',
    blue: '#58a5f0',
    violet: '#8272e8',
    green: '#7fdc9c',
    olive: '#94802c',
    pink: '#dd62a0',
    grey: '#b0b8c5',
  },
  dark: {
    amber: '#d9662f',
    blue: '#4387f2',
    violet: '#a99ee8',
    green: '#78dd8c',
    olive: '#d3a32a',
    pink: '#eeb4d8',
    grey: '#7f8999',
  },
} as const;

export interface Palette {
  readonly kind: Readonly<Record<Kind, string>>;
  /** For bands, heaviest first; no more than these are ever shown. */
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

const CHANGES: Readonly<Record<Scheme, ChangeColours>> = {
  light: {
    grown: ['#f7c6b5', '#f3a086', '#ea7b5f', '#e0563c'],
    shrunk: ['#b7d3f6', '#8abaf3', '#5b9eee', '#3b83e6'],
    same: '#e1e4e9',
    mixed: '#a3a9b3',
  },
  dark: {
    grown: ['#bb8d7e', '#e08a6c', '#fa7a51', '#f9442c'],
    shrunk: ['#7d9bc6', '#67a3ee', '#4fb0ff', '#5ed3ff'],
    same: '#79808a',
    mixed: '#cdd2d9',
  },
};

export const PALETTES: Readonly<Record<Scheme, Palette>> = { light: paletteOf('light'), dark: paletteOf('dark') };

/** Text on any of the colours. */
export const TEXT_ON_COLOUR: Readonly<Record<Scheme, string>> = { light: '#15181d', dark: '#0b0d10' };

function paletteOf(scheme: Scheme): Palette {
  const { amber, blue, violet, green, olive, pink, grey } = HUES[scheme];
  return {
    kind: {
      application: amber,
      package: blue,
      native: violet,
      standardLibrary: green,
      importSystem: grey,
      generated: pink,
      unknown: olive,
    },
    series: [blue, amber, green, pink, violet, olive],
    rest: grey,
    change: CHANGES[scheme],
  };
}

/** Threads, the root and frames without a file count as unknown. */
export function kindOf(text: string): Kind {
  return KINDS.find(([name]) => name === text)?.[0] ?? 'unknown';
}

export function titleOfKind(kind: Kind): string {
  return KINDS.find(([name]) => name === kind)?.[1] ?? 'unknown';
}
