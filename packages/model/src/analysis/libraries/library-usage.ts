/**
 * Sites → how much memory each library owns, and on which way the application came to it: the line of the application,
 * and what that called. Column by column; where it asks for a name, only of the heaviest way into each library.
 */
import { JoinedWalk } from '../../join/joined-walk.js';
import { USAGE_COLUMNS, type LocationUsage, type Usage } from '../../profile.js';
import type { NumberColumn } from '../../number-column.js';
import { ALLOCATOR_NAMES, NATIVE_FRAME, PYTHON_FRAME } from '../../tables.js';
import { moduleOfFile } from '../module-of-file.js';
import { NO_ARENA } from '../arenas.js';
import type { UsageColumns } from '../rank-locations.js';
import type { SiteOwners } from './site-owners.js';
import { ownsItsMemory } from './stack-owners.js';

/** What the sites of one library hold. */
export interface LibraryUsage extends Usage {
  /** Null together with `library`: allocated with nothing on the stack. */
  readonly category: string | null;
  readonly library: string | null;
  /** Of `peakBytes`: in mappings of `LARGE_MAPPING_BYTES` or more each, which may be mere reservations. */
  readonly mappedBytes: number;
  readonly mappedCount: number;
  /** The application's innermost Python frame on the heaviest way to the library; null where there is none. */
  readonly application: Pick<LocationUsage, 'functionName' | 'file' | 'line'> | null;
  /** What that frame called, from the application outwards the first library: "torch.nn", "ATen"; null = nothing else. */
  readonly through: string | null;
}

/** Smaller mappings are arenas and buffers that are used as a whole. */
export const LARGE_MAPPING_BYTES = 4 * 1024 * 1024;

export interface OwnedSites {
  readonly owners: SiteOwners;
  /** Index into `ALLOCATOR_NAMES`. */
  readonly allocator: Uint8Array;
  readonly usage: SiteUsageColumns;
  /** The sites that weigh anything, ascending; left out = any may. */
  readonly weighing?: Uint32Array;
  /** Nobody asks of the same owners again: nothing is kept for that. */
  readonly isOnce?: boolean;
}

export type SiteUsageColumns = UsageColumns<NumberColumn>;

/** What tells which way is the heaviest: the first of these that a library has any of. */
const WAY_MEASURES = ['peakBytes', 'leakedBytes', 'totalBytes'] as const;

const MMAP = ALLOCATOR_NAMES.indexOf('mmap');

/** Greatest peak first; libraries that hold nothing by any measure are left out. */
export function usageByLibrary(sites: OwnedSites): LibraryUsage[] {
  const { owners, allocator, usage, weighing = allSites(allocator.length) } = sites;
  const groups = owners.attributions.length + 1;
  const sums = USAGE_COLUMNS.map((column) => (usage[column] === null ? null : new Float64Array(groups)));
  const mappedBytes = new Float64Array(groups);
  const mappedCount = new Float64Array(groups);
  const used = new Uint8Array(groups);
  const groupOfSite = groupsOfSites(owners, sites.isOnce);
  for (const [index, name] of USAGE_COLUMNS.entries()) {
    const column = usage[name];
    if (column !== null) addColumn(column, weighing, groupOfSite, sums[index]!, used);
  }
  for (let at = 0; at < weighing.length; at++) {
    const site = weighing[at]!;
    if (allocator[site] !== MMAP) continue;
    const count = usage.peakCount[site]!;
    if (usage.peakBytes[site]! < LARGE_MAPPING_BYTES * Math.max(1, count)) continue;
    mappedBytes[groupOfSite[site]!]! += usage.peakBytes[site]!;
    mappedCount[groupOfSite[site]!]! += count;
  }
  const chosen = heaviestWays(sites, weighing, groupOfSite, groups);
  const rows: LibraryUsage[] = [];
  for (let group = 0; group < groups; group++) {
    if (used[group] === 0) continue;
    const attribution = owners.attributions[group];
    const measured = Object.fromEntries(USAGE_COLUMNS.map((name, index) => [name, sums[index]?.[group] ?? null]));
    rows.push({
      category: attribution?.category ?? null,
      library: attribution?.library ?? null,
      ...(measured as unknown as Usage),
      mappedBytes: mappedBytes[group]!,
      mappedCount: mappedCount[group]!,
      ...describeWay(chosen[group]!, owners),
    });
  }
  return rows.sort((a, b) => b.peakBytes - a.peakBytes || b.leakedBytes - a.leakedBytes);
}

