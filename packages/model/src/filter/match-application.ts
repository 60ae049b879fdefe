/**
 * `application:` terms → which lines of the application are meant, as leaks and timelines list them. Plain text is the
 * end of a path from a folder or a name on, with a number, a function or both behind it; else a whole function; else a part of
 * either.
 */
import { frameOfLine, namesOfLine } from '../view/application-lines.js';
import { wholeLine, type FilterFrames } from './match-frames.js';
import { hitsOf } from './match-owners.js';
import { foldCase, type PatternTester } from './pattern-tester.js';
import type { Pattern } from './pattern.js';

export interface FilterApplications {
  /** By site, as `applicationLines` gives it. */
  readonly lines: Uint32Array;
  readonly frames: Pick<FilterFrames, 'functionName' | 'file' | 'line'>;
}

/** By site: 1 where its line is meant. */
export function matchApplications(
  pattern: Pattern,
  { lines, frames }: FilterApplications,
  test: PatternTester,
): Uint8Array {
  const keys = [...new Set(lines)];
  const names = keys.map((key) => namesOfLine(key, frames));
  let hits = hitsOf(names, pattern.kind === 'plain' ? wholeLine(pattern) : pattern, test);
  if (pattern.kind === 'plain' && !hits.includes(1)) {
    const text = foldCase(pattern.text);
    hits = Uint8Array.from(keys, (key) => {
      const name = frames.functionName[frameOfLine(key) ?? -1] ?? null;
      return name !== null && foldCase(name) === text ? 1 : 0;
    });
    // A part of a number is another line.
    if (!hits.includes(1) && !/:\d+$/.test(pattern.text)) hits = hitsOf(names, pattern, test);
  }
  const meant = new Set(keys.filter((_, at) => hits[at] === 1));
  return Uint8Array.from(lines, (key) => (meant.has(key) ? 1 : 0));
}

/** All names of all lines. */
export function namesOfApplications({ lines, frames }: FilterApplications): string[] {
  return [...new Set([...new Set(lines)].map((key) => namesOfLine(key, frames)[0]!))];
}
