/**
 * Options that belong together: they share a heading in the help, an example, and the flags they come as. Commands are
 * put together from groups, so that an option means and is called the same in all of them.
 */
import { InvalidArgumentError, type Command, type Option } from 'commander';

export interface Example {
  /** What to type. */
  readonly line: string;
  /** What it is good for, in a few words; may be empty. */
  readonly remark: string;
}

export interface OptionGroup {
  /** "Output:" */
  readonly heading: string;
  /** New at every call: a command keeps state in its options. */
  readonly options: () => readonly Option[];
  /** For the help of that command; shows one of the options. */
  readonly example: (command: string) => Example;
  /** Rarely needed: only `--help-all` shows it. */
  readonly isRare?: boolean;
}

/** The options of a group with an example of another command's, where that of the group would not do. */
export function withExample(group: OptionGroup, line: string, remark: string): OptionGroup {
  return { ...group, example: () => ({ line, remark }) };
}

export function addOptionGroups(command: Command, groups: readonly OptionGroup[]): void {
  for (const { heading, options } of groups) {
    for (const option of options()) command.addOption(option.helpGroup(heading));
  }
}

/** Parses an option's value; out of range it is wrong usage. */
export function wholeNumber(least: number, greatest = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = greatest === Number.MAX_SAFE_INTEGER ? `at least ${least}` : `from ${least} to ${greatest}`;
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > greatest) {
      throw new InvalidArgumentError(`It must be a whole number, ${range}.`);
    }
    return value;
  };
}

/** For an option that may be given several times. */
export function collect(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}
