/**
 * An open profile with what is expensive to make of it: selections, tables of paths with their children, weights. All of
 * it is kept while it is among what was asked for lately, within a bound on its bytes.
 */
import {
  comparePaths,
  foldImports,
  foldPaths,
  frameGroupsOf,
  mergePaths,
  orderChildren,
  outermostOfSome,
  outermostRows,
  parseFilter,
  parseLibraryRules,
  rankPaths,
  recordingOf,
  runsOf,
  selectRuns,
  tablePaths,
  transformPaths,
  weighPaths,
  weightsOfRuns,
  type ComparedPaths,
  type FrameGrouping,
  type LibraryRule,
  type PathRanking,
  type PathTable,
  type PathWeights,
  type PatternTester,
  type Profile,
  type RunSet,
  type Selection,
  type SelectionRequest,
  type SetRecording,
  type SiteWeights,
  type Transform,
  type TreeChildren,
  type ViewQuery,
} from '@memscope/model';
import { LRUCache } from 'lru-cache';
import { checkCancelled } from './cancel-flag.js';

/** Of all profiles of a thread, where nobody says more; one of a million stacks takes about 100 MB for each view. */
export const LEAST_KEPT_BYTES = 256 * 2 ** 20;

let kept = makeKept(LEAST_KEPT_BYTES);

/** Of all profiles of this thread, from now on; what was kept is forgotten. */
export function keepAtMost(bytes: number): void {
  kept = makeKept(bytes);
}

function makeKept(maxSize: number): LRUCache<string, { readonly value: object; readonly bytes: number }> {
  return new LRUCache({ maxSize, sizeCalculation: ({ bytes }) => Math.max(1, bytes) });
}

let opened = 0;

/** Four doubles: bytes and counts, with all below and by itself. */
const BYTES_PER_WEIGHED_ROW = 32;

/** About so many bytes. */
export function sizeOfWeights({ weighing }: PathWeights): number {
  return (BYTES_PER_WEIGHED_ROW + 4) * weighing.length;
}

/** What the program around it brings, since a question is answered anywhere. */
export interface QueryHost {
  /** Stops expressions that backtrack without end, where the place has the means. */
  readonly testPattern: PatternTester;
  readonly memscopeVersion: string;
  /**
   * A run is asked one question: only what weighs in it is worth a path. Else every site has one, made once for all
   * windows and measures, by which a node is the same in each of them.
   */
  readonly asksOnce?: boolean;
}

/** A table of paths; what only some views need is made when it is asked for. */
export interface OpenPaths {
  /** Names the table, for what is made of it and kept. */
  readonly key: string;
  readonly table: PathTable;
  readonly children: () => TreeChildren;
}

/** The runs whose weights are asked for. */
export type WeighedSide = 'both' | 'head';

export class OpenRun {
  readonly set: RunSet;
  /** The first run of the head: the only one, but for a set of several. */
  readonly profile: Profile;
  readonly host: QueryHost;
  /** Before the keys of what is kept of it. */
  readonly #prefix = `${++opened} `;

  constructor(runs: Profile | RunSet, host: QueryHost) {
    this.set = 'head' in runs ? runs : { head: [runs], base: [] };
    this.profile = this.set.head[0]!;
    this.host = host;
  }

  /** Ticks, times and greatest heap of the head. */
  get recording(): SetRecording {
    return recordingOf(this.set.head);
  }

  /** Throws `ViewError` and `FilterError`. */
  select(view: ViewQuery): Selection {
    return this.keep(
      `selection ${selectionKey(view)}`,
      ({ sites }) => BYTES_PER_SITE * sites.length,
      () => selectRuns(this.set, this.requestOf(view)),
    );
  }

  /** Throws `FilterError` and `LibraryRuleError`. */
  requestOf(view: ViewQuery): SelectionRequest {
    return {
      ...view,
      filter: view.filter === null ? null : parseFilter(view.filter),
      rules: rulesOf(view.rules),
      testPattern: this.host.testPattern,
    };
  }

