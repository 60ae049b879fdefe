/** Text in the filter language → what it matches among what the view shows, and the functions to highlight. */
import {
  allOf,
  formatFilter,
  isSiteField,
  frameMatcher,
  nameFunction,
  parseFilter,
  parseSearch,
  sumOfSide,
  type Filter,
  type FrameField,
  type SearchAnswer,
  type TextTerm,
} from '@memscope/model';
import { type OpenRun } from './open-run.js';
import type { SearchQuestion } from './question.js';

const MOST_FUNCTIONS = 1_000;

export function answerSearch(run: OpenRun, { view, text }: SearchQuestion): SearchAnswer {
  const search = parseSearch(text);
  const filter = view.filter === null ? search : allOf(parseFilter(view.filter), search);
  const matched = run.select({ ...view, filter: formatFilter(filter) });
  const isCompared = run.set.base.length > 0;
  const [head, base] = [sumOfSide(matched, 'head'), sumOfSide(matched, 'base')];
  return {
    matchedBytes: head.bytes,
    matchedCount: head.count,
    baseMatchedBytes: isCompared ? base.bytes : null,
    baseMatchedCount: isCompared ? base.count : null,
    ...framesToHighlight(run, view, search),
  };
}

/** Those that a term of the search names, without those that it leaves out; heaviest first. */
function framesToHighlight(
  run: OpenRun,
  view: SearchQuestion['view'],
  search: Filter,
): Pick<SearchAnswer, 'functions' | 'modules'> {
  const { groups, stackTables } = run.select(view);
  const { functionOf, functions } = groups;
  const { frames, modules } = stackTables;
  const matches = frameMatcher(frames, modules, run.host.testPattern, run.requestOf(view).rules);
  const hit = new Uint8Array(functions.length);
  for (const { field, pattern } of frameTerms(search)) {
    const mask = matches(field, pattern);
    for (let frame = 0; frame < mask.length; frame++) if (mask[frame] !== 0) hit[functionOf[frame]!] = 1;
  }
  if (!hit.includes(1)) return { functions: [], modules: [] };
  const { bytes, count } = run.rank(view, 'function');
  const weight = view.counts ? count : bytes;
  const found: number[] = [];
  for (let row = 0; row < hit.length; row++) if (hit[row] !== 0 && weight[row]! > 0) found.push(row);
  found.sort((a, b) => weight[b]! - weight[a]! || a - b);
  const names = new Set<string>();
  const nameless = new Set<string>();
  for (const row of found) {
    const name = nameFunction(functions[row]!);
    if (name === null) nameless.add(groups.modules[functions[row]!.module]!.name);
    else names.add(name);
    if (names.size >= MOST_FUNCTIONS) break;
  }
  return { functions: [...names], modules: [...nameless] };
}

type FrameTerm = TextTerm & { readonly field: FrameField };

function frameTerms(filter: Filter): FrameTerm[] {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return filter.filters.flatMap(frameTerms);
    case 'not':
    case 'number':
      return [];
    case 'text':
      // What looks at the site itself names no frame.
      return isSiteField(filter.field) ? [] : [filter as FrameTerm];
  }
}
