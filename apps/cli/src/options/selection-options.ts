/**
 * What a question is asked of: which measure, which stretch of time, which allocations, and which frames of their
 * stacks show. Windows and filters stay text here; the model parses them.
 */
import { Option } from 'commander';
import type { SiteMeasure } from '@memscope/model';
import { SITE_MEASURES, STACK_CHOICES, type StackChoice } from '@memscope/model/view/view-choices';

import { collect, type OptionGroup } from './option-group.js';
import { readRules } from './read-rules.js';

export interface SelectionFlags {
  readonly measure: SiteMeasure;
  /** Rank and show by allocations instead of bytes. */
  readonly counts: boolean;
  /** `FROM..TO`, `peak` or `rss-peak`; null: the whole recording. */
  readonly window: string | null;
  /** One expression of the filter language; null: none. */
  readonly filter: string | null;
  /** Any of these threads. Empty: all. */
  readonly threads: readonly string[];
  /** Every one of these patterns must match. */
  readonly include: readonly string[];
  /** None of these may match. */
  readonly exclude: readonly string[];
  /** False: frames of the import system are hidden. */
  readonly importSystem: boolean;
  /** False: frames of the standard library are hidden. */
  readonly stdlib: boolean;
  readonly splitThreads: boolean;
  readonly mergeRecursion: boolean;
  /** Null: as the command thinks fit. */
  readonly stacks: StackChoice | null;
  /** True: joined stacks show native frames of the interpreter, too. */
  readonly interpreterFrames: boolean;
  /** Text of the user's own rules of whose frames are; null: none. */
  readonly rules: string | null;
}

/** As commander gives them. */
export interface RawSelectionFlags {
  readonly measure?: SiteMeasure;
  readonly counts?: boolean;
  readonly window?: string;
  readonly filter?: string;
  readonly thread?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly importSystem?: boolean;
  readonly stdlib?: boolean;
  readonly splitThreads?: boolean;
  readonly mergeRecursion?: boolean;
  readonly stacks?: StackChoice;
  readonly interpreterFrames?: boolean;
  readonly rules?: string;
}

export const MEASURE_OPTIONS: OptionGroup = {
  heading: 'Measure:',
  options: () => [
    new Option('--measure <measure>', 'what counts: live at the peak, never freed, all, or freed at once')
      .choices(SITE_MEASURES)
      .default('peak'),
    new Option('--counts', 'rank and show by allocations instead of bytes'),
  ],
  example: (command) => ({
    line: `memscope ${command} capture.bin --measure leaked`,
    remark: 'what was never freed',
  }),
};

export const TIME_OPTIONS: OptionGroup = {
  heading: 'Time:',
  options: () => [
    new Option(
      '--window <from..to>',
      'only this stretch of time: 10%..50%, 3.5s..12s, ticks #100..#250, or peak, rss-peak',
    ),
  ],
  example: (command) => ({
    line: `memscope ${command} capture.bin --window 3.5s..12s`,
    remark: 'what happened in between',
  }),
};

export const FILTER_OPTIONS: OptionGroup = {
  heading: 'Filters:',
  options: () => [
    new Option(
      '--filter <expression>',
      'only allocations it fits, as in "module:numpy -test size>=1MiB"; see memscope filters',
    ),
    new Option('--thread <name>', 'only this thread; may be given several times').argParser(collect),
    new Option('--include <pattern>', 'only stacks through such a function or file; repeatable').argParser(collect),
    new Option('--exclude <pattern>', 'no stacks through such a function or file; repeatable').argParser(collect),
  ],
  example: (command) => ({
    line: `memscope ${command} capture.bin --exclude pandas`,
    remark: 'without what it allocated',
  }),
};

/** New at every call. */
export const RULES_OPTION = (): Option =>
  new Option('--rules <file>', 'your own rules of which library frames belong to, before those of memscope').argParser(
    readRules,
  );

/** Of `FRAME_OPTIONS`, those that mean something where there is no tree. */
export const HIDING_OPTIONS: OptionGroup = {
  heading: 'Frames:',
  options: () => [
    new Option('--no-import-system', 'hide frames of the import system; their bytes go to the nearest caller'),
    new Option('--no-stdlib', 'hide frames of the standard library in the same way'),
    RULES_OPTION(),
  ],
  example: (command) => ({
    line: `memscope ${command} capture.bin --no-import-system`,
    remark: 'no importlib in between',
  }),
};

export const mergeRecursionOption = (): Option =>
  new Option('--merge-recursion', 'take a function that calls itself as one frame');

/** For a command that tells stacks apart, but shows no tree of them. */
export const STACK_OPTIONS: OptionGroup = {
  heading: HIDING_OPTIONS.heading,
  options: () => [
    ...HIDING_OPTIONS.options(),
    new Option('--split-threads', 'tell threads of the same stack, or of one name, apart'),
  ],
  example: HIDING_OPTIONS.example,
};

export const FRAME_OPTIONS: OptionGroup = {
  heading: HIDING_OPTIONS.heading,
  options: () => [...STACK_OPTIONS.options(), mergeRecursionOption()],
  example: HIDING_OPTIONS.example,
};

/** `stacks` is the help of that option. */
export function nativeOptions(stacks: string): OptionGroup {
  return {
    heading: 'Native code:',
    options: () => [
      new Option('--stacks <which>', stacks).choices(STACK_CHOICES),
      new Option('--interpreter-frames', 'show native frames of the interpreter in joined stacks, too'),
    ],
    example: (command) => ({
      line: `memscope ${command} capture.bin --stacks python`,
      remark: 'without native frames',
    }),
  };
}

export const NATIVE_OPTIONS: OptionGroup = nativeOptions(
  'Python and native frames joined, or those of one kind alone (default: joined)',
);

export function selectionFlags(raw: RawSelectionFlags): SelectionFlags {
  return {
    measure: raw.measure ?? 'peak',
    counts: raw.counts ?? false,
    window: raw.window ?? null,
    filter: raw.filter ?? null,
    threads: raw.thread ?? [],
    include: raw.include ?? [],
    exclude: raw.exclude ?? [],
    importSystem: raw.importSystem ?? true,
    stdlib: raw.stdlib ?? true,
    splitThreads: raw.splitThreads ?? false,
    mergeRecursion: raw.mergeRecursion ?? false,
    stacks: raw.stacks ?? null,
    interpreterFrames: raw.interpreterFrames ?? false,
    rules: raw.rules ?? null,
  };
}
