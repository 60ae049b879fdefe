/**
 * A filter that lets nothing pass → which of its terms is nobody's name, and the nearest name that somebody has. Asked
 * only where nothing passed, so that its one more look at the names costs nobody else anything.
 */
import { nameCategory } from '../analysis/libraries/library-rule.js';
import { groupThreads } from '../view/thread-groups.js';
import { quoteText } from './filter-error.js';
import type { TextField } from './filter-field.js';
import { termsOf, textTerm, type Filter, type TextTerm } from './filter.js';
import { formatFilter } from './format-filter.js';
import { ALLOCATOR_WORDS } from './match-allocators.js';
import { textsOfFrames } from './match-frames.js';
import { namesOfApplications } from './match-application.js';
import { namesOfFunctions } from './match-owners.js';
import { largestNames } from './largest-names.js';
import { matchSites, type FilterSubject } from './match-sites.js';
import { nearestNames } from './nearest-names.js';
import type { PatternTester } from './pattern-tester.js';

export interface FilterSuggestion {
  /** "No function is called hadnle: did you mean handle?", or what there is. */
  readonly text: string;
  /** The same filter with the names that were probably meant; null where none is near. */
  readonly filter: string | null;
}

const NOUNS: Readonly<Record<TextField, string>> = {
  function: 'function',
  file: 'file',
  line: 'line',
  module: 'module',
  library: 'library',
  category: 'category',
  application: 'line of the application',
  owner: 'owner',
  thread: 'thread',
  allocator: 'allocator',
  name: 'function or file',
};

/** Names that are looked through at the most. */
const MOST_NAMES = 200_000;

/** Null where some site passes, and what it holds is nothing. May throw `FilterError` as the filter itself. */
export function suggestFilter(filter: Filter, subject: FilterSubject, test: PatternTester): FilterSuggestion | null {
  const passes = (part: Filter): boolean => matchSites(part, subject, test).passes.some((mask) => mask.includes(1));
  if (passes(filter)) return null;
  const unknown = affirmed(filter).filter((term) => !passes(term));
  if (unknown.length === 0) {
    const isOne = termsOf(filter).length < 2;
    return isOne
      ? null
      : { text: 'Each part of the filter passes something, but nothing passes all of it.', filter: null };
  }
  const sentences: string[] = [];
  const meant = new Map<TextTerm, TextTerm>();
  for (const term of unknown) {
    const { field, pattern } = term;
    const none = `No ${NOUNS[field]} ${pattern.kind === 'plain' ? 'is called' : 'matches'} ${nameOf(term)}`;
    const near = pattern.kind === 'plain' ? nearestOf(field, pattern.text, subject) : undefined;
    if (near === undefined) sentences.push(`${none}${sayLargest(term, subject)}.`);
    else {
      sentences.push(`${none}: did you mean ${near}?`);
      meant.set(term, textTerm(field, { kind: 'plain', text: near }));
    }
  }
  return { text: sentences.join(' '), filter: meant.size === 0 ? null : formatFilter(replaceTerms(filter, meant)) };
}

const LARGEST = 5;

/** "; there are handle, load and others" */
function sayLargest({ field, pattern }: TextTerm, subject: FilterSubject): string {
  const text = pattern.kind === 'plain' ? pattern.text : '';
  const names = largestNames(field, subject, LARGEST + 1).map((name) => endOfPath(name, text));
  if (names.length === 0) return '';
  const told = names.length > LARGEST ? [...names.slice(0, LARGEST), 'others'] : names;
  return `; there ${told.length === 1 ? 'is only' : 'are'} ${new Intl.ListFormat('en').format(told)}`;
}

function nameOf({ pattern }: TextTerm): string {
  return pattern.kind === 'plain' ? quoteText(pattern.text) : `/${quoteText(pattern.source).slice(1, -1)}/`;
}

/** Text terms that something has to fit. */
function affirmed(filter: Filter): TextTerm[] {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return filter.filters.flatMap(affirmed);
    case 'text':
      return [filter];
    case 'not':
    case 'number':
      return [];
  }
}

function replaceTerms(filter: Filter, meant: ReadonlyMap<TextTerm, TextTerm>): Filter {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return { ...filter, filters: filter.filters.map((part) => replaceTerms(part, meant)) };
    case 'text':
      return meant.get(filter) ?? filter;
    case 'not':
    case 'number':
      return filter;
  }
}

function nearestOf(field: TextField, text: string, subject: FilterSubject): string | undefined {
  if (field === 'line') return nearestLine(text, subject);
  return nearestNames(text, namesOf(field, text, subject).slice(0, MOST_NAMES), 1)[0];
}

/** As lists show them. Paths count from as far outside as the text does. */
function namesOf(
  field: Exclude<TextField, 'line'>,
  text: string,
  { stacks, rules, threads, owners, applications }: FilterSubject,
): string[] {
  const { frames, modules } = stacks.tables;
  switch (field) {
    case 'thread':
      return [...threads.name.filter((name) => name !== null), ...groupThreads(threads).name];
    case 'allocator':
      return [...ALLOCATOR_WORDS];
    case 'application': {
      const known = applications?.();
      return known === undefined ? [] : namesOfApplications(known).map((name) => endOfPath(name, text));
    }
    case 'owner': {
      const known = owners?.();
      if (known === undefined) return [];
      const names = known.attributions.flatMap(({ library, category }) => [library, nameCategory(category)]);
      return [...names, ...namesOfFunctions(known.functions).flat()];
    }
    case 'file':
    case 'name':
    case 'module':
    case 'function':
    case 'library':
    case 'category':
      return textsOfFrames(field, { frames, modules, rules }).map((name) => endOfPath(name, text));
  }
}

/** "app.py:99" → the nearest line of app.py that is on a stack, or a line of a file with nearly that name. */
function nearestLine(text: string, subject: FilterSubject): string | undefined {
  const [, file = text, number = ''] = /^(.*):(\d*)$/s.exec(text) ?? [];
  const lines = textsOfFrames('line', subject.stacks.tables).map((line) => endOfPath(line, file));
  const fileOf = (line: string): string => line.slice(0, line.lastIndexOf(':'));
  const isFile = (line: string): boolean => fileOf(line).toLowerCase() === file.toLowerCase();
  const near = lines.some(isFile) ? file : nearestNames(file, lines.slice(0, MOST_NAMES).map(fileOf), 1)[0];
  const away = (line: string): number => Math.abs(Number(line.slice(line.lastIndexOf(':') + 1)) - Number(number));
  return lines
    .filter((line) => fileOf(line).toLowerCase() === near?.toLowerCase())
    .reduce<string | undefined>(
      (best, line) => (best === undefined || away(line) < away(best) ? line : best),
      undefined,
    );
}

/** As many folders as the text has. */
function endOfPath(path: string, text: string): string {
  if (!/[\\/]/.test(path)) return path;
  return path.split(/[\\/]/).slice(-text.split(/[\\/]/).length).join('/');
}
