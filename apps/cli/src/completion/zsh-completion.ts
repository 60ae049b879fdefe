/**
 * Completion for zsh, by its own `_arguments`: can be sourced after compinit, or saved as `_memscope` in a folder of
 * `$fpath`.
 */
import type { CommandSurface, Expected, OptionSurface } from './command-surface.js';

export function writeZshCompletion(program: string, surface: readonly CommandSurface[]): string {
  const [itself, ...commands] = surface;
  const names = commands.map(({ name, description }) => `    ${quote(`${name}:${description}`)}`);
  return `#compdef ${program}
# zsh completion for ${program}. Use it with: source <(${program} completion zsh)

_${program}_captures() {
  _path_files -g '*.(bin|memscope) *.bin.<-> *(-/)'
}

_${program}_commands() {
  local -a commands=(
${names.join('\n')}
  )
  _describe -t commands command commands
}

_${program}() {
  local curcontext="$curcontext" state line
  typeset -A opt_args
  _arguments -C \\
${(itself?.options ?? []).map((option) => `    ${optionSpec(program, option)} \\`).join('\n')}
    ${quote(`1:command:_${program}_commands`)} \\
    '*::parameter:->parameter' && return
  [[ $state == parameter ]] || return
  case $words[1] in
${commands.map((command) => completeCommand(program, command)).join('\n')}
  esac
}

if [[ $funcstack[1] == _${program} ]]; then
  _${program} "$@"
else
  compdef _${program} ${program}
fi
`;
}

function completeCommand(program: string, { name, options, parameters }: CommandSurface): string {
  const specs = options.map((option) => optionSpec(program, option));
  for (const [index, parameter] of parameters.entries()) {
    const place = parameter.isRepeatable ? '*' : String(index + 1);
    specs.push(quote(`${place}:${escapeColons(parameter.name)}:${action(program, parameter.expected)}`));
  }
  return [`    ${name})`, '      _arguments \\', specs.map((spec) => `        ${spec}`).join(' \\\n'), '      ;;'].join(
    '\n',
  );
}

/** `'(-n --rows)'{-n+,--rows=}'[lines]:count: '`; the parentheses name what may not follow. */
function optionSpec(program: string, { short, long, description, value, isRepeatable }: OptionSurface): string {
  const explained = `[${description.replace(/[\\[\]]/g, '\\$&')}]`;
  const taken = value === null ? '' : `:${escapeColons(value.name)}:${action(program, value.expected)}`;
  const longSpec = value === null ? long : `${long}=`;
  if (isRepeatable) return quote(`*${longSpec}${explained}${taken}`);
  if (short === null) return quote(`${longSpec}${explained}${taken}`);
  const shortSpec = value === null ? short : `${short}+`;
  return `${quote(`(${short} ${long})`)}{${shortSpec},${longSpec}}${quote(`${explained}${taken}`)}`;
}

function action(program: string, expected: Expected): string {
  switch (expected.kind) {
    case 'choices':
      return `(${expected.choices.join(' ')})`;
    case 'command':
      return `_${program}_commands`;
    case 'capture':
      return `_${program}_captures`;
    case 'file':
      return '_files';
    case 'text':
      // A message, and nothing to choose.
      return ' ';
  }
}

function escapeColons(text: string): string {
  return text.replace(/[\\:]/g, '\\$&');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
