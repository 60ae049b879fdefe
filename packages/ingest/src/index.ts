export { expandInputs } from './expand-inputs.js';
export { ingest, type CaptureProgress, type IngestOutcome, type IngestRequest } from './ingest.js';
export { IngestError, type IngestErrorCode, type IngestFault } from './ingest-error.js';
