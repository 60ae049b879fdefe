/**
 * A capture keeps two cores busy. Where there are no more, what V8 compiles on a third thread waits for them, and loops over
 * millions of rows go on being interpreted meanwhile: there, whoever runs a loop compiles it. Of a small capture that takes
 * a sixth less of the processor's time, too: much of what V8 compiles beside it is no longer run by then.
 */
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

const FEW_CORES = 2;

/** For the whole process, before its threads start. */
export function compileInTurn(): void {
  if (availableParallelism() <= FEW_CORES) setFlagsFromString('--no-concurrent-recompilation');
}
