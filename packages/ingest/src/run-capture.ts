/** One capture → its profile, or why there is none. */
import { isOutOfMemory } from '@memscope/model/out-of-memory';
import { ingestCapture, type CaptureCaller, type CaptureTask } from './ingest-capture.js';
import { IngestError, memoryRanOut, type IngestFault } from './ingest-error.js';

/** Null where the profile stands at its place. Throws only faults of the program. */
export async function runCapture(task: CaptureTask, caller?: CaptureCaller): Promise<IngestFault | null> {
  try {
    await ingestCapture(task, caller);
    return null;
  } catch (error) {
    if (error instanceof IngestError) return error.toFault();
    // Across threads an error keeps its words, but not its code.
    if (isOutOfMemory(error)) return memoryRanOut(task.path, error).toFault();
    throw error;
  }
}
