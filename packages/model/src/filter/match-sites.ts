/**
 * A filter on the sites of a capture → masks over them. Terms on frames become a mask over frames, and then one over
 * sites.
 */
import type { NumberColumn } from '../number-column.js';
import type { LibraryRule } from '../analysis/libraries/library-rule.js';
import type { SiteStacks } from '../join/joined-walk.js';
import { sitesWithFrame } from '../join/walk-sites.js';
import type { ThreadTable } from '../tables.js';
import type { Filter, NumberTerm, TextTerm } from './filter.js';
import { compareNumbers, lifetimeClasses, type LifetimeClasses } from './lifetime-class.js';
import { matchApplications, type FilterApplications } from './match-application.js';
import { matchAllocators } from './match-allocators.js';
import { frameMatcher, type FrameMatcher } from './match-frames.js';
import { matchOwners, type FilterOwners } from './match-owners.js';
import { matchThreads } from './match-threads.js';
import { testUnbounded, type PatternTester } from './pattern-tester.js';

/** What is filtered: the tables that sites refer to, and columns with a row per site, all borrowed. */
export interface FilterSubject {
  /** The stacks in use, as they were recorded. */
  readonly stacks: SiteStacks;
  readonly threads: ThreadTable;
  /** Index into `ALLOCATOR_NAMES`. */
  readonly allocator: Uint8Array;
  /** Bytes and allocations in what is being shown. */
  readonly bytes: NumberColumn;
  readonly count: NumberColumn;
  /** For `owner`; nothing has one by default. */
  readonly owners?: () => FilterOwners;
  /** For `application`; nothing has one by default. */
  readonly applications?: () => FilterApplications;
  /** A user's rules for `library` and `category`; none by default. */
  readonly rules?: readonly LibraryRule[];
}

/** Which sites pass, by how long an allocation lived. */
export interface SiteFilter {
  /** 1 without a term on lifetimes. */
  readonly lifetimeClassCount: number;
  /** The class, ascending, of a lifetime in milliseconds; `Infinity` = never freed. */
  readonly classOfLifetime: (ms: number) => number;
  /** By class a mask over sites: 1 where an allocation of that lifetime passes. Classes may share a mask. */
  readonly passes: readonly Uint8Array[];
}

/** Throws `FilterError` for a pattern that the engine refuses or that `test` stops. */
export function matchSites(filter: Filter, subject: FilterSubject, test: PatternTester = testUnbounded): SiteFilter {
  return siteMatcher(subject, test)(filter);
}

/** For several filters of one subject: what its texts are is found out once. */
export function siteMatcher(
  subject: FilterSubject,
  test: PatternTester = testUnbounded,
): (filter: Filter) => SiteFilter {
  const { frames, modules } = subject.stacks.tables;
  const matchFrames = frameMatcher(frames, modules, test, subject.rules);
  return (filter) => {
    const classes = lifetimeClasses(filter);
    const masks = evaluate(filter, { subject, test, classes, matchFrames });
    return {
      lifetimeClassCount: classes.count,
      classOfLifetime: classes.classOf,
      passes: masks.length === classes.count ? masks : Array.from({ length: classes.count }, () => masks[0]!),
    };
  };
}

interface Matching {
  readonly subject: FilterSubject;
  readonly test: PatternTester;
  readonly classes: LifetimeClasses;
  readonly matchFrames: FrameMatcher;
}

/** Either one mask for every class or one for each; the caller's own. */
type Masks = Uint8Array[];

function evaluate(filter: Filter, matching: Matching): Masks {
  switch (filter.kind) {
    case 'all':
    case 'any': {
      const { length } = matching.subject.stacks.sites;
      let masks: Masks | undefined;
      for (const part of filter.filters) {
        const next = evaluate(part, matching);
        masks = masks === undefined ? next : combine(masks, next, filter.kind);
      }
      return masks ?? [new Uint8Array(length).fill(filter.kind === 'all' ? 1 : 0)];
    }
    case 'not': {
      const masks = evaluate(filter.filter, matching);
      for (const mask of masks) for (let site = 0; site < mask.length; site++) mask[site]! ^= 1;
      return masks;
    }
    case 'text':
      return [matchText(filter, matching)];
    case 'number':
      return matchNumber(filter, matching);
  }
}

/** In place of the operand that has more masks. */
function combine(left: Masks, right: Masks, kind: 'all' | 'any'): Masks {
  const [wide, narrow] = left.length >= right.length ? [left, right] : [right, left];
  for (let row = 0; row < wide.length; row++) {
    const mask = wide[row]!;
    const other = narrow[narrow.length === 1 ? 0 : row]!;
    if (kind === 'all') for (let site = 0; site < mask.length; site++) mask[site]! &= other[site]!;
    else for (let site = 0; site < mask.length; site++) mask[site]! |= other[site]!;
  }
  return wide;
}

function matchText({ field, pattern }: TextTerm, { subject, test, matchFrames }: Matching): Uint8Array {
  switch (field) {
    case 'thread':
      return lookUp(subject.stacks.sites.thread, matchThreads(pattern, subject.threads, test));
    case 'owner':
      return subject.owners === undefined
        ? new Uint8Array(subject.stacks.sites.length)
        : matchOwners(pattern, subject.owners(), test);
    case 'application':
      return subject.applications === undefined
        ? new Uint8Array(subject.stacks.sites.length)
        : matchApplications(pattern, subject.applications(), test);
    case 'allocator':
      return lookUp(subject.allocator, matchAllocators(pattern, test));
    case 'function':
    case 'file':
    case 'line':
    case 'module':
    case 'library':
    case 'category':
    case 'name':
      return sitesWithFrame(subject.stacks, matchFrames(field, pattern));
  }
}

function matchNumber({ field, comparison, value }: NumberTerm, { subject, classes }: Matching): Masks {
  if (field === 'lifetime') {
    return Array.from(classes.shortest, (ms) =>
      new Uint8Array(subject.stacks.sites.length).fill(compareNumbers(ms, comparison, value) ? 1 : 0),
    );
  }
  const column = field === 'size' ? subject.bytes : subject.count;
  const mask = new Uint8Array(column.length);
  for (let site = 0; site < mask.length; site++) if (compareNumbers(column[site]!, comparison, value)) mask[site] = 1;
  return [mask];
}

/** By row of the column: the hit of what it refers to; a row that does not exist is no hit. */
function lookUp(column: Uint32Array | Uint8Array, hits: Uint8Array): Uint8Array {
  const mask = new Uint8Array(column.length);
  for (let row = 0; row < mask.length; row++) mask[row] = hits[column[row]!]!;
  return mask;
}
