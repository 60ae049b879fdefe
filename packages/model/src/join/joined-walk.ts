/**
 * A site → its joined stack, frame by frame from the innermost outwards, without making a tree of it. Whoever only asks
 * which frame comes first (whose memory it is, which module asked for it, whether a frame is on the stack) mostly looks at
 * a few frames of millions of sites: joining them all takes hundreds of times as long. The rows are those of the recorded
 * stacks, in the order in which join-stacks.ts puts them together.
 */
import type { SiteKeys, StackTables } from '../profile.js';
import type { FrameRow, RowColumn, SiteRow, StackRow } from '../rows.js';
import { countPassed, joinColumns, joinMethodOf, type JoinColumns, type JoinRule } from './join-columns.js';
import { BY_MODULE, PAIRED, PYTHON_ALONE } from './join-stacks.js';

/** Recorded stacks, and how they are joined. */
export interface SiteStacks {
  readonly tables: StackTables;
  readonly sites: Pick<SiteKeys, 'length' | 'thread' | 'pythonStack' | 'nativeStack'>;
  /** By their first sites; one for each run. */
  readonly joins: readonly JoinRule[];
}

/**
 * By row of the recorded stacks: the nearest row, itself or outwards, whose frame is chosen, or at which the other stack's
 * frames may come in; 0 = none. One column for each method that joins.
 */
export class NearestRows {
  /** By frame: not 0 where it is chosen. */
  readonly chosen: Uint8Array;
  readonly paired: Uint32Array;
  readonly #stacks: StackTables['stacks'];
  readonly #isInterpreter: Uint8Array | null;
  #byModule: Uint32Array | null = null;

  constructor({ tables, sites }: Pick<SiteStacks, 'tables' | 'sites'>, chosen: Uint8Array) {
    const columns = sites.nativeStack === null ? null : joinColumns(tables);
    this.chosen = chosen;
    this.#stacks = tables.stacks;
    this.#isInterpreter = columns?.isInterpreter ?? null;
    this.paired = this.#nearest(columns?.isLoop ?? null);
  }

  get byModule(): Uint32Array {
    return (this.#byModule ??= this.#nearest(this.#isInterpreter));
  }

  #nearest(others: Uint8Array | null): Uint32Array {
    const { length, parent, frame } = this.#stacks;
    const stops = this.chosen.map((each, row) => (each !== 0 || others?.[row] === 1 ? 1 : 0));
    const nearest = new Uint32Array(length);
    for (let row = 1; row < length; row++) nearest[row] = stops[frame[row]!] === 1 ? row : nearest[parent[row]!]!;
    return nearest;
  }
}

/** In the place of a row: none is near. */
export const NOT_NEAR = 0;

export class JoinedWalk {
  readonly #parent: RowColumn<StackRow>;
  readonly #frame: RowColumn<FrameRow>;
  readonly #sites: SiteStacks['sites'];
  readonly #joins: readonly JoinRule[];
  /** Null where there are no native stacks. */
  readonly #columns: JoinColumns | null;
  /** Row of `#joins` that the site is of. */
  #rule = 0;
  /** The next rows outwards of the two stacks; 0 = all were told. */
  #python: StackRow = 0;
  #native: StackRow = 0;
  #method = PYTHON_ALONE;
  #passed = 0;
  #inwards = true;
  /** The run of the evaluation loop whose Python frames are told now, counted from the outermost; 0 = none. */
  #run = 0;
  /** Nothing outside the outermost Python frame is shown. */
  #endsAtPython = false;

  constructor({ tables, sites, joins }: SiteStacks) {
    this.#parent = tables.stacks.parent;
    this.#frame = tables.stacks.frame;
    this.#sites = sites;
    this.#joins = joins;
    this.#columns = sites.nativeStack === null ? null : joinColumns(tables);
  }

