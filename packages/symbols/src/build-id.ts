/**
 * The build-id that the linker left in an ELF file: the note of owner "GNU" and type 3, in the section
 * `.note.gnu.build-id` or, where section headers are gone, in a segment of notes. A note is three 32-bit words (length
 * of the owner's name, length of the description, type), the name and the description, each padded to 4 bytes (8 in
 * segments that ask for it).
 */
import { SECTION_NOTE, SEGMENT_NOTE, hasBytes, type ElfFile } from './elf-file.js';
import { SymbolsError } from './symbols-error.js';

const BUILD_ID_NOTE = 3;
const MOST_NOTE_BYTES = 1 << 20;
const MOST_BUILD_ID_BYTES = 64;

/** Lower-case hexadecimal, or null where the file has none. Damaged notes count as none. */
export function readBuildId(elf: ElfFile): string | null {
  for (const section of elf.sections) {
    if (section.type !== SECTION_NOTE || !hasBytes(section)) continue;
    const found = findBuildId(elf, section.offset, section.size, 4);
    if (found !== null) return found;
  }
  for (const segment of elf.segments) {
    if (segment.type !== SEGMENT_NOTE) continue;
    const found = findBuildId(elf, segment.offset, segment.fileSize, segment.alignment === 8 ? 8 : 4);
    if (found !== null) return found;
  }
  return null;
}

function findBuildId(elf: ElfFile, offset: number, size: number, alignment: number): string | null {
  let bytes: Buffer;
  try {
    bytes = elf.read(offset, Math.min(size, MOST_NOTE_BYTES), 'a table of notes');
  } catch (fault) {
    if (fault instanceof SymbolsError && fault.code === 'corruptElf') return null;
    throw fault;
  }
  const padded = (length: number): number => Math.ceil(length / alignment) * alignment;
  let at = 0;
  while (at + 12 <= bytes.length) {
    const nameBytes = bytes.readUInt32LE(at);
    const descriptionBytes = bytes.readUInt32LE(at + 4);
    const type = bytes.readUInt32LE(at + 8);
    const description = padded(at + 12 + nameBytes);
    const end = description + descriptionBytes;
    if (end > bytes.length) return null;
    const isGnu = nameBytes === 4 && bytes.toString('latin1', at + 12, at + 16) === 'GNU\0';
    if (isGnu && type === BUILD_ID_NOTE && descriptionBytes > 0 && descriptionBytes <= MOST_BUILD_ID_BYTES) {
      return bytes.toString('hex', description, end);
    }
    at = padded(end);
  }
  return null;
}
