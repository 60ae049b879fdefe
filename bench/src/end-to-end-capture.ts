/**
 * One capture in a file → whole runs of the built command line as users start it: `memscope analyze` with the profile
 * written, the same again with the profile at hand, and memray's own commands, in turns. What memscope and
 * `memray stats` count must agree.
 */
import { statSync } from 'node:fs';
import { basename, join } from 'node:path';

import { openProfile } from '@memscope/store';

import { BenchError } from './bench-error.js';
import { measureProcess } from './measure-process.js';
import {
  labelOf,
  memrayCommand,
  placeForMemray,
  temporaryParentOf,
  type MemrayReport,
  type MemraySetting,
} from './memray-commands.js';
import { median } from './statistics.js';
import { judge, memoryTarget, sizeTarget, timeShareTarget, type CaptureExtent, type Verdict } from './targets.js';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.js';
import { runInTurns, type Digests, type Finished, type TurnOptions, type Variant, type VariantTimes } from './turns.js';

export interface CaptureOptions extends Omit<TurnOptions, 'warmUps'> {
  /** The command line's words before its parameters. */
  readonly memscope: readonly string[];
  /** Null: memscope alone. */
  readonly memray: MemraySetting | null;
}

export interface CaptureResult {
  readonly path: string;
  readonly formatVersion: number;
  readonly captureBytes: number;
  readonly profileBytes: number;
  /** Null in an aggregated capture. */
  readonly allocations: number | null;
  readonly deallocations: number | null;
  /** Null without native stacks. */
  readonly nativeSites: number | null;
  /** Whether `memray stats` was asked and counted the same allocations. */
  readonly countedAlike: boolean;
  /** `memscope analyze` first. */
  readonly commands: readonly CommandResult[];
  /** The profile's size by the capture's. */
  readonly sizeVerdict: Verdict;
}

export interface CommandResult {
  readonly name: string;
  /** Median; null together with `failure`. */
  readonly seconds: number | null;
  readonly runs: readonly number[];
  /** Largest resident memory of all runs. */
  readonly maxRssBytes: number | null;
  /** Median time of `memscope analyze` as a share of this command's; null for memscope's own. */
  readonly share: number | null;
  /** Of the share; of `memscope analyze`: of its memory. */
  readonly verdict: Verdict | null;
  /** Why the command gave no answer: memray reads only its own version. */
  readonly failure: string | null;
}

export const ANALYZE = 'memscope analyze';
const ANALYZE_AGAIN = 'memscope analyze, profile at hand';

/** @throws {BenchError} `commandFailed` when memscope itself fails, `disagreement` */
export async function measureCapture(path: string, options: CaptureOptions): Promise<CaptureResult> {
  const folder = makeTemporaryFolder();
  const memrayFolder = options.memray === null ? folder : makeTemporaryFolder(temporaryParentOf(options.memray));
  try {
    const profile = join(folder, 'fresh.memscope');
    const analyze = [...options.memscope, 'analyze', path, '-o'];
    const said: MemrayWords = { failures: new Map(), allocations: null };
    const variants: Variant[] = [
      variantOf(ANALYZE, [...analyze, profile, '--force'], folder, () => countsOf(profile)),
      variantOf(ANALYZE_AGAIN, [...analyze, join(folder, 'known.memscope')], folder, () => ({})),
    ];
    // Also warms the file cache, and leaves the profile that is asked again.
    for (const variant of variants) await variant.run();
    const { memray } = options;
    const reports = memray === null ? [] : memray.reports;
    if (memray !== null) {
      const place = placeForMemray(path, memrayFolder, memray);
      for (const report of reports) {
        variants.push(memrayVariant(report, memrayCommand(report, place, memrayFolder, memray), folder, said));
      }
    }
    const { times } = await runInTurns(variants, {
      runs: options.runs,
      warmUps: 0,
      onRun: (name, turn, turns) => options.onRun?.(`${basename(path)}: ${name}`, turn, turns),
    });
    return resultOf(path, profile, times, reports, said);
  } finally {
    removeTemporaryFolder(folder);
    removeTemporaryFolder(memrayFolder);
  }
}

function variantOf(name: string, command: readonly string[], folder: string, digests: () => Digests): Variant {
  return {
    name,
    async run(): Promise<Finished> {
      const { exitCode, stderr, maxRssBytes } = await measureProcess(command, folder);
      if (exitCode !== 0) {
        throw new BenchError('commandFailed', `${command.join(' ')} ended with ${exitCode}: ${stderr.trim()}`);
      }
      return { memoryBytes: maxRssBytes, digests };
    },
  };
}

/** What memray said besides its times. */
interface MemrayWords {
  /** By the command's name. */
  readonly failures: Map<string, string>;
  allocations: string | null;
}

/** Fails once at most: then it is passed over. */
function memrayVariant(report: MemrayReport, command: readonly string[], folder: string, said: MemrayWords): Variant {
  const name = labelOf(report);
  return {
    name,
    async run(): Promise<Finished> {
      if (said.failures.has(name)) return { memoryBytes: null, digests: () => ({}) };
      const { exitCode, stdout, stderr, maxRssBytes } = await measureProcess(command, folder);
      if (exitCode !== 0) said.failures.set(name, lastLine(stderr) || lastLine(stdout) || `ended with ${exitCode}`);
      const counted = report === 'stats' ? /Total allocations:\s+(\d+)/.exec(stdout)?.[1] : undefined;
      said.allocations = counted ?? said.allocations;
      return { memoryBytes: maxRssBytes, digests: () => (counted === undefined ? {} : { allocations: counted }) };
    },
  };
}

function countsOf(profilePath: string): Digests {
  const profile = openProfile(profilePath);
  const { allocations } = profile.capture;
  profile.close();
  return allocations === null ? {} : { allocations: String(allocations) };
}

function resultOf(
  path: string,
  profilePath: string,
  times: readonly VariantTimes[],
  reports: readonly MemrayReport[],
  said: MemrayWords,
): CaptureResult {
  const profile = openProfile(profilePath);
  const { formatVersion, allocations, deallocations, totalBytes, answers } = profile.capture;
  const nativeSites = answers.nativeStacks === 'none' ? null : profile.siteKeys().length;
  const extent: CaptureExtent = { allocations: allocations ?? 0, nativeSites };
  profile.close();
  const profileBytes = statSync(profilePath).size;
  const analyzeSeconds = median(times[0]!.seconds);
  return {
    path,
    formatVersion,
    captureBytes: totalBytes,
    profileBytes,
    allocations,
    deallocations,
    nativeSites,
    countedAlike: said.allocations !== null,
    commands: times.map(({ name, seconds, memoryBytes }) => {
      const failure = said.failures.get(name) ?? null;
      if (failure !== null) {
        return { name, seconds: null, runs: [], maxRssBytes: null, share: null, verdict: null, failure };
      }
      const report = reports.find((each) => labelOf(each) === name);
      const share = report === undefined ? null : analyzeSeconds / median(seconds);
      const target = report === undefined ? null : timeShareTarget(report, extent);
      let verdict = share === null || target === null ? null : judge(share, target);
      if (name === ANALYZE && memoryBytes !== null) verdict = judge(memoryBytes, memoryTarget(extent));
      return { name, seconds: median(seconds), runs: seconds, maxRssBytes: memoryBytes, share, verdict, failure };
    }),
    sizeVerdict: judge(profileBytes / totalBytes, sizeTarget(extent)),
  };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}
