/** The colour of a band, by its rank, heaviest first. */
import { currentTheme } from '../controls/theme.js';

export function bandColour(bands: readonly { readonly rest: boolean }[], index: number): string {
  const { palette } = currentTheme();
  const band = bands[index];
  if (band === undefined || band.rest) return palette.rest;
  return palette.series[index] ?? palette.rest;
}
