/** What resolving and joining gave → the notes that a profile keeps of it, bounded: paths and reasons are a stranger's. */
import { JOIN_METHODS, type JoinMethod, type ModuleSymbols, type SymbolNotes } from '@memscope/model/recorded';
import type { ModuleOutcome } from '@memscope/symbols';
import { basename } from 'node:path';
import type { NamedFrames } from './name-native-frames.js';

const MOST_MODULES = 4096;
const MOST_CHARACTERS = 4096;

/** `methods` counts sites by index of `JOIN_METHODS`. */
export function symbolNotes(named: NamedFrames, methods: readonly number[]): SymbolNotes {
  const { symbols, warnings } = named;
  const count = (name: JoinMethod): number => methods[JOIN_METHODS.indexOf(name)]!;
  const said = [...warnings];
  const unlisted = symbols.modules.length - MOST_MODULES;
  if (unlisted > 0) said.push(`${unlisted} further modules are not listed`);
  const { symbolizer } = symbols;
  return {
    modules: describeModules(named),
    symbolizer: symbolizer && bounded(`${symbolizer.command} (${symbolizer.version})`),
    joined: { asMemray: count('paired'), byModule: count('module'), pythonOnly: count('python') },
    warnings: said.map(bounded),
  };
}

/** In the order in which stacks mention them. */
export function describeModules({ symbols }: NamedFrames): ModuleSymbols[] {
  return symbols.modules.slice(0, MOST_MODULES).map(moduleSymbols);
}

function moduleSymbols(module: ModuleOutcome): ModuleSymbols {
  const { path, status, from, positions, resolved, reason, warning } = module;
  return {
    path: bounded(path),
    name: bounded(basename(path)),
    buildId: mappedBuildId(module),
    status,
    from,
    positions,
    resolved,
    reason: reason && bounded(reason),
    warning: warning && bounded(warning),
  };
}

/** Build-id of the file that was mapped; that of another file which stands at its path now says nothing of it. */
export function mappedBuildId({ status, buildId }: ModuleOutcome): string | null {
  return status === 'found' ? buildId : null;
}

function bounded(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