  /** Goes to a site; `next` tells its innermost row. Returns the index of its method in `JOIN_METHODS`. */
  start(site: SiteRow): number {
    const { pythonStack, nativeStack, thread } = this.#sites;
    const python = pythonStack[site]!;
    const native = nativeStack === null ? 0 : nativeStack[site]!;
    this.#python = python;
    this.#native = 0;
    this.#run = 0;
    const notes = this.#notesOf(site);
    if (this.#columns === null || notes === null) return (this.#method = PYTHON_ALONE);
    const isCut = thread[site] === notes.cutThread;
    this.#passed = countPassed(python, isCut, notes, this.#columns);
    this.#inwards = notes.inwards;
    this.#endsAtPython = python !== 0 && (isCut || !notes.inwards);
    this.#method = joinMethodOf(python, native, this.#passed, this.#columns);
    if (this.#method !== PYTHON_ALONE) this.#native = native;
    return this.#method;
  }

  /**
   * After `start`: the first row whose frame is chosen, where it comes before the stacks have joined twice: of most sites
   * it does. `NOT_NEAR` where one has to go row by row.
   */
  leap(nearest: NearestRows): StackRow {
    const { chosen, paired } = nearest;
    const python = this.#python;
    if (this.#native === 0) return python === 0 ? NOT_NEAR : paired[python]!;
    const isPaired = this.#method === PAIRED;
    const row = (isPaired ? paired : nearest.byModule)[this.#native]!;
    if (row === 0) return NOT_NEAR;
    const frame = this.#frame[row]!;
    const { isLoop, isInterpreter, loops } = this.#columns!;
    if (isPaired ? python === 0 || isLoop[frame] === 0 : isInterpreter[frame] === 0) {
      return chosen[frame] !== 0 ? row : NOT_NEAR;
    }
    const told = paired[python]!;
    if (told === 0 || !isPaired) return told;
    const run = this.#runOf(python);
    const begins = !this.#inwards || loops[row]! - this.#passed === run;
    return begins && this.#runOf(told) === run ? told : NOT_NEAR;
  }

  /**
   * After `start`: whether a native frame that is hit is told, where that can be said without going row by row; null where
   * it cannot. `nearest`: by row the nearest one, itself or outwards, that is hit, 0 = none.
   */
  tells(nearest: Uint32Array): boolean | null {
    const hit = this.#native === 0 ? 0 : nearest[this.#native]!;
    if (hit === 0) return false;
    const { isLoop, loops, nearestInterpreter } = this.#columns!;
    // Rows further in are greater. From the interpreter's own module on Python's frames stand for the others.
    if (this.#method === BY_MODULE) return hit > nearestInterpreter()[this.#native]!;
    if (this.#python === 0) return true;
    // Python's frames may stand for it.
    if (isLoop[this.#frame[hit]!] === 1) return null;
    if (!this.#endsAtPython) return true;
    // Inside the loop that ran the outermost Python frame, the first after those that were passed.
    return this.#inwards ? loops[hit]! > this.#passed : null;
  }

  /** Row of the recorded stacks of the next frame outwards; 0 behind the outermost. */
  next(): StackRow {
    if (this.#run > 0) {
      const row = this.#python;
      if (row !== 0 && this.#runOf(row) === this.#run) return this.#tellPython();
      this.#run = 0;
      if (row === 0 && this.#endsAtPython) this.#native = 0;
    }
    while (this.#native !== 0) {
      const row = this.#native;
      this.#native = this.#parent[row]!;
      const frame = this.#frame[row]!;
      if (this.#method === BY_MODULE && this.#columns!.isInterpreter[frame] === 1) {
        this.#native = 0;
        break;
      }
      if (this.#method === PAIRED && this.#python !== 0 && this.#columns!.isLoop[frame] === 1) {
        const run = this.#runOf(this.#python);
        // Loops inside those of all frames allocated before the profiler saw their frame: they stay.
        if (!this.#inwards || this.#columns!.loops[row]! - this.#passed === run) {
          this.#run = run;
          return this.#tellPython();
        }
      }
      return row;
    }
    return this.#python === 0 || this.#method === PAIRED ? 0 : this.#tellPython();
  }

  #tellPython(): StackRow {
    const row = this.#python;
    this.#python = this.#parent[row]!;
    return row;
  }

  #runOf(row: StackRow): number {
    return this.#columns!.startsInside[row]! + this.#columns!.entries[row]!;
  }

  #notesOf(site: SiteRow): JoinRule['notes'] {
    const joins = this.#joins;
    if (joins[this.#rule]!.firstSite > site) this.#rule = 0;
    while (this.#rule + 1 < joins.length && joins[this.#rule + 1]!.firstSite <= site) this.#rule++;
    return joins[this.#rule]!.notes;
  }
}
