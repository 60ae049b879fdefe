/** What stacks are joined from: the two call trees, what native code is called, and the pairs that sites ask for. */

export interface StackColumns {
  /** Row 0 is the empty stack; `parent[i] < i`. A parent that does not come before its row ends the stack there. */
  readonly parent: Uint32Array;
}

/** What native code at each position is called: one frame or, where calls were inlined, several, innermost first. */
export interface NamedFrames {
  /** Frames of position i are rows `start[i]` to `start[i + 1]`. */
  readonly start: Uint32Array;
  /** Rows of `strings`; -1 = unknown. */
  readonly functionName: Int32Array;
  readonly strings: readonly (string | null)[];
}

export interface JoinSource {
  /** Call tree of Python stacks, with the frame of each row. */
  readonly python: StackColumns & { readonly frame: Uint32Array };
  /** By Python frame: 1 = started its own evaluation loop. */
  readonly isEntry: Uint8Array;
  readonly native: StackColumns;
  /** Row of `frames` by row of the native stacks. */
  readonly positionOf: Uint32Array;
  /** Resolved frames by position. */
  readonly frames: NamedFrames;
  /** By position: 1 = in the interpreter's own module. */
  readonly isInterpreter: Uint8Array;
  /** Whether frames are paired from the outermost one inwards. */
  readonly inwards: boolean;
}

/** What to join, as columns: a row for each allocation site. */
export interface StackPairs {
  readonly length: number;
  /** Rows of the two call trees, 0 = no stack. */
  readonly pythonStack: Uint32Array;
  readonly nativeStack: Uint32Array;
  /** 1 = the outermost frames of this thread, above the tracker's, are not in its Python stack. */
  readonly isCut: Uint8Array;
}
