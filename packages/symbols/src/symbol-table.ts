/**
 * An ELF file's functions by address: those of `.symtab`, or of `.dynsym` where it was stripped. The table is read in
 * pieces into sorted columns (addresses, sizes, offsets of names); names are read only of symbols that are asked for.
 *
 * | symbol | name u32 | type and binding u8 | visibility u8 | section u16 | address u64 | size u64 |
 */
import type { ElfFile, ElfSection } from './elf-file.js';

const SYMBOL_BYTES = 24;
const SYMBOLS_PER_READ = 1 << 16;
const FUNCTION = 2;
const INDIRECT_FUNCTION = 10;
const MOST_NAME_BYTES = 1 << 16;
const FIRST_NAME_BYTES = 256;
/** How many symbols before the nearest one may be the one that reaches over an address. */
const MOST_NESTING = 64;
const MOST_ALIASES = 16;

export type SymbolSource = 'symtab' | 'dynsym';

/** Functions sorted by address; of equal addresses the longest, most visible one last. */
export interface SymbolTable {
  readonly source: SymbolSource;
  readonly length: number;
  /** Virtual addresses. */
  readonly address: Float64Array;
  /** First address behind the function; where the file gives no size, the next function or the section's end. */
  readonly end: Float64Array;
  readonly nameOffset: Uint32Array;
  /** Where names stand in the file, and how many bytes of them there are. */
  readonly namesAt: number;
  readonly nameBytes: number;
}

/** `null` where the file has no symbols. Throws `corruptElf` where the table lies outside the file. */
export function readSymbolTable(elf: ElfFile): SymbolTable | null {
  for (const source of ['symtab', 'dynsym'] as const) {
    const section = elf.findSection(`.${source}`);
    const names = section && elf.sections[section.link];
    if (!section || !names) continue;
    const table = readFunctions(elf, source, section, names);
    if (table.length > 0) return table;
  }
  return null;
}

/** Row of the function that `address` lies in, or -1. */
export function findSymbol(table: SymbolTable, address: number): number {
  let low = 0;
  let high = table.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (table.address[middle]! <= address) low = middle + 1;
    else high = middle;
  }
  // A short function may lie inside a longer one: walk back to the one that reaches this far.
  for (let row = low - 1; row >= 0 && row >= low - MOST_NESTING; row--) if (address < table.end[row]!) return row;
  return -1;
}

/**
 * The mangled name of the function at `row`, without a version (`@GLIBC_2.2.5`). Of several names for the same bytes
 * the one with the fewest underscores in front: `strdup` rather than `__strdup`.
 */
export function readBestName(elf: ElfFile, table: SymbolTable, row: number): string {
  let best = readSymbolName(elf, table, row);
  const isAlias = (other: number): boolean =>
    table.address[other] === table.address[row] && table.end[other] === table.end[row];
  for (let other = row - 1; other >= 0 && other > row - MOST_ALIASES && isAlias(other); other--) {
    const name = readSymbolName(elf, table, other);
    if (name !== '' && underscores(name) < underscores(best)) best = name;
  }
  return best;
}

function underscores(name: string): number {
  return /^_*/.exec(name)![0].length;
}

/** The mangled name, without a version; at most 64 KiB of it. */
export function readSymbolName(elf: ElfFile, table: SymbolTable, row: number): string {
  const offset = table.nameOffset[row]!;
  const available = Math.min(table.nameBytes - offset, MOST_NAME_BYTES);
  for (let length = FIRST_NAME_BYTES; ; length *= 8) {
    const bytes = elf.readUpTo(table.namesAt + offset, Math.min(length, available), 'a symbol name');
    const end = bytes.indexOf(0);
    if (end < 0 && bytes.length === length && length < available) continue;
    const name = bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
    const version = name.indexOf('@', 1);
    return version < 0 ? name : name.slice(0, version);
  }
}

