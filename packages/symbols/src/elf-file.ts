/**
 * An ELF file's header, section headers and program headers, and positioned reads of what they point to. Only what is
 * asked for is read: a library of hundreds of megabytes costs a few small reads. Every offset, length and count is
 * checked against the file's size before it is used. 64-bit little-endian only (System V ABI, chapters 4 and 5;
 * elf(5)).
 *
 * | file header  | at | bytes |   | section header | at | bytes |   | program header | at | bytes |
 * |--------------|----|-------|---|----------------|----|-------|---|----------------|----|-------|
 * | magic        | 0  | 4     |   | name           | 0  | 4     |   | type           | 0  | 4     |
 * | class        | 4  | 1     |   | type           | 4  | 4     |   | flags          | 4  | 4     |
 * | byte order   | 5  | 1     |   | flags          | 8  | 8     |   | offset         | 8  | 8     |
 * | type         | 16 | 2     |   | address        | 16 | 8     |   | address        | 16 | 8     |
 * | machine      | 18 | 2     |   | offset         | 24 | 8     |   | (physical)     | 24 | 8     |
 * | program hdrs | 32 | 8     |   | size           | 32 | 8     |   | size in file   | 32 | 8     |
 * | section hdrs | 40 | 8     |   | link           | 40 | 4     |   | size in memory | 40 | 8     |
 * | sizes/counts | 54 | 10    |   | info           | 44 | 4     |   | alignment      | 48 | 8     |
 */
import { openBytes, type ByteSource } from './byte-source.js';
import { SymbolsError } from './symbols-error.js';

const SECTION_NOBITS = 8;
export const SECTION_NOTE = 7;
export const SEGMENT_LOAD = 1;
export const SEGMENT_NOTE = 4;

const FILE_HEADER_BYTES = 64;
const SECTION_HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
/** Linkers number sections and segments with 16 bits; the extension beyond is for object files, which are not mapped. */
const MOST_HEADERS = 65_535;
const MOST_NAME_BYTES = 1 << 20;

export interface ElfSection {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  /** Virtual address; as all offsets here exact below 2^53, beyond that only an upper bound. */
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  /** Index of another section: the strings of a symbol table. */
  readonly link: number;
}

export interface ElfSegment {
  readonly type: number;
  readonly offset: number;
  readonly address: bigint;
  readonly fileSize: number;
  readonly memorySize: bigint;
  readonly alignment: number;
}

/** An open file, or one in memory; close it. */
export class ElfFile {
  readonly path: string;
  readonly size: number;
  readonly modifiedMs: number;
  readonly machine: number;
  readonly segments: readonly ElfSegment[];
  readonly sections: readonly ElfSection[];
  readonly #bytes: ByteSource;

  /**
   * Throws a `SymbolsError`: `cannotRead`, `notElf`, `unsupportedElf`, or `corruptElf` where the headers lie outside
   * the file.
   */
  static open(path: string): ElfFile {
    return ElfFile.read(path, openBytes(path));
  }

  /** `path` is for messages. The bytes are closed with the file, and where it throws, as `open` does. */
  static read(path: string, bytes: ByteSource): ElfFile {
    try {
      return new ElfFile(path, bytes);
    } catch (fault) {
      bytes.close();
      throw fault;
    }
  }

  private constructor(path: string, source: ByteSource) {
    this.path = path;
    this.#bytes = source;
    this.size = source.size;
    this.modifiedMs = source.modifiedMs;

    if (source.size < FILE_HEADER_BYTES) throw this.#notElf(`${source.size} bytes`);
    const bytes = this.read(0, FILE_HEADER_BYTES, 'the file header');
    if (bytes.readUInt32BE(0) !== 0x7f454c46) throw this.#notElf(bytes.toString('hex', 0, 4));
    const [wordSize, byteOrder] = [bytes[4], bytes[5]];
    if (wordSize !== 2 || byteOrder !== 1) {
      const found = `class ${wordSize}, byte order ${byteOrder}`;
      throw new SymbolsError('unsupportedElf', path, 'ELF of another kind', {
        expected: '64-bit little-endian (class 2, byte order 1)',
        found,
      });
    }
    this.machine = bytes.readUInt16LE(18);
    const programOffset = asNumber(bytes.readBigUInt64LE(32));
    const sectionOffset = asNumber(bytes.readBigUInt64LE(40));
    let programCount = bytes.readUInt16LE(56);
    let sectionCount = bytes.readUInt16LE(60);
    let namesIndex = bytes.readUInt16LE(62);
    this.#expectEntrySize('program header', programCount, bytes.readUInt16LE(54), PROGRAM_HEADER_BYTES);
    this.#expectEntrySize('section header', sectionCount, bytes.readUInt16LE(58), SECTION_HEADER_BYTES);

    // Counts that do not fit 16 bits stand in the first section header.
    if (sectionOffset > 0 && (sectionCount === 0 || programCount === 0xffff || namesIndex === 0xffff)) {
      const first = this.read(sectionOffset, SECTION_HEADER_BYTES, 'the first section header');
      if (sectionCount === 0) sectionCount = asNumber(first.readBigUInt64LE(32));
      if (programCount === 0xffff) programCount = first.readUInt32LE(44);
      if (namesIndex === 0xffff) namesIndex = first.readUInt32LE(40);
    }
    this.segments = this.#readSegments(programOffset, programCount);
    this.sections = sectionOffset > 0 ? this.#readSections(sectionOffset, sectionCount, namesIndex) : [];
  }

