/**
 * Text terms on frames → masks over the frame table. Functions, files and modules repeat over many frames, so that each
 * distinct text is tested once.
 */
import { nameCategory, type Attribution, type LibraryRule } from '../analysis/libraries/library-rule.js';
import { attributeFrames, type FrameLibraries } from '../analysis/libraries/stack-owners.js';
import { moduleOfFile } from '../analysis/module-of-file.js';
import { NATIVE_FRAME, type FrameTable, type ModuleTable } from '../tables.js';
import type { FrameField } from './filter-field.js';
import { matchTexts, testUnbounded, type PatternTester } from './pattern-tester.js';
import { escapeRegex, type Pattern } from './pattern.js';

/** The columns of frames that a filter looks at. */
export type FilterFrames = Pick<FrameTable, 'length' | 'kind' | 'functionName' | 'file' | 'line' | 'module'>;
export type FilterModules = Pick<ModuleTable, 'length' | 'name' | 'path'>;

/** 1 for each frame that has a matching text. */
export type FrameMatcher = (field: FrameField, pattern: Pattern) => Uint8Array;

/**
 * By frame: 1 where the function, file, module, library or category (or, for `name`, function or file) matches. Throws `FilterError` for a
 * pattern that the engine refuses or that `test` stops.
 */
export function matchFrames(
  field: FrameField,
  pattern: Pattern,
  frames: FilterFrames,
  modules: FilterModules,
  test: PatternTester = testUnbounded,
): Uint8Array {
  return frameMatcher(frames, modules, test)(field, pattern);
}

/** For several terms over the same frames: what their texts are is found out once. */
export function frameMatcher(
  frames: FilterFrames,
  modules: FilterModules,
  test: PatternTester,
  rules: readonly LibraryRule[] = [],
): FrameMatcher {
  const columns = new Map<TextSource, TextColumn>();
  const distinctTexts = textReaderOf({ frames, modules, rules });
  return (field, pattern) => {
    const mask = new Uint8Array(frames.length);
    for (const source of SOURCES_OF_FIELD[field]) {
      let column = columns.get(source);
      if (column === undefined) columns.set(source, (column = distinctTexts(source)));
      const hits = matchTexts(field === 'line' ? wholeLine(pattern) : pattern, column.texts, test);
      const { rows } = column;
      for (let frame = 0; frame < rows.length; frame++) {
        const row = rows[frame]!;
        if (row !== NO_TEXT) mask[frame]! |= hits[row]!;
      }
    }
    return mask;
  };
}

export interface FrameTables {
  readonly frames: FilterFrames;
  readonly modules: FilterModules;
  readonly rules?: readonly LibraryRule[] | undefined;
}

/** What a term of the field is compared with: each text once. */
export function textsOfFrames(field: FrameField, tables: FrameTables): string[] {
  const distinctTexts = textReaderOf(tables);
  return SOURCES_OF_FIELD[field].flatMap((source) => distinctTexts(source).texts);
}

/** What a frame is called by the field, as people see it. */
export function nameByFrame(field: FrameField, tables: FrameTables): TextColumn {
  return textReaderOf(tables)(field === 'category' ? 'categoryName' : SOURCES_OF_FIELD[field][0]!);
}

function textReaderOf({ frames, modules, rules = [] }: FrameTables): (source: TextSource) => TextColumn {
  let libraries: FrameLibraries | null = null;
  return (source) => {
    if (!isLibrarySource(source)) return collectTexts(frames, modules, source);
    libraries ??= attributeFrames({ frames, modules }, rules);
    return { texts: libraries.attributions.map(LIBRARY_TEXTS[source]), rows: libraries.attributionOf };
  };
}

/** A text of each frame, if it has one. */
type TextSource = 'function' | 'file' | 'line' | 'module' | 'modulePath' | LibrarySource;
type LibrarySource = keyof typeof LIBRARY_TEXTS;

/** Categories by the name that people see, and by the one that programs do. */
const LIBRARY_TEXTS = {
  library: ({ library }: Attribution) => library,
  category: ({ category }: Attribution) => category,
  categoryName: ({ category }: Attribution) => nameCategory(category),
} as const;

function isLibrarySource(source: TextSource): source is LibrarySource {
  return Object.hasOwn(LIBRARY_TEXTS, source);
}

const SOURCES_OF_FIELD: Readonly<Record<FrameField, readonly TextSource[]>> = {
  function: ['function'],
  file: ['file'],
  line: ['line'],
  module: ['module', 'modulePath'],
  library: ['library'],
  category: ['category', 'categoryName'],
  name: ['function', 'file'],
};

/** Plain text is the end of a path, from a folder or a name on, and all of the number: app.py:3 is not app.py:31. */
export function wholeLine(pattern: Pattern): Pattern {
  if (pattern.kind === 'regex') return pattern;
  return { kind: 'regex', source: String.raw`(?:^|[\\/])${escapeRegex(pattern.text)}$`, ignoreCase: true };
}

/** In the place of a row of `texts`. */
export const NO_TEXT = 0xffffffff;

export interface TextColumn {
  readonly texts: readonly string[];
  /** By frame: index into `texts`, or `NO_TEXT`. */
  readonly rows: Uint32Array;
}

function collectTexts(
  frames: FilterFrames,
  modules: FilterModules,
  source: Exclude<TextSource, LibrarySource>,
): TextColumn {
  const textOf = textReader(frames, modules, source);
  const rows = new Uint32Array(frames.length).fill(NO_TEXT);
  const texts: string[] = [];
  const rowOfText = new Map<string, number>();
  for (let frame = 0; frame < frames.length; frame++) {
    const text = textOf(frame);
    if (text === null || text === undefined) continue;
    let row = rowOfText.get(text);
    if (row === undefined) {
      row = texts.push(text) - 1;
      rowOfText.set(text, row);
    }
    rows[frame] = row;
  }
  return { texts, rows };
}

function textReader(
  frames: FilterFrames,
  modules: FilterModules,
  source: Exclude<TextSource, LibrarySource>,
): (frame: number) => string | null | undefined {
  const { kind, functionName, file, line, module } = frames;
  switch (source) {
    case 'function':
      return (frame) => functionName[frame];
    case 'file':
      return (frame) => file[frame];
    case 'line':
      return (frame) => ((file[frame] ?? null) === null || line[frame]! <= 0 ? null : `${file[frame]}:${line[frame]}`);
    case 'modulePath':
      return (frame) => (kind[frame] === NATIVE_FRAME ? modules.path[module[frame]!] : null);
    case 'module': {
      const moduleNames = new Map<string, string>();
      return (frame) => {
        if (kind[frame] === NATIVE_FRAME) return modules.name[module[frame]!];
        const path = file[frame] ?? '';
        let name = moduleNames.get(path);
        if (name === undefined) moduleNames.set(path, (name = moduleOfFile(path).name));
        return name;
      };
    }
  }
}
