/** From the instruction pointers of a capture to frames with names, inlined calls, files and lines. */
export { readBuildId } from './build-id.js';
export { ElfFile, type ElfSection, type ElfSegment } from './elf-file.js';
export { SymbolsError, type SymbolsErrorCode } from './symbols-error.js';
