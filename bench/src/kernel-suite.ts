/**
 * Throughput of the kernel, stage by stage, on one seeded synthetic capture in two versions of the format (11: frames
 * with lines; 13: code objects with line tables), raw and compressed. The same work in both: what they hold must agree.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { BenchError } from './bench-error.js';
import { INGEST_ONE, INGEST_TWO, ingestVariants } from './ingest-variants.js';
import { DECODE_LZ4, DECODE_RAW, HEAP, kernelVariants, READ_LZ4, READ_RAW } from './kernel-variants.js';
import { median, medianDifference, medianRatio } from './statistics.js';
import { allocationsFor, makeSyntheticWork, type SyntheticWork } from './synthetic-work.js';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.js';
import { runInTurns, type Digests, type TurnOptions } from './turns.js';

export interface KernelOptions extends TurnOptions {
  readonly seed: number;
  /** Of the raw version 13 file, about. */
  readonly megabytes: number;
  readonly versions: readonly number[];
}

export interface KernelResult {
  readonly version: number;
  readonly rawBytes: number;
  readonly lz4Bytes: number;
  readonly records: number;
  readonly allocations: number;
  readonly deallocations: number;
  readonly stages: readonly StageResult[];
  /** What all stages agreed on. */
  readonly digests: Digests;
}

export interface StageResult {
  readonly name: string;
  /** Median. */
  readonly seconds: number;
  /** Of each turn; empty where `seconds` is the difference of two stages. */
  readonly runs: readonly number[];
  readonly recordsPerSecond: number;
  /** Of the raw stream. */
  readonly bytesPerSecond: number;
  /** Time as a multiple of decoding and heap in one thread, raw; turn by turn. */
  readonly ratio: number;
  /** Of the kernel's own memory; null where nothing tells. */
  readonly memoryBytes: number | null;
}

const INFLATE = 'inflate (LZ4 less raw)';

/** In the order of the table. */
const ORDER = [INFLATE, DECODE_RAW, DECODE_LZ4, HEAP, READ_RAW, READ_LZ4, INGEST_ONE, INGEST_TWO];

/** @throws {BenchError} `disagreement` */
export async function runKernelSuite(options: KernelOptions): Promise<KernelResult[]> {
  const allocations = allocationsFor(options);
  const results: KernelResult[] = [];
  for (const version of options.versions) {
    results.push(await measureVersion(makeSyntheticWork(version, options.seed, allocations), options));
  }
  for (const { version, digests } of results) {
    const first = results[0]!;
    if (digests['totals'] === first.digests['totals']) continue;
    throw new BenchError(
      'disagreement',
      `versions ${first.version} and ${version}: ${first.digests['totals']} against ${digests['totals']}`,
    );
  }
  return results;
}

async function measureVersion(work: SyntheticWork, options: KernelOptions): Promise<KernelResult> {
  const folder = makeTemporaryFolder();
  try {
    const capture = join(folder, `synthetic-v${work.version}.bin`);
    writeFileSync(capture, work.lz4);
    const variants = [...kernelVariants(work), ...ingestVariants(capture, folder)];
    const { times, digests } = await runInTurns(variants, {
      ...options,
      onRun: (name, turn, turns) => options.onRun?.(`version ${work.version}: ${name}`, turn, turns),
    });
    const runsOf = (name: string): readonly number[] => times.find((each) => each.name === name)!.seconds;
    const base = runsOf(READ_RAW);
    const stage = (name: string, seconds: number, ratio: number): StageResult => ({
      name,
      seconds,
      runs: name === INFLATE ? [] : runsOf(name),
      recordsPerSecond: work.records / seconds,
      bytesPerSecond: work.raw.length / seconds,
      ratio,
      memoryBytes: times.find((each) => each.name === name)?.memoryBytes ?? null,
    });
    const inflateSeconds = medianDifference(runsOf(DECODE_LZ4), runsOf(DECODE_RAW));
    return {
      version: work.version,
      rawBytes: work.raw.length,
      lz4Bytes: work.lz4.length,
      records: work.records,
      allocations: work.allocations,
      deallocations: work.deallocations,
      stages: ORDER.map((name) =>
        name === INFLATE
          ? stage(name, inflateSeconds, inflateSeconds / median(base))
          : stage(name, median(runsOf(name)), medianRatio(runsOf(name), base)),
      ),
      digests,
    };
  } finally {
    removeTemporaryFolder(folder);
  }
}
