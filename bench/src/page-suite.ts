/**
 * The served page in real Chromium, on the profile of a large service (200,000 sites, a million stacks, 10,000 ticks
 * unless asked otherwise) and on those of captures: the first paint with the server just started, every kind of
 * interaction, the page's heap, and the size of its script.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';

import { BenchError } from './bench-error.js';
import { findChromium, launchChromium, MISSING_CHROMIUM } from './chromium.js';
import { STACKS_PER_SITE, TICKS, writeLargeProfile } from './large-profile.js';
import { measureProcess } from './measure-process.js';
import { installPageProbe } from './page-probe.js';
import { PageSession } from './page-session.js';
import { serveProfile, type ServedProfile } from './serve-profile.js';
import { median, percentile } from './statistics.js';
import {
  judge,
  PAGE_HEAP_TARGET,
  PAGE_MEDIAN_TARGET,
  PAGE_PAINT_TARGET,
  PAGE_SCRIPT_TARGET,
  PAGE_SLOW_TARGET,
  type Verdict,
} from './targets.js';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.js';

export interface PageOptions {
  /** Times that a server is started and a page opened; each is followed by `ROUNDS_PER_RUN` rounds through the page. */
  readonly runs: number;
  readonly warmUps: number;
  readonly seed: number;
  readonly sites: number;
  /** Rounded up to whole batches. */
  readonly lifetimes: number;
  /** Absolute paths; without any, a small one of the fixtures. */
  readonly captures: readonly string[];
  /** A capture that the others are compared with; null = they are shown alone. */
  readonly base?: string | null;
  readonly roundsPerRun?: number;
  readonly onRun?: (name: string, turn: number, turns: number) => void;
}

export interface PageResult {
  readonly browser: string;
  /** All of the page's scripts, gzipped. */
  readonly script: Verdict;
  readonly profiles: readonly PageProfileResult[];
}

/** Times in seconds. */
export interface PageProfileResult {
  readonly name: string;
  /** From the start of `memscope serve` until it said that the profile was ready. */
  readonly ready: Samples;
  /** From the navigation to the end of the frame with the overview's numbers; new server and new browser profile each. */
  readonly paint: Samples;
  readonly paintVerdict: Verdict;
  readonly interactions: readonly InteractionResult[];
  /** Over all interactions, each as often as any other. */
  readonly all: InteractionResult;
  /** Greatest of the page's JavaScript heap after any round, garbage included. */
  readonly heap: Verdict;
  /** Of all processes in the minute before the end. */
  readonly load: number;
}

export interface InteractionResult {
  readonly name: string;
  readonly samples: Samples;
  readonly median: Verdict;
  readonly slow: Verdict;
}

export type Samples = readonly number[];

const ROUNDS_PER_RUN = 5;
const SLOW_SHARE = 0.95;
const CLI = join(import.meta.dirname, '..', '..', 'apps', 'cli', 'dist', 'main.js');
const SMALL_CAPTURE = join(import.meta.dirname, '..', '..', 'fixtures', 'captures', 'pandas-v13.bin');
const WEB = join(CLI, '..', 'web');

/** @throws {BenchError} `notBuilt`, `noBrowser`, `commandFailed`, `pageFault` */
export async function runPageSuite(options: PageOptions): Promise<PageResult> {
  if (!existsSync(CLI) || !existsSync(join(WEB, 'index.html'))) {
    throw new BenchError('notBuilt', 'the page has not been built: run `npm start` or `npm run build` first');
  }
  const executable = findChromium();
  if (executable === null) throw new BenchError('noBrowser', MISSING_CHROMIUM);
  const folder = makeTemporaryFolder();
  const browser = await launchChromium(executable);
  try {
    const profiles: PageProfileResult[] = [];
    for (const profile of await makeProfiles(folder, options)) {
      profiles.push(await measureProfile(browser, profile, options));
    }
    return { browser: `Chromium ${browser.version()}`, script: judge(scriptBytes(), PAGE_SCRIPT_TARGET), profiles };
  } finally {
    await browser.close();
    removeTemporaryFolder(folder);
  }
}

interface NamedProfile {
  readonly name: string;
  readonly path: string;
  /** What it is compared with. */
  readonly base: string | null;
}

