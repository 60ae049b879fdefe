/**
 * How a command enters the command line: a function that adds it to the program with its parameters, options and help.
 * Its action imports what it needs when it runs, so that `--help` is quick, and hands over the exit code.
 */
import { Help, Option, type Command } from 'commander';

import type { Host } from './host.js';
import { addOptionGroups, type Example, type OptionGroup } from './options/option-group.js';

export type AddCommand = (program: Command, host: Host, setCode: (code: number) => void) => void;

export interface CommandHelp {
  /** One sentence, also shown in the list of commands. */
  readonly description: string;
  /** Running text below the options, in lines of at most 80 columns. */
  readonly remarks?: string;
  /** Before those of the option groups. */
  readonly examples: readonly Example[];
  /** What stands behind the capture in the examples of option groups, where a command needs more than a capture. */
  readonly furtherParameter?: string;
}

export const EXIT_CODES = `
Exit codes: 0 fine (also for the capture of a killed process, with a warning),
1 a check failed, 2 wrong usage, or a place that cannot be written,
3 unreadable, cut or damaged input, or too little memory for it,
4 internal fault, 130 stopped by Ctrl-C.`;

/**
 * Gives the command its description, the options of the groups, and its help. Groups that are rarely needed are named in
 * it; `--help-all` has their options and examples as well.
 */
export function equipCommand(
  command: Command,
  { description, remarks, examples, furtherParameter }: CommandHelp,
  groups: readonly OptionGroup[] = [],
): Command {
  const name = command.name();
  addOptionGroups(command, groups);
  const rare = groups.filter(({ isRare }) => isRare === true);
  const further = furtherParameter === undefined ? '' : ` ${furtherParameter}`;
  const exampleOf = ({ example }: OptionGroup): Example => {
    const { line, remark } = example(name);
    return { line: line.replace(/ (capture\.bin|'rank-\*\.bin')/, `$&${further}`), remark };
  };
  let isWhole = false;
  if (rare.length > 0) foldOptions(command, rare, () => isWhole);
  return command
    .description(description)
    .showHelpAfterError(`Run \`memscope ${name} --help\` for parameters, options and examples.`)
    .on('option:help-all', () => {
      isWhole = true;
      command.help();
    })
    .addHelpText('after', () => {
      const shown = isWhole ? groups : groups.filter(({ isRare }) => isRare !== true);
      const folded = isWhole || rare.length === 0 ? [] : ['', `More options (--help-all): ${namesOf(rare)}.`];
      return [
        ...folded,
        ...(remarks === undefined ? [] : ['', remarks]),
        '',
        'Examples:',
        ...layOutExamples([...examples, ...shown.map(exampleOf)], USUAL_LINE + further.length),
        EXIT_CODES,
      ].join('\n');
    });
}

function foldOptions(command: Command, rare: readonly OptionGroup[], isWhole: () => boolean): void {
  command.addOption(new Option(HELP_ALL, 'print help with all options, the rare ones, too'));
  const folded = new Set(rare.map(({ heading }) => heading));
  const help = new Help();
  command.configureHelp({
    ...command.configureHelp(),
    visibleOptions: (of) =>
      help.visibleOptions(of).filter(({ helpGroupHeading = '' }) => isWhole() || !folded.has(helpGroupHeading)),
  });
}

const HELP_ALL = '--help-all';

/** "native code, reading, symbols" */
function namesOf(groups: readonly OptionGroup[]): string {
  return groups.map(({ heading }) => heading.slice(0, -1).toLowerCase()).join(', ');
}

/** Remarks stand beside their lines, aligned where that is possible, or above where there is no room. */
export function layOutExamples(examples: readonly Example[], usualLine = USUAL_LINE): string[] {
  const column = Math.max(0, ...examples.map(({ line }) => line.length).filter((length) => length <= usualLine));
  return examples.flatMap(({ line, remark }) => {
    if (remark === '') return [`  ${line}`];
    const together = `  ${line.padEnd(column)}  ${remark}`;
    return together.length <= WIDTH ? [together] : [`  # ${remark}`, `  ${line}`];
  });
}

const WIDTH = 80;
/** Longer lines do not move the remarks of the others. */
const USUAL_LINE = 46;
