/**
 * The profile file alone: how fast a profile of many sites and millions of lifetimes is written, and how long it takes
 * to open it and get any one summary, or all of them, from it.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';

import { usageOfProfile, type LifetimeBatch, type Profile, type Usage } from '@memscope/model';
import { openProfile } from '@memscope/store';
import { ProfileWriter } from '@memscope/store/profile-writer';

import { median, medianDifference, sum } from './statistics.js';
import { makeLifetimeBatch, makeSyntheticTables } from './synthetic-profile.js';
import { judge, SUMMARY_TARGET, SUMMARY_TARGET_SITES, type Verdict } from './targets.js';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.js';
import { runInTurns, type Finished, type TurnOptions, type Turns, type Variant } from './turns.js';

export interface StoreOptions extends TurnOptions {
  readonly seed: number;
  readonly sites: number;
  /** Rounded up to whole batches. */
  readonly lifetimes: number;
}

export interface StoreResult {
  readonly sites: number;
  readonly stacks: number;
  readonly lifetimes: number;
  readonly profileBytes: number;
  readonly write: WriteResult;
  /** Opening included in each. */
  readonly answers: readonly AnswerResult[];
}

export interface WriteResult {
  /** All of it, synchronized to the disk. */
  readonly seconds: number;
  /** The tables without lifetimes. */
  readonly tableSeconds: number;
  /** Of the difference. */
  readonly lifetimesPerSecond: number;
  readonly bytesPerSecond: number;
}

export interface AnswerResult {
  readonly name: string;
  readonly seconds: number;
  readonly runs: readonly number[];
  /** Of the first time in this process. */
  readonly firstSeconds: number;
  /** Null where no target speaks of it. */
  readonly verdict: Verdict | null;
}

const BATCH_ROWS = 1 << 16;
const STACKS_PER_SITE = 4;
const TICKS = 1000;
const EVERY_SUMMARY = 'every summary';
const ALL_TABLES = 'all tables as columns';
const ONE_MOMENT = 'live at one moment';
/** More than a summary. */
const WITHOUT_TARGET = new Set([ALL_TABLES, ONE_MOMENT]);

/** @throws {BenchError} `disagreement` */
export async function runStoreSuite(options: StoreOptions): Promise<StoreResult> {
  const shape = { sites: options.sites, stacksPerSite: STACKS_PER_SITE, ticks: TICKS };
  const tables = makeSyntheticTables(options.seed, shape);
  const batches = Math.max(1, Math.ceil(options.lifetimes / BATCH_ROWS));
  const batch = makeLifetimeBatch(options.seed, Math.min(BATCH_ROWS, Math.max(1, options.lifetimes)), shape);
  const lifetimes = batches * batch.rows;
  const folder = makeTemporaryFolder();
  try {
    const path = join(folder, 'synthetic.memscope');
    const tablesPath = join(folder, 'tables.memscope');
    const write = (target: string, count: number): Finished => {
      const writer = ProfileWriter.create(target, { expectedBytes: tables.capture.totalBytes });
      for (let left = count; left > 0; left--) writer.appendLifetimes(batch);
      writer.finish(tables, null);
      return { memoryBytes: null, digests: () => ({ peak: String(tables.capture.peakBytes) }) };
    };
    const written = await runInTurns(
      [
        { name: 'write', run: () => write(path, batches) },
        { name: 'write the tables', run: () => write(tablesPath, 0) },
      ],
      named(options, 'store'),
    );
    const answered = await runInTurns(answerVariants(path, batch), named(options, 'store'));
    return resultOf(options, tables.stacks.length, lifetimes, statSync(path).size, written, answered);
  } finally {
    removeTemporaryFolder(folder);
  }
}

function answerVariants(path: string, batch: LifetimeBatch): Variant[] {
  const answer = (name: string, ask: (profile: Profile) => Record<string, string>): Variant => ({
    name,
    run(): Finished {
      const profile = openProfile(path);
      const digests = ask(profile);
      profile.close();
      return { memoryBytes: null, digests: () => digests };
    },
  });
  return [
    // First, so that its first time is that of a process that has asked nothing yet.
    answer(EVERY_SUMMARY, (profile) => {
      const ticks = profile.ticks().length + profile.threads().length + (profile.sizeClasses()?.length ?? 0);
      const { locations, threads, allocators } = usageOfProfile(profile);
      const peaks = [locations, threads, allocators].map(sumOfPeaks);
      return { peak: peaks.every((peak) => peak === peaks[0]) ? String(peaks[0]) : peaks.join(), rows: String(ticks) };
    }),
    answer('what was profiled', ({ capture }) => ({ peak: String(capture.peakBytes) })),
    answer('ticks', (profile) => ({ ticks: String(profile.ticks().length) })),
    answer('threads', (profile) => ({ threads: String(profile.threads().length) })),
    answer('size classes', (profile) => ({ sizes: String(profile.sizeClasses()?.length) })),
    answer(ALL_TABLES, (profile) => ({ peak: String(sum(profile.tables().sites.peakBytes)) })),
    answer(ONE_MOMENT, (profile) => {
      let live = 0;
      const moment = batch.born[0]!;
      for (const { rows, born, died, bytes } of profile.lifetimes(moment, moment)) {
        for (let row = 0; row < rows; row++) if (born[row]! <= moment && moment < died[row]!) live += bytes[row]!;
      }
      return { live: String(live) };
    }),
  ];
}

function sumOfPeaks(rows: readonly Usage[]): number {
  return sum(rows.map(({ peakBytes }) => peakBytes));
}

function resultOf(
  options: StoreOptions,
  stacks: number,
  lifetimes: number,
  profileBytes: number,
  written: Turns,
  answered: Turns,
): StoreResult {
  const [whole, tables] = written.times;
  const seconds = median(whole!.seconds);
  return {
    sites: options.sites,
    stacks,
    lifetimes,
    profileBytes,
    write: {
      seconds,
      tableSeconds: median(tables!.seconds),
      lifetimesPerSecond: lifetimes / medianDifference(whole!.seconds, tables!.seconds),
      bytesPerSecond: profileBytes / seconds,
    },
    answers: answered.times.map(({ name, seconds: runs, firstSeconds }) => ({
      name,
      seconds: median(runs),
      runs,
      firstSeconds,
      verdict:
        WITHOUT_TARGET.has(name) || options.sites < SUMMARY_TARGET_SITES ? null : judge(median(runs), SUMMARY_TARGET),
    })),
  };
}

function named(options: StoreOptions, suite: string): TurnOptions {
  return { ...options, onRun: (name, turn, turns) => options.onRun?.(`${suite}: ${name}`, turn, turns) };
}