/** Each window asks of the same. */
const knownGroups = new WeakMap<SiteOwners, Int32Array>();

/** By site: the position of its attribution, behind the last where it has none. */
function groupsOfSites(owners: SiteOwners, isOnce = false): Int32Array {
  let groups = knownGroups.get(owners);
  if (groups === undefined) {
    const none = owners.attributions.length;
    // There are millions of sites: `from` with a function lists them all first, in ten times the memory.
    groups = owners.ofSite.slice();
    for (let site = 0; site < groups.length; site++) if (groups[site]! < 0) groups[site] = none;
    if (!isOnce) knownGroups.set(owners, groups);
  }
  return groups;
}

/** Sums by group; `used` becomes 1 where there is anything. */
function addColumn(
  column: NumberColumn,
  weighing: Uint32Array,
  groupOfSite: Int32Array,
  sums: Float64Array,
  used: Uint8Array,
): void {
  for (let at = 0; at < weighing.length; at++) {
    const site = weighing[at]!;
    const value = column[site]!;
    if (value === 0) continue;
    const group = groupOfSite[site]!;
    sums[group]! += value;
    used[group] = 1;
  }
}

function allSites(length: number): Uint32Array {
  const sites = new Uint32Array(length);
  for (let site = 0; site < length; site++) sites[site] = site;
  return sites;
}

/** The application's innermost Python frame from the owner of a site's memory outwards, -1 = none. */
type ApplicationFrame = (site: number) => number;

/** Found when it is asked for, once for the owners of sites: each window asks of the same. */
const applicationOfOwners = new WeakMap<SiteOwners, ApplicationFrame>();

function applicationFrames(owners: SiteOwners, isOnce: boolean): ApplicationFrame {
  const known = applicationOfOwners.get(owners);
  if (known !== undefined) return known;
  const { stacks, ownerRow, nearest, arenas } = owners;
  const { frames, stacks: table } = stacks.tables;
  const rows = applicationRows(owners);
  const walk = new JoinedWalk(stacks);
  const unknown = -2;
  const frameOfSite = new Int32Array(ownerRow.length).fill(unknown);
  const isPython = (row: number): boolean => row !== 0 && frames.kind[table.frame[row]!] === PYTHON_FRAME;
  const find: ApplicationFrame = (site) => {
    if (frameOfSite[site] !== unknown) return frameOfSite[site]!;
    frameOfSite[site] = -1;
    // Which line an arena is charged to is chance.
    if (arenas !== null && arenas[site] !== NO_ARENA) return -1;
    if (rows[stacks.sites.pythonStack[site]!] === 0) return -1;
    let row: number = ownerRow[site]!;
    if (!isPython(row)) {
      walk.start(site);
      // Between a native owner that is near and the site no Python frame was told: the first one is the stack's own.
      if (walk.leap(nearest) === row) row = stacks.sites.pythonStack[site]!;
      else {
        row = startAtOwner(walk, site, owners);
        while (row !== 0 && !isPython(row)) row = walk.next();
      }
    }
    // What is outside a Python frame in its own stack is outside it in the joined one.
    const application = rows[row]!;
    return (frameOfSite[site] = application === 0 ? -1 : table.frame[application]!);
  };
  if (!isOnce) applicationOfOwners.set(owners, find);
  return find;
}

/** Returns the owner's row; the walk goes on outside it. */
function startAtOwner(walk: JoinedWalk, site: number, { ownerRow }: SiteOwners): number {
  walk.start(site);
  let row = walk.next();
  while (row !== ownerRow[site]) row = walk.next();
  return row;
}

