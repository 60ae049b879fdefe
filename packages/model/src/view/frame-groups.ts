/**
 * Frames → what views group them by: equal frames (a function at a line may have several rows, one for each code
 * object), functions (name and file, at any line) and modules. Columns by frame row, so that a million stacks need no
 * text.
 */
import { moduleOfFile, type ModuleKind } from '../analysis/module-of-file.js';
import { portableName } from '../owners/portable-file.js';
import type { StackTables } from '../profile.js';
import type { FrameRow, FunctionKey, ModuleKey, RowColumn } from '../rows.js';
import { NATIVE_FRAME, type FrameTable } from '../tables.js';
import { PathTree } from './path-tree.js';

export interface FunctionGroup {
  readonly name: string | null;
  readonly file: string | null;
  readonly module: ModuleKey;
  /** Return address of native code without a name, as of `FrameTable`, else 0. */
  readonly ip: bigint;
}

export interface ModuleGroup {
  readonly name: string;
  readonly kind: ModuleKind;
}

export interface FrameGroups {
  /** By frame row: the first row that looks the same. */
  readonly canonical: RowColumn<FrameRow>;
  /** By frame row. */
  readonly functionOf: RowColumn<FunctionKey>;
  readonly functions: readonly FunctionGroup[];
  /** By frame row. */
  readonly moduleOf: RowColumn<ModuleKey>;
  readonly modules: readonly ModuleGroup[];
  /** False: frames of one function look the same, so that the line of a canonical frame says nothing. */
  readonly withLines: boolean;
}

const UNKNOWN_NATIVE_MODULE = '<unknown module>';

/** Grouped once for each profile: several measures are asked of the same frames. */
const groupsOfFrames = new WeakMap<FrameTable, FrameGroups>();

/**
 * `fileOf` gives the name by which a frame's file is the same one; by default as it was recorded. Without lines, frames of
 * one function look the same.
 */
export function groupFrames(
  tables: Pick<StackTables, 'frames' | 'modules'>,
  fileOf: (frame: FrameRow) => string | null = (frame) => tables.frames.file[frame] ?? null,
  withLines = true,
): FrameGroups {
  const known = groupsOfFrames.get(tables.frames);
  if (known !== undefined) return known;
  const groups = makeGroups(tables, fileOf, withLines);
  groupsOfFrames.set(tables.frames, groups);
  return groups;
}

function makeGroups(
  { frames, modules: files }: Pick<StackTables, 'frames' | 'modules'>,
  fileOf: (frame: FrameRow) => string | null,
  withLines: boolean,
): FrameGroups {
  const canonical = new Uint32Array(frames.length);
  const functionOf = new Uint32Array(frames.length);
  const moduleOf = new Uint32Array(frames.length);
  const functions: FunctionGroup[] = [];
  const modules: ModuleGroup[] = [];
  const paths = new Interner();
  const names = new FrameNames();
  // Pairs of name and file, and of function and line: their nodes number them.
  const [functionPairs, linePairs] = [new PathTree(frames.length), new PathTree(frames.length)];
  const firstOfLine = [0];
  const moduleRows = new Map<string, number>();
  const moduleOfPath = new Map<string | null, number>();
  const moduleRow = (name: string, kind: ModuleGroup['kind']): number =>
    // Another version of a library is the same one where two sides are compared.
    rowOf(moduleRows, `${kind}\0${withLines ? name : portableName(name)}`, () => modules.push({ name, kind }) - 1);

  for (let row = 0; row < frames.length; row++) {
    const name = frames.functionName[row] ?? null;
    const file = frames.file[row] ?? null;
    const native = frames.kind[row] === NATIVE_FRAME;
    let module: number;
    if (native) {
      const owner = frames.module[row]!;
      module = moduleRow(owner < 0 ? UNKNOWN_NATIVE_MODULE : files.name[owner]!, 'native');
    } else {
      module = rowOf(moduleOfPath, file, () => {
        const { name: title, kind } = moduleOfFile(file);
        return moduleRow(title, kind);
      });
    }
    const ip = native && name === null ? frames.ip[row]! : 0n;
    const nameRow = names.rowOf(native ? module : PYTHON, name ?? ip);
    const pair = functionPairs.child(nameRow, paths.rowOf(fileOf(row) ?? '\0'));
    if (pair > functions.length) functions.push({ name, file, module, ip });
    const line = linePairs.child(pair, withLines ? frames.line[row]! : 0);
    if (line === firstOfLine.length) firstOfLine.push(row);
    functionOf[row] = pair - 1;
    canonical[row] = firstOfLine[line]!;
    moduleOf[row] = module;
  }
  return { canonical, functionOf, functions, moduleOf, modules, withLines };
}

/** In the place of a module. */
const PYTHON = -1;

/**
 * Names of frames → numbers from 0 on. Native ones are told apart by their module, the nameless by address. Looked up as
 * they are: a longer key would have to be made and hashed for each frame.
 */
class FrameNames {
  readonly #rowsOfModule = new Map<number, Map<string | bigint, number>>();
  #length = 0;

  rowOf(module: number, name: string | bigint): number {
    const rows = rowOf(this.#rowsOfModule, module, () => new Map<string | bigint, number>());
    return rowOf(rows, name, () => this.#length++);
  }
}

/** Texts → numbers from 0 on. */
class Interner {
  readonly #rows = new Map<string, number>();

  rowOf(text: string): number {
    return rowOf(this.#rows, text, () => this.#rows.size);
  }
}

function rowOf<Key, Row>(rows: Map<Key, Row>, key: Key, add: () => Row): Row {
  const known = rows.get(key);
  if (known !== undefined) return known;
  const row = add();
  rows.set(key, row);
  return row;
}
