/** `memscope symbols`: a capture → what is known of its modules of native code, or a bundle of their symbols. */
import { statSync } from 'node:fs';
import { countNoun, formatBytes, formatCount } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { describeFileError, exitCodeOf, isFileError } from '../describe-error.js';
import { EXIT, type ExitCode, UsageError } from '../exit-code.js';
import type { Engine, Host } from '../host.js';
import type { OutputFlags } from '../options/output-options.js';
import type { SymbolFlags } from '../options/symbol-options.js';
import { complain, writeOutput } from '../terminal/write-output.js';
import { renderAnswer } from '../views/run-view.js';
import { SYMBOL_LIST, type SymbolsAnswer } from './symbol-list.js';

export interface SymbolsFlags extends OutputFlags {
  /** Null: nothing was said. */
  readonly symbols: SymbolFlags | null;
  /** Where the bundle goes; null: beside the capture. */
  readonly output: string | null;
  /** With source lines. */
  readonly source: boolean;
}

const NOTHING_SAID: SymbolFlags = {
  sysroots: [],
  symbolPaths: [],
  debuginfod: false,
  symbolizer: 'auto',
  bundle: null,
};

/** Throws `UsageError`. */
export async function runSymbols(
  action: 'list' | 'pack',
  path: string,
  flags: SymbolsFlags,
  host: Host,
): Promise<ExitCode> {
  if (action === 'list' && (flags.source || flags.output !== null)) {
    throw new UsageError('--source and -o are for memscope symbols pack');
  }
  if (action === 'pack' && (flags.json || flags.csv || flags.count !== null)) {
    throw new UsageError('--json, --csv and -n are for memscope symbols list');
  }
  const engine = await host.loadEngine();
  const { paths, failures } = await engine.expandInputs([path]);
  const [only, ...others] = paths;
  if (others.length > 0) {
    throw new UsageError(`${printable(path)}: ${paths.length} captures, of which one must be named`);
  }
  try {
    const [failure] = failures;
    if (failure !== undefined) throw failure;
    if (only === undefined) return EXIT.interrupted;
    if (action === 'pack') return await pack(only, flags, host, engine);
    const answer = isProfile(only) ? fromProfile(only, flags, engine) : await fromCapture(only, flags, host, engine);
    await writeOutput(host, renderAnswer(answer, flags, host, SYMBOL_LIST), flags);
    return EXIT.fine;
  } catch (error) {
    if (host.signal.aborted) return EXIT.interrupted;
    if (!isFileError(error)) throw error;
    complain(host, describeFileError(error));
    return exitCodeOf(error);
  }
}

function isProfile(path: string): boolean {
  return path.endsWith('.memscope');
}

/** What was known when the profile was made. */
function fromProfile(path: string, { symbols }: SymbolsFlags, engine: Engine): SymbolsAnswer {
  if (symbols !== null) throw new UsageError('a profile says what was known when it was made: name the capture');
  const profile = engine.openProfile(path);
  try {
    const { capture, notes } = profile;
    if (notes.symbols === null) throw new UsageError(`${printable(path)}: the capture has no native stacks`);
    return { path: capture.path, symbols: notes.symbols };
  } finally {
    profile.close();
  }
}

async function fromCapture(
  path: string,
  { symbols }: SymbolsFlags,
  { signal }: Host,
  engine: Engine,
): Promise<SymbolsAnswer> {
  return { path, symbols: await engine.listSymbols(path, { ...(symbols ?? NOTHING_SAID), signal }) };
}

async function pack(
  path: string,
  { symbols, output, source }: SymbolsFlags,
  host: Host,
  engine: Engine,
): Promise<ExitCode> {
  const packed = await engine.packSymbols(path, {
    ...(symbols ?? NOTHING_SAID),
    sources: source,
    signal: host.signal,
    ...(output === null ? {} : { output }),
  });
  const { modules, warnings } = packed;
  for (const warning of warnings) complain(host, `warning: ${printable(warning)}`);
  const frames = modules.reduce((sum, { positions }) => sum + positions, 0);
  const named = modules.reduce((sum, { resolved }) => sum + resolved, 0);
  const size = statSync(packed.path, { throwIfNoEntry: false })?.size;
  const amount = size === undefined ? '' : `${formatBytes(size)}, `;
  await writeOutput(
    host,
    `${printable(packed.path)}: ${amount}names of ${formatCount(named)} of ${countNoun(frames, 'frame')} in ` +
      `${countNoun(modules.length, 'module')}\n`,
    { pager: false },
  );
  if (named < frames) complain(host, `memscope symbols list ${printable(path)} says why some have none`);
  return EXIT.fine;
}
