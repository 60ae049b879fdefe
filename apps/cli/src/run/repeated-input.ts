/**
 * Standard input of a program that runs several times: a file is read from its start by each run, and from a pipe there is
 * nothing left for the second.
 */
import { fstatSync, openSync, type Stats } from 'node:fs';

const STANDARD_INPUT = 0;
/** Opened anew it starts at the file's start; what is inherited goes on where the run before it ended. */
const OPENED_ANEW = '/proc/self/fd/0';

/** What a further run reads: a descriptor that the caller closes, or null for what the first had. */
export function inputOnceMore(): number | null {
  if (stateOfInput()?.isFile() !== true) return null;
  try {
    return openSync(OPENED_ANEW, 'r');
  } catch {
    // A system without /proc.
    return null;
  }
}

/** Whether a second run would read nothing of it. */
export function isReadOnce(): boolean {
  return stateOfInput()?.isFIFO() === true;
}

/** Null where it is closed. */
function stateOfInput(): Stats | null {
  try {
    return fstatSync(STANDARD_INPUT);
  } catch {
    return null;
  }
}
