/** How the source file that a capture names is looked up: by whom it can be, since the model itself opens nothing. */

export interface SourceFile {
  /** Without links. */
  readonly path: string;
  /** Without line ends. */
  readonly lines: readonly string[];
  readonly modifiedMs: number;
}

/** Why there is none. */
export const SOURCE_MISSES = [
  /** The capture names no file, or something that is none, as `<string>`. */
  'noFile',
  /** The capture names no line. */
  'noLine',
  /** Nobody looked. */
  'notSought',
  /** Not in the folders that may be read. */
  'notFound',
  'tooLarge',
  'unreadable',
  /** It ends before the recorded lines: another file of that name. */
  'tooShort',
] as const;
export type SourceMiss = (typeof SOURCE_MISSES)[number];

export interface SourceLookup {
  /** `recorded` is the path that a capture names; a file with fewer than `leastLines` is not the one. */
  readonly find: (recorded: string | null, leastLines: number) => SourceFile | SourceMiss;
}
