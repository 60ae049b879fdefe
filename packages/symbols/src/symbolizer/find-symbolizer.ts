/**
 * Which program on this machine can read debug sections: `llvm-symbolizer` (also with a version behind its name, as
 * distributions install it), else `addr2line`. Looked for once in each folder of PATH.
 */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { SymbolsError } from '../symbols-error.js';
import { OLDEST_LLVM } from './llvm-symbolizer.js';

export type SymbolizerKind = 'llvm-symbolizer' | 'addr2line';
/** `auto` takes what there is; `none` keeps to symbol tables. */
export type SymbolizerChoice = 'auto' | 'none' | SymbolizerKind;

export interface Symbolizer {
  readonly kind: SymbolizerKind;
  /** Absolute path. */
  readonly command: string;
  /** First line of what it says of itself that holds a version. */
  readonly version: string;
}

const VERSION_TIMEOUT_MS = 5000;

/**
 * Null where `choice` is `none`, or `auto` on a machine without any. Throws a `SymbolsError` (`symbolizer`) where one is
 * asked for by name and is not in `path`, or too old.
 */
export async function findSymbolizer(
  choice: SymbolizerChoice,
  path: string = process.env['PATH'] ?? '',
): Promise<Symbolizer | null> {
  if (choice === 'none') return null;
  const tried: string[] = [];
  for (const kind of ['llvm-symbolizer', 'addr2line'] as const) {
    if (choice !== 'auto' && choice !== kind) continue;
    for (const command of commandsIn(path, kind)) {
      const version = await versionOf(command, kind);
      if (version !== null) return { kind, command, version };
      tried.push(command);
    }
  }
  if (choice === 'auto') return null;
  throw new SymbolsError('symbolizer', choice, tried.length > 0 ? 'cannot be used' : 'is in no folder of PATH', {
    expected: choice === 'llvm-symbolizer' ? `version ${OLDEST_LLVM} or newer` : undefined,
    found: tried.length > 0 ? tried.join(', ') : undefined,
  });
}

/** Plain names first, then versions, newest first. */
function commandsIn(path: string, kind: SymbolizerKind): string[] {
  const plain: string[] = [];
  const versioned: { version: number; command: string }[] = [];
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    let names: string[];
    try {
      names = readdirSync(folder);
    } catch {
      continue;
    }
    for (const name of names) {
      if (name === kind) plain.push(join(folder, name));
      const version = kind === 'llvm-symbolizer' ? /^llvm-symbolizer-(\d{1,3})$/.exec(name)?.[1] : undefined;
      if (version !== undefined) versioned.push({ version: Number(version), command: join(folder, name) });
    }
  }
  versioned.sort((a, b) => b.version - a.version);
  return [...plain, ...versioned.map(({ command }) => command)];
}

function versionOf(command: string, kind: SymbolizerKind): Promise<string | null> {
  return new Promise((done) => {
    const options = { timeout: VERSION_TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: 1 << 16 } as const;
    execFile(command, ['--version'], options, (fault, output) => {
      const line = output
        .split('\n')
        .find((text) => /\d+\.\d+/.test(text))
        ?.trim();
      if (fault !== null || line === undefined) return done(null);
      if (kind === 'llvm-symbolizer') {
        const major = Number(/version (\d+)/.exec(line)?.[1] ?? 0);
        if (major < OLDEST_LLVM) return done(null);
      }
      done(line);
    });
  });
}
