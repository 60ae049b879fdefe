/**
 * Text in the filter language → what it matches among the nodes of an embedded flame graph. Of what was folded the frames
 * are not known, so that it counts only where the path above it matches already: the sum is the least that matches, and
 * all of it where nothing was folded.
 */
import {
  labelFrames,
  matchFrames,
  parseSearch,
  termsOf,
  type EmbeddedColumns,
  type EmbeddedFlameHead,
  type Filter,
  type FlameLabel,
  isSiteField,
  type PatternTester,
  type SearchAnswer,
} from '@memscope/model';

const MOST_FUNCTIONS = 1_000;

/** Null where the text asks for what nodes do not say, such as sizes. Throws `FilterError`. */
export function searchFlame(
  { head, columns }: EmbeddedColumns<EmbeddedFlameHead>,
  labels: readonly FlameLabel[],
  text: string,
  testPattern: PatternTester,
): SearchAnswer | null {
  const filter = parseSearch(text);
  const own = head.labels.map((position) => labels[position]!);
  const { frames, modules } = labelFrames(own);
  const masks = new Map<Filter, Uint8Array>();
  for (const term of termsOf(filter)) {
    if (term.kind === 'number' || isSiteField(term.field) || term.field === 'line') return null;
    masks.set(term, matchFrames(term.field, term.pattern, frames, modules, testPattern));
  }
  const column = (name: string): readonly (number | null)[] => columns[name] ?? [];
  const [parents, label, rows] = [column('parent'), column('label'), column('bytes').length];

  const terms = [...masks];
  const isPositive = !hasNot(filter);
  const hits: Set<Filter>[] = [];
  const matching: number[] = [];
  for (let row = 0; row < rows; row++) {
    const above = row === 0 ? new Set<Filter>() : hits[parents[row] ?? 0]!;
    const mine = terms.filter(([term, mask]) => mask[label[row] ?? 0] !== 0 && !above.has(term));
    const hit = mine.length === 0 ? above : new Set([...above, ...mine.map(([term]) => term)]);
    hits.push(hit);
    if (passes(filter, hit)) matching.push(row);
  }
  const sum = (name: string, selfName: string): number => {
    const [total, self] = [column(name), column(selfName)];
    // What was folded: all of a node's but its own and those of its callees that are shown.
    const folded = Float64Array.from(total, (each, row) => (each ?? 0) - (self[row] ?? 0));
    for (let row = 1; row < rows; row++) folded[parents[row] ?? 0]! -= total[row] ?? 0;
    return matching.reduce((all, row) => all + (self[row] ?? 0) + (isPositive ? folded[row]! : 0), 0);
  };
  const isCompared = columns['baseBytes'] !== undefined;

  const highlighted = positiveTerms(filter).flatMap((term) => masks.get(term) ?? []);
  const functions = new Set<string>();
  const nameless = new Set<string>();
  for (let row = 0; row < rows && functions.size < MOST_FUNCTIONS; row++) {
    const at = label[row] ?? 0;
    const { function: name = null, kind, module } = own[at] ?? {};
    if (!highlighted.some((mask) => mask[at] !== 0)) continue;
    if (name !== null) functions.add(name);
    else if (kind === 'native' && module !== undefined) nameless.add(module);
  }
  return {
    matchedBytes: sum('bytes', 'selfBytes'),
    matchedCount: sum('count', 'selfCount'),
    baseMatchedBytes: isCompared ? sum('baseBytes', 'baseSelfBytes') : null,
    baseMatchedCount: isCompared ? sum('baseCount', 'baseSelfCount') : null,
    functions: [...functions],
    modules: [...nameless],
  };
}

function passes(filter: Filter, hit: ReadonlySet<Filter>): boolean {
  switch (filter.kind) {
    case 'all':
      return filter.filters.every((each) => passes(each, hit));
    case 'any':
      return filter.filters.some((each) => passes(each, hit));
    case 'not':
      return !passes(filter.filter, hit);
    case 'text':
    case 'number':
      return hit.has(filter);
  }
}

function hasNot(filter: Filter): boolean {
  return filter.kind === 'not' || ('filters' in filter && filter.filters.some(hasNot));
}

function positiveTerms(filter: Filter): Filter[] {
  if (filter.kind === 'not') return [];
  return 'filters' in filter ? filter.filters.flatMap(positiveTerms) : [filter];
}
