export { expandInputs } from './expand-inputs.js';
export { isCaptureOrProfile } from './file-start.js';
export { ingest, type CaptureProgress, type IngestOutcome, type IngestRequest } from './ingest.js';
export {
  listSymbols,
  packSymbols,
  type ListSymbolsRequest,
  type PackedSymbols,
  type PackSymbolsRequest,
} from './capture-symbols.js';
export { threadModule } from './thread-module.js';
export type { SymbolRequest } from './symbol-request.js';
export { IngestError, type IngestErrorCode, type IngestFault } from './ingest-error.js';
export { NotWritten, type ReadStacks } from './read-profile.js';
