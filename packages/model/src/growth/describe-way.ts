/** A way and its numbers → all that is said of it: its name, the library's line below it, where it forks, how often it ran. */
import { ARENA } from '../analysis/arenas.js';
import type { NumberColumn } from '../number-column.js';
import { ALLOCATOR_NAMES, type FrameTable } from '../tables.js';
import { beginOfWork } from './begin-of-work.js';
import type { GrowingWay } from './find-ways.js';
import { KIND, isNameless } from './frame-kind.js';
import type { DescribedWay, GrowthBranch, GrowthOwner, GrowthPlace } from './growth.js';
import { BARE, markBelow, wayTo, type GrowthTree } from './growth-tree.js';
import { keptFutures } from './kept-futures.js';
import { callsOfLibrary, linesOf } from './library-calls.js';
import type { KeptAllocations } from './kept-allocations.js';
import { firstBirth, lastBirth, sitesThatKeep, type WaySpan } from './measure-way.js';
import { LEAST_REPLACING, MOST_REPLACED } from './passing-bytes.js';
import { roundsOfWay } from './rounds-of-way.js';
import { tellContainer } from './tell-container.js';
import type { WayContext } from './way-context.js';
import { viewOfWay } from './way-view.js';
import { followHeaviest, heaviestChildren, namingNode, placeOf, sumBelow } from './name-way.js';

const WAY_SHARE = 0.9;
/** A branch with less is not told; so many are. */
const BRANCH_SHARE = 0.1;
const MOST_BRANCHES = 5;
const ASIDE_SHARE = 0.02;
const LEAST_DOUBLING = 4;
const MOST_BELOW = 3;
const MOST_OWNERS = 3;
/** Of so many arenas nearly all do not fall on one line by chance. */
const LEAST_ARENAS = 8;
const MAIN_LINE_SHARE = 0.9;
/** Of the time in which it grows: so long the first round may work before it keeps anything. */
const FIRST_ROUND_SHARE = 0.02;

export function describeWay(
  { node, holder, branches, threads = false }: Pick<GrowingWay, 'node' | 'holder' | 'branches' | 'threads'>,
  span: WaySpan,
  kept: KeptAllocations,
  context: WayContext,
): DescribedWay {
  const { after, at, bytes, risesAt, doubles } = span;
  const { rows, frames, total, owners, timeOf } = context;
  const { tree } = rows;
  const isBelow = markBelow([...(branches ?? [holder]), ...(threads ? [BARE] : [])], tree);
  const sites = sitesThatKeep(kept, isBelow, rows);
  const below = sumBelow(sites, kept.bytes, tree);
  const sumSites = (column: NumberColumn, wanted: (site: number) => boolean = () => true): number =>
    sites.reduce((sum, site) => sum + (wanted(site) ? column[site]! : 0), 0);
  const isArena = (site: number): boolean => owners.arenas?.[site] === ARENA;
  const isMapping = (site: number): boolean =>
    ALLOCATOR_NAMES[context.sites.allocator[site]!] === 'mmap' && !isArena(site);
  const arenaBytes = sumSites(kept.bytes, isArena);
  const count = sumSites(kept.count);
  const made = total === null ? null : sumSites(total.count);
  const isReplaced = made !== null && count <= MOST_REPLACED && made >= (doubles ? LEAST_DOUBLING : LEAST_REPLACING);
  const isTornDown = at < rows.moments - 1;
  const naming = namingNode(node, tree, frames);
  const functions = wayTo(node, tree).filter((each) => tree.isLine[each] === 0 && each !== BARE);
  const place = (each: number): GrowthPlace => placeOf(each, below, tree, context);
  const belowName = markBelow([naming], tree);
  const isTip = tree.functionOf[node] !== tree.functionOf[naming] && node !== BARE;
  const threadBytes = below[BARE]!;
  const calls = callsOfLibrary(sites, kept.bytes, below, context);
  const work = roundsOfWay(
    naming,
    isBelow,
    belowName,
    { bytes, arenaBytes, isTornDown, isReplaced: isReplaced || doubles, isPart: span.isLate && after >= 0 },
    kept,
    context,
  );
  const container = tellContainer(naming, bytes, belowName, work.rounds ?? work.times, context);
  const futures = keptFutures(work.rounds ?? work.times ?? 0, isBelow, kept, rows, frames);
  // A block that was replaced holds what came long before its own birth.
  const start = (isReplaced || doubles) && risesAt !== null ? risesAt : firstBirth(sites, kept);
  const lines = linesOf(naming, below, threadBytes, calls, context);
  return {
    ...nameLine(
      naming === 0 ? null : place(naming),
      lines,
      container,
      arenaBytes >= bytes / 2 ? context.arenaBytes : 0,
    ),
    lines,
    way: functions.map(place),
    tip: isTip ? place(node) : null,
    threadBytes,
    libraryCalls: calls.map(place),
    branches: describeBranches(node, naming, branches, below, context),
    aside: besideWay(node, holder, below, tree).map((each) => ({ ...place(each), bytes: below[each]! })),
    applicationBelow: functions.some((each) => tree.kind[each] === KIND.application)
      ? []
      : applicationBelow(node, below, tree).map((each) => ({ ...place(each), bytes: below[each]! })),
    bytes,
    count,
    // Kept counts leave out what a mapping reserves.
    made: after >= 0 || sites.some((site) => rows.isMapped[site] === 1) ? null : made,
    arenaBytes,
    arenas: Math.round(arenaBytes / context.arenaBytes),
    ...work,
    isNew: span.isLate && beginOfWork(belowName, rows) >= start - FIRST_ROUND_SHARE * (at - start),
    calls: work.calls.map(place),
    futures: futures === null ? null : { kind: futures.kind, count: futures.count, ...place(futures.node) },
    startMs: timeOf(start),
    // Blocks that were replaced, and arenas, were born before the last of what they hold.
    lastMs: timeOf(isReplaced || doubles || arenaBytes >= bytes / 2 ? at : lastBirth(sites, kept)),
    endMs: timeOf(at),
    isTornDown,
    isReplaced,
    doubles,
    container,
    mappedBytes: sumSites(kept.bytes, isMapping),
    mappings: sumSites(kept.count, isMapping),
    isNative: context.hasNative,
    owners: context.hasNative ? sumOwners(sites, kept.bytes, context) : [],
    view: viewOfWay({ node, holder, branches, threads }, span, below, tree, rows.profile, context.part?.filter ?? null),
    sites,
  };
}

