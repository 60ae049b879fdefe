/**
 * A capture with native traces and its named frames → Python, native and joined stacks in one call tree, in which stacks
 * that begin alike share their rows. Calls that were inlined are frames of their own, with the address and module of the
 * call that contains them.
 */
import type { Decoded } from '@memscope/kernel';
import {
  makeFrameAttributor,
  NATIVE_FRAME,
  PYTHON_FRAME,
  type FrameTable,
  type ModuleTable,
  type StackTable,
} from '@memscope/model';
import {
  isInterpreterPath,
  joinStacks,
  JoinedTreeBuilder,
  type JoinedStacks,
  type JoinOptions,
} from '@memscope/symbols';
import { basename } from 'node:path';
import type { NamedFrames } from './name-native-frames.js';
import { renumber, withParents, type StackTables } from './stack-tables.js';
import { mappedBuildId, symbolNotes } from './symbol-notes.js';

/** From this size on the tree takes no more inlined calls, and joined stacks no more native frames. */
const MOST_ROWS = 1 << 24;

/** Hands each part of the table of stacks to `onStacks` as soon as it is there, copied. */
export function nativeStackTables(
  decoded: Decoded,
  named: NamedFrames,
  onStacks: (stacks: StackTable) => void = () => undefined,
): StackTables {
  const { sites, stacks, nativeStacks } = decoded;
  // What real captures need without growing.
  const expected = 4 * (stacks.length + nativeStacks.length + sites.length);
  const tree = new JoinedTreeBuilder(Math.min(expected, MOST_ROWS - 1));
  const pythonRows = addPythonStacks(tree, decoded);
  const nativeRows = addNativeStacks(tree, decoded, named);
  // Joined stacks are made of the same frames.
  const frames = new UsedFrames(tree, decoded, named);
  const columns = new StackColumns(tree, frames);
  const handOver = (): void => onStacks(columns.takeNew());
  handOver();
  const joined = joinSites(decoded, named, { tree, mostRows: MOST_ROWS, onGrown: handOver });
  handOver();
  return {
    frames: frames.table(),
    modules: moduleTable(named),
    stacks: columns.table(),
    pythonStack: sites.pythonStack.map((row) => pythonRows[row]!),
    nativeStack: sites.nativeStack.map((row) => nativeRows[row]!),
    stack: joined.stack,
    joinMethod: joined.method,
    symbols: symbolNotes(named, joined),
    sourceLines: named.sourceLines,
  };
}

/** Rows of `tree` by row of the Python stacks; 0 for those that no site needs. */
function addPythonStacks(tree: JoinedTreeBuilder, { sites, stacks }: Decoded): Uint32Array {
  const needed = withParents(stacks.parent, sites.pythonStack);
  const rows = new Uint32Array(stacks.length);
  for (let row = 1; row < stacks.length; row++) {
    if (needed[row]) rows[row] = tree.push(rows[stacks.parent[row]!]!, PYTHON_FRAME, stacks.frame[row]!);
  }
  return rows;
}

/** Rows of `tree` by native node: of the innermost frame at its position. */
function addNativeStacks(
  tree: JoinedTreeBuilder,
  decoded: Decoded,
  { placed, needed, symbols }: NamedFrames,
): Uint32Array {
  const { parent } = decoded.nativeStacks;
  const { start } = symbols.frames;
  const rows = new Uint32Array(parent.length);
  for (let node = 1; node < parent.length; node++) {
    if (needed[node] === 0) continue;
    const position = placed.positionOf[node]!;
    const outermost = start[position + 1]! - 1;
    const innermost = tree.length < MOST_ROWS ? start[position]! : outermost;
    // A parent that comes later is none, and its row still 0.
    let row = rows[parent[node]!]!;
    for (let frame = outermost; frame >= innermost; frame--) row = tree.push(row, NATIVE_FRAME, frame);
    rows[node] = row;
  }
  return rows;
}

function joinSites(decoded: Decoded, { placed, symbols }: NamedFrames, options: JoinOptions): JoinedStacks {
  const { header, sites, stacks, nativeStacks, frames, threads } = decoded;
  const { positions, positionOf } = placed;
  const interpreters = positions.modules.map(({ path }) => isInterpreterPath(path));
  const isCutThread = Uint8Array.from(threads.tid, (tid) =>
    header.skippedFrames > 0 && tid === header.mainThreadId ? 1 : 0,
  );
  const isCut = new Uint8Array(sites.length);
  for (let row = 0; row < isCut.length; row++) isCut[row] = isCutThread[sites.thread[row]!]!;
  const isInterpreter = new Uint8Array(positions.length);
  for (let row = 0; row < isInterpreter.length; row++) {
    isInterpreter[row] = interpreters[positions.module[row]!] === true ? 1 : 0;
  }
  return joinStacks(
    {
      python: stacks,
      isEntry: frames.entry,
      native: nativeStacks,
      positionOf,
      frames: symbols.frames,
      isInterpreter,
      version: header.version,
    },
    {
      length: sites.length,
      pythonStack: sites.pythonStack,
      nativeStack: sites.nativeStack,
      isCut,
    },
    options,
  );
}

