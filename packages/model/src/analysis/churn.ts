/**
 * Allocations that were freed almost at once → the lines of the application that lead to most of them: what a library
 * does on the way is the library's, and the line that calls it is what a reader can change.
 */
import type { Profile } from '../profile.js';
import type { FindingPlace } from './findings/finding-place.js';
import { leadingLines } from './peak/leading-lines.js';

export interface ChurnPlace {
  /** Null = no line of Python leads there. */
  readonly place: FindingPlace | null;
  readonly count: number;
  /** The line that made most of them, where that is another one: a library's. */
  readonly innermost: FindingPlace | null;
}

/** The line with most of them; null where the capture does not know, or has none. */
export function findChurnPlace(profile: Profile): ChurnPlace | null {
  const weights = profile.narrowWeights('temporary');
  if (weights === null) return null;
  const { pythonStack } = profile.siteKeys();
  const { frame } = profile.stackTables().stacks;
  const counts = new Float64Array(frame.length);
  for (let site = 0; site < pythonStack.length; site++) counts[pythonStack[site]!]! += weights.count[site]!;
  const lines = leadingLines(profile.stackTables());
  const byLine = new Map<number, { own: number; count: number; innermost: Map<number, number> }>();
  for (let stack = 0; stack < counts.length; stack++) {
    const count = counts[stack]!;
    if (count === 0) continue;
    const own = lines.leadingOf(stack) || stack;
    const key = own === 0 ? -1 : lines.lineOf(own);
    const sum = byLine.get(key) ?? { own, count: 0, innermost: new Map<number, number>() };
    byLine.set(key, sum);
    sum.count += count;
    sum.innermost.set(frame[stack]!, (sum.innermost.get(frame[stack]!) ?? 0) + count);
  }
  const [top] = [...byLine.values()].sort((a, b) => b.count - a.count);
  if (top === undefined) return null;
  const [innermost = 0] = [...top.innermost].sort((a, b) => b[1] - a[1])[0] ?? [];
  const { functionName, file, line } = profile.stackTables().frames;
  const isOther = top.own !== 0 && innermost !== frame[top.own];
  return {
    place: top.own === 0 ? null : lines.placeOf(top.own),
    count: top.count,
    innermost: isOther
      ? { functionName: functionName[innermost] ?? null, file: file[innermost] ?? null, line: line[innermost] ?? 0 }
      : null,
  };
}