/** `arenaBytes` of one, where it is arenas that grow, else 0: which line needs one is chance, the container's is not. */
function nameLine(
  name: GrowthPlace | null,
  lines: DescribedWay['lines'],
  container: DescribedWay['container'],
  arenaBytes: number,
): Pick<DescribedWay, 'name' | 'isLineSampled'> {
  const [main] = lines;
  if (name === null || main === undefined) return { name, isLineSampled: false };
  const through = arenaBytes > 0 ? (container?.through ?? null) : null;
  if (through !== null) return { name: { ...name, line: through }, isLineSampled: false };
  const whole = lines.reduce((sum, { bytes }) => sum + bytes, 0);
  const isSampled = arenaBytes > 0 && (main.bytes < MAIN_LINE_SHARE * whole || main.bytes < LEAST_ARENAS * arenaBytes);
  return { name: { ...name, line: main.line }, isLineSampled: isSampled };
}

function describeBranches(
  node: number,
  naming: number,
  branches: readonly number[] | null,
  below: Float64Array,
  context: WayContext,
): GrowthBranch[] {
  const { frames } = context;
  const { tree } = context.rows;
  const whole = below[node]!;
  const parts =
    branches === null
      ? heaviestChildren(node, below, tree)
      : branches.map((each) => ({ node: each, bytes: below[each]! })).sort((a, b) => b.bytes - a.bytes);
  return parts
    .filter(({ bytes }) => bytes >= BRANCH_SHARE * whole && bytes < WAY_SHARE * whole)
    .slice(0, MOST_BRANCHES)
    .map(({ node: branch, bytes }) => {
      const end = followHeaviest(branch, WAY_SHARE, below, tree);
      const application = lastApplication(end, branch, tree, frames);
      const isOther = (each: number, than: readonly number[]): boolean =>
        than.every((other) => tree.functionOf[each] !== tree.functionOf[other]);
      const leadsTo = application !== null && isOther(application, [branch, naming]) ? application : null;
      const place = (each: number): GrowthPlace => placeOf(each, below, tree, context);
      return {
        ...place(branch),
        bytes,
        application: leadsTo === null ? null : place(leadsTo),
        end: isOther(end, [branch, naming, leadsTo ?? branch]) ? { ...place(end), bytes: below[end]! } : null,
      };
    });
}

/** Below the holder, but not on the way that it leads to. */
function besideWay(node: number, holder: number, below: Float64Array, tree: GrowthTree): number[] {
  const beside: number[] = [];
  for (let at = node; at !== holder; at = tree.parent[at]!) {
    for (const child of heaviestChildren(tree.parent[at]!, below, tree)) {
      if (child.node !== at && child.bytes >= ASIDE_SHARE * below[holder]!) beside.push(child.node);
    }
  }
  return beside.sort((a, b) => below[b]! - below[a]!);
}

/** The function of the application nearest to `node`, up to `top`. */
function lastApplication(node: number, top: number, tree: GrowthTree, frames: FrameTable): number | null {
  for (let at = node; at !== tree.parent[top]; at = tree.parent[at]!) {
    const isFunction = tree.isLine[at] === 0 && tree.kind[at] === KIND.application;
    if (isFunction && !isNameless(frames.functionName[tree.frame[at]!]!)) return at;
  }
  return null;
}

/** The outermost functions of the application below a node, heaviest first. */
function applicationBelow(node: number, below: Float64Array, tree: GrowthTree): number[] {
  const found: number[] = [];
  const open = [node];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (tree.kind[at] === KIND.application) found.push(at);
    else for (const child of heaviestChildren(at, below, tree)) open.push(child.node);
  }
  return found.sort((a, b) => below[b]! - below[a]!).slice(0, MOST_BELOW);
}

function sumOwners(
  kept: Uint32Array,
  bytes: NumberColumn,
  { owners: { attributions, ofSite }, sites }: WayContext,
): GrowthOwner[] {
  const byLibrary = new Map<string, { bytes: number; mappedBytes: number }>();
  for (const site of kept) {
    const library = attributions[ofSite[site]!]?.library;
    if (library === undefined) continue;
    const sum = byLibrary.get(library) ?? { bytes: 0, mappedBytes: 0 };
    byLibrary.set(library, sum);
    sum.bytes += bytes[site]!;
    if (ALLOCATOR_NAMES[sites.allocator[site]!] === 'mmap') sum.mappedBytes += bytes[site]!;
  }
  return [...byLibrary]
    .map(([library, sum]) => ({ library, ...sum }))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, MOST_OWNERS);
}