/** The rows of a tree that grows → those of the table `stack`. */
class StackColumns {
  readonly #tree: JoinedTreeBuilder;
  readonly #frames: UsedFrames;
  #length = 0;
  #frame: Uint32Array;

  constructor(tree: JoinedTreeBuilder, frames: UsedFrames) {
    this.#tree = tree;
    this.#frames = frames;
    this.#frame = new Uint32Array(tree.capacity);
  }

  /** A copy of what came since the last call. */
  takeNew(): StackTable {
    const tree = this.#tree;
    const from = this.#length;
    const { length } = tree;
    if (length > this.#frame.length) {
      const wider = new Uint32Array(tree.capacity);
      wider.set(this.#frame);
      this.#frame = wider;
    }
    const { pythonRows, nativeRows } = this.#frames;
    for (let row = Math.max(1, from); row < length; row++) {
      const rows = tree.kindOf(row) === NATIVE_FRAME ? nativeRows : pythonRows;
      this.#frame[row] = rows[tree.frameOf(row)]!;
    }
    this.#length = length;
    return { length: length - from, parent: tree.parents(from).slice(), frame: this.#frame.slice(from, length) };
  }

  /** All that was taken, to be read only. */
  table(): StackTable {
    const length = this.#length;
    return { length, parent: this.#tree.parents(0).subarray(0, length), frame: this.#frame.subarray(0, length) };
  }
}

/** The frames that rows of a tree mention: Python's first, then native ones, in their own order. */
class UsedFrames {
  readonly #decoded: Decoded;
  readonly #named: NamedFrames;
  readonly #pythonNeeded: Uint8Array;
  readonly #nativeNeeded: Uint8Array;
  /** Rows of the table by row of the Python frames, and of the resolved native ones. */
  readonly pythonRows: Uint32Array;
  readonly nativeRows: Uint32Array;
  readonly #length: number;

  constructor(tree: JoinedTreeBuilder, decoded: Decoded, named: NamedFrames) {
    this.#decoded = decoded;
    this.#named = named;
    const pythonNeeded = new Uint8Array(decoded.frames.length);
    const nativeNeeded = new Uint8Array(named.symbols.frames.source.length);
    for (let row = 1; row < tree.length; row++) {
      (tree.kindOf(row) === NATIVE_FRAME ? nativeNeeded : pythonNeeded)[tree.frameOf(row)] = 1;
    }
    this.#pythonNeeded = pythonNeeded;
    this.#nativeNeeded = nativeNeeded;
    const python = renumber(this.#pythonNeeded, 0);
    const native = renumber(this.#nativeNeeded, python.next);
    this.pythonRows = python.rows;
    this.nativeRows = native.rows;
    this.#length = native.next;
  }

  table(): FrameTable {
    const length = this.#length;
    const kind = new Uint8Array(length).fill(NATIVE_FRAME);
    const functionName: (string | null)[] = [];
    const file: (string | null)[] = [];
    const line = new Int32Array(length);
    const module = new Int32Array(length).fill(-1);
    const ip = new BigUint64Array(length);
    const source = new Uint8Array(length);
    const { frames, strings } = this.#decoded;
    for (let row = 0; row < frames.length; row++) {
      if (!this.#pythonNeeded[row]) continue;
      const target = functionName.length;
      kind[target] = PYTHON_FRAME;
      line[target] = frames.line[row]!;
      functionName.push(strings[frames.functionName[row]!]!);
      file.push(strings[frames.file[row]!]!);
    }
    const { placed, symbols } = this.#named;
    const { positions } = placed;
    const text = (row: number): string | null => (row < 0 ? null : symbols.frames.strings[row]!);
    for (let position = 0; position < positions.length; position++) {
      for (let row = symbols.frames.start[position]!; row < symbols.frames.start[position + 1]!; row++) {
        if (!this.#nativeNeeded[row]) continue;
        const target = functionName.length;
        functionName.push(text(symbols.frames.functionName[row]!));
        file.push(text(symbols.frames.file[row]!));
        line[target] = symbols.frames.line[row]!;
        module[target] = positions.module[position]!;
        ip[target] = positions.ip[position]!;
        source[target] = symbols.frames.source[row]!;
      }
    }
    return { length, kind, functionName, file, line, module, ip, source };
  }
}

function moduleTable({ symbols }: NamedFrames): ModuleTable {
  const attributor = makeFrameAttributor();
  const path = symbols.modules.map((module) => module.path);
  return {
    length: path.length,
    path,
    name: path.map((each) => basename(each)),
    buildId: symbols.modules.map(mappedBuildId),
    category: path.map(
      (each) => attributor.attribute({ kind: 'native', module: each, functionName: null, file: null }).category,
    ),
  };
}
