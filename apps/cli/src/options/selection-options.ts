/**
 * What a question is asked of: which measure, which stretch of time, which allocations, and which frames of their
 * stacks show. A command has the options of what its question reads of a view. Windows and filters stay text here; the
 * model parses them.
 */
import { Option } from 'commander';
import type { Grouping, ViewQuery } from '@memscope/model';
import {
  FRAME_CHOICES,
  isCounted,
  SITE_MEASURES,
  STACK_CHOICES,
  type StackChoice,
} from '@memscope/model/view/view-choices';
import { partsOffered, partsRead, WHOLE_VIEW, type ViewPart, type ViewQuestion } from '@memscope/model/view/view-parts';

import { collect, type OptionGroup } from './option-group.js';
import { readRules } from './read-rules.js';

/** The parts of a view as they are given; what a command does not offer has its default. */
export interface SelectionFlags extends Omit<ViewQuery, 'stacks'> {
  /** Null: as the command thinks fit. */
  readonly stacks: StackChoice | null;
  /** Any of these threads. Empty: all. */
  readonly threads: readonly string[];
  /** Every one of these patterns must match. */
  readonly include: readonly string[];
  /** None of these may match. */
  readonly exclude: readonly string[];
}

/** As commander gives them. */
export interface RawSelectionFlags extends Partial<
  Omit<ViewQuery, 'window' | 'filter' | 'rules'> & { window: string; filter: string; rules: string }
> {
  readonly thread?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** Options of earlier versions; scripts may still give them. */
  readonly hideImportSystem?: boolean;
  readonly importSystem?: boolean;
  readonly hideStandardLibrary?: boolean;
  readonly stdlib?: boolean;
}

/** New at every call. */
const OPTIONS: Readonly<Record<ViewPart, () => readonly Option[]>> = {
  measure: () => [
    new Option(
      '--measure <measure>',
      'what counts: live at the peak, live at the end, all, freed at once, or tracked Python objects that survive',
    )
      .choices(SITE_MEASURES)
      .default('peak'),
  ],
  counts: () => [new Option('--counts', 'rank and show by allocations instead of bytes')],
  window: () => [
    new Option(
      '--window <from..to>',
      'only this stretch of time: 10%..50%, 3.5s..12s, ticks #100..#250, or peak, rss-peak',
    ),
  ],
  filter: () => [
    new Option(
      '--filter <expression>',
      'only allocations it fits, as in "module:numpy -test size>=1MiB"; see memscope filters',
    ),
    new Option('--thread <name>', 'only this thread; may be given several times').argParser(collect),
    new Option('--include <pattern>', 'only stacks through such a function or file; repeatable').argParser(collect),
    new Option('--exclude <pattern>', 'no stacks through such a function or file; repeatable').argParser(collect),
  ],
  frames: () => [
    new Option(
      '--frames <which>',
      'those of the program; with what imports run; all, with runners and the import system; or fewer (default: program)',
    ).choices(FRAME_CHOICES),
    // They are the default now, or a choice.
    new Option('--hide-import-system').hideHelp(),
    new Option('--no-import-system').hideHelp(),
    new Option('--hide-standard-library').hideHelp(),
    new Option('--no-stdlib').hideHelp(),
  ],
  rules: () => [
    new Option(
      '--rules <file>',
      'your own rules of which library frames belong to, before those of memscope',
    ).argParser(readRules),
  ],
  splitThreads: () => [new Option('--split-threads', 'tell threads of the same stack, or of one name, apart')],
  mergeRecursion: () => [new Option('--merge-recursion', 'take a function that calls itself as one frame')],
  stacks: () => [
    new Option(
      '--stacks <which>',
      'Python and native frames joined, or those of one kind alone (default: joined)',
    ).choices(STACK_CHOICES),
  ],
  interpreterFrames: () => [
    new Option('--interpreter-frames', 'show native frames of the interpreter in joined stacks, too'),
  ],
};

