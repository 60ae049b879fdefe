/**
 * A profile → what grows in it. Lifetimes are scanned for the clock of work, for the curves of the tree, and, where
 * something grows, for exact numbers.
 */
import { canAnswer } from '../answers.js';
import { findReservations } from '../analysis/peak/reservations.js';
import type { Profile } from '../profile.js';
import { levelOfWay } from './begin-of-level.js';
import { findContainers, findTables, type Container } from './containers.js';
import { KEPT_SHARE } from './curve-growth.js';
import { describeWay } from './describe-way.js';
import { ExactCurves, judgeByLeast } from './exact-curves.js';
import { holderOf, withoutHeld } from './find-holder.js';
import { WayFinder, type GrowingWay } from './find-ways.js';
import type { DescribedWay, Growth, GrowthAnswer } from './growth.js';
import { isNameless } from './frame-kind.js';
import { growingBeside } from './growing-beside.js';
import { growthSubject, growthWithin, recount, type GrowthPart } from './growth-subject.js';
import { BARE, markBelow } from './growth-tree.js';
import { heaviestCounts } from './in-step.js';
import { joinThreads } from './join-threads.js';
import { JudgedNodes } from './judged-nodes.js';
import { growsStrictly, leastGrowth, littleGrowth, type CurveJudgement, type JudgeContext } from './judge-curve.js';
import { CurveSource, POINTS, type LiveCurves } from './live-curves.js';
import { findHeapLevel, type HeapLevel } from './heap-level.js';
import { idleTimeAfter } from './idle-time.js';
import { KeptByTime, lastBirth, spanOfWay, stayingBytes } from './measure-way.js';
import { isOnlyWork, ownWork, type OwnWork } from './only-work.js';
import { isShortPhase } from './phase-of-way.js';
import { passingBytes } from './passing-bytes.js';
import { readActivity, type WorkClock } from './work-clock.js';
import { withRepeatedImports } from './repeated-imports.js';
import { workOfWay } from './work-of-way.js';

/** What is flat is told from this share of the peak on. */
const LEVELLED_SHARE = 0.2;
/** Two moments that are nearer than this share of the recording are one. */
const SAME_SHARE = 0.1;
/** More findings of growth nobody reads; the heaviest are told. */
const MOST_WAYS = 12;

const known = new WeakMap<Profile, Map<number, GrowthAnswer>>();

/** Found once for an open profile; `fromTick` is the first tick after a warm-up, before which no work counts. */
export function findGrowth(profile: Profile, fromTick = 0): GrowthAnswer {
  const answers = known.get(profile) ?? new Map<number, GrowthAnswer>();
  known.set(profile, answers);
  let answer = answers.get(fromTick);
  if (answer === undefined) answers.set(fromTick, (answer = searchGrowth(profile, fromTick)));
  return answer;
}

/** Of what passes a filter: what grows there, and nothing of how level the heap is. */
export function findGrowthWithin(profile: Profile, fromTick: number, part: GrowthPart): GrowthAnswer {
  return canAnswer(profile.capture, 'lifetimes')
    ? searchGrowth(profile, fromTick, growthWithin(growthSubject(profile), part))
    : nothing('aggregated', profile);
}

function nothing(silence: GrowthAnswer['silence'], profile: Profile): GrowthAnswer {
  return { growths: [], little: [], level: null, children: profile.children(), silence };
}

interface Search {
  /** Heaviest first. */
  readonly ways: GrowingWay[];
  readonly finder: WayFinder;
  readonly nodes: JudgedNodes;
  readonly curves: LiveCurves;
}

