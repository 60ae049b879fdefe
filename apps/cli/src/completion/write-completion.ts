/** The completion script of a shell for a program's commands. */
import type { Command } from 'commander';

import { writeBashCompletion } from './bash-completion.js';
import { surfaceOf, type CommandSurface } from './command-surface.js';
import { writeFishCompletion } from './fish-completion.js';
import type { Shell } from './shells.js';
import { writeZshCompletion } from './zsh-completion.js';

const WRITERS: Readonly<Record<Shell, (program: string, surface: readonly CommandSurface[]) => string>> = {
  bash: writeBashCompletion,
  zsh: writeZshCompletion,
  fish: writeFishCompletion,
};

export function writeCompletion(shell: Shell, program: Command): string {
  return WRITERS[shell](program.name(), surfaceOf(program));
}
