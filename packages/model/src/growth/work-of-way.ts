/**
 * A way that is flat since its own work stopped: whether it grew in every stretch of that work. Data that is loaded once
 * grows in one stretch; a service that is asked in bursts, while a heartbeat or another thread goes on, grows in each.
 */
import type { LifetimeBatch } from '../lifetimes.js';
import { SITE, type CountedRows } from './counted-rows.js';
import type { GrowingWay } from './find-ways.js';
import { KIND } from './frame-kind.js';
import { markBelow, ofSites, wayTo } from './growth-tree.js';
import type { WorkClock } from './work-clock.js';

/** Work goes on in less than this share of the later moments: it stopped. */
const STOPPED_SHARE = 0.05;
/** So many stretches of work, with this many moments of others' work between them. */
const LEAST_STRETCHES = 3;
const LEAST_PAUSE_SHARE = 0.02;
/** A stretch that has this share of the work adds at least so much of its part. */
const LEAST_STRETCH_SHARE = 0.05;
const LEAST_PART = 0.35;

export interface WorkOfWay {
  /** Nothing below its outermost function of the program worked on once it was flat. */
  readonly hasStopped: boolean;
  /** It grew in each of several stretches of its work. */
  readonly growsWithWork: boolean;
}

/** `exact` is what the way held at every moment. */
export function workOfWay(
  { node, judgement }: GrowingWay,
  exact: Float64Array,
  rows: CountedRows,
  { binOf, isAtWork, ownActivity }: WorkClock,
): WorkOfWay {
  const { moments } = rows;
  const activity = activityBelow(outermostFunction(node, rows), rows, ownActivity);
  let [active, working] = [0, 0];
  for (let moment = 0; moment < moments; moment++) {
    if (isAtWork[moment] === 0 || binOf[moment]! <= judgement.levelAt + 1) continue;
    working++;
    if (activity[moment]! > 0) active++;
  }
  const hasStopped = working === 0 || active <= STOPPED_SHARE * working;
  return { hasStopped, growsWithWork: hasStopped && growsInStretches(exact, activity, isAtWork) };
}

function outermostFunction(node: number, { tree }: CountedRows): number {
  const way = wayTo(node, tree);
  return way.find((at) => tree.kind[at] === KIND.application || tree.kind[at] === KIND.library) ?? way[0] ?? 0;
}

/** Allocations that came and went below a node, and births of others, by moment; `own` is all that the application did. */
function activityBelow(
  node: number,
  { profile, changes, tree, role, moments }: CountedRows,
  own: Float64Array,
): Float64Array {
  const isBelow = ofSites(markBelow([node], tree), tree);
  const { throughApplication, nodeOfSite } = tree;
  let isAllOfOwn = true;
  for (let site = 0; site < role.length; site++) {
    if (role[site] === SITE.leftOut) isBelow[site] = 0;
    else if (isBelow[site] !== throughApplication[nodeOfSite[site]!]) isAllOfOwn = false;
  }
  if (isAllOfOwn) return own;
  const activity = new Float64Array(moments);
  if (changes !== null) {
    const { length, site, moment, births, deaths } = changes;
    for (let row = 0; row < length; row++) {
      if (isBelow[site[row]!] === 1) activity[moment[row]!]! += births[row]! + deaths[row]!;
    }
    return activity;
  }
  for (const batch of profile.lifetimes()) addBatch(batch, isBelow, activity);
  return activity;
}

/** A function of its own, called for each batch: the engine compiles it well after a few of them. */
function addBatch({ rows, site, born, died }: LifetimeBatch, isBelow: Uint8Array, activity: Float64Array): void {
  const moments = activity.length;
  for (let row = 0; row < rows; row++) {
    if (isBelow[site[row]!] === 0) continue;
    activity[born[row]!]!++;
    // What was never freed has no moment of death.
    if (died[row]! < moments) activity[died[row]!]!++;
  }
}

interface Stretch {
  readonly work: number;
  readonly gain: number;
}

function growsInStretches(exact: Float64Array, activity: Float64Array, isAtWork: Uint8Array): boolean {
  const stretches = cutIntoStretches(exact, activity, isAtWork);
  if (stretches.length < LEAST_STRETCHES) return false;
  const work = stretches.reduce((sum, each) => sum + each.work, 0);
  const gain = stretches.reduce((sum, each) => sum + each.gain, 0);
  const counted = stretches.filter((each) => each.work >= LEAST_STRETCH_SHARE * work);
  return (
    counted.length >= LEAST_STRETCHES && counted.every((each) => each.gain >= LEAST_PART * gain * (each.work / work))
  );
}

function cutIntoStretches(exact: Float64Array, activity: Float64Array, isAtWork: Uint8Array): Stretch[] {
  const allWork = isAtWork.reduce((sum, at) => sum + at, 0);
  const pause = Math.max(2, LEAST_PAUSE_SHARE * allWork);
  const stretches: Stretch[] = [];
  let open: { from: number; to: number; work: number } | null = null;
  let idle = 0;
  const close = (): void => {
    if (open !== null) stretches.push({ work: open.work, gain: exact[open.to]! - (exact[open.from - 1] ?? 0) });
    open = null;
  };
  for (let moment = 0; moment < exact.length; moment++) {
    if (activity[moment]! > 0) {
      open ??= { from: moment, to: moment, work: 0 };
      open.to = moment;
      open.work++;
      idle = 0;
    } else {
      idle += isAtWork[moment]!;
      if (idle >= pause) close();
    }
  }
  close();
  return stretches;
}