function searchGrowth(profile: Profile, fromTick: number, subject = growthSubject(profile)): GrowthAnswer {
  const { capture } = profile;
  if (!canAnswer(capture, 'lifetimes')) return nothing('aggregated', profile);
  const { rows, wholeRows, part, peakBytes } = subject;
  const { tree } = rows;
  const { clock, ...activity } = readActivity(wholeRows, fromTick);
  if (clock === null) return nothing('tooShort', profile);
  const least = leastGrowth(peakBytes);
  const source = new CurveSource(rows, clock, activity, littleGrowth(peakBytes));
  const exact = new ExactCurves(rows);
  const keptByTime = new KeptByTime(rows);
  const found = new Map<number, Container[]>();
  const containersAt = (moment: number): Container[] => {
    let containers = found.get(moment);
    if (containers === undefined) {
      found.set(moment, (containers = findContainers(rows, clock, keptByTime.of(-1, moment), moment)));
    }
    return containers;
  };
  const tables = new Map<number, Uint8Array>();
  const isTable = (node: number, point: number): boolean => {
    let known = tables.get(point);
    if (known === undefined) {
      const kept = keptByTime.of(-1, lastMomentOf(point, clock));
      tables.set(point, (known = findTables(kept, subject.total, rows)));
    }
    return known[node] === 1;
  };
  /** What grows by at least so many bytes. */
  const search = (least: number): Search => {
    const context = { least, momentsOfWork: clock.momentsOfWork, workUpTo: clock.workUpTo };
    const curves = source.draw(least);
    const nodes = new JudgedNodes(tree, curves, context);
    const finder = new WayFinder({
      tree,
      nodes,
      context,
      holds(starts) {
        exact.prepare(starts);
        return starts.map((node) => judgeWay([node], exact, curves, clock, context).verdict === 'grows');
      },
      keptCounts: (node, point) =>
        heaviestCounts(markBelow([node], tree), keptByTime.of(-1, lastMomentOf(point, clock)), rows),
      containers: () => containersAt(rows.moments - 1),
      isNamed: (node) => !isNameless(subject.frames.functionName[tree.frame[node]!] ?? null),
    });
    const candidates = withoutHeld(
      finder.growing().map((way) => ({ ...way, holder: holderOf(way, nodes, tree, subject.frames, isTable) })),
      tree,
    );
    exact.prepare(candidates.flatMap(nodesOf));
    const ways = candidates
      .filter((way) => judgeWay(nodesOf(way), exact, curves, clock, context).verdict === 'grows')
      .filter((way) => !isShortPhase(way, rows, clock, context))
      .sort((a, b) => b.judgement.growth - a.judgement.growth)
      .slice(0, MOST_WAYS);
    return { ways: joinThreads(ways, nodes, tree), finder, nodes, curves };
  };
  const { ways, finder, nodes, curves } = search(least);
  const repeated = withRepeatedImports(ways, tree);
  if (repeated !== null) return searchGrowth(profile, fromTick, recount(subject, repeated));
  const levelled = finder.levelled(ways).filter((way) => way.judgement.growth >= (LEVELLED_SHARE / 2) * peakBytes);
  exact.prepare([...ways, ...levelled].flatMap(nodesOf));
  const passingIn = (way: GrowingWay, before: number, after: number): number =>
    passingBytes(
      markBelow(nodesOf(way), tree),
      keptByTime.of(-1, before),
      keptByTime.of(-1, after),
      subject.total,
      rows,
    );
  let own: OwnWork | null = null;
  const describe = (
    way: GrowingWay,
  ): DescribedWay &
    Pick<Growth, 'stayingBytes' | 'leftBytes' | 'isOnlyWork' | 'sinceMs'> & { readonly lastBornMs: number } => {
    const live = exact.sum(nodesOf(way));
    const span = spanOfWay(live, way.judgement, clock, (before, after) => passingIn(way, before, after));
    const kept = keptByTime.of(span.after, span.at);
    const described = describeWay(way, span, kept, {
      ...subject,
      containers: () => containersAt(span.at),
    });
    return {
      ...described,
      lastBornMs: subject.timeOf(lastBirth(described.sites, kept)),
      stayingBytes: stayingBytes(live, span),
      leftBytes: Math.min(span.bytes, live[live.length - 1]!),
      sinceMs: span.isLate ? described.startMs : null,
      isOnlyWork: isOnlyWork(described, (own ??= ownWork(wholeRows, subject.total))),
    };
  };
  const growing = (way: GrowingWay, besideIt: readonly number[]): Growth => {
    const { lastBornMs, ...described } = describe(way);
    const isOfArenas = described.arenaBytes >= described.bytes / 2;
    // Between arenas objects come unseen, but for most of the time: another one would have been needed.
    const lastMs = isOfArenas ? lastBornMs : described.lastMs;
    const after = idleTimeAfter(lastMs, clock, subject.timeOf);
    const idle = described.arenas > 0 && after?.isMost === false ? null : after;
    return {
      ...described,
      ...(idle?.isMost === true ? { lastMs } : {}),
      verdict: idle?.isMost === true ? 'idle' : 'grows',
      beside: besideIt.map((node) => describe({ node, holder: node, branches: null, judgement: nodes.judge(node) })),
      levelMs: null,
      idle,
    };
  };
  const beside = growingBeside(ways, nodes, tree);
  exact.prepare(beside.flat());
  const grows = ways.map((way, at) => growing(way, beside[at]!));
  const level =
    part !== null
      ? null
      : findHeapLevel(
          profile.ticks(),
          findReservations(profile),
          profile.notes.tailHeapBytes,
          clock,
          { byPoint: arenasOf([0], curves), bytesOfOne: subject.arenaBytes },
          least,
          subject.timeOf,
        );
  const flat = levelled.map((way): Growth => {
    const live = exact.sum(nodesOf(way));
    const { hasStopped, growsWithWork } = workOfWay(way, live, rows, clock);
    const levelMs = settle(
      subject.timeOf(levelOfWay(live, least)),
      live.at(-1)!,
      level,
      subject.timeOf(rows.moments - 1),
    );
    return growsWithWork
      ? growing(way, [])
      : {
          ...describe(way),
          verdict: hasStopped ? 'stopped' : 'levelled',
          sinceMs: null,
          beside: [],
          levelMs,
          idle: null,
        };
  });
  const byBytes = (a: Growth, b: Growth): number => b.bytes - a.bytes;
  const isLarge = ({ bytes }: Growth): boolean => bytes >= LEVELLED_SHARE * peakBytes;
  const hasFilled = (each: Growth): boolean => each.verdict === 'grows' || !isReplacing(each, level);
  const told = [...grows, ...flat.filter((each) => isLarge(each) && hasFilled(each))].sort(byBytes);
  const isGrowing = ({ verdict }: Growth): boolean => verdict === 'grows';
  const growths = [...told.filter(isGrowing), ...told.filter((each) => !isGrowing(each))];
  const isLevel = level !== null && level.rise === null && growths.every(({ verdict }) => verdict === 'levelled');
  const littleWays =
    isLevel && level.restBytes >= littleGrowth(peakBytes)
      ? search(littleGrowth(peakBytes)).ways.filter(
          (way) =>
            growsStrictly(way.judgement) && !levelled.some((other) => areRelated(way.node, other.node, tree.parent)),
        )
      : [];
  const little = littleWays
    .map(describe)
    .filter(({ bytes, leftBytes, isTornDown }) => isTornDown || leftBytes >= KEPT_SHARE * bytes);
  return {
    growths,
    little: little.sort((a, b) => b.bytes - a.bytes),
    level,
    children: profile.children(),
    silence: null,
  };
}

