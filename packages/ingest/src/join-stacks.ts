/**
 * The kernel's two call trees (Python, native) → one table of stacks and one of frames, holding only what sites refer
 * to. Parents keep coming before their children.
 */
import type { Decoded } from '@memscope/kernel';
import { NATIVE_FRAME, PYTHON_FRAME, type FrameTable, type ModuleTable, type StackTable } from '@memscope/model';
import { MemoryMaps } from '@memscope/symbols';
import { basename } from 'node:path';

export interface JoinedStacks {
  readonly frames: FrameTable;
  readonly modules: ModuleTable;
  readonly stacks: StackTable;
  /** Row of `stacks` by row of the kernel's trees. */
  readonly pythonStack: Uint32Array;
  readonly nativeStack: Uint32Array;
}

/** Rows that are parents of `used` rows, those included; row 0 is never needed. */
function withParents(used: Uint32Array, parent: Uint32Array): Uint8Array {
  const needed = new Uint8Array(parent.length);
  for (const row of used) needed[row] = 1;
  for (let row = parent.length - 1; row > 0; row--) if (needed[row]) needed[parent[row]!] = 1;
  needed[0] = 0;
  return needed;
}

/** New row numbers for what is `needed`, from `first` on; 0 for the rest. */
function renumber(needed: Uint8Array, first: number): { rows: Uint32Array; next: number } {
  const rows = new Uint32Array(needed.length);
  let next = first;
  for (let row = 0; row < needed.length; row++) if (needed[row]) rows[row] = next++;
  return { rows, next };
}

export function joinStacks(decoded: Decoded): JoinedStacks {
  const { frames, stacks, nativeStacks, sites, strings } = decoded;
  const pythonNeeded = withParents(sites.pythonStack, stacks.parent);
  const nativeNeeded = withParents(sites.nativeStack, nativeStacks.parent);
  const python = renumber(pythonNeeded, 1);
  const native = renumber(nativeNeeded, python.next);

  const framesNeeded = new Uint8Array(frames.length);
  for (let row = 1; row < stacks.length; row++) if (pythonNeeded[row]) framesNeeded[stacks.frame[row]!] = 1;
  const frameRows = renumber(framesNeeded, 0);
  const nativeFrames = new NativeFrames(decoded, frameRows.next);

  const parent = new Uint32Array(native.next);
  const frame = new Uint32Array(native.next);
  for (let row = 1; row < stacks.length; row++) {
    const target = python.rows[row]!;
    if (!target) continue;
    parent[target] = python.rows[stacks.parent[row]!]!;
    frame[target] = frameRows.rows[stacks.frame[row]!]!;
  }
  for (let row = 1; row < nativeStacks.length; row++) {
    const target = native.rows[row]!;
    if (!target) continue;
    parent[target] = native.rows[nativeStacks.parent[row]!]!;
    frame[target] = nativeFrames.rowOf(nativeStacks.ip[row]!, nativeStacks.generation[row]!);
  }

  const length = frameRows.next + nativeFrames.ips.length;
  const kind = new Uint8Array(length).fill(NATIVE_FRAME);
  const functionName: (string | null)[] = [];
  const file: (string | null)[] = [];
  const line = new Int32Array(length);
  const module = new Int32Array(length).fill(-1);
  const ip = new BigUint64Array(length);
  for (let row = 0; row < frames.length; row++) {
    if (!framesNeeded[row]) continue;
    const target = functionName.length;
    kind[target] = PYTHON_FRAME;
    functionName.push(strings[frames.functionName[row]!]!);
    file.push(strings[frames.file[row]!]!);
    line[target] = frames.line[row]!;
  }
  for (const [index, address] of nativeFrames.ips.entries()) {
    const target = frameRows.next + index;
    functionName.push(null);
    file.push(null);
    module[target] = nativeFrames.modules[index]!;
    ip[target] = address;
  }
  return {
    frames: { length, kind, functionName, file, line, module, ip, source: new Uint8Array(length) },
    modules: nativeFrames.moduleTable(),
    stacks: { length: native.next, parent, frame },
    pythonStack: python.rows,
    nativeStack: native.rows,
  };
}

/** Native frames, one for each address and module. */
class NativeFrames {
  readonly ips: bigint[] = [];
  readonly modules: number[] = [];
  readonly #maps: MemoryMaps;
  readonly #strings: readonly string[];
  readonly #first: number;
  readonly #rows = new Map<bigint, number[]>();
  readonly #moduleOfFile = new Map<number, number>();
  readonly #paths: string[] = [];

  /** Rows are given out from `first` on. */
  constructor(decoded: Decoded, first: number) {
    this.#maps = new MemoryMaps(decoded.segments);
    this.#strings = decoded.strings;
    this.#first = first;
  }

  rowOf(ip: bigint, generation: number): number {
    const file = this.#maps.fileOf(ip, generation);
    const module = file < 0 ? -1 : this.#moduleOf(file);
    const rows = this.#rows.get(ip) ?? [];
    const known = rows.find((row) => this.modules[row] === module);
    if (known !== undefined) return this.#first + known;
    const row = this.ips.length;
    this.ips.push(ip);
    this.modules.push(module);
    rows.push(row);
    this.#rows.set(ip, rows);
    return this.#first + row;
  }

  #moduleOf(file: number): number {
    let module = this.#moduleOfFile.get(file);
    if (module === undefined) {
      module = this.#paths.length;
      this.#paths.push(this.#strings[file]!);
      this.#moduleOfFile.set(file, module);
    }
    return module;
  }

  moduleTable(): ModuleTable {
    const path = this.#paths;
    const unknown = path.map(() => null);
    return { length: path.length, path, name: path.map((each) => basename(each)), buildId: unknown, category: unknown };
  }
}
