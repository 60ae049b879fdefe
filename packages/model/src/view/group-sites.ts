/**
 * Sites → the groups that tables and timelines list them by: the site itself, the threads that are called like its own
 * (or its own alone), its allocator, its module, the line of the application that leads to it, or whose memory it is: the function that owns it (`owner`), the
 * library, or that library's category.
 */
import type { SiteRow } from '../rows.js';
import { innermostRows } from '../join/walk-sites.js';
import { ALLOCATOR_NAMES, OWNER_KINDS } from '../tables.js';
import type { Grouping } from './groupings.js';
import { keysOfSites } from './leak-places.js';
import { matchStacks } from './match-stacks.js';
import { runOfSite } from './run-set.js';
import type { Selection } from './selection.js';
import { groupThreads } from './thread-groups.js';

/** `module` is that of the innermost frame here, since a site has no more than its own. */
export type SiteGrouping = Exclude<Grouping, 'function' | 'location'>;

export interface SiteGroups {
  /** Group of each site. */
  readonly groupOfSite: Int32Array;
  /** One site of each group, from which its names can be read. */
  readonly siteOfGroup: readonly SiteRow[];
  /** By site of two sides: the group of the arenas of Python's allocator, whose stacks are chance; -1 = none is one. */
  readonly arenas: number;
}

/** Groups of a selection are asked for again and again, for one part of the recording after the other. */
const groupsOfSelection = new WeakMap<Selection, Map<SiteGrouping, SiteGroups>>();

/** Only sites that weigh something get a group, the others have -1; with `all`, every site gets one. */
export function groupSites(selection: Selection, by: SiteGrouping, all = false): SiteGroups {
  if (all) return makeGroups(selection, by, true);
  const known = groupsOfSelection.get(selection) ?? new Map<SiteGrouping, SiteGroups>();
  groupsOfSelection.set(selection, known);
  let groups = known.get(by);
  if (groups === undefined) known.set(by, (groups = makeGroups(selection, by, false)));
  return groups;
}

function makeGroups(selection: Selection, by: SiteGrouping, all: boolean): SiteGroups {
  const { sites, weights, splitThreads, stackTables, groups, siteStacks, shown } = selection;
  const threadGroups = groupThreads(selection.threads).groupOf;
  const { frame } = stackTables.stacks;
  const innermost = by === 'module' ? innermostRows(siteStacks, shown) : null;
  const isCompared = selection.runs.some(({ side }) => side === 'base');
  const stack = by === 'site' && (isCompared || !splitThreads) ? stacksOfSites(selection, isCompared) : null;
  const owners = by === 'library' || by === 'category' ? selection.owners() : null;
  const lines = by === 'application' ? keysOfSites(selection) : null;
  const objects = by === 'site' && isCompared ? OWNER_KINDS.indexOf('objects') : -1;
  const ownerKinds = objects < 0 ? null : selection.ownerTable().kind;
  const categories = owners === null ? [] : positionsOf(owners.attributions.map(({ category }) => category));
  const keyOf = (site: number): number => {
    switch (by) {
      case 'thread':
        return splitThreads ? sites.thread[site]! : threadGroups[sites.thread[site]!]!;
      case 'allocator':
        return sites.allocator[site]!;
      case 'run':
        return runOfSite(site, selection);
      case 'application':
        return lines![site]!;
      case 'owner':
        return sites.owner[site]!;
      case 'module': {
        const row = innermost![site]!;
        return row === 0 ? -1 : groups.moduleOf[frame[row]!]!;
      }
      case 'library':
        return owners!.ofSite[site]!;
      case 'category':
        return categories[owners!.ofSite[site]!] ?? -1;
      case 'site': {
        if (stack === null) return site;
        if (ownerKinds?.[sites.owner[site]!] === objects) return ARENAS_KEY;
        const own = stack[site]! * ALLOCATOR_NAMES.length + sites.allocator[site]!;
        return splitThreads ? sites.thread[site]! * 2 ** 38 + own : own;
      }
    }
  };
  const groupOfSite = new Int32Array(sites.length).fill(-1);
  const siteOfGroup: SiteRow[] = [];
  const groupOfKey = new Map<number, number>();
  for (let site = 0; site < sites.length; site++) {
    if (!all && weights.bytes[site] === 0 && weights.count[site] === 0) continue;
    const key = keyOf(site);
    let group = groupOfKey.get(key);
    if (group === undefined) {
      group = siteOfGroup.push(site) - 1;
      groupOfKey.set(key, group);
    }
    groupOfSite[site] = group;
  }
  return { groupOfSite, siteOfGroup, arenas: groupOfKey.get(ARENAS_KEY) ?? -1 };
}

/** No other key is negative but for -1. */
const ARENAS_KEY = -2;

/** By site a number of its stack; `matched`: the same for stacks of both sides that look the same. */
function stacksOfSites({ shownStacks, groups, shown }: Selection, matched: boolean): Uint32Array {
  const { stack, stacks } = shownStacks();
  if (!matched) return stack;
  const same = matchStacks(stacks, groups.canonical, shown);
  return stack.map((row) => same[row]!);
}

/** By text: the position of the first one like it. */
function positionsOf(texts: readonly string[]): number[] {
  return texts.map((text) => texts.indexOf(text));
}

/** Sums of a column by group. */
export function sumByGroup(column: Float64Array, { groupOfSite, siteOfGroup }: SiteGroups): Float64Array {
  const sums = new Float64Array(siteOfGroup.length);
  for (let site = 0; site < column.length; site++)
    if (groupOfSite[site]! >= 0) sums[groupOfSite[site]!]! += column[site]!;
  return sums;
}
