/** Where names of native code are looked for when a capture is read; see `memscope symbols`. */
import { printable } from '@memscope/model/text/printable';
import { Option } from 'commander';

import { UsageError } from '../exit-code.js';
import { collect, type OptionGroup } from './option-group.js';
import { isFolder } from './require-folder.js';

const SYMBOLIZERS = ['auto', 'llvm-symbolizer', 'addr2line', 'none'] as const;

export interface SymbolFlags {
  readonly sysroots: readonly string[];
  readonly symbolPaths: readonly string[];
  readonly debuginfod: boolean;
  readonly symbolizer: (typeof SYMBOLIZERS)[number];
  /** Null: the one beside the capture, if there is one. */
  readonly bundle: string | null;
}

/** As commander gives them. */
export interface RawSymbolFlags {
  readonly sysroot?: readonly string[];
  readonly symbolPath?: readonly string[];
  readonly debuginfod?: boolean;
  readonly symbolizer?: SymbolFlags['symbolizer'];
  readonly symbols?: string;
}

export const SYMBOL_OPTIONS: OptionGroup = {
  heading: 'Symbols:',
  isRare: true,
  options: () => [
    new Option(
      '--sysroot <folder>',
      'look for native modules below it instead of on this machine; repeatable',
    ).argParser(collect),
    new Option('--symbol-path <folder>', 'a folder of debug files by build id; repeatable').argParser(collect),
    new Option('--symbols <file>', 'a symbol bundle (default: CAPTURE.symbols, where it exists)'),
    new Option('--debuginfod', 'fetch missing debug files from the servers in DEBUGINFOD_URLS'),
    new Option('--symbolizer <program>', 'what reads debug sections (default: auto)').choices(SYMBOLIZERS),
  ],
  example: (command) => ({
    line: `memscope ${command} capture.bin --sysroot image/`,
    remark: "names from a container's files",
  }),
};

/** Null where nothing was said: then any profile of the capture will do. Throws `UsageError` for a folder that is not there. */
export function symbolFlags(raw: RawSymbolFlags): SymbolFlags | null {
  const { sysroot = [], symbolPath = [], debuginfod = false, symbolizer, symbols } = raw;
  const silent = sysroot.length + symbolPath.length === 0 && !debuginfod && symbolizer === undefined;
  if (silent && symbols === undefined) return null;
  for (const [option, folders] of Object.entries({ '--sysroot': sysroot, '--symbol-path': symbolPath })) {
    const missing = folders.find((folder) => !isFolder(folder));
    if (missing !== undefined) throw new UsageError(`${option} ${printable(missing)}: no such folder; check the path`);
  }
  return {
    sysroots: sysroot,
    symbolPaths: symbolPath,
    debuginfod,
    symbolizer: symbolizer ?? 'auto',
    bundle: symbols ?? null,
  };
}
