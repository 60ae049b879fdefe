/**
 * MiniDebugInfo: the functions that are not exported, which Fedora and its relatives leave in stripped files as an
 * xz-compressed ELF file of its own, with nothing but a symbol table, in `.gnu_debugdata` ("MiniDebugInfo", GDB manual).
 * What is exported stands in the file's own `.dynsym` alone.
 */
import { bytesInMemory } from './byte-source.js';
import { ElfFile } from './elf-file.js';
import { SymbolsError } from './symbols-error.js';

const SECTION = '.gnu_debugdata';
/** Those of the largest libraries have a few megabytes. The decoder itself takes 64 MiB at most. */
const MOST_PACKED_BYTES = 32 << 20;
const MOST_BYTES = 64 << 20;

/**
 * Null where the file has none. Closing what it gives is the caller's. Throws a `SymbolsError`: `corruptElf` where it is
 * damaged or too large, and what `ElfFile` throws for what is in it.
 */
export async function openMiniDebugFile(elf: ElfFile): Promise<ElfFile | null> {
  const section = elf.findSection(SECTION);
  if (section === undefined) return null;
  if (section.size > MOST_PACKED_BYTES) {
    throw elf.corrupt(`${SECTION} is too large`, section.offset, `${MOST_PACKED_BYTES} bytes`, `${section.size} bytes`);
  }
  const packed = elf.read(section.offset, section.size, SECTION);
  return ElfFile.read(`${elf.path} (${SECTION})`, bytesInMemory(await unpack(packed, elf.path)));
}

async function unpack(packed: Buffer, path: string): Promise<Buffer> {
  // CommonJS whose names Node does not see.
  const { XzReadableStream } = (await import('xz-decompress')).default;
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const piece of new XzReadableStream(new Blob([packed]).stream())) {
      bytes += piece.length;
      if (bytes > MOST_BYTES) throw new SymbolsError('corruptElf', path, `${SECTION} unpacks to too much`);
      pieces.push(piece);
    }
  } catch (cause) {
    if (cause instanceof SymbolsError) throw cause;
    throw new SymbolsError('corruptElf', path, `${SECTION} is damaged`, { cause });
  }
  return Buffer.concat(pieces);
}
