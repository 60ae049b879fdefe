/** A capture → its decoded tables, without a profile: for questions about its native stacks alone. */
import { setImmediate } from 'node:timers/promises';
import { Decoder, type Decoded } from '@memscope/kernel';
import { asIngestError } from './as-ingest-error.js';
import { CaptureFile } from './capture-file.js';
import { IngestError } from './ingest-error.js';

const CHUNK_BYTES = 1 << 18;

/**
 * Runs in the caller's thread and lets others have their turn between chunks. Throws `IngestError`: as for `ingest`,
 * `notCapture` where the capture has no native traces, and `cancelled`.
 */
export async function readNativeStacks(path: string, signal: AbortSignal | undefined): Promise<Decoded> {
  let file: CaptureFile | null = null;
  try {
    file = new CaptureFile(path);
    const decoder = new Decoder({ onOperations: () => undefined });
    for (;;) {
      if (signal?.aborted) throw new IngestError({ code: 'cancelled', path, message: 'cancelled' });
      const read = file.read(decoder.reserve(CHUNK_BYTES));
      if (read === 0 || !decoder.commit(read)) break;
      await setImmediate();
    }
    const decoded = decoder.finish();
    if (!decoded.header.nativeTraces) {
      const message = 'has no native traces, so that there are no symbols to look for; record with --native';
      throw new IngestError({ code: 'notCapture', path, message });
    }
    return decoded;
  } catch (cause) {
    throw asIngestError(path, cause);
  } finally {
    file?.close();
  }
}
