/** Says on standard error that a profile could not be written where it belongs, though its capture was read. */
import { describeFileError, type FileError } from '../describe-error.js';
import type { Host } from '../host.js';
import { complain } from '../terminal/write-output.js';

export function warnUnwritten(error: FileError, host: Host): void {
  complain(
    host,
    `warning: no profile is kept, so that the next look reads the capture again: ${describeFileError(error)}`,
  );
}
