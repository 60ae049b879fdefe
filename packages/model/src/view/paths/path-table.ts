/**
 * Sites and their stacks → a table of paths: one row for each recorded stack (below each thread, where threads are told
 * apart). It is not compact: siblings may look the same and are one to whoever draws them, and rows
 * may be out of use. So hiding, merging and focussing are one pass over typed arrays, and a row keeps its number, by
 * which it can be found again.
 */
import type { SiteKeys } from '../../profile.js';
import type {
  FrameRow,
  FunctionKey,
  PathKey,
  PathRow,
  RowColumn,
  ShownStackRow,
  SignedRowColumn,
  ThreadRow,
} from '../../rows.js';
import type { FrameTable, StackTable } from '../../tables.js';
import type { FrameGroups } from '../frame-groups.js';
import { ROOT_KEY } from '../path-tree.js';

/** Key of a row of `ThreadTable`. */
function keyOfThread(thread: ThreadRow): PathKey {
  return ROOT_KEY - 1 - thread;
}

/** Row of `ThreadTable` that a key below -1 stands for. */
export function threadOfKey(key: PathKey): ThreadRow {
  return ROOT_KEY - 1 - key;
}

export function isThreadKey(key: PathKey): boolean {
  return key < ROOT_KEY;
}

/** Neither the root, a thread nor a whole module. */
export function isFrameKey(key: PathKey, frames: Pick<FrameTable, 'length'>): key is FrameRow {
  return key > ROOT_KEY && key < frames.length;
}

/** Key of the arenas of Python's allocator, where they are no part of the paths that needed them: behind all modules. */
export function keyOfArenas(frames: Pick<FrameTable, 'length'>, { modules }: Pick<FrameGroups, 'modules'>): PathKey {
  return frames.length + modules.length;
}

/** Key of an import that is one node at any line: behind the arenas. */
export function keyOfImport(
  imported: FunctionKey,
  frames: Pick<FrameTable, 'length'>,
  groups: Pick<FrameGroups, 'modules'>,
): PathKey {
  return keyOfArenas(frames, groups) + 1 + imported;
}

/** The imported file's code, a position in `FrameGroups.functions`; null where the key is not of an import. */
export function importOfKey(
  key: PathKey,
  frames: Pick<FrameTable, 'length'>,
  groups: Pick<FrameGroups, 'modules'>,
): FunctionKey | null {
  const arenas = keyOfArenas(frames, groups);
  return key > arenas ? key - arenas - 1 : null;
}

/** Row of a site whose path is left out. */
export const DROPPED = 0xffffffff;

/** Columns; row 0 is the root. */
export interface PathTable {
  readonly length: number;
  /** `parent[i] < i`; a row that is its own parent is out of use. */
  readonly parent: RowColumn<PathRow>;
  /**
   * Row of `FrameTable`; -1 in the root, below that a thread (`threadOfKey`), from the number of frames on a module as a
   * whole (position in `FrameGroups.modules` plus the number of frames); behind those `keyOfArenas` and `keyOfImport`.
   */
  readonly key: SignedRowColumn<PathKey>;
  /** By site: the row at which its path ends, or `DROPPED`. */
  readonly rowOfSite: RowColumn<PathRow>;
  /** Hidden frames of Python between a row and its caller; left out where none are. */
  readonly hidden?: Uint32Array;
  /** 1 where what is below a row is not drawn unless it is the root (`foldImports`). */
  readonly closed?: Uint8Array;
}

/** `stack` holds a row of `stacks` by site. */
export function tablePaths(
  sites: Pick<SiteKeys, 'length' | 'thread'>,
  stack: RowColumn<ShownStackRow>,
  stacks: StackTable<ShownStackRow>,
  byThread: boolean,
): PathTable {
  if (byThread) return tableByThread(sites, stack, stacks);
  return tableStacks(stacks, stack);
}

/** A row for each stack, by its number. */
function tableStacks({ length, parent, frame }: StackTable<number>, rowOfSite: Uint32Array): PathTable {
  const key = new Int32Array(frame);
  key[0] = ROOT_KEY;
  return { length, parent, key, rowOfSite };
}

function tableByThread(
  { length, thread }: Pick<SiteKeys, 'length' | 'thread'>,
  stack: RowColumn<ShownStackRow>,
  { length: stackCount, parent: above, frame }: StackTable<ShownStackRow>,
): PathTable {
  const rows = new Rows(stackCount);
  const rowOfStack = new Uint32Array(stackCount);
  /** Thread + 1 that `rowOfStack` speaks of. */
  const madeFor = new Uint32Array(stackCount);
  const path = new Uint32Array(stackCount);
  const rowOfSite = new Uint32Array(length);
  let top = 0;
  let present = -1;
  for (const site of orderByThread(thread)) {
    if (thread[site] !== present) {
      present = thread[site]!;
      top = rows.append(0, keyOfThread(present));
    }
    let depth = 0;
    let at = stack[site]!;
    for (; at !== 0 && madeFor[at] !== present + 1; at = above[at]!) path[depth++] = at;
    let row = at === 0 ? top : rowOfStack[at]!;
    while (depth > 0) {
      at = path[--depth]!;
      row = rows.append(row, frame[at]!);
      rowOfStack[at] = row;
      madeFor[at] = present + 1;
    }
    rowOfSite[site] = row;
  }
  return { ...rows.columns(), rowOfSite };
}

/** Sites, those of one thread together, threads in their order. */
function orderByThread(thread: Uint32Array): Uint32Array {
  const start = new Uint32Array(thread.reduce((most, each) => Math.max(most, each), 0) + 2);
  for (let site = 0; site < thread.length; site++) start[thread[site]! + 1]!++;
  for (let row = 1; row < start.length; row++) start[row]! += start[row - 1]!;
  const order = new Uint32Array(thread.length);
  for (let site = 0; site < thread.length; site++) order[start[thread[site]!]!++] = site;
  return order;
}

class Rows {
  #length = 1;
  #parent: Uint32Array;
  #key: Int32Array;

  constructor(expected: number) {
    this.#parent = new Uint32Array(expected + 16);
    this.#key = new Int32Array(expected + 16);
    this.#key[0] = ROOT_KEY;
  }

  append(parent: PathRow, key: PathKey): PathRow {
    const row = this.#length++;
    if (row === this.#parent.length) this.#grow();
    this.#parent[row] = parent;
    this.#key[row] = key;
    return row;
  }

  columns(): Pick<PathTable, 'length' | 'parent' | 'key'> {
    const length = this.#length;
    return { length, parent: this.#parent.subarray(0, length), key: this.#key.subarray(0, length) };
  }

  #grow(): void {
    const [parent, key] = [new Uint32Array(2 * this.#length), new Int32Array(2 * this.#length)];
    parent.set(this.#parent);
    key.set(this.#key);
    [this.#parent, this.#key] = [parent, key];
  }
}
