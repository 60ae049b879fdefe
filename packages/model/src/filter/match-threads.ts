/** `thread:` terms → which threads they mean: by name, or by number as a whole. */
import type { ThreadTable } from '../tables.js';
import { matchTexts, type PatternTester } from './pattern-tester.js';
import type { Pattern } from './pattern.js';

/**
 * By row of `ThreadTable`: 1 where the thread is meant. A plain number is the thread's number, or stands alone in its
 * name: 1 is neither thread 12 nor "Thread-12", but it is "Thread-1 (run)".
 */
export function matchThreads(pattern: Pattern, threads: ThreadTable, test: PatternTester): Uint8Array {
  const hits = new Uint8Array(threads.length);
  const rows: number[] = [];
  const names: string[] = [];
  const numbers: string[] = [];
  for (let row = 0; row < threads.length; row++) {
    numbers.push(String(threads.tid[row]));
    const name = threads.name[row];
    if (name === null || name === undefined) continue;
    rows.push(row);
    names.push(name);
  }

  if (pattern.kind === 'plain') {
    for (let row = 0; row < numbers.length; row++) if (numbers[row] === pattern.text) hits[row] = 1;
  } else {
    hits.set(matchTexts(pattern, numbers, test, true));
  }
  const inName: Pattern =
    pattern.kind === 'plain' && /^\d+$/.test(pattern.text)
      ? { kind: 'regex', source: String.raw`(?<!\d)${pattern.text}(?!\d)`, ignoreCase: false }
      : pattern;
  const named = matchTexts(inName, names, test);
  for (let at = 0; at < rows.length; at++) if (named[at] === 1) hits[rows[at]!] = 1;
  return hits;
}
