/**
 * A capture keeps two cores busy. Where there are no more, what V8 compiles on a third thread waits for them, and loops over
 * millions of rows go on being interpreted meanwhile: there, whoever runs a loop compiles it. Of a small capture that takes
 * a sixth less of the processor's time, too: much of what V8 compiles beside it is no longer run by then.
 */
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

const FEW_CORES = 2;
const FLAG = '--no-concurrent-recompilation';

/** For the whole process, before its threads start. */
export function compileInTurn(): void {
  if (hasFewCores()) setFlagsFromString(FLAG);
}

/** For `node`, to start a process in which the first thread does, too: there V8 compiles little where it is told later. */
export function compilingInTurn(): readonly string[] {
  return hasFewCores() ? [FLAG] : [];
}

function hasFewCores(): boolean {
  return availableParallelism() <= FEW_CORES;
}
