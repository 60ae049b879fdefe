/** `thread:` terms → which threads they mean: by their own name, by that of their group, or by number as a whole. */
import { groupThreads, MAIN_THREAD, nameThread, nameWithThreads } from '../view/thread-groups.js';
import type { ThreadTable } from '../tables.js';
import { foldCase, matchTexts, type PatternTester } from './pattern-tester.js';
import type { Pattern } from './pattern.js';

/** As Python calls it. */
const PYTHON_MAIN_THREAD = 'MainThread';

/**
 * By row of `ThreadTable`: 1 where the thread is meant. A plain number is the thread's number, or stands alone in its
 * name: 1 is neither thread 12 nor "Thread-12", but it is "Thread-1 (run)". Other plain text is a whole name as views
 * show it ("worker-3", "worker-*", "worker-* (3 threads)", "worker-3 (thread 3)") where there is one like it, else a part of names.
 */
export function matchThreads(pattern: Pattern, threads: ThreadTable, test: PatternTester): Uint8Array {
  const groups = groupThreads(threads);
  const isNumber = pattern.kind === 'plain' && /^\d+$/.test(pattern.text);
  if (pattern.kind === 'plain' && !isNumber) {
    const whole = markWhole(foldCase(pattern.text), threads);
    if (whole.includes(1)) return whole;
  }
  const hits = new Uint8Array(threads.length);
  const rows: number[] = [];
  const names: string[] = [];
  for (let row = 0; row < threads.length; row++) {
    const name = threads.name[row];
    if (!name) continue;
    const group = groups.name[groups.groupOf[row]!]!;
    const others = [...(name === MAIN_THREAD ? [PYTHON_MAIN_THREAD] : []), ...(group === name ? [] : [group])];
    for (const each of [name, ...others]) {
      rows.push(row);
      names.push(each);
    }
  }
  if (pattern.kind === 'plain') {
    for (let row = 0; row < hits.length; row++) if (String(threads.tid[row]) === pattern.text) hits[row] = 1;
  } else {
    hits.set(matchTexts(pattern, Array.from(threads.tid, String), test, true));
  }
  const inName: Pattern = isNumber
    ? { kind: 'regex', source: String.raw`(?<!\d)${pattern.text}(?!\d)`, ignoreCase: false }
    : pattern;
  const named = matchTexts(inName, names, test);
  for (let at = 0; at < rows.length; at++) if (named[at] === 1) hits[rows[at]!] = 1;
  return hits;
}

/** What is wholly called so, in any case. */
function markWhole(folded: string, threads: ThreadTable): Uint8Array {
  const groups = groupThreads(threads);
  const groupIsMeant = groups.name.map((name, group) =>
    [name, nameWithThreads({ name, threads: groups.count[group]! })].some((each) => foldCase(each) === folded),
  );
  return Uint8Array.from({ length: threads.length }, (_, row) => {
    if (groupIsMeant[groups.groupOf[row]!]) return 1;
    const name = threads.name[row] ?? '';
    const label = nameThread(threads, row);
    const known = [name, label, ...(name === MAIN_THREAD ? [PYTHON_MAIN_THREAD] : [])];
    return known.some((each) => foldCase(each) === folded) ? 1 : 0;
  });
}