  /** The first section of that name that has bytes in the file. */
  findSection(name: string): ElfSection | undefined {
    return this.sections.find((section) => section.name === name && hasBytes(section));
  }

  /** A copy of `length` bytes from `offset` on. Throws `corruptElf` where they are not all in the file. */
  read(offset: number, length: number, what: string): Buffer {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.size)) {
      throw this.corrupt(`${what} lies outside the file`, offset, `${length} bytes`, `${this.size} bytes in all`);
    }
    const bytes = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      let count: number;
      try {
        count = this.#bytes.readInto(bytes, done, offset + done);
      } catch (cause) {
        throw new SymbolsError('cannotRead', this.path, `reading ${what} failed`, { offset: offset + done, cause });
      }
      if (count === 0) throw this.corrupt(`the file shrank while ${what} was read`, offset + done);
      done += count;
    }
    return bytes;
  }

  /** As many of `length` bytes from `offset` on as the file has. */
  readUpTo(offset: number, length: number, what: string): Buffer {
    return this.read(offset, Math.max(0, Math.min(length, this.size - offset)), what);
  }

  corrupt(sentence: string, offset?: number, expected?: string, found?: string): SymbolsError {
    return new SymbolsError('corruptElf', this.path, sentence, { offset, expected, found });
  }

  close(): void {
    this.#bytes.close();
  }

  #notElf(found: string): SymbolsError {
    return new SymbolsError('notElf', this.path, 'is not an ELF file', { expected: '7f454c46', found });
  }

  #expectEntrySize(what: string, count: number, found: number, expected: number): void {
    if (count === 0 || found === expected) return;
    throw this.corrupt(`${what}s of another size`, undefined, `${expected} bytes`, `${found} bytes`);
  }

  #readTable(offset: number, count: number, entryBytes: number, what: string): Buffer {
    if (count > MOST_HEADERS) throw this.corrupt(`too many ${what}s`, offset, `${MOST_HEADERS} at most`, `${count}`);
    return this.read(offset, count * entryBytes, `the table of ${what}s`);
  }

  #readSegments(offset: number, count: number): ElfSegment[] {
    const bytes = this.#readTable(offset, count, PROGRAM_HEADER_BYTES, 'program header');
    return Array.from({ length: count }, (_, row): ElfSegment => {
      const at = row * PROGRAM_HEADER_BYTES;
      return {
        type: bytes.readUInt32LE(at),
        offset: asNumber(bytes.readBigUInt64LE(at + 8)),
        address: bytes.readBigUInt64LE(at + 16),
        fileSize: asNumber(bytes.readBigUInt64LE(at + 32)),
        memorySize: bytes.readBigUInt64LE(at + 40),
        alignment: asNumber(bytes.readBigUInt64LE(at + 48)),
      };
    });
  }

  #readSections(offset: number, count: number, namesIndex: number): ElfSection[] {
    const bytes = this.#readTable(offset, count, SECTION_HEADER_BYTES, 'section header');
    const unnamed = Array.from({ length: count }, (_, index): ElfSection & { nameOffset: number } => {
      const at = index * SECTION_HEADER_BYTES;
      return {
        index,
        name: '',
        nameOffset: bytes.readUInt32LE(at),
        type: bytes.readUInt32LE(at + 4),
        address: asNumber(bytes.readBigUInt64LE(at + 16)),
        offset: asNumber(bytes.readBigUInt64LE(at + 24)),
        size: asNumber(bytes.readBigUInt64LE(at + 32)),
        link: bytes.readUInt32LE(at + 40),
      };
    });
    const table = unnamed[namesIndex];
    if (table === undefined || !hasBytes(table)) return unnamed;
    const names = this.readUpTo(table.offset, Math.min(table.size, MOST_NAME_BYTES), 'the section names');
    return unnamed.map(({ nameOffset, ...section }) => ({ ...section, name: readName(names, nameOffset) }));
  }
}

export function hasBytes(section: ElfSection): boolean {
  return section.type !== SECTION_NOBITS && section.type !== 0 && section.size > 0;
}

/** The bytes from `offset` up to the next 0, as UTF-8; what is not UTF-8 becomes U+FFFD. */
export function readName(names: Buffer, offset: number): string {
  if (offset >= names.length) return '';
  const end = names.indexOf(0, offset);
  return names.toString('utf8', offset, end < 0 ? names.length : end);
}

function asNumber(value: bigint): number {
  return Number(value);
}
