/** Asks real shells what they would offer at the end of a line, with memscope's completion script loaded. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { scratchFolder, startProcess, type Finished } from '../built-cli.js';

export interface ShellSession {
  /** The completion script. */
  readonly script: string;
  /** Where the user stands. */
  readonly cwd: string;
}

/** Candidates in order of the alphabet, each once; a folder ends in a slash or not, as the shell has it. */
export type AskShell = (line: string, session: ShellSession) => Promise<string[]>;

/** False, said aloud, where the shell or what is needed to drive it is missing. */
export function hasShell(shell: string): boolean {
  const needed = shell === 'zsh' ? ['zsh', 'script'] : [shell];
  const missing = needed.filter((command) => spawnSync(command, ['--version']).status !== 0);
  if (missing.length === 0) return true;
  process.stderr.write(`cli: no ${missing.join(', ')} here, so completion in ${shell} is not tested\n`);
  return false;
}

/** Calls the completion function as bash does, with COMP_WORDS and COMP_CWORD. */
export const askBash: AskShell = async (line, { script, cwd }) => {
  const file = join(scratchFolder(), 'memscope.bash');
  writeFileSync(file, script);
  const body = `source '${file}' || exit; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE=$LINE; _memscope
    ((\${#COMPREPLY[@]} == 0)) || printf '%s\\n' "\${COMPREPLY[@]}"`;
  // Words break at "=" as well.
  const words = line.split(/ +|(?==)|(?<==)/);
  return candidates(
    await startProcess('bash', ['--norc', '-c', body, 'bash', ...words], { cwd, env: { LINE: line } }).finished,
  );
};

export const askFish: AskShell = async (line, { script, cwd }) => {
  const file = join(scratchFolder(), 'memscope.fish');
  writeFileSync(file, script);
  const body = `source '${file}'; complete -C $LINE`;
  const env = { LINE: line, HOME: cwd };
  return candidates(await startProcess('fish', ['--no-config', '-c', body], { cwd, env }).finished);
};

/** Types the line and a tab into an interactive zsh whose `compadd` notes down what is offered. */
export const askZsh: AskShell = async (line, { script, cwd }) => {
  const folder = scratchFolder();
  const offered = join(folder, 'offered');
  writeFileSync(join(folder, 'memscope.zsh'), script);
  writeFileSync(offered, '');
  writeFileSync(
    join(folder, '.zshrc'),
    `PROMPT='%% '
autoload -Uz compinit && compinit -u -D
source '${folder}/memscope.zsh'
bindkey '^I' complete-word
compadd() {
  # Called to sort matches, not to offer them.
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a hits
  builtin compadd -O hits "$@"
  (( $#hits )) && print -rl -- $hits >> '${offered}'
  builtin compadd "$@"
}
leave() { exit }
comppostfuncs=(leave)
print READY
`,
  );
  const running = startProcess('script', ['-qec', 'zsh -i', '/dev/null'], {
    cwd,
    env: { ZDOTDIR: folder, LISTMAX: '1000' },
    input: null,
  });
  const tooLong = setTimeout(() => running.child.kill('SIGKILL'), 20_000);
  let shown = '';
  let typed = false;
  running.child.stdout.on('data', (text: string) => {
    shown += text;
    if (typed || !/READY[^]*% /.test(shown)) return;
    typed = true;
    running.child.stdin.write(`${line}\t`);
  });
  await running.finished;
  clearTimeout(tooLong);
  const { stdout } = await startProcess('cat', [offered], {}).finished;
  return candidates({ code: typed ? 0 : 1, signal: null, stdout, stderr: shown });
};

function candidates({ code, stdout, stderr }: Finished): string[] {
  if (code !== 0) throw new Error(`the shell ended with ${code}: ${stderr}`);
  const words = stdout.split('\n').flatMap((word) => (word === '' ? [] : [word.split('\t')[0] ?? '']));
  return [...new Set(words)].toSorted();
}
