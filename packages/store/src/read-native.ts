/** Stacks, sites and objects of an open profile from packed columns: the native ones, and what is many. */
import {
  ALLOCATOR_NAMES,
  type MemoryMeasure,
  type NarrowWeights,
  type SiteKeys,
  type SiteWeights,
  type StackTable,
} from '@memscope/model/recorded';
import type { PackedTable } from './packed-columns.js';
import type { PackedReader } from './packed-reader.js';

export class NativeReader {
  readonly #packed: PackedReader;
  /** Native sites; null in a capture without native traces. */
  readonly sites: number | null;

  constructor(packed: PackedReader) {
    this.#packed = packed;
    this.sites = packed.count('native_site');
  }

  /** Python's stacks and sites where they stand here, too, for being many; null where SQL alone has them. */
  pythonStacks(frames: number): StackTable | null {
    const length = this.#packed.count('stack');
    if (length === null) return null;
    const stacks = {
      length,
      parent: this.#packed.words('stack', 'parent_id', length, length),
      frame: this.#packed.words('stack', 'frame_id', length, frames),
    };
    this.#checkParents(stacks, 1);
    return stacks;
  }

  sqlSites(threads: number, stacks: number, owners: number): SiteKeys | null {
    const length = this.#packed.count('site');
    if (length === null) return null;
    const column = (name: string, limit: number): Uint32Array => this.#packed.words('site', name, length, limit);
    return {
      length,
      thread: column('thread_id', threads),
      allocator: new Uint8Array(column('allocator_id', ALLOCATOR_NAMES.length)),
      pythonStack: column('python_stack', stacks),
      owner: column('owner', owners),
      nativeStack: null,
    };
  }

  /** Python's stacks with the native ones behind them. */
  addStacks({ length, parent, frame }: StackTable, frames: number): StackTable {
    const rows = this.#packed.count('native_stack');
    if (rows === null) return { length, parent, frame };
    const all = {
      length: length + rows,
      parent: new Uint32Array(length + rows),
      frame: new Uint32Array(length + rows),
    };
    all.parent.set(parent);
    all.frame.set(frame);
    all.parent.set(this.#packed.words('native_stack', 'parent', rows, length + rows), length);
    all.frame.set(this.#packed.words('native_stack', 'frame', rows, frames), length);
    this.#checkParents(all, length);
    return all;
  }

  /** The sites of SQL → those with native stacks. */
  splitSites(keys: SiteKeys, stacks: number): SiteKeys {
    const length = this.sites;
    if (length === null) return keys;
    const site = this.#packed.words('native_site', 'site', length, keys.length);
    const pick = <T extends Uint32Array | Uint8Array>(column: T, picked: T): T => {
      for (let row = 0; row < length; row++) picked[row] = column[site[row]!]!;
      return picked;
    };
    return {
      length,
      thread: pick(keys.thread, new Uint32Array(length)),
      allocator: pick(keys.allocator, new Uint8Array(length)),
      owner: pick(keys.owner, new Uint32Array(length)),
      pythonStack: pick(keys.pythonStack, new Uint32Array(length)),
      nativeStack: this.#packed.words('native_site', 'native_stack', length, stacks),
    };
  }

  /** Null where SQL alone has them. */
  weights(measure: MemoryMeasure): SiteWeights | null {
    return this.#weights(measure, (table, name, rows) => this.#packed.doubles(table, name, rows));
  }

  narrowWeights(measure: MemoryMeasure): NarrowWeights | null {
    return this.#weights(measure, (table, name, rows) => this.#packed.narrow(table, name, rows));
  }

  #weights<Column>(
    measure: MemoryMeasure,
    read: (table: PackedTable, name: string, rows: number) => Column,
  ): { readonly bytes: Column; readonly count: Column } | null {
    const table = this.sites === null ? 'site' : 'native_site';
    const rows = this.#packed.count(table);
    const isPacked = rows !== null && (table === 'native_site' || measure !== 'temporary');
    if (!isPacked) return null;
    const column = (kind: string): Column => read(table, `${measure}_${kind}`, rows);
    return { bytes: column('bytes'), count: column('count') };
  }

  /** Surviving objects of each of `sites` sites; null where none were tracked. */
  objects(sites: number): Float64Array | null {
    return this.#packed.count('site_object') === null ? null : this.#packed.doubles('site_object', 'count', sites);
  }

  #checkParents({ length, parent }: StackTable, from: number): void {
    for (let row = from; row < length; row++) {
      if (parent[row]! >= row) throw this.#packed.corrupt(`stack ${row} has the parent ${parent[row]}`);
    }
  }
}