interface PartGroup {
  readonly heading: string;
  readonly parts: readonly ViewPart[];
  /** The first whose part is offered stands in the help. */
  readonly examples: Readonly<Partial<Record<ViewPart, readonly [flags: string, remark: string]>>>;
  readonly isRare?: true;
}

const GROUPS: readonly PartGroup[] = [
  {
    heading: 'Measure:',
    parts: ['measure', 'counts'],
    examples: { measure: ['--measure leaked', 'what is live at the end'] },
  },
  {
    heading: 'Time:',
    parts: ['window'],
    examples: { window: ['--window 3.5s..12s', 'what happened in between'] },
  },
  {
    heading: 'Filters:',
    parts: ['filter'],
    examples: { filter: ['--exclude pandas', 'without what it allocated'] },
  },
  {
    heading: 'Frames:',
    parts: ['frames', 'rules', 'splitThreads', 'mergeRecursion'],
    examples: { frames: ['--frames all', 'with runners and importlib'] },
  },
  {
    heading: 'Native code:',
    isRare: true,
    parts: ['stacks', 'interpreterFrames'],
    examples: { stacks: ['--stacks python', 'without native frames'] },
  },
];

/** The flag of a part: `--split-threads`. */
export function flagOf(part: ViewPart): string {
  return `--${part.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

export const RULES_OPTION = (): Option => OPTIONS.rules()[0]!;

export interface OfferedOptions {
  /** What rows or bands may stand for. */
  readonly groupings?: readonly Grouping[];
  /** Of the command itself: they stand behind the measure. */
  readonly own?: readonly OptionGroup[];
  /** What `--stacks` means, where it is not what it means in a tree. */
  readonly stacks?: string;
}

/** The options of all that a question reads of its view, and no others. */
export function selectionOptions(
  question: ViewQuestion,
  { groupings = [], own = [], stacks }: OfferedOptions = {},
): OptionGroup[] {
  const offered = partsOffered(question, groupings);
  const groups = GROUPS.flatMap(({ heading, parts, examples, isRare }): OptionGroup[] => {
    const ours = parts.filter((part) => offered.includes(part));
    const shown = ours.find((part) => examples[part] !== undefined);
    if (shown === undefined) return [];
    const [flags, remark] = examples[shown]!;
    const by = [null, ...groupings].find((each) => partsRead(question, each, false).includes(shown)) ?? null;
    const line = by === null ? flags : `--by ${by} ${flags}`;
    return [
      {
        heading,
        ...(isRare === undefined ? {} : { isRare }),
        options: () => ours.flatMap((part) => OPTIONS[part]().map((each) => reword(each, part, stacks))),
        example: (command) => ({ line: `memscope ${command} capture.bin ${line}`, remark }),
      },
    ];
  });
  const before = offered.includes('measure') ? 1 : 0;
  return [...groups.slice(0, before), ...own, ...groups.slice(before)];
}

function reword(option: Option, part: ViewPart, stacks: string | undefined): Option {
  if (part === 'stacks' && stacks !== undefined) option.description = stacks;
  return option;
}

export function selectionFlags(raw: RawSelectionFlags): SelectionFlags {
  const measure = raw.measure ?? WHOLE_VIEW.measure;
  const hidesLibrary = raw.hideStandardLibrary ?? raw.stdlib === false;
  return {
    measure,
    counts: (raw.counts ?? false) || isCounted(measure),
    window: raw.window ?? null,
    filter: raw.filter ?? null,
    threads: raw.thread ?? [],
    include: raw.include ?? [],
    exclude: raw.exclude ?? [],
    frames: raw.frames ?? (hidesLibrary ? 'no-standard-library' : WHOLE_VIEW.frames),
    splitThreads: raw.splitThreads ?? false,
    mergeRecursion: raw.mergeRecursion ?? false,
    stacks: raw.stacks ?? null,
    interpreterFrames: raw.interpreterFrames ?? false,
    rules: raw.rules ?? null,
  };
}
