/** Says on standard error what is wrong with a capture that could be read, and what that means for the exit code. */
import { findIncompleteCapture, type CaptureNotes, type CaptureRow } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { describeFileError, type FileError } from '../describe-error.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { Host } from '../host.js';
import { capturePath } from '../terminal/capture-name.js';
import { complain } from '../terminal/write-output.js';

export interface ReadCapture {
  readonly capture: CaptureRow;
  readonly notes: CaptureNotes;
}

/**
 * A killed process is no fault of its capture: of it only the title is told where `shown`, what is printed, says the rest
 * on another device than this.
 */
export function warnIncomplete(
  { capture, notes }: ReadCapture,
  host: Host,
  shown: 'here' | 'elsewhere' | 'nowhere' = 'nowhere',
): ExitCode {
  const finding = findIncompleteCapture({ capture, notes });
  if (finding === null) return EXIT.fine;
  const code = notes.damage === null || notes.damage.kind === 'killed' ? EXIT.fine : EXIT.input;
  const path = capturePath(capture.path);
  const text = shown === 'elsewhere' && code === EXIT.fine ? '' : `. ${printable(finding.text)}`;
  if (shown !== 'here') complain(host, `warning: ${path}: ${finding.title}${text}`);
  return code;
}

/** That a profile could not be written where it belongs, though its capture was read. */
export function warnUnwritten(error: FileError, host: Host): void {
  // Where else it could go is not said: `-o` names other things in other commands.
  const reason = describeFileError(error, { advice: false });
  complain(host, `warning: no profile is kept, so that the next look reads the capture again: ${reason}`);
}
