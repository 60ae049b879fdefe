/** From the instruction pointers of a capture to frames with names, inlined calls, files and lines. */
export { readBuildId } from './build-id.js';
export { debuginfodUrls } from './debuginfod.js';
export { demangle } from './demangle/demangle.js';
export { ElfFile, type ElfSection, type ElfSegment } from './elf-file.js';
export type { ModuleStatus } from './find-module.js';
export { framesOf, type FrameColumns, type ResolvedFrame } from './frame-columns.js';
export { MemoryMaps, type MappedSegments } from './memory-maps.js';
export { placeAddresses, type MappedModule, type PlacedAddresses, type Positions } from './place-addresses.js';
export {
  bundleModules,
  leaveUnresolved,
  resolveSymbols,
  type ModuleOutcome,
  type ResolvedSymbols,
  type ResolveOptions,
} from './resolve-symbols.js';
export { collectSourceLines } from './source-lines.js';
export { readBundleFile, writeBundleFile } from './bundle-file.js';
export { packBundle, readBundle, type BundledModule, type SymbolBundle } from './symbol-bundle.js';
export {
  findSymbolizer,
  type Symbolizer,
  type SymbolizerChoice,
  type SymbolizerKind,
} from './symbolizer/find-symbolizer.js';
export { SymbolsError, type SymbolsErrorCode } from './symbols-error.js';
