/** The first bytes of a capture → whether it has native stacks, which take much memory to read. */
import { Decoder } from '@memscope/kernel';
import { CaptureFile } from './capture-file.js';

/** More than any header has. */
const CHUNK_BYTES = 1 << 16;

/** False for what cannot be read, too: whoever reads it says why. */
export function hasNativeTraces(path: string): boolean {
  let file: CaptureFile | null = null;
  try {
    file = new CaptureFile(path);
    const decoder = new Decoder({ onOperations: () => undefined });
    decoder.commit(file.read(decoder.reserve(CHUNK_BYTES)));
    return decoder.header?.nativeTraces === true;
  } catch {
    return false;
  } finally {
    file?.close();
  }
}
