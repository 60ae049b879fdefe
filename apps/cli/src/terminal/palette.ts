/**
 * Colours by meaning. Whether there are any: `--no-color` or NO_COLOR (not empty) say no, else FORCE_COLOR (not empty,
 * not 0) says yes, else a terminal does that is not "dumb".
 */
import { createColors } from 'picocolors';

export type Paint = (text: string) => string;

export interface Palette {
  readonly heading: Paint;
  readonly label: Paint;
  readonly number: Paint;
  readonly faint: Paint;
  readonly warning: Paint;
  readonly error: Paint;
  readonly heap: Paint;
  readonly rss: Paint;
}

export function wantsColor(
  option: boolean,
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (!option || (env['NO_COLOR'] ?? '') !== '') return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}

export function createPalette(colored: boolean): Palette {
  const colors = createColors(colored);
  return {
    heading: (text) => colors.bold(colors.cyan(text)),
    label: colors.dim,
    number: colors.bold,
    faint: colors.dim,
    warning: (text) => colors.bold(colors.yellow(text)),
    error: (text) => colors.bold(colors.red(text)),
    heap: colors.cyan,
    rss: colors.yellow,
  };
}