  /** Paths as the view shows them, after the transforms. */
  paths(view: ViewQuery, transforms: readonly Transform[] = []): OpenPaths {
    const last = transforms.at(-1);
    const key = `paths ${this.pathsKey(view)} ${JSON.stringify(transforms)}`;
    if (last !== undefined) {
      const { groups } = this.select(view);
      const before = this.paths(view, transforms.slice(0, -1));
      return this.#keepPaths(key, () => transformPaths(before.table, last, groups));
    }
    return this.#keepPaths(key, () => {
      const { groups, shown } = this.select(view);
      return foldPaths(this.#recordedPaths(view), groups, { mergeRecursion: view.mergeRecursion, shown });
    });
  }

  /** The same with one row for each path, on which both sides are compared; arenas of Python's allocator are one. */
  mergedPaths(view: ViewQuery, transforms: readonly Transform[] = []): OpenPaths {
    return this.#keepPaths(`merged ${this.pathsKey(view)} ${JSON.stringify(transforms)}`, () =>
      mergePaths(this.paths(view, transforms).table, this.select(view)),
    );
  }

  /** The paths as a tree of them is drawn: imports of libraries are one. What `paths` weigh and their children stay. */
  drawnPaths({ key, table, children }: OpenPaths, view: ViewQuery): OpenPaths {
    const { frames } = view;
    if (frames === 'all') return { key, table, children };
    const closes = frames !== 'imports';
    return this.keep(
      `imports ${closes} ${key}`,
      ({ table: own }) => (own === table ? 0 : 6 * table.length),
      () => ({ key, table: foldImports(table, this.select(view), closes), children }),
    );
  }

  /** What both sides weigh on merged paths, and what grew. */
  compare(view: ViewQuery, { key, table }: OpenPaths): ComparedPaths {
    return this.keep(
      `compared ${selectionKey(view)} ${key}`,
      ({ head, base, grown }) => [head, base, grown].reduce((all, side) => all + sizeOfWeights(side), 0),
      () => {
        const { weights, runs } = this.select(view);
        return comparePaths(table, weights, runs[this.set.head.length]!.firstSite);
      },
    );
  }

  /** What the view weighs on its paths: both sides, or the head alone. */
  weigh(view: ViewQuery, { key, table }: OpenPaths, side: WeighedSide = 'both'): PathWeights {
    return this.keep(`weights ${side} ${selectionKey(view)} ${key}`, sizeOfWeights, () =>
      weighPaths(table, this.weightsOf(view, side)),
    );
  }

  /** By site; of the head alone 0 for sites of the base. */
  weightsOf(view: ViewQuery, side: WeighedSide): SiteWeights {
    const selection = this.select(view);
    return side === 'both' ? selection.weights : weightsOfRuns(selection, [...this.set.head.keys()]);
  }

  /**
   * What the groups that are `wanted` (1 by group) weigh on the paths without transforms; nothing is kept that is only
   * of these.
   */
  rankSome(view: ViewQuery, by: FrameGrouping, wanted: Uint8Array, side: WeighedSide = 'both'): PathRanking {
    const { key, table, children } = this.paths(view);
    if (kept.has(this.#prefix + outermostKey(by, key))) return this.rank(view, by, side);
    const weights = this.weigh(view, this.paths(view), side);
    const [groupOf, count] = frameGroupsOf(this.select(view), by);
    return rankPaths(table, weights, outermostOfSome(table, children, groupOf, wanted), groupOf, count);
  }

  /** What functions, locations or modules weigh on the paths without transforms, by themselves and with all below. */
  rank(view: ViewQuery, by: FrameGrouping, side: WeighedSide = 'both'): PathRanking {
    const paths = this.paths(view);
    const weights = this.weigh(view, paths, side);
    const [groupOf, count] = frameGroupsOf(this.select(view), by);
    return this.keep(`ranking ${side} ${by} ${selectionKey(view)} ${paths.key}`, BYTES_PER_WEIGHED_ROW * count, () =>
      rankPaths(paths.table, weights, this.outermost(view, by), groupOf, count),
    );
  }

  /** By row of the paths without transforms: whose outermost call it is. */
  outermost(view: ViewQuery, by: FrameGrouping): Uint32Array {
    const { key, table, children } = this.paths(view);
    return this.keep(outermostKey(by, key), 4 * table.length, () =>
      outermostRows(table, children(), ...frameGroupsOf(this.select(view), by)),
    );
  }

  /** Says how paths are shown before any transform. */
  pathsKey(view: ViewQuery): string {
    const { stacks, frames, interpreterFrames, rules, splitThreads, mergeRecursion } = view;
    // Rules say which native frames are the interpreter's.
    return JSON.stringify([
      this.#joinsAll(view) ? '' : this.select(view).joinKey,
      stacks,
      interpreterFrames,
      rules,
      // What is below imports is a matter of drawing.
      frames === 'imports' ? 'program' : frames,
      splitThreads,
      mergeRecursion,
    ]);
  }

  /** `bytes` is about what the value takes, or says it of the value. */
  keep<T extends object>(key: string, bytes: number | ((value: T) => number), make: () => T): T {
    const ownKey = this.#prefix + key;
    const known = kept.get(ownKey);
    if (known !== undefined) return known.value as T;
    checkCancelled();
    const value = make();
    kept.set(ownKey, { value, bytes: typeof bytes === 'number' ? bytes : bytes(value) });
    checkCancelled();
    return value;
  }

  close(): void {
    for (const key of kept.keys()) if (key.startsWith(this.#prefix)) kept.delete(key);
    for (const profile of runsOf(this.set)) profile.close();
  }

  #keepPaths(key: string, make: () => PathTable): OpenPaths {
    return this.keep(
      key,
      ({ table }) => (table.hidden === undefined ? 16 : 20) * table.length + 8 * table.rowOfSite.length,
      () => {
        const table = make();
        let children: TreeChildren | null = null;
        return { key, table, children: () => (children ??= orderChildren(table, null)) };
      },
    );
  }

  /** Where the interpreter's frames show, all sites would have ten times as many rows as those of a view. */
  #joinsAll(view: ViewQuery): boolean {
    return this.host.asksOnce !== true && !view.interpreterFrames && this.select(view).joinKey !== '';
  }

  /** Without native frames that do not show. */
  #recordedPaths(view: ViewQuery): PathTable {
    const { stacks, splitThreads, interpreterFrames, rules } = view;
    const { sites, joinKey, pathStacks } = this.select(view);
    const joinsAll = this.#joinsAll(view);
    return this.keep(
      `recorded ${JSON.stringify([stacks, joinsAll ? '' : joinKey, splitThreads, interpreterFrames, rules])}`,
      ({ length, rowOfSite }: PathTable) => 8 * length + 4 * rowOfSite.length,
      () => {
        const joined = pathStacks(joinsAll ? 'all' : 'weighing');
        return tablePaths(sites, joined.stack, joined.stacks, splitThreads);
      },
    );
  }
}

/** The same rules for the same text: what is found by them is kept by the rules themselves. */
const knownRules = new Map<string, readonly LibraryRule[]>();
const MOST_KNOWN_RULES = 16;

function rulesOf(text: string | null): readonly LibraryRule[] {
  if (text === null) return [];
  let rules = knownRules.get(text);
  if (rules === undefined) {
    if (knownRules.size === MOST_KNOWN_RULES) knownRules.clear();
    knownRules.set(text, (rules = parseLibraryRules(text)));
  }
  return rules;
}

function outermostKey(by: FrameGrouping, pathsKey: string): string {
  return `outermost ${by} ${pathsKey}`;
}

/** Says what decides over the weights of sites; how paths are shown is another matter, but for what a selection holds. */
export function selectionKey(view: ViewQuery): string {
  return JSON.stringify({ ...view, counts: false, mergeRecursion: false });
}

/** Of a selection: its columns of weights. */
const BYTES_PER_SITE = 16;
