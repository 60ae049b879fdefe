/**
 * What the pool's threads run: one capture a task. Errors cross threads as plain objects. Until they decode, nobody gets
 * on, so that they start with little: no package's index.
 */
import { isOutOfMemory } from '@memscope/model/out-of-memory';
import { ingestCapture, type CaptureTask } from './ingest-capture.js';
import { IngestError, memoryRanOut, type IngestFault } from './ingest-error.js';

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