function readFunctions(elf: ElfFile, source: SymbolSource, section: ElfSection, names: ElfSection): SymbolTable {
  const count = Math.floor(section.size / SYMBOL_BYTES);
  if (section.offset + count * SYMBOL_BYTES > elf.size) {
    throw elf.corrupt(`.${source} lies outside the file`, section.offset, `${section.size} bytes`);
  }
  const nameBytes = Math.max(0, Math.min(names.size, elf.size - names.offset));
  const functions = new FunctionColumns();
  for (let first = 0; first < count; first += SYMBOLS_PER_READ) {
    const rows = Math.min(SYMBOLS_PER_READ, count - first);
    const bytes = elf.read(section.offset + first * SYMBOL_BYTES, rows * SYMBOL_BYTES, `.${source}`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = 0; at < bytes.length; at += SYMBOL_BYTES) {
      const kind = view.getUint8(at + 4);
      const type = kind & 15;
      if (type !== FUNCTION && type !== INDIRECT_FUNCTION) continue;
      const place = view.getUint16(at + 6, true);
      const nameOffset = view.getUint32(at, true);
      if (place === 0 || nameOffset === 0 || nameOffset >= nameBytes) continue;
      const address = view.getUint32(at + 8, true) + view.getUint32(at + 12, true) * 0x1_0000_0000;
      const size = view.getUint32(at + 16, true) + view.getUint32(at + 20, true) * 0x1_0000_0000;
      functions.add(address, size, nameOffset, place, kind >>> 4);
    }
  }
  return { source, ...functions.sort(elf.sections), namesAt: names.offset, nameBytes };
}

/** Unsorted functions, in columns that grow. */
class FunctionColumns {
  #length = 0;
  #address = new Float64Array(1024);
  #size = new Float64Array(1024);
  #nameOffset = new Uint32Array(1024);
  #place = new Uint16Array(1024);
  #binding = new Uint8Array(1024);

  add(address: number, size: number, nameOffset: number, place: number, binding: number): void {
    const row = this.#length++;
    if (row === this.#address.length) this.#grow();
    this.#address[row] = address;
    this.#size[row] = size;
    this.#nameOffset[row] = nameOffset;
    this.#place[row] = place;
    this.#binding[row] = binding;
  }

  #grow(): void {
    const length = this.#address.length * 2;
    const wider = <T extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(column: T, into: T): T => {
      into.set(column);
      return into;
    };
    this.#address = wider(this.#address, new Float64Array(length));
    this.#size = wider(this.#size, new Float64Array(length));
    this.#nameOffset = wider(this.#nameOffset, new Uint32Array(length));
    this.#place = wider(this.#place, new Uint16Array(length));
    this.#binding = wider(this.#binding, new Uint8Array(length));
  }

  sort(sections: readonly ElfSection[]): Pick<SymbolTable, 'length' | 'address' | 'end' | 'nameOffset'> {
    const length = this.#length;
    const order = this.#order();
    const address = new Float64Array(length);
    const end = new Float64Array(length);
    const nameOffset = new Uint32Array(length);
    let next = Number.POSITIVE_INFINITY;
    for (let at = length - 1; at >= 0; at--) {
      const row = order[at]!;
      const start = this.#address[row]!;
      if (at + 1 < length && address[at + 1]! > start) next = address[at + 1]!;
      address[at] = start;
      nameOffset[at] = this.#nameOffset[row]!;
      const size = this.#size[row]!;
      end[at] = size > 0 ? start + size : Math.min(next, endOfSection(sections[this.#place[row]!], start));
    }
    return { length, address, end, nameOffset };
  }

  /** Rows by address; the later of equal addresses is the one that a search finds first. */
  #order(): Uint32Array {
    const length = this.#length;
    const [address, size, binding] = [this.#address, this.#size, this.#binding];
    const order = new Uint32Array(length);
    const compare = (a: number, b: number): number =>
      address[a]! - address[b]! || size[a]! - size[b]! || rank(binding[a]!) - rank(binding[b]!) || b - a;
    let highest = 0;
    for (let row = 0; row < length; row++) highest = Math.max(highest, address[row]!);
    if ((highest + 1) * length > Number.MAX_SAFE_INTEGER) {
      for (let row = 0; row < length; row++) order[row] = row;
      return order.sort(compare);
    }
    // Numbers sort many times faster than rows by a comparison: address and row fit into one.
    const keys = new Float64Array(length);
    for (let row = 0; row < length; row++) keys[row] = address[row]! * length + row;
    keys.sort();
    for (let at = 0; at < length; at++) order[at] = keys[at]! % length;
    for (let from = 0; from < length;) {
      let to = from + 1;
      while (to < length && address[order[to]!] === address[order[from]!]) to++;
      if (to > from + 1) order.subarray(from, to).sort(compare);
      from = to;
    }
    return order;
  }
}

/** Local, weak, global: names that other files can see say more. */
function rank(binding: number): number {
  return binding === 1 ? 2 : binding === 2 ? 1 : 0;
}

function endOfSection(section: ElfSection | undefined, address: number): number {
  if (section === undefined || address < section.address) return address;
  return Math.max(address, section.address + section.size);
}
