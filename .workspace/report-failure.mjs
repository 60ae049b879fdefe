/** Turns a failed step into what a person reads: what failed, what to do, and the end of the step's own output. */
import { say, StepError } from './run.mjs';

/**
 * Prints the failure and makes the process exit with 1.
 * @param {unknown} failure
 */
export function reportFailure(failure) {
  if (!(failure instanceof StepError)) throw failure;
  if (failure.cause instanceof StepError) say(`\n${failure.cause.message}`);
  say(`${failure.cause ? '\n' : ''}memscope: ${failure.message}`);
  process.exitCode = 1;
}
