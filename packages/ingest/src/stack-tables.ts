/**
 * The stacks of a capture's sites as a profile holds them: one table of stacks and one of frames, with only what sites
 * refer to, parents before their children. This file makes them of Python stacks alone; native-tables.ts of both kinds.
 */
import type { Decoded } from '@memscope/kernel';
import {
  PYTHON_FRAME,
  type FrameTable,
  type JoinNotes,
  type ModuleTable,
  type SourceLines,
  type StackTable,
  type SymbolNotes,
} from '@memscope/model/recorded';
import type { SymbolStamp } from '@memscope/store';

export interface StackTables {
  readonly frames: FrameTable;
  readonly modules: ModuleTable;
  readonly stacks: StackTable;
  /** Rows of `stacks` by site. */
  readonly pythonStack: Uint32Array;
  /** These three are null without native traces. */
  readonly nativeStack: Uint32Array | null;
  readonly join: JoinNotes | null;
  readonly symbols: SymbolNotes | null;
  /** What a symbol bundle brought. */
  readonly sourceLines: SourceLines;
}

/** With how native frames were named; null without native traces. */
export interface NamedStacks {
  readonly tables: StackTables;
  readonly stamp: SymbolStamp | null;
}

export function pythonStackTables({ frames, stacks, sites, strings }: Decoded): StackTables {
  const needed = withParents(stacks.parent, sites.pythonStack);
  const rows = renumber(needed, 1);
  const framesNeeded = new Uint8Array(frames.length);
  for (let row = 1; row < stacks.length; row++) if (needed[row]) framesNeeded[stacks.frame[row]!] = 1;
  const frameRows = renumber(framesNeeded, 0);

  const parent = new Uint32Array(rows.next);
  const frame = new Uint32Array(rows.next);
  for (let row = 1; row < stacks.length; row++) {
    const target = rows.rows[row]!;
    if (!target) continue;
    parent[target] = rows.rows[stacks.parent[row]!]!;
    frame[target] = frameRows.rows[stacks.frame[row]!]!;
  }

  const length = frameRows.next;
  const functionName: (string | null)[] = [];
  const file: (string | null)[] = [];
  const line = new Int32Array(length);
  for (let row = 0; row < frames.length; row++) {
    if (!framesNeeded[row]) continue;
    line[functionName.length] = frames.line[row]!;
    functionName.push(strings[frames.functionName[row]!]!);
    file.push(strings[frames.file[row]!]!);
  }
  const stack = sites.pythonStack.map((row) => rows.rows[row]!);
  return {
    frames: {
      length,
      kind: new Uint8Array(length).fill(PYTHON_FRAME),
      functionName,
      file,
      line,
      module: new Int32Array(length).fill(-1),
      ip: new BigUint64Array(length),
      source: new Uint8Array(length),
    },
    modules: { length: 0, path: [], name: [], buildId: [], category: [] },
    stacks: { length: rows.next, parent, frame },
    pythonStack: stack,
    nativeStack: null,
    join: null,
    symbols: null,
    sourceLines: new Map(),
  };
}

/**
 * 1 for the `used` rows of a call tree and all that are above them; 0 for row 0, the empty stack. A parent that does not
 * come before its row ends the stack there.
 */
export function withParents(parent: Uint32Array, ...used: readonly Uint32Array[]): Uint8Array {
  const needed = new Uint8Array(parent.length);
  for (const column of used) for (let i = 0; i < column.length; i++) needed[column[i]!] = 1;
  for (let row = parent.length - 1; row > 0; row--) if (needed[row] && parent[row]! < row) needed[parent[row]!] = 1;
  needed[0] = 0;
  return needed;
}

/** New row numbers for what is `needed`, from `first` on; 0 for the rest. */
export function renumber(needed: Uint8Array, first: number): { rows: Uint32Array; next: number } {
  const rows = new Uint32Array(needed.length);
  let next = first;
  for (let row = 0; row < needed.length; row++) if (needed[row]) rows[row] = next++;
  return { rows, next };
}
