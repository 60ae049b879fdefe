/**
 * A capture with native traces and its named frames → Python and native stacks in one table, in which stacks that begin
 * alike share their rows: Python's first, then the native ones. Calls that were inlined are frames of their own, with the
 * address and module of the call that contains them. Joined stacks are made when somebody asks for them.
 */
import type { Decoded } from '@memscope/kernel';
import {
  JoinedTreeBuilder,
  makeFrameAttributor,
  NATIVE_FRAME,
  planJoin,
  PYTHON_FRAME,
  type FrameTable,
  type ModuleTable,
  type StackTable,
} from '@memscope/model';
import { basename } from 'node:path';
import type { NamedFrames } from './name-native-frames.js';
import { renumber, withParents, type StackTables } from './stack-tables.js';
import { mappedBuildId, symbolNotes } from './symbol-notes.js';

/** The first header version whose joined stacks are paired from the outermost frame inwards. */
const FIRST_INWARDS = 9;
/** From this size on the table takes no more inlined calls. */
const MOST_ROWS = 1 << 24;

/** `pythonStack` is by site, as `pythonStacksOf` gives it. */
export function nativeStackTables(decoded: Decoded, pythonStack: Uint32Array, named: NamedFrames): StackTables {
  const { header, sites, stacks, nativeStacks, threads } = decoded;
  const tree = new JoinedTreeBuilder(Math.min(stacks.length + 2 * nativeStacks.length, MOST_ROWS - 1));
  addPythonStacks(tree, decoded);
  const nativeRows = addNativeStacks(tree, decoded, named);
  const used = new UsedFrames(tree, decoded, named);
  const tables = { frames: used.table(), modules: moduleTable(named), stacks: stackTable(tree, used) };
  const nativeStack = new Uint32Array(sites.length);
  for (let site = 0; site < sites.length; site++) nativeStack[site] = nativeRows[sites.nativeStack[site]!]!;
  const cutThread = header.skippedFrames > 0 ? threads.tid.indexOf(header.mainThreadId ?? -1n) : -1;
  const { notes, methods } = planJoin(
    tables,
    { length: sites.length, thread: sites.thread, pythonStack, nativeStack },
    { inwards: header.version >= FIRST_INWARDS, cutThread: cutThread < 0 ? null : cutThread },
  );
  return {
    ...tables,
    pythonStack,
    nativeStack,
    join: notes,
    symbols: symbolNotes(named, methods),
    sourceLines: named.sourceLines,
  };
}

/** Those that sites need, in their order: each is another than all before. */
function addPythonStacks(tree: JoinedTreeBuilder, { sites, stacks }: Decoded): void {
  const needed = withParents(stacks.parent, sites.pythonStack);
  const rows = new Uint32Array(stacks.length);
  for (let row = 1; row < stacks.length; row++) {
    if (needed[row]) rows[row] = tree.push(rows[stacks.parent[row]!]!, PYTHON_FRAME, stacks.frame[row]!);
  }
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

function stackTable(tree: JoinedTreeBuilder, { pythonRows, nativeRows }: UsedFrames): StackTable {
  const { length } = tree;
  const frame = tree.frames(0);
  for (let row = 1; row < length; row++) {
    frame[row] = (tree.kindOf(row) === NATIVE_FRAME ? nativeRows : pythonRows)[frame[row]!]!;
  }
  return { length, parent: tree.parents(0).slice(), frame };
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
    const entry = new Uint8Array(length);
    const { frames, strings } = this.#decoded;
    for (let row = 0; row < frames.length; row++) {
      if (!this.#pythonNeeded[row]) continue;
      const target = functionName.length;
      kind[target] = PYTHON_FRAME;
      line[target] = frames.line[row]!;
      entry[target] = frames.entry[row]!;
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
    return { length, kind, functionName, file, line, module, ip, source, entry };
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
