/** `thread:` terms → which threads they mean: by name, or by number as a whole. */
import type { ThreadTable } from '../tables.js';
import { matchTexts, type PatternTester } from './pattern-tester.js';
import type { Pattern } from './pattern.js';

/** As views call it, and as Python does. */
const MAIN_THREAD_NAMES: readonly string[] = ['main thread', 'MainThread'];

/**
 * By row of `ThreadTable`: 1 where the thread is meant. A plain number is the thread's number, or stands alone in its
 * name: 1 is neither thread 12 nor "Thread-12", but it is "Thread-1 (run)".
 */
export function matchThreads(
  pattern: Pattern,
  threads: ThreadTable,
  test: PatternTester,
  mainThread: bigint | null = null,
): Uint8Array {
  const hits = new Uint8Array(threads.length);
  const rows: number[] = [];
  const names: string[] = [];
  const numbers: string[] = [];
  for (let row = 0; row < threads.length; row++) {
    numbers.push(String(threads.tid[row]));
    const name = threads.name[row];
    // memray records no name of the main thread: people know it by these.
    const known = threads.tid[row] === mainThread ? MAIN_THREAD_NAMES : [];
    for (const each of name === null || name === undefined ? known : [name, ...known]) {
      rows.push(row);
      names.push(each);
    }
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
