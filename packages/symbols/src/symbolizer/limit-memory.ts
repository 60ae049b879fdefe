/**
 * A command → the same with a bound on the memory it may take. The file that a symbolizer reads may be a stranger's:
 * its debug sections can claim to unpack to more than the machine has. Node cannot set a limit for what it starts, so
 * the shell does, in whose place the command then runs, as the same process. What is limited is data of its own
 * (`ulimit -d`, RLIMIT_DATA), not the address space: symbolizers map files of many gigabytes, which costs nothing.
 */
import { constrainedMemory } from 'node:process';
import { totalmem } from 'node:os';

/** Above what the debug sections of the largest libraries take. */
const MOST_BYTES = 4 * 2 ** 30;
const LEAST_BYTES = 2 ** 30;

export interface LimitedCommand {
  readonly command: string;
  readonly parameters: readonly string[];
}

/** A quarter of the machine's (or container's) memory, between 1 and 4 GiB: several run side by side. */
export function symbolizerMemory(): number {
  // Without a limit some systems say 0, others more than there is.
  const constrained = constrainedMemory();
  const all = Math.min(totalmem(), constrained > 0 ? constrained : Infinity);
  return Math.max(LEAST_BYTES, Math.min(MOST_BYTES, Math.floor(all / 4)));
}

/** On systems without a POSIX shell the command as it is. */
export function limitMemory(command: string, parameters: readonly string[], bytes: number): LimitedCommand {
  if (process.platform === 'win32') return { command, parameters };
  // A core file of that size would be left behind. A system that knows no such limit runs it without.
  const script = `ulimit -c 0 2>/dev/null; ulimit -d ${Math.floor(bytes / 1024)} 2>/dev/null; exec "$@"`;
  return { command: '/bin/sh', parameters: ['-c', script, 'sh', command, ...parameters] };
}
