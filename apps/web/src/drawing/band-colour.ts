/** The colour of a band: of its category where bands are categories, else by its rank, heaviest first. */
import { currentTheme } from '../controls/theme.js';
import type { BandsBy } from '../state/page-state.js';
import { categoryOf } from './palette.js';

export function bandColour(
  by: BandsBy,
  bands: readonly { readonly name: string; readonly rest: boolean }[],
  index: number,
): string {
  const { palette } = currentTheme();
  const band = bands[index];
  if (band === undefined || band.rest) return palette.rest;
  if (by === 'category') return palette.category[categoryOf(band.name)];
  return palette.series[index] ?? palette.rest;
}
