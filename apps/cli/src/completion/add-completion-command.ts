/** `memscope completion` on the command line. */
import { Argument } from 'commander';

import { equipCommand, type AddCommand } from '../command.js';
import { EXIT } from '../exit-code.js';

/** Each shell there is completion for, with what writes its script. */
const WRITERS = {
  bash: async () => (await import('./bash-completion.js')).writeBashCompletion,
  zsh: async () => (await import('./zsh-completion.js')).writeZshCompletion,
  fish: async () => (await import('./fish-completion.js')).writeFishCompletion,
};

const REMARKS = `Commands, options, their values and captures complete. Put the line into the
start-up file of your shell, and the script is always that of this version.`;

export const addCompletionCommand: AddCommand = (program, host, setCode) => {
  const command = program
    .command('completion')
    .addArgument(new Argument('<shell>', 'the shell to write it for').choices(Object.keys(WRITERS)));
  equipCommand(command, {
    description: 'Print a script that completes memscope’s commands in a shell.',
    remarks: REMARKS,
    examples: [
      { line: 'source <(memscope completion bash)', remark: 'in ~/.bashrc' },
      { line: 'source <(memscope completion zsh)', remark: 'in ~/.zshrc, below compinit' },
      { line: 'memscope completion fish | source', remark: 'in ~/.config/fish/config.fish' },
    ],
  }).action(async (shell: keyof typeof WRITERS) => {
    const [writeScript, { surfaceOf }, { writeOutput }] = await Promise.all([
      WRITERS[shell](),
      import('./command-surface.js'),
      import('../terminal/write-output.js'),
    ]);
    await writeOutput(host, writeScript(program.name(), surfaceOf(program)), { pager: false });
    setCode(EXIT.fine);
  });
};
