/**
 * Light or dark: as the system says, or as the reader chose. The choice is the reader's own (local storage), not part of
 * a link. Sets `data-theme` on the root and the colours of owners and bands as custom properties.
 */
import { PALETTES, TEXT_ON_COLOUR, type Palette, type Scheme } from '../drawing/palette.js';
import { styled } from '../dom/element.js';

export type ThemeChoice = 'system' | Scheme;

const KEY = 'memscope.theme';
const prefersDark = matchMedia('(prefers-color-scheme: dark)');

export interface Theme {
  readonly choice: ThemeChoice;
  readonly scheme: Scheme;
  readonly palette: Palette;
}

/** Paper is white. */
let isPrinting = false;
let theme: Theme = read();

export function currentTheme(): Theme {
  return theme;
}

/** While the page is being printed. */
export function isOnPaper(): boolean {
  return isPrinting;
}

/** Resolved value of a custom property such as `--text`, for what is drawn on canvas. */
export function readToken(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Applies the theme now and whenever it changes; `onChange` is called after each change. */
export function keepTheme(onChange: () => void): void {
  apply();
  const change = (): void => {
    apply();
    onChange();
  };
  prefersDark.addEventListener('change', change);
  for (const [name, printing] of [
    ['beforeprint', true],
    ['afterprint', false],
  ] as const) {
    addEventListener(name, () => {
      isPrinting = printing;
      change();
    });
  }
}

export function chooseTheme(choice: ThemeChoice): void {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Storage may be forbidden: then the choice lasts as long as the page.
  }
  theme = { ...theme, choice };
  apply();
}

function read(): Theme {
  let choice: ThemeChoice = 'system';
  try {
    const kept = localStorage.getItem(KEY);
    if (kept === 'light' || kept === 'dark') choice = kept;
  } catch {
    // As above.
  }
  return resolve(choice);
}

function resolve(choice: ThemeChoice): Theme {
  const scheme = isPrinting ? 'light' : choice === 'system' ? (prefersDark.matches ? 'dark' : 'light') : choice;
  return { choice, scheme, palette: PALETTES[scheme] };
}

function apply(): void {
  theme = resolve(theme.choice);
  const { scheme, palette } = theme;
  document.documentElement.dataset['theme'] = scheme;
  const colours: Record<string, string> = { '--on-colour': TEXT_ON_COLOUR[scheme], '--rest': palette.rest };
  for (const [name, colour] of Object.entries(palette.category)) colours[`--owner-${name}`] = colour;
  for (const [index, colour] of palette.series.entries()) colours[`--series-${index}`] = colour;
  for (const name of ['grown', 'shrunk'] as const) {
    colours[`--${name}`] = palette.change[name].at(-1)!;
    colours[`--${name}-soft`] = palette.change[name][0]!;
  }
  styled(document.documentElement, colours);
}
