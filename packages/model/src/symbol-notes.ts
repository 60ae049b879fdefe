/** How native frames got their names and how they were joined with Python stacks; what is known of each module. */

/**
 * How a native frame got its name (`FrameTable.source` holds indices):
 * - `debug`: debug sections (DWARF), through a symbolizer; the only ones with files, lines and inlined calls.
 * - `symtab`, `dynsym`: the file's symbol tables, the second of which holds only what other files may call.
 * - `none`: not resolved; also every Python frame.
 */
export const FRAME_SOURCES = ['none', 'debug', 'symtab', 'dynsym'] as const;
export type FrameSource = (typeof FRAME_SOURCES)[number];

/**
 * How a site's joined stack came about (`SiteTable.joinMethod` holds indices):
 * - `paired`: evaluation loops were replaced by Python frames (or there is no Python stack).
 * - `module`: joined where the native stack enters the interpreter's module.
 * - `python`: the Python stack alone, as the native one shows neither loops nor the interpreter.
 */
export const JOIN_METHODS = ['paired', 'module', 'python'] as const;
export type JoinMethod = (typeof JOIN_METHODS)[number];

/** What a capture's symbol bundle is called: the capture's name with this behind it. */
export const BUNDLE_SUFFIX = '.symbols';

/** `found`: its file was at hand; `mismatch`: another file stood at its path; `unreadable`: no ELF file, or no access. */
export const MODULE_STATUSES = ['found', 'missing', 'mismatch', 'unreadable'] as const;
/** Where a module's frames came from. */
export const SYMBOL_ORIGINS = ['files', 'cache', 'bundle'] as const;

/** One module that native stacks mention. */
export interface ModuleSymbols {
  /** As the capture names it, and its last part. */
  readonly path: string;
  readonly name: string;
  readonly buildId: string | null;
  readonly status: (typeof MODULE_STATUSES)[number];
  readonly from: (typeof SYMBOL_ORIGINS)[number];
  /** Distinct positions in it, and how many of them got a name. */
  readonly positions: number;
  readonly resolved: number;
  /** Why its file is missing or does not fit, or what else is to be said of it. */
  readonly reason: string | null;
  /** What went wrong on the way; one sentence. */
  readonly warning: string | null;
}

/** What became of the native frames of a capture. */
export interface SymbolNotes {
  /** In the order in which stacks mention them. */
  readonly modules: readonly ModuleSymbols[];
  /** Program that read debug sections, with its version; null without any. */
  readonly symbolizer: string | null;
  /** Sites by the method of their joined stack. */
  readonly joined: { readonly asMemray: number; readonly byModule: number; readonly pythonOnly: number };
  /** What kept symbols from being resolved, apart from single modules; one sentence each. */
  readonly warnings: readonly string[];
}
