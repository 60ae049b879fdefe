/** Parameters and environment to what is to be measured. */
import { statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { BenchError } from './bench-error.js';
import { MEMRAY_REPORTS, splitCommand, type MemrayReport, type MemraySetting } from './memray-commands.js';

const SUITES = ['kernel', 'store', 'views', 'page', 'end-to-end'] as const;
export type Suite = (typeof SUITES)[number];

export interface BenchOptions {
  readonly help: boolean;
  readonly json: boolean;
  readonly suites: readonly Suite[];
  readonly runs: number;
  readonly warmUps: number;
  readonly megabytes: number;
  readonly seed: number;
  readonly sites: number;
  readonly lifetimes: number;
  /** Absolute paths. */
  readonly captures: readonly string[];
  /** What captures are compared with in the page; null = with nothing. */
  readonly base: string | null;
  readonly memray: MemraySetting | null;
}

export const USAGE = `Usage: npm run bench -- [options] [captures...]

Captures (also CAPTURE=a.bin${delimiter}b.bin) are measured end to end and in the page; without any, synthetic ones are.

Options:
  --only <suite>        kernel, store, views, page or end-to-end (again for more; default: all)
  --runs <count>        turns, of which medians are taken (default: 5)
  --warm-ups <count>    turns before those that count, but in end-to-end (default: 1)
  --megabytes <count>   size of the synthetic capture, uncompressed (default: 100)
  --seed <number>       of everything synthetic (default: 1)
  --sites <count>       of the synthetic profile (default: 100000, in views and page twice as many)
  --lifetimes <count>   of the synthetic profile (default: 2000000)
  --base <capture>      compares each capture with it in the page
  --memray <reports>    of stats, flamegraph, temporal, with commas (default: all three with
                        MEMRAY, the first two of a memray that is found)
  --json                print one JSON document (memscope.bench/1) instead of tables
  --help

Environment:
  MEMRAY                how to start memray: "memray", "python3 -m memray", "chroot /rig python3 -m memray"
                        (default: the one on the PATH; empty: none)
  MEMRAY_PATH_PREFIX    its root, when it has another one ("/rig")
  CAPTURE               captures, as above
`;

/** Relative paths are taken from `folder`. */
export function parseBenchOptions(
  parameters: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
): BenchOptions {
  const { values, positionals } = parse(parameters);
  const fromEnvironment = (environment['CAPTURE'] ?? '').split(delimiter).filter((path) => path !== '');
  return {
    help: values.help,
    json: values.json,
    suites: (values.only ?? SUITES).map((name) => oneOf(SUITES, name, '--only')),
    runs: atLeast(1, values.runs, '--runs'),
    warmUps: atLeast(0, values['warm-ups'], '--warm-ups'),
    megabytes: positive(values.megabytes, '--megabytes'),
    seed: atLeast(0, values.seed, '--seed'),
    sites: atLeast(1, values.sites, '--sites'),
    lifetimes: atLeast(1, values.lifetimes, '--lifetimes'),
    captures: [...fromEnvironment, ...positionals].map((path) => fileAt(resolve(folder, path))),
    base: values.base === undefined ? null : fileAt(resolve(folder, values.base)),
    memray: memraySetting(values.memray, environment),
  };
}

function parse(parameters: readonly string[]) {
  try {
    return parseArgs({
      args: [...parameters],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true },
        base: { type: 'string' },
        runs: { type: 'string', default: '5' },
        'warm-ups': { type: 'string', default: '1' },
        megabytes: { type: 'string', default: '100' },
        seed: { type: 'string', default: '1' },
        sites: { type: 'string', default: '100000' },
        lifetimes: { type: 'string', default: '2000000' },
        memray: { type: 'string' },
      },
    });
  } catch (cause) {
    throw new BenchError('usage', cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** What a memray that nobody named is asked: the rest takes gigabytes. */
const QUICK_REPORTS: readonly MemrayReport[] = ['stats', 'flamegraph'];

function memraySetting(
  reports: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): MemraySetting | null {
  const named = environment['MEMRAY'];
  const quick = named === undefined ? QUICK_REPORTS : MEMRAY_REPORTS;
  const chosen = reports?.split(',').map((name) => oneOf(MEMRAY_REPORTS, name, '--memray')) ?? quick;
  const command = named === undefined ? commandOnPath('memray', environment['PATH'] ?? '') : splitCommand(named);
  if (command.length === 0) return null;
  return { command, pathPrefix: environment['MEMRAY_PATH_PREFIX'] ?? '', reports: chosen };
}

/** Nothing where it is not there. */
function commandOnPath(name: string, path: string): readonly string[] {
  const places = path.split(delimiter).filter((folder) => folder !== '');
  const found = places
    .map((folder) => join(folder, name))
    .find((place) => statSync(place, { throwIfNoEntry: false })?.isFile());
  return found === undefined ? [] : [found];
}

function oneOf<Name extends string>(names: readonly Name[], found: string, option: string): Name {
  const name = names.find((each) => each === found);
  if (name !== undefined) return name;
  throw new BenchError('usage', `${option}: expected ${names.join(' or ')}, found ${found}`);
}

function atLeast(least: number, text: string, option: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && Number.isSafeInteger(value)) return value;
  throw new BenchError('usage', `${option}: expected a whole number from ${least} on, found ${text}`);
}

function positive(text: string, option: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0) return value;
  throw new BenchError('usage', `${option}: expected a number above 0, found ${text}`);
}

function fileAt(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
  throw new BenchError('usage', `${path}: no such capture`);
}