async function makeProfiles(folder: string, options: PageOptions): Promise<NamedProfile[]> {
  const { seed, sites, lifetimes, captures, base = null } = options;
  const large = join(folder, 'large.memscope');
  const shape = { sites, stacksPerSite: STACKS_PER_SITE, ticks: TICKS, growing: true };
  const { stacks } = writeLargeProfile(large, seed, lifetimes, shape);
  const count = (value: number): string => value.toLocaleString('en');
  const analyze = async (capture: string, path: string): Promise<string> => {
    const command = [process.execPath, CLI, 'analyze', capture, '-o', path];
    const { exitCode, stderr } = await measureProcess(command, folder);
    if (exitCode !== 0) throw new BenchError('commandFailed', `memscope analyze ${capture}: ${stderr.trim()}`);
    return path;
  };
  const profiles: NamedProfile[] = [
    {
      base: null,
      name: `synthetic: ${count(sites)} sites, ${count(stacks)} stacks, ${count(TICKS)} ticks`,
      path: large,
    },
  ];
  const paths = captures.length > 0 ? captures : [SMALL_CAPTURE];
  for (const [index, capture] of paths.entries()) {
    const path = await analyze(capture, join(folder, `${index}.memscope`));
    profiles.push({ name: basename(capture), path, base: null });
    if (base === null) continue;
    const name = `${basename(capture)} against ${basename(base)}`;
    profiles.push({ name, path, base: await analyze(base, join(folder, 'base.memscope')) });
  }
  return profiles;
}

async function measureProfile(
  browser: Browser,
  { name, path, base }: NamedProfile,
  { runs, warmUps, seed, roundsPerRun = ROUNDS_PER_RUN, onRun }: PageOptions,
): Promise<PageProfileResult> {
  const [ready, paint]: [number[], number[]] = [[], []];
  const times = new Map<string, number[]>();
  let heapBytes = 0;
  for (let turn = 0; turn < warmUps + runs; turn++) {
    onRun?.(`page of ${name}`, turn, warmUps + runs);
    const server = await serveProfile(CLI, path, base);
    try {
      const page = await openPage(browser, server);
      const paintSeconds = (await page.evaluate(() => memscopeProbe.firstPaint())) / 1000;
      if (turn >= warmUps) {
        ready.push(server.readySeconds);
        paint.push(paintSeconds);
        const session = new PageSession(page, seed + turn);
        heapBytes = Math.max(heapBytes, await walk(page, session, turn * roundsPerRun, roundsPerRun));
        for (const [interaction, milliseconds] of session.times()) {
          const seconds = milliseconds.map((each) => each / 1000);
          times.set(interaction, [...(times.get(interaction) ?? []), ...seconds]);
        }
      }
      await page.context().close();
    } finally {
      await server.close();
    }
  }
  return {
    name,
    ready,
    paint,
    paintVerdict: judge(median(paint), PAGE_PAINT_TARGET),
    interactions: Array.from(times, ([interaction, samples]) => judgeInteraction(interaction, samples)),
    all: judgeInteraction('all of them', [...times.values()].flat()),
    heap: judge(heapBytes, PAGE_HEAP_TARGET),
    load: loadavg()[0] ?? 0,
  };
}

async function openPage(browser: Browser, { address }: ServedProfile): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  // Compilers that keep the names of functions call this in what is sent to the page.
  await page.addInitScript({ content: 'globalThis.__name ??= (target) => target;' });
  await page.addInitScript(installPageProbe);
  await page.goto(address, { waitUntil: 'commit' });
  return page;
}

/** The greatest heap after any round, in bytes. */
async function walk(page: Page, session: PageSession, firstTurn: number, rounds: number): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  let most = 0;
  for (let round = 0; round < rounds; round++) {
    await session.round(firstTurn + round);
    const { metrics } = await devtools.send('Performance.getMetrics');
    most = Math.max(most, metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN);
  }
  return most;
}

function judgeInteraction(name: string, samples: Samples): InteractionResult {
  return {
    name,
    samples,
    median: judge(median(samples), PAGE_MEDIAN_TARGET),
    slow: judge(percentile(samples, SLOW_SHARE), PAGE_SLOW_TARGET),
  };
}

function scriptBytes(): number {
  const folder = join(WEB, 'assets');
  let bytes = 0;
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.js')) bytes += gzipSync(readFileSync(join(folder, name))).length;
  }
  return bytes;
}
