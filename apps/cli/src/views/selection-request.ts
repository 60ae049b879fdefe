/**
 * The flags of a view → what a question is asked of. Shorthands join the filter as terms of their own. What is wrong with
 * a filter or a window, or what a capture cannot answer, is wrong usage: it says where, and what to write instead.
 */
import {
  allOf,
  anyOf,
  FilterError,
  formatFilter,
  not,
  parseFilter,
  parsePattern,
  partsIgnored,
  partsRead,
  pointAtFilterError,
  textTerm,
  ViewError,
  WHOLE_VIEW,
  type Filter,
  type Grouping,
  type StackChoice,
  type ViewQuery,
  type ViewQuestion,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { flagOf, type SelectionFlags } from '../options/selection-options.js';
import { displayWidth } from '../terminal/display-width.js';
import { UsageError } from '../exit-code.js';

/** Width of the lines that point into a filter. */
const POINTER_WIDTH = 78;

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

/** `stacksMeant` are those that are meant where none are named. Throws `UsageError`. */
export function viewOf(flags: SelectionFlags, stacksMeant: StackChoice = WHOLE_VIEW.stacks): ViewQuery {
  const shownStacks = flags.stacks ?? stacksMeant;
  if (flags.interpreterFrames && shownStacks !== 'joined')
    throw new UsageError(
      `${flagOf('interpreterFrames')} changes nothing of ${shownStacks} stacks: it is for --stacks joined`,
    );
  return asUsage(() => {
    const { measure, counts, window, stacks, interpreterFrames, rules } = flags;
    const { frames, splitThreads, mergeRecursion } = flags;
    const filter = filterOf(flags);
    return {
      measure,
      counts,
      window,
      filter: filter === null ? null : formatFilter(filter),
      stacks: stacks ?? WHOLE_VIEW.stacks,
      interpreterFrames,
      frames,
      splitThreads,
      mergeRecursion,
      rules,
    };
  });
}

/**
 * Of a question whose rows or bands may stand for one of several things: what the one that is asked for does not read is
 * wrong usage. Throws `UsageError`.
 */
export function viewBy(
  flags: SelectionFlags,
  question: ViewQuestion,
  by: Grouping | null,
  groupings: readonly Grouping[],
): ViewQuery {
  const view = viewOf(flags);
  const [part] = partsIgnored(view, question, by);
  if (part === undefined) return view;
  const filtered = partsRead(question, by, true).includes(part);
  const others = groupings.filter((each) => partsRead(question, each, false).includes(part));
  const rows = by === null ? 'without --by' : `with --by ${by}`;
  throw new UsageError(
    `${flagOf(part)} changes nothing ${rows}${filtered ? ' and without --filter' : ''}: ` +
      `it is for --by ${others.join(', ')}${filtered ? ', or for what a filter means' : ''}`,
  );
}

/** Null where everything passes. */
function filterOf({ filter, threads, include, exclude }: SelectionFlags): Filter | null {
  const parts: Filter[] = [
    ...(filter === null ? [] : [parseFilter(filter)]),
    ...(threads.length === 0 ? [] : [anyOf(...threads.map((text) => textTerm('thread', parsePattern(text))))]),
    ...include.map((text) => textTerm('name', parsePattern(text))),
    ...exclude.map((text) => not(textTerm('name', parsePattern(text)))),
  ];
  return parts.length === 0 ? null : allOf(...parts);
}
