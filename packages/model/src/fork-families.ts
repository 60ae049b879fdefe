/**
 * Processes of one run: memray calls the file of a child that it follows into a fork `FILE.PID`, and of that child's
 * children as well (memray/_memray/sink.cpp, `cloneInChildProcess`).
 */

import type { CaptureRow } from './capture.js';

const PROFILE_SUFFIX = /\.memscope$/;

/** By path of a child the path of its parent, which is among them, too. Of captures, profiles, or both. */
export function parentsOfForks(paths: readonly string[]): ReadonlyMap<string, string> {
  const pathOf = new Map(paths.map((path) => [path.replace(PROFILE_SUFFIX, ''), path]));
  const parents = new Map<string, string>();
  for (const [capture, path] of pathOf) {
    const stem = /^(.+)\.\d+$/.exec(capture)?.[1];
    const parent = stem === undefined ? undefined : pathOf.get(stem);
    if (parent !== undefined) parents.set(path, parent);
  }
  return parents;
}

type Recorded = Pick<CaptureRow, 'path' | 'pid' | 'commandLine'>;

/** Whether a capture is of a child that was followed into a fork; what `memray run` began says that it follows forks. */
export function isFollowedChild(capture: Recorded): boolean {
  if (capture.pid === null || !capture.path.endsWith(`.${capture.pid}`)) return false;
  return capture.commandLine?.includes('--follow-fork') === true || !isBegunByMemray(capture);
}

/** `memray run` or `python -m memray run`, which record a program from its first line on. */
export function isBegunByMemray({ commandLine }: Pick<CaptureRow, 'commandLine'>): boolean {
  return /memray\S* run /.test(commandLine ?? '');
}
