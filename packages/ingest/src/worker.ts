/** What the pool's threads run: one capture a task. Errors cross threads as plain objects. */
import { isOutOfMemory } from '@memscope/model';
import { memoryRanOut } from './as-ingest-error.js';
import { ingestCapture, type CaptureTask } from './ingest-capture.js';
import { IngestError, type IngestFault } from './ingest-error.js';

export async function runCapture(task: CaptureTask): Promise<IngestFault | null> {
  try {
    await ingestCapture(task);
    return null;
  } catch (error) {
    if (error instanceof IngestError) return error.toFault();
    // Across threads an error keeps its words, but not its code.
    if (isOutOfMemory(error)) return memoryRanOut(task.path, error).toFault();
    throw error;
  }
}
