/**
 * Completion for bash 3.2 and later, without the bash-completion package: one function that looks at the words typed so
 * far and fills COMPREPLY. After an option that takes a value it offers values, after a dash options, else parameters.
 */
import { commandNames, type CommandSurface, type Expected, type OptionSurface } from './command-surface.js';

export function writeBashCompletion(program: string, surface: readonly CommandSurface[]): string {
  const commands = commandNames(surface).join(' ');
  return `# bash completion for ${program}. Use it with: source <(${program} completion bash)

_${program}_captures() {
  local path
  compopt -o filenames 2> /dev/null
  while IFS= read -r path; do COMPREPLY+=("$path"); done < <(
    compgen -d -- "$1"
    compgen -f -X '!*.bin' -- "$1"
    compgen -f -X '!*.bin.[0-9]*' -- "$1"
    compgen -f -X '!*.memscope' -- "$1"
  )
}

_${program}_files() {
  local path
  compopt -o filenames 2> /dev/null
  while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen -f -- "$1")
}

_${program}_words() {
  local word
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$2" -- "$1")
}

_${program}() {
  COMPREPLY=()
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command='' i
  # "--option=value" comes as three words.
  if [[ $current == = ]]; then
    current=''
  elif [[ $previous == = ]]; then
    previous=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ \${COMP_WORDS[i]} != -* ]]; then
      command=\${COMP_WORDS[i]}
      break
    fi
  done
  case $command in
${surface.map((command) => completeCommand(program, command, commands)).join('\n')}
  esac
}

complete -F _${program} ${program}
`;
}

function completeCommand(program: string, { name, options, parameters }: CommandSurface, commands: string): string {
  const valued = options.filter(({ value }) => value !== null);
  const values = valued.map(
    (option) =>
      `        ${spellings(option).join(' | ')}) ${offer(program, option.value?.expected, commands)} return ;;`,
  );
  const all = options.flatMap(spellings).join(' ');
  return [
    `    ${name === '' ? "''" : name})`,
    ...(values.length === 0 ? [] : ['      case $previous in', ...values, '      esac']),
    '      if [[ $current == -* ]]; then',
    `        _${program}_words "$current" '${all}'`,
    '      else',
    // Which of them comes next is not counted: each is offered.
    ...(parameters.length === 0
      ? [offer(program, undefined, commands)]
      : parameters.map(({ expected }) => offer(program, expected, commands))
    ).map((line) => `        ${line.replace(/;$/, '')}`),
    '      fi',
    '      ;;',
  ].join('\n');
}

function spellings({ short, long }: OptionSurface): string[] {
  return short === null ? [long] : [short, long];
}

function offer(program: string, expected: Expected | undefined, commands: string): string {
  switch (expected?.kind) {
    case 'choices':
      return `_${program}_words "$current" '${expected.choices.join(' ')}';`;
    case 'command':
      return `_${program}_words "$current" '${commands}';`;
    case 'capture':
      return `_${program}_captures "$current";`;
    case 'file':
      return `_${program}_files "$current";`;
    case 'text':
    case undefined:
      return ':;';
  }
}
