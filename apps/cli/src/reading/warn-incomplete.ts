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

/** A killed process is no fault of its capture. `isShown`: what is printed on the same terminal says it already. */
export function warnIncomplete({ capture, notes }: ReadCapture, host: Host, isShown = false): ExitCode {
  const finding = findIncompleteCapture({ capture, notes });
  if (finding === null) return EXIT.fine;
  const path = capturePath(capture.path);
  if (!isShown) complain(host, `warning: ${path}: ${finding.title}. ${printable(finding.text)}`);
  return notes.damage === null || notes.damage.kind === 'killed' ? EXIT.fine : EXIT.input;
}

/** That a profile could not be written where it belongs, though its capture was read. */
export function warnUnwritten(error: FileError, host: Host): void {
  // Where else it could go is not said: `-o` names other things in other commands.
  const reason = describeFileError(error, { advice: false });
  complain(host, `warning: no profile is kept, so that the next look reads the capture again: ${reason}`);
}
