/**
 * A capture with native traces and its named frames → Python and native stacks in one table, in which stacks that begin
 * alike share their rows: Python's first, then the native ones. Calls that were inlined are frames of their own, with the
 * address and module of the call that contains them. Joined stacks are made when somebody asks for them.
 */
import type { Decoded } from '@memscope/kernel';
import {
  makeFrameAttributor,
  NATIVE_FRAME,
  planJoin,
  PYTHON_FRAME,
  type FrameTable,
  type ModuleTable,
  type StackTable,
} from '@memscope/model';
import type { Positions } from '@memscope/symbols';
import { basename } from 'node:path';
import type { NamedFrames } from './name-native-frames.js';
import type { PythonStacks } from './native-sites.js';
import { renumber, type StackTables } from './stack-tables.js';
import { mappedBuildId, symbolNotes } from './symbol-notes.js';

/** The first header version whose joined stacks are paired from the outermost frame inwards. */
const FIRST_INWARDS = 9;
/** From this size on the table takes no more inlined calls. */
const MOST_ROWS = 1 << 24;

/** `python` is of the same capture. */
export function nativeStackTables(decoded: Decoded, python: PythonStacks, named: NamedFrames): StackTables {
  const { header, sites, threads } = decoded;
  const used = new UsedFrames(decoded, python, named);
  const { stacks, nativeRows } = addNativeStacks(decoded, python.stacks, named, used);
  const tables = { frames: used.table(), modules: moduleTable(named), stacks };
  const nativeStack = new Uint32Array(sites.length);
  for (let site = 0; site < sites.length; site++) nativeStack[site] = nativeRows[sites.nativeStack[site]!]!;
  const cutThread = header.skippedFrames > 0 ? threads.tid.indexOf(header.mainThreadId ?? -1n) : -1;
  const { notes, methods } = planJoin(
    tables,
    { length: sites.length, thread: sites.thread, pythonStack: python.ofSite, nativeStack },
    { inwards: header.version >= FIRST_INWARDS, cutThread: cutThread < 0 ? null : cutThread },
  );
  return {
    ...tables,
    pythonStack: python.ofSite,
    nativeStack,
    join: notes,
    symbols: symbolNotes(named, methods),
    sourceLines: named.sourceLines,
  };
}

/**
 * Python's stacks and behind them the native ones, with the rows of these by native node: of the innermost frame at its
 * position. memray writes each node once, so that none is looked for: one that stood at another address meanwhile, and
 * looks the same, has rows of its own.
 */
function addNativeStacks(
  { nativeStacks }: Decoded,
  python: StackTable,
  { placed, needed, symbols }: NamedFrames,
  used: UsedFrames,
): { stacks: StackTable; nativeRows: Uint32Array } {
  const { start } = symbols.frames;
  const length = python.length + used.nativeStackRows;
  const stacks = { length, parent: new Uint32Array(length), frame: new Uint32Array(length) };
  stacks.parent.set(python.parent);
  stacks.frame.set(python.frame);
  const nativeRows = new Uint32Array(nativeStacks.length);
  let next = python.length;
  for (let node = 1; node < nativeStacks.length; node++) {
    if (needed[node] === 0) continue;
    const position = placed.positionOf[node]!;
    const innermost = used.innermostOf(position, next);
    // A parent that comes later is none, and its row still 0.
    let row = nativeRows[nativeStacks.parent[node]!]!;
    for (let frame = start[position + 1]! - 1; frame >= innermost; frame--) {
      stacks.parent[next] = row;
      stacks.frame[next] = used.nativeRows[frame]!;
      row = next++;
    }
    nativeRows[node] = row;
  }
  return { stacks, nativeRows };
}

/** The frames that stacks mention: Python's first, then native ones, in their own order. */
class UsedFrames {
  readonly #decoded: Decoded;
  readonly #named: NamedFrames;
  readonly #python: PythonStacks;
  readonly #nativeNeeded: Uint8Array;
  /** Of the table, by row of the resolved native frames. */
  readonly nativeRows: Uint32Array;
  /** Rows that all native stacks take. */
  readonly nativeStackRows: number;
  readonly #length: number;

  constructor(decoded: Decoded, python: PythonStacks, named: NamedFrames) {
    this.#decoded = decoded;
    this.#named = named;
    this.#python = python;
    const { needed, placed, symbols } = named;
    const { start, source } = symbols.frames;
    const nativeNeeded = new Uint8Array(source.length);
    const first = python.stacks.length;
    let next = first;
    for (let node = 1; node < needed.length; node++) {
      if (needed[node] === 0) continue;
      const position = placed.positionOf[node]!;
      const outermost = start[position + 1]! - 1;
      for (let frame = this.innermostOf(position, next); frame <= outermost; frame++, next++) nativeNeeded[frame] = 1;
    }
    this.nativeStackRows = next - first;
    this.#nativeNeeded = nativeNeeded;
    const native = renumber(nativeNeeded, countOf(python.isFrame));
    this.nativeRows = native.rows;
    this.#length = native.next;
  }

  /** Of the resolved frames at a position, the innermost one that a table takes which has `rows` rows. */
  innermostOf(position: number, rows: number): number {
    const { start } = this.#named.symbols.frames;
    return rows < MOST_ROWS ? start[position]! : start[position + 1]! - 1;
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
      if (!this.#python.isFrame[row]) continue;
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
        ip[target] = returnAddress(positions, position);
        source[target] = symbols.frames.source[row]!;
      }
    }
    return { length, kind, functionName, file, line, module, ip, source, entry };
  }
}

function countOf(marks: Uint8Array): number {
  let count = 0;
  for (let row = 0; row < marks.length; row++) count += marks[row]!;
  return count;
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

/** In the module's file: where a module was loaded is another place in each process, and would tell runs apart. */
function returnAddress({ ip, address }: Positions, position: number): bigint {
  return address[position]! < 0 ? ip[position]! : BigInt(address[position]!) + 1n;
}
