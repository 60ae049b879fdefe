/**
 * The commands that answer from a profile, as whole processes: each on the stored profile of a large service (200,000
 * sites, a million stacks, 10,000 ticks unless asked otherwise), printed into a pipe, and on a small real one.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { BenchError } from './bench-error.js';
import { STACKS_PER_SITE, TICKS, writeLargeProfile } from './large-profile.js';
import { measureProcess } from './measure-process.js';
import { median } from './statistics.js';
import { judge, SMALL_VIEW_TARGET, VIEW_MEMORY_TARGET, VIEW_TARGET, type Verdict } from './targets.js';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.js';
import { runInTurns, type TurnOptions, type Variant } from './turns.js';

export interface ViewsOptions extends TurnOptions {
  readonly seed: number;
  readonly sites: number;
  /** Rounded up to whole batches. */
  readonly lifetimes: number;
  /** Commands and their options; by default one or two of each. */
  readonly commands?: readonly string[];
}

export interface ViewsResult {
  readonly sites: number;
  readonly stacks: number;
  readonly ticks: number;
  readonly lifetimes: number;
  readonly commands: readonly ViewResult[];
}

export interface ViewResult {
  readonly command: string;
  readonly seconds: number;
  readonly runs: readonly number[];
  readonly maxRssBytes: number | null;
  readonly verdict: Verdict;
  /** Null where memory is not known. */
  readonly memoryVerdict: Verdict | null;
  /** The same on the small capture. */
  readonly smallSeconds: number;
  readonly smallVerdict: Verdict;
}

/** A function of the large profile; the small one has another. */
const FUNCTION = 'function_77';
const SMALL_FUNCTION = 'iterencode';
/** Options beside the capture. */
const COMMANDS: readonly string[] = [
  'tree',
  'tree --inverted --measure leaked',
  'tree --hide-standard-library --merge-recursion',
  'tree --window 20%..60% --filter thread:worker-1',
  'table',
  'table --by site --window 20%..60%',
  'table --by module --filter function:/_12./',
  `callers ${FUNCTION}`,
  `callees ${FUNCTION}`,
  `list ${FUNCTION}`,
  'timeline',
  'timeline --by thread',
  'leaks',
  'leaks --warm-up 20%',
  'analyze --window 20%..60%',
];
const CLI = join(import.meta.dirname, '..', '..', 'apps', 'cli', 'dist', 'main.js');
const SMALL_CAPTURE = join(import.meta.dirname, '..', '..', 'fixtures', 'captures', 'pandas-v13.bin');

/** @throws {BenchError} `notBuilt`, `commandFailed` */
export async function runViewsSuite(options: ViewsOptions): Promise<ViewsResult> {
  if (!existsSync(CLI)) {
    throw new BenchError('notBuilt', 'the command line has not been built: run `npm start` or `npm run build` first');
  }
  const folder = makeTemporaryFolder();
  try {
    const large = join(folder, 'large.memscope');
    const small = join(folder, 'small.memscope');
    const shape = { sites: options.sites, stacksPerSite: STACKS_PER_SITE, ticks: TICKS };
    const { stacks, lifetimes } = writeLargeProfile(large, options.seed, options.lifetimes, shape);
    await runCli(['analyze', SMALL_CAPTURE, '-o', small], folder);
    const asked = options.commands ?? COMMANDS;
    const variants = asked.flatMap((command): Variant[] =>
      [large, small].map((profile) => ({
        name: `${command}, ${profile === large ? 'large' : 'small'}`,
        run: async () => ({
          memoryBytes: await runCli(commandOn(command, profile, profile === small), folder),
          digests: () => ({}),
        }),
      })),
    );
    const { times } = await runInTurns(variants, options);
    const commands = asked.map((command, index): ViewResult => {
      const [onLarge, onSmall] = [times[2 * index]!, times[2 * index + 1]!];
      const [seconds, smallSeconds] = [median(onLarge.seconds), median(onSmall.seconds)];
      const { memoryBytes } = onLarge;
      return {
        command,
        seconds,
        runs: onLarge.seconds,
        maxRssBytes: memoryBytes,
        verdict: judge(seconds, VIEW_TARGET),
        memoryVerdict: memoryBytes === null ? null : judge(memoryBytes, VIEW_MEMORY_TARGET),
        smallSeconds,
        smallVerdict: judge(smallSeconds, SMALL_VIEW_TARGET),
      };
    });
    return { sites: options.sites, stacks, ticks: TICKS, lifetimes, commands };
  } finally {
    removeTemporaryFolder(folder);
  }
}

function commandOn(command: string, profile: string, isSmall: boolean): string[] {
  const [name = '', ...rest] = command.split(' ');
  return [name, profile, ...rest.map((word) => (isSmall && word === FUNCTION ? SMALL_FUNCTION : word))];
}

/** Its largest resident memory. */
async function runCli(args: readonly string[], folder: string): Promise<number | null> {
  const { exitCode, stderr, maxRssBytes } = await measureProcess([process.execPath, CLI, ...args], folder);
  if (exitCode !== 0) {
    throw new BenchError('commandFailed', `memscope ${args.join(' ')} ended with ${exitCode}: ${stderr.trim()}`);
  }
  return maxRssBytes;
}
