/**
 * Native nodes (instruction pointer and generation of memory maps) → distinct positions: the module that was mapped
 * there and the call's virtual address in its file. The same position is found once, however many nodes share it.
 */
import { MemoryMaps, type MappedSegments } from './memory-maps.js';
import { SeenAddresses } from './seen-addresses.js';

/** A file that was mapped, with all its segments as they were mapped in any generation. */
export interface MappedModule {
  /** As the capture names it. */
  readonly path: string;
  /** Distinct (virtual address, bytes in memory) pairs. */
  readonly segments: readonly (readonly [virtualAddress: bigint, size: bigint])[];
}

/** Distinct positions. */
export interface Positions {
  readonly length: number;
  /** Return address as recorded, of the first node at this position. */
  readonly ip: BigUint64Array;
  /** Row of `modules`, -1 = the address was in no map. */
  readonly module: Int32Array;
  /** Virtual address of the call within the module's file; -1 without a module, or beyond 2^53. */
  readonly address: Float64Array;
  readonly modules: readonly MappedModule[];
}

export interface PlacedAddresses {
  readonly positions: Positions;
  /** Row of `positions` by node. */
  readonly positionOf: Uint32Array;
}

const GREATEST_ADDRESS = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * `ip` and `generation` are columns of equal length; `skip` marks nodes that need no position (they get row 0).
 * Modules come in the order in which nodes mention them; those that none mentions are left out.
 */
export function placeAddresses(
  ip: BigUint64Array,
  generation: Uint32Array,
  segments: MappedSegments,
  strings: readonly string[],
  skip?: (node: number) => boolean,
): PlacedAddresses {
  const maps = new MemoryMaps(segments);
  const modules = new ModuleRows(segments, strings);
  const positionOf = new Uint32Array(ip.length);
  const ips: bigint[] = [];
  const module: number[] = [];
  const address: number[] = [];
  /** Most nodes repeat an earlier one of their generation. */
  const seen = new SeenAddresses(ip, generation);
  /** Position by module and address. */
  const byModule = new Map<number, Map<bigint, number>>();

  for (let node = 0; node < ip.length; node++) {
    if (skip?.(node)) continue;
    const first = seen.firstOf(node);
    if (first !== node) {
      positionOf[node] = positionOf[first]!;
      continue;
    }
    const at = ip[node]!;
    const segment = maps.segmentOf(at, generation[node]!);
    const row = segment < 0 ? -1 : modules.rowOf(segments.file[segment]!);
    const known = innerMap(byModule, row);
    const virtual = segment < 0 ? GREATEST_ADDRESS + 1n : maps.virtualAddressOf(at, segment);
    // Without a module the address itself tells positions apart, with one its place in the file does.
    const key = row < 0 ? at : virtual;
    let position = known.get(key);
    if (position === undefined) {
      position = ips.length;
      ips.push(at);
      module.push(row);
      address.push(virtual > GREATEST_ADDRESS ? -1 : Number(virtual));
      known.set(key, position);
    }
    positionOf[node] = position;
  }
  return {
    positions: {
      length: ips.length,
      ip: BigUint64Array.from(ips),
      module: Int32Array.from(module),
      address: Float64Array.from(address),
      modules: modules.read(),
    },
    positionOf,
  };
}

function innerMap<K>(outer: Map<number, Map<K, number>>, key: number): Map<K, number> {
  let inner = outer.get(key);
  if (inner === undefined) outer.set(key, (inner = new Map()));
  return inner;
}

/** Rows of modules by their path. */
class ModuleRows {
  readonly #segments: MappedSegments;
  readonly #strings: readonly string[];
  readonly #rowOfFile = new Map<number, number>();
  readonly #rowOfPath = new Map<string, number>();

  constructor(segments: MappedSegments, strings: readonly string[]) {
    this.#segments = segments;
    this.#strings = strings;
  }

  rowOf(file: number): number {
    let row = this.#rowOfFile.get(file);
    if (row === undefined) {
      const path = this.#strings[file] ?? '';
      row = this.#rowOfPath.get(path) ?? this.#rowOfPath.size;
      this.#rowOfPath.set(path, row);
      this.#rowOfFile.set(file, row);
    }
    return row;
  }

  read(): MappedModule[] {
    const found = Array.from(this.#rowOfPath.keys(), (path) => ({
      path,
      segments: new Map<string, readonly [bigint, bigint]>(),
    }));
    const { length, file, virtualAddress, size } = this.#segments;
    for (let row = 0; row < length; row++) {
      const module = this.#rowOfFile.get(file[row]!);
      if (module === undefined) continue;
      found[module]!.segments.set(`${virtualAddress[row]}:${size[row]}`, [virtualAddress[row]!, size[row]!]);
    }
    return found.map(({ path, segments }) => ({ path, segments: [...segments.values()] }));
  }
}
