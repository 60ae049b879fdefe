/** What was probably meant where nothing is called as written. */
import { distance } from 'fastest-levenshtein';

import { foldCase } from './pattern-tester.js';

/** Names are compared up to this length: longer ones are nobody's typing error. */
const LONGEST_NAME = 100;

/** Names that differ little from a text in any case, the nearest first, no more than `most`. */
export function nearestNames(text: string, names: Iterable<string>, most: number): string[] {
  if (text.length > LONGEST_NAME) return [];
  const sought = foldCase(text);
  const farthest = Math.max(sought.length > 2 ? 2 : 1, Math.floor(sought.length * 0.4));
  const distances = new Map<string, number>();
  for (const name of names) {
    if (distances.has(name) || Math.abs(name.length - sought.length) > farthest) continue;
    distances.set(name, distance(sought, foldCase(name)));
  }
  return [...distances]
    .filter(([, differs]) => differs <= farthest)
    .sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, most)
    .map(([name]) => name);
}
