/**
 * The flags of a view → what a question is asked of. Shorthands join the filter as terms of their own. What is wrong with
 * a filter or a window, or what a capture cannot answer, is wrong usage: it says where, and what to write instead.
 */
import * as vm from 'node:vm';
import {
  allOf,
  anyOf,
  boundedPatternTester,
  FilterError,
  formatFilter,
  not,
  parseFilter,
  parsePattern,
  pointAtFilterError,
  textTerm,
  ViewError,
  WHOLE_VIEW,
  type Filter,
  type Profile,
  type ViewQuery,
} from '@memscope/model';
import { OpenRun, type QueryHost } from '@memscope/query';

import { memscopeVersion } from '../memscope-version.js';
import type { SelectionFlags } from '../options/selection-options.js';
import { displayWidth } from '../terminal/display-width.js';
import { printable } from '../terminal/printable.js';
import { UsageError } from '../usage-error.js';

/** Width of the lines that point into a filter. */
const POINTER_WIDTH = 78;

/** What answering needs of this place. */
export function queryHost(): QueryHost {
  return { testPattern: boundedPatternTester(vm), memscopeVersion: memscopeVersion() };
}

/** Runs a question; faults of what was asked become a `UsageError`. */
export function asUsage<T>(question: () => T): T {
  try {
    return question();
  } catch (error) {
    if (error instanceof ViewError) throw new UsageError(printable(error.message), { cause: error });
    if (!(error instanceof FilterError)) throw error;
    const pointer = pointAtFilterError(error, { width: POINTER_WIDTH, show: printable, measure: displayWidth });
    throw new UsageError([printable(error.message), ...pointer.map((line) => `  ${line}`)].join('\n'), {
      cause: error,
    });
  }
}

/** Profiles that one question is put to, as one. Whoever opened them closes them. */
export function runOf(profiles: readonly Profile[]): OpenRun {
  return new OpenRun({ head: profiles, base: [] }, queryHost());
}

/** Throws `UsageError`. */
export function viewOf(flags: SelectionFlags): ViewQuery {
  return asUsage(() => {
    const filter = filterOf(flags);
    return {
      measure: flags.measure,
      counts: flags.counts,
      window: flags.window,
      filter: filter === null ? null : formatFilter(filter),
      stacks: flags.stacks ?? WHOLE_VIEW.stacks,
      interpreterFrames: flags.interpreterFrames,
      hideImportSystem: !flags.importSystem,
      hideStandardLibrary: !flags.stdlib,
      splitThreads: flags.splitThreads,
      mergeRecursion: flags.mergeRecursion,
      rules: flags.rules,
    };
  });
}

/** Null where everything passes. */
export function filterOf({ filter, threads, include, exclude }: SelectionFlags): Filter | null {
  const parts: Filter[] = [
    ...(filter === null ? [] : [parseFilter(filter)]),
    ...(threads.length === 0 ? [] : [anyOf(...threads.map((text) => textTerm('thread', parsePattern(text))))]),
    ...include.map((text) => textTerm('name', parsePattern(text))),
    ...exclude.map((text) => not(textTerm('name', parsePattern(text)))),
  ];
  return parts.length === 0 ? null : allOf(...parts);
}
