/**
 * The built command line as a whole: each capture against memray, how time and memory grow from the smallest capture to
 * the largest, and how long the command takes to start.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { BenchError } from './bench-error.js';
import { ANALYZE, measureCapture, type CaptureOptions, type CaptureResult } from './end-to-end-capture.js';
import { measureProcess } from './measure-process.js';
import { recordNative } from './record-native.js';
import { median } from './statistics.js';
import { allocationsFor, makeNativeCapture, makeSyntheticWork, type SyntheticSize } from './synthetic-work.js';
import { HELP_TARGET, judge, type Verdict } from './targets.js';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.js';
import { runInTurns, type Variant } from './turns.js';

export interface EndToEndOptions extends Omit<CaptureOptions, 'memscope'> {
  /** Empty: synthetic ones. */
  readonly captures: readonly string[];
  readonly synthetic: SyntheticSize;
}

export interface EndToEndResult {
  readonly start: StartResult;
  readonly captures: readonly CaptureResult[];
  /** Null without two captures of clearly different size. */
  readonly growth: GrowthResult | null;
}

export interface StartResult {
  /** `memscope --help`. */
  readonly helpSeconds: number;
  readonly helpRuns: readonly number[];
  /** `node -e 0`, which no program in Node can be faster than. */
  readonly nodeSeconds: number;
  readonly verdict: Verdict;
}

/** The largest capture as a multiple of the smallest one. */
export interface GrowthResult {
  readonly from: string;
  readonly to: string;
  /** Allocations and deallocations. */
  readonly records: number;
  readonly seconds: number;
  readonly maxRss: number | null;
}

const CLI = join(import.meta.dirname, '..', '..', 'apps', 'cli', 'dist', 'main.js');
const SYNTHETIC_VERSION = 13;
const LEAST_GROWTH = 2;

/** @throws {BenchError} `notBuilt`, `commandFailed`, `disagreement` */
export async function runEndToEndSuite(options: EndToEndOptions): Promise<EndToEndResult> {
  if (!existsSync(CLI)) {
    throw new BenchError('notBuilt', 'the command line has not been built: run `npm start` or `npm run build` first');
  }
  const memscope = [process.execPath, CLI];
  const folder = makeTemporaryFolder();
  try {
    const start = await measureStart(memscope, folder, options);
    const paths = options.captures.length > 0 ? options.captures : await makeCaptures(folder, options);
    const captures: CaptureResult[] = [];
    for (const path of paths) captures.push(await measureCapture(path, { ...options, memscope }));
    return { start, captures, growth: growthOf(captures) };
  } finally {
    removeTemporaryFolder(folder);
  }
}

async function measureStart(
  memscope: readonly string[],
  folder: string,
  options: EndToEndOptions,
): Promise<StartResult> {
  const variantOf = (name: string, command: readonly string[]): Variant => ({
    name,
    async run() {
      const { exitCode, stderr, maxRssBytes } = await measureProcess(command, folder);
      if (exitCode !== 0) {
        throw new BenchError('commandFailed', `${command.join(' ')} ended with ${exitCode}: ${stderr.trim()}`);
      }
      return { memoryBytes: maxRssBytes, digests: () => ({}) };
    },
  });
  const variants = [
    variantOf('memscope --help', [...memscope, '--help']),
    variantOf('node', [process.execPath, '-e', '0']),
  ];
  const { times } = await runInTurns(variants, { ...options, warmUps: 1 });
  const [help, node] = times;
  const helpSeconds = median(help!.seconds);
  return {
    helpSeconds,
    helpRuns: help!.seconds,
    nodeSeconds: median(node!.seconds),
    verdict: judge(helpSeconds, HELP_TARGET),
  };
}

/** With Python stacks alone, and with native ones: recorded where that can be done, synthetic elsewhere. */
async function makeCaptures(folder: string, { synthetic, memray }: EndToEndOptions): Promise<string[]> {
  const allocations = allocationsFor(synthetic);
  const [python, native] = ['synthetic', 'synthetic-native'].map((name) =>
    join(folder, `${name}-v${SYNTHETIC_VERSION}.bin`),
  ) as [string, string];
  writeFileSync(python, makeSyntheticWork(SYNTHETIC_VERSION, synthetic.seed, allocations).lz4);
  const recorded = memray === null ? null : await recordNative(folder, memray);
  if (recorded !== null) return [python, recorded];
  writeFileSync(native, makeNativeCapture(synthetic.seed, allocations));
  return [python, native];
}

function growthOf(captures: readonly CaptureResult[]): GrowthResult | null {
  const recordsOf = ({ allocations, deallocations }: CaptureResult): number =>
    (allocations ?? 0) + (deallocations ?? 0);
  const bySize = captures.filter((capture) => recordsOf(capture) > 0).toSorted((a, b) => recordsOf(a) - recordsOf(b));
  const [small] = bySize;
  const large = bySize.at(-1);
  if (small === undefined || large === undefined || recordsOf(large) < recordsOf(small) * LEAST_GROWTH) return null;
  const [from, to] = [small, large].map(({ commands }) => commands.find(({ name }) => name === ANALYZE)!);
  return {
    from: small.path,
    to: large.path,
    records: recordsOf(large) / recordsOf(small),
    seconds: to!.seconds! / from!.seconds!,
    maxRss: from!.maxRssBytes === null || to!.maxRssBytes === null ? null : to!.maxRssBytes / from!.maxRssBytes,
  };
}
