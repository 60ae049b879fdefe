/** Completion for fish: one `complete` line for each thing that can be typed, each on condition of the command. */
import { commandNames, type CommandSurface, type Expected, type OptionSurface } from './command-surface.js';

export function writeFishCompletion(program: string, surface: readonly CommandSurface[]): string {
  const names = commandNames(surface).join(' ');
  const lines = surface.flatMap(({ name, options, parameters }) => {
    const line = `complete -c ${program} -n ${quote(`__${program}_in ${name}`.trimEnd())}`;
    return [
      '',
      ...options.map((option) => `${line} ${optionWords(program, option, names)} -d ${quote(option.description)}`),
      ...(name === '' ? [] : parameters.map(({ expected }) => `${line} ${parameterWords(program, expected, names)}`)),
      ...(name === ''
        ? surface.slice(1).map((command) => `${line} -a ${command.name} -d ${quote(command.description)}`)
        : []),
    ];
  });
  return `# fish completion for ${program}. Use it with: ${program} completion fish | source

# Whether the command typed so far is that one; without a parameter, whether there is none yet.
function __${program}_in
    for word in (commandline -opc)[2..]
        if not string match -q -- '-*' $word
            test "$word" = "$argv[1]"
            return
        end
    end
    test -z "$argv[1]"
end

function __${program}_captures
    __fish_complete_path (commandline -ct) | string match -r '^(?:[^\\t]*(?:/|\\.bin|\\.bin\\.[0-9]+|\\.memscope))(?=\\t|$)'
end

complete -c ${program} -f
${lines.join('\n')}
`;
}

function optionWords(program: string, { short, long, value }: OptionSurface, names: string): string {
  const spelt = `${short === null ? '' : `-s ${short.slice(1)} `}-l ${long.slice(2)}`;
  return value === null ? spelt : `${spelt} -r ${parameterWords(program, value.expected, names)}`;
}

function parameterWords(program: string, expected: Expected, names: string): string {
  switch (expected.kind) {
    case 'choices':
      return `-f -a ${quote(expected.choices.join(' '))}`;
    case 'command':
      return `-f -a ${quote(names)}`;
    case 'capture':
      return `-f -a ${quote(`(__${program}_captures)`)}`;
    case 'file':
      return '-F';
    case 'text':
      return '-f';
  }
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