/**
 * When what is flat is so: a part of the heap rises no more than all of it does, and what is most of it ends to rise when
 * it does, give or take a little.
 */
function settle(ownMs: number, bytes: number, level: HeapLevel | null, endMs: number): number {
  if (level === null || level.fromMs === null || level.rise !== null) return ownMs;
  const isMost = bytes >= level.bytes / 2;
  return ownMs > level.fromMs || (isMost && level.fromMs - ownMs <= SAME_SHARE * endMs) ? level.fromMs : ownMs;
}

/** What the heap was level before, and has been since: its entries took the place of others. */
function isReplacing({ bytes, startMs }: Growth, level: HeapLevel | null): boolean {
  if (level === null || level.rise !== null) return false;
  return (level.fromMs ?? 0) <= startMs && level.highestBytes - level.bytes < bytes / 2;
}

/** Nodes that a way is summed from. */
function nodesOf({ holder, branches, threads }: GrowingWay): readonly number[] {
  const own = branches ?? [holder];
  return threads === true ? [...own, BARE] : own;
}

function judgeWay(
  nodes: readonly number[],
  exact: ExactCurves,
  curves: LiveCurves,
  { binOf }: WorkClock,
  context: JudgeContext,
): CurveJudgement {
  return judgeByLeast(exact.sum(nodes), arenasOf(nodes, curves), binOf, context);
}

/** By point, of nodes that have curves. */
function arenasOf(nodes: readonly number[], { rowOf, arenas }: LiveCurves): Float64Array {
  const sum = new Float64Array(POINTS);
  for (const node of nodes) {
    const start = rowOf[node]! * POINTS;
    for (let point = 0; point < POINTS; point++) sum[point]! += arenas[start + point]!;
  }
  return sum;
}

function lastMomentOf(point: number, { binOf }: WorkClock): number {
  let moment = 0;
  while (moment + 2 < binOf.length && binOf[moment + 1]! <= point) moment++;
  return moment;
}

/** Whether one lies below the other. */
function areRelated(a: number, b: number, parent: Uint32Array): boolean {
  const isAbove = (above: number, below: number): boolean => {
    let at = below;
    while (at > above) at = parent[at]!;
    return at === above;
  };
  return isAbove(a, b) || isAbove(b, a);
}
