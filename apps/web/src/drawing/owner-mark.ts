/**
 * Whose something is, in two letters: beside the colour, for whoever has asked the system for its own colours or for more
 * contrast. They stand in the legend and on the frames.
 */
import { nameCategory } from '@memscope/model';

/** "SL" for the standard library, "Pa" for a package; empty where nobody is known, or colours are enough. */
export function ownerMark(category: string | null | undefined): string {
  if (category === null || category === undefined || !wantsMarks()) return '';
  const words = nameCategory(category)
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
  const [first = ''] = words;
  const letters =
    words.length > 1
      ? words.slice(0, 2).map(([letter = '']) => letter.toUpperCase())
      : [first.slice(0, 1).toUpperCase(), first.slice(1, 2)];
  return letters.join('');
}

function wantsMarks(): boolean {
  // What makes texts without a screen has no such wish.
  return 'matchMedia' in globalThis && matchMedia('(forced-colors: active), (prefers-contrast: more)').matches;
}
