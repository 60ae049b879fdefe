/**
 * A field of filters → the names that a capture has for it, those that hold most first: what can be asked for instead of
 * a name that nobody has. Functions, files and lines are those of the application that lead to the memory, where there
 * are any; a module, library or category counts with all that it called.
 */
import type { NumberColumn } from '../number-column.js';
import { leadingLines } from '../analysis/peak/leading-lines.js';
import { ALLOCATOR_NAMES } from '../tables.js';
import { namesOfLine } from '../view/application-lines.js';
import { groupThreads } from '../view/thread-groups.js';
import type { FrameField, TextField } from './filter-field.js';
import { nameByFrame, NO_TEXT } from './match-frames.js';
import type { FilterSubject } from './match-sites.js';

/** At most `most`; names that hold nothing are left out. */
export function largestNames(field: TextField, subject: FilterSubject, most: number): string[] {
  const sums = new Map<string, number>();
  const weights = subject.bytes.some((bytes) => bytes > 0) ? subject.bytes : subject.count;
  const add = (name: string | null | undefined, weight: number): void => {
    if (name) sums.set(name, (sums.get(name) ?? 0) + weight);
  };
  addNames(field, subject, weights, add);
  return [...sums]
    .filter(([, weight]) => weight > 0)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, most)
    .map(([name]) => name);
}

type Add = (name: string | null | undefined, weight: number) => void;

function addNames(field: TextField, subject: FilterSubject, weights: NumberColumn, add: Add): void {
  const { stacks, threads, allocator, owners, applications } = subject;
  switch (field) {
    case 'thread': {
      const { name, groupOf } = groupThreads(threads);
      for (const [site, weight] of weights.entries()) add(name[groupOf[stacks.sites.thread[site]!]!], weight);
      return;
    }
    case 'allocator':
      for (const [site, weight] of weights.entries()) add(ALLOCATOR_NAMES[allocator[site]!], weight);
      return;
    case 'owner': {
      const known = owners?.();
      for (const [site, weight] of weights.entries()) add(known?.attributions[known.ofSite[site]!]?.library, weight);
      return;
    }
    case 'application': {
      const known = applications?.();
      if (known === undefined) return;
      for (const [site, weight] of weights.entries()) add(namesOfLine(known.lines[site]!, known.frames)[0], weight);
      return;
    }
    case 'function':
    case 'file':
    case 'line':
    case 'name':
      return addLeading(field, subject, weights, add);
    case 'module':
    case 'library':
    case 'category':
      return addPassed(field, subject, weights, add);
  }
}

function addLeading(field: FrameField, { stacks, rules }: FilterSubject, weights: NumberColumn, add: Add): void {
  const { tables, sites } = stacks;
  const { leadingOf } = leadingLines(tables);
  const { texts, rows } = nameByFrame(field, { ...tables, rules });
  for (const [site, weight] of weights.entries()) {
    const stack = sites.pythonStack[site]!;
    const row = rows[tables.stacks.frame[leadingOf(stack) || stack]!]!;
    if (stack !== 0 && row !== NO_TEXT) add(texts[row], weight);
  }
}

/** Where a name comes back further in, it counts again; only the order depends on it. */
function addPassed(field: FrameField, { stacks, rules }: FilterSubject, weights: NumberColumn, add: Add): void {
  const { tables, sites } = stacks;
  const { length, parent, frame } = tables.stacks;
  const { texts, rows } = nameByFrame(field, { ...tables, rules });
  const below = new Float64Array(length);
  for (const [site, weight] of weights.entries()) {
    below[sites.pythonStack[site]!]! += weight;
    if (sites.nativeStack !== null) below[sites.nativeStack[site]!]! += weight;
  }
  for (let stack = length - 1; stack > 0; stack--) {
    const above = parent[stack]!;
    below[above]! += below[stack]!;
    const row = rows[frame[stack]!]!;
    if (row !== NO_TEXT && (above === 0 || rows[frame[above]!] !== row)) add(texts[row], below[stack]!);
  }
}