/** By recorded stack: its innermost row that is a Python frame of the application, 0 = none. */
function applicationRows({ stacks: { tables }, libraries }: SiteOwners): Uint32Array {
  const { length, parent, frame } = tables.stacks;
  const { attributions, attributionOf } = libraries;
  const isApplication = new Uint8Array(tables.frames.length);
  for (let row = 0; row < isApplication.length; row++) {
    if (tables.frames.kind[row] !== PYTHON_FRAME) continue;
    if (attributions[attributionOf[row]!]!.category === 'application') isApplication[row] = 1;
  }
  const rows = new Uint32Array(length);
  for (let row = 1; row < length; row++) rows[row] = isApplication[frame[row]!] === 1 ? row : rows[parent[row]!]!;
  return rows;
}

/** By group: the site that holds the most of what came through the application's frame that most came through. */
function heaviestWays(
  { owners, usage, isOnce = false }: OwnedSites,
  weighing: Uint32Array,
  groupOfSite: Int32Array,
  groups: number,
): Int32Array {
  const applicationFrame = applicationFrames(owners, isOnce);
  const chosen = new Int32Array(groups).fill(-1);
  for (const measure of WAY_MEASURES) {
    const column = usage[measure];
    if (column === null || !chosen.includes(-1)) continue;
    // A way is a group and the application's frame; by way its group, its sum, and its heaviest site.
    const wayOfKey = new Map<number, number>();
    const groupOfWay: number[] = [];
    const sumOfWay: number[] = [];
    const siteOfWay: number[] = [];
    for (let at = 0; at < weighing.length; at++) {
      const site = weighing[at]!;
      const bytes = column[site]!;
      if (bytes === 0) continue;
      const group = groupOfSite[site]!;
      if (chosen[group]! >= 0) continue;
      const frame = applicationFrame(site);
      if (frame < 0) continue;
      const key = frame * groups + group;
      const way = wayOfKey.get(key);
      if (way === undefined) {
        wayOfKey.set(key, groupOfWay.push(group) - 1);
        sumOfWay.push(bytes);
        siteOfWay.push(site);
      } else {
        sumOfWay[way]! += bytes;
        if (bytes > column[siteOfWay[way]!]!) siteOfWay[way] = site;
      }
    }
    const heaviest = new Float64Array(groups);
    const best = new Int32Array(groups).fill(-1);
    for (const [way, group] of groupOfWay.entries()) {
      if (sumOfWay[way]! <= heaviest[group]!) continue;
      heaviest[group] = sumOfWay[way]!;
      best[group] = siteOfWay[way]!;
    }
    for (let group = 0; group < groups; group++) if (chosen[group]! < 0) chosen[group] = best[group]!;
  }
  return chosen;
}

function describeWay(site: number, owners: SiteOwners): Pick<LibraryUsage, 'application' | 'through'> {
  if (site < 0) return { application: null, through: null };
  const { frames, stacks } = owners.stacks.tables;
  const { attributions, attributionOf } = owners.libraries;
  const walk = new JoinedWalk(owners.stacks);
  let through: string | null = null;
  let row = startAtOwner(walk, site, owners);
  for (; row !== 0; row = walk.next()) {
    const own = stacks.frame[row]!;
    const attribution = attributions[attributionOf[own]!]!;
    if (frames.kind[own] === PYTHON_FRAME && attribution.category === 'application') break;
    // The import system leads to everything.
    if (!ownsItsMemory(attribution) || attribution.category === 'importSystem') continue;
    through = frames.kind[own] === NATIVE_FRAME ? attribution.library : nameModule(frames.file[own] ?? null);
  }
  const own = stacks.frame[row]!;
  const application = {
    functionName: frames.functionName[own] ?? null,
    file: frames.file[own] ?? null,
    line: frames.line[own] ?? 0,
  };
  return { application, through };
}

/** The package and the next level of a source file: "torch.nn", "numpy". */
function nameModule(file: string | null): string {
  const { name, kind, shortFile } = moduleOfFile(file);
  if (kind !== 'package') return name;
  return shortFile
    .replace(/\.pyc?$/, '')
    .split(/[\\/]/)
    .slice(0, name.split('.').length + 1)
    .filter((part) => part !== '__init__')
    .join('.');
}
