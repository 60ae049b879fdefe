/**
 * Open runs of one or two sides → whether they are processes of one run, which are no repetitions, and what of such a run
 * lies beside them unnamed: sentences for whoever compares them.
 */
import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { countNoun, isFollowedChild, quotePath, type Profile } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { shortestPath } from '../analyze/shown-command.js';
import { UsageError } from '../exit-code.js';

interface OpenSides {
  readonly base: readonly Profile[];
  readonly head: readonly Profile[];
}

const PROFILE_SUFFIX = /\.memscope$/;

/** Medians of a parent and its child would hide what either keeps. `command` is what was asked. Throws `UsageError`. */
export function refuseFamily(command: string, side: readonly Profile[]): void {
  const first = new Map<string, string>();
  for (const { capture } of side) {
    const { path } = capture;
    const family = isFollowedChild(capture) ? path.slice(0, path.lastIndexOf('.')) : path;
    const other = first.get(family);
    if (other !== undefined && other !== path) {
      const names = [other, path].map((each) => printable(shortestPath(each))).join(' and ');
      throw new UsageError(`${command}: ${names} are processes of one run, not repetitions: --together adds them up`);
    }
    first.set(family, path);
  }
}

/**
 * What a reader of a comparison must know before its numbers, not escaped. `together`: the runs of a side are added up;
 * `isOfWindows`: two stretches of one run may well be compared.
 */
export function remarkOnSides(
  sides: OpenSides,
  { together, isOfWindows = false }: { readonly together: boolean; readonly isOfWindows?: boolean },
): string[] {
  const same = isOfWindows ? [] : saySame(sides, together);
  return [...same, ...sayUnnamed(sides.base, 'base'), ...sayUnnamed(sides.head, 'head')];
}

/** Processes of runs that are named without them, not escaped. */
export function sayUnnamed(side: readonly Profile[], title?: string): string[] {
  const named = new Set(side.map(({ capture }) => basename(capture.path)));
  return side.flatMap((profile) => {
    const others = profile.children().filter((name) => !named.has(name.replace(PROFILE_SUFFIX, '')));
    if (others.length === 0) return [];
    const path = shortestPath(existsSync(profile.capture.path) ? profile.capture.path : profile.path);
    const lie = countNoun(others.length, 'other process', 'other processes');
    const what = `${lie} of the run of ${path} ${others.length === 1 ? 'lies' : 'lie'} beside it, not counted`;
    const all = `${quotePath(path)} ${quotePath(path.replace(PROFILE_SUFFIX, ''))}.[0-9]*`;
    return [`${title === undefined ? '' : `${title}: `}${what}; with all: ${all} --together`];
  });
}

function saySame({ base, head }: OpenSides, together: boolean): string[] {
  const [before, after] = [base, head].map((side) => side.map(fileOf)) as [string[], string[]];
  const shared = head.filter((_, at) => before.includes(after[at]!));
  if (shared.length === 0) return [];
  if (shared.length === head.length && before.every((file) => after.includes(file))) {
    return [
      head.length === 1
        ? 'Both sides are the same file: nothing can differ.'
        : 'Both sides are the same files: nothing can differ.',
    ];
  }
  // A run may be added to what it is compared with.
  return together ? [] : [`Both sides have ${shortestPath(shared[0]!.capture.path)}.`];
}

/** Runs of a baseline without those that are judged: beside itself a run would be no change. All of them where none is left. */
export function withoutJudged({ base, head }: OpenSides): readonly Profile[] {
  const judged = new Set(head.map(fileOf));
  const others = base.filter((profile) => !judged.has(fileOf(profile)));
  return others.length === 0 ? base : others;
}

/** By whatever name. A profile may be of what its capture held before another run was written over that. */
function fileOf({ path, capture }: Profile): string {
  const recording = [capture.startMs, capture.pid, capture.peakBytes].join(' ');
  for (const place of [capture.path, path]) {
    const found = statSync(place, { throwIfNoEntry: false, bigint: true });
    if (found?.isFile() === true) return `${found.dev} ${found.ino} ${recording}`;
  }
  return path;
}
