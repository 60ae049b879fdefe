/**
 * Tables of a profile → the same with at most so many of its sites as they were recorded: those that weigh most by any
 * measure. What the others hold counts at the innermost caller that a kept site has too, without native frames, one row
 * for each thread, allocator and owner, so that every sum over all sites stays what it was.
 */
import { USAGE_COLUMNS } from '../profile.js';
import { OWNER_KINDS, type CaptureTables, type SiteTable, type StackTable } from '../tables.js';

/** Their numbers are bytes. */
const MOST_ALLOCATORS = 256;

export interface FoldedSites {
  readonly tables: CaptureTables;
  /** By site of the whole profile, the row that its memory is in. */
  readonly rowOf: Uint32Array;
  /** Sites that stand as they were recorded, and how much of the bytes of each measure's whole they hold at the least. */
  readonly kept: number;
  readonly share: number;
}

/** The same tables where they have no more sites. */
export function foldSites(whole: CaptureTables, most: number): FoldedSites {
  const { length } = whole.sites;
  if (length <= most) {
    return { tables: whole, rowOf: Uint32Array.from({ length }, (_, site) => site), kept: length, share: 1 };
  }
  const isKept = markHeaviest(weighSites(whole.sites), most);
  const tables = joinOwners(whole, isKept);
  const { sites, stacks } = tables;
  const isStackKept = new Uint8Array(stacks.length);
  isStackKept[0] = 1;
  for (let site = 0; site < length; site++) {
    if (isKept[site] === 0) continue;
    isStackKept[sites.pythonStack[site]!] = 1;
    if (sites.nativeStack !== null) isStackKept[sites.nativeStack[site]!] = 1;
  }
  for (let stack = stacks.length - 1; stack > 0; stack--) {
    if (isStackKept[stack] === 1) isStackKept[stacks.parent[stack]!] = 1;
  }
  // The innermost kept caller of each; parents come first.
  const keptCaller = new Uint32Array(stacks.length);
  for (let stack = 1; stack < stacks.length; stack++) {
    keptCaller[stack] = isStackKept[stack] === 1 ? stack : keptCaller[stacks.parent[stack]!]!;
  }

  const first: number[] = [];
  const rowOf = new Uint32Array(length);
  const { thread, allocator, owner, pythonStack } = sites;
  const rowsOfCaller = new Map<number, Map<number, number>>();
  for (let site = 0; site < length; site++) {
    if (isKept[site] === 1) {
      rowOf[site] = first.push(site) - 1;
      continue;
    }
    const caller = keptCaller[pythonStack[site]!]!;
    let rows = rowsOfCaller.get(caller);
    if (rows === undefined) rowsOfCaller.set(caller, (rows = new Map()));
    const key = (thread[site]! * MOST_ALLOCATORS + allocator[site]!) * tables.owners.length + owner[site]!;
    let row = rows.get(key);
    if (row === undefined) rows.set(key, (row = first.push(site) - 1));
    rowOf[site] = row;
  }
  const summed = sumSites(sites, rowOf, first);
  const folded: SiteTable = {
    ...summed,
    pythonStack: Uint32Array.from(first, (site) => keptCaller[sites.pythonStack[site]!]!),
    nativeStack:
      sites.nativeStack && Uint32Array.from(first, (site) => (isKept[site] === 1 ? sites.nativeStack![site]! : 0)),
  };
  return { tables: dropUnused(tables, folded, isStackKept), rowOf, kept: most, share: shareOf(sites, isKept) };
}

/** 1 for so many sites that weigh most; of equal ones, the first. `most` is less than there are. */
function markHeaviest(weight: Float64Array, most: number): Uint8Array {
  const isHeaviest = new Uint8Array(weight.length);
  const bound = weight.toSorted()[weight.length - most] ?? Infinity;
  let left = most;
  for (let site = 0; site < weight.length; site++) {
    if (weight[site]! <= bound) continue;
    isHeaviest[site] = 1;
    left--;
  }
  for (let site = 0; site < weight.length && left > 0; site++) {
    if (weight[site] !== bound) continue;
    isHeaviest[site] = 1;
    left--;
  }
  return isHeaviest;
}

/** Owners of no kept site become one, the rest; the most that any of them held is the least that it held. */
function joinOwners(tables: CaptureTables, isKept: Uint8Array): CaptureTables {
  const { owners, sites } = tables;
  const isOwnerKept = new Uint8Array(owners.length);
  for (let site = 0; site < sites.length; site++) if (isKept[site] === 1) isOwnerKept[sites.owner[site]!] = 1;
  const rest = isOwnerKept.indexOf(0);
  if (rest < 0) return tables;
  const kind = owners.kind.slice();
  kind[rest] = OWNER_KINDS.indexOf('rest');
  const [peakBytes, peakTick] = [owners.peakBytes?.slice() ?? null, owners.peakTick?.slice() ?? null];
  for (let owner = 0; owner < owners.length; owner++) {
    if (isOwnerKept[owner] === 1 || peakBytes === null || peakBytes[owner]! <= peakBytes[rest]!) continue;
    peakBytes[rest] = peakBytes[owner]!;
    if (peakTick !== null) peakTick[rest] = peakTick[owner]!;
  }
  const named = (names: readonly (string | null)[]): (string | null)[] =>
    names.map((name, at) => (at === rest ? null : name));
  return {
    ...tables,
    owners: {
      ...owners,
      kind,
      functionName: named(owners.functionName),
      file: named(owners.file),
      peakBytes,
      peakTick,
    },
    sites: { ...sites, owner: sites.owner.map((owner) => (isOwnerKept[owner] === 1 ? owner : rest)) },
  };
}

/** The greatest share of each site in any measure's whole, by bytes and by allocations. */
function weighSites(sites: SiteTable): Float64Array {
  const weight = new Float64Array(sites.length);
  for (const column of [...USAGE_COLUMNS.map((name) => sites[name]), sites.objectCount ?? null]) {
    const whole = column?.reduce((sum, each) => sum + each, 0) ?? 0;
    if (column === null || whole === 0) continue;
    for (let site = 0; site < sites.length; site++) weight[site] = Math.max(weight[site]!, column[site]! / whole);
  }
  return weight;
}

function shareOf(sites: SiteTable, isKept: Uint8Array): number {
  const shares = (['peakBytes', 'leakedBytes', 'totalBytes', 'temporaryBytes'] as const).map((name) => {
    const column = sites[name];
    const whole = column?.reduce((sum, each) => sum + each, 0) ?? 0;
    return column === null || whole === 0
      ? 1
      : column.reduce((sum, each, site) => sum + isKept[site]! * each, 0) / whole;
  });
  return Math.min(...shares);
}

/** `first` is a site of each row. */
function sumSites(sites: SiteTable, rowOf: Uint32Array, first: readonly number[]): SiteTable {
  const sum = (column: Float64Array): Float64Array => {
    const sums = new Float64Array(first.length);
    for (let site = 0; site < column.length; site++) sums[rowOf[site]!]! += column[site]!;
    return sums;
  };
  const take = (column: Uint32Array): Uint32Array => Uint32Array.from(first, (site) => column[site]!);
  return {
    ...sites,
    length: first.length,
    thread: take(sites.thread),
    allocator: Uint8Array.from(first, (site) => sites.allocator[site]!),
    owner: take(sites.owner),
    totalBytes: sites.totalBytes && sum(sites.totalBytes),
    totalCount: sites.totalCount && sum(sites.totalCount),
    peakBytes: sum(sites.peakBytes),
    peakCount: sum(sites.peakCount),
    leakedBytes: sum(sites.leakedBytes),
    leakedCount: sum(sites.leakedCount),
    temporaryBytes: sites.temporaryBytes && sum(sites.temporaryBytes),
    temporaryCount: sites.temporaryCount && sum(sites.temporaryCount),
    ...(sites.objectCount ? { objectCount: sum(sites.objectCount) } : {}),
  };
}

/** Without stacks and owners that no site has, frames that no stack has, and modules that no frame has. */
function dropUnused(tables: CaptureTables, sites: SiteTable, isStackKept: Uint8Array): CaptureTables {
  const { stacks, frames, owners, modules } = tables;
  const stackRow = renumber(isStackKept);
  const isFrameUsed = new Uint8Array(frames.length);
  for (let stack = 1; stack < stacks.length; stack++)
    if (isStackKept[stack] === 1) isFrameUsed[stacks.frame[stack]!] = 1;
  const frameRow = renumber(isFrameUsed);
  const isModuleUsed = new Uint8Array(modules.length);
  for (let frame = 0; frame < frames.length; frame++) {
    if (isFrameUsed[frame] === 1 && frames.module[frame]! >= 0) isModuleUsed[frames.module[frame]!] = 1;
  }
  const moduleRow = renumber(isModuleUsed);
  const isOwnerUsed = new Uint8Array(owners.length);
  for (let site = 0; site < sites.length; site++) isOwnerUsed[sites.owner[site]!] = 1;
  const ownerRow = renumber(isOwnerUsed);
  const used = <Column extends { readonly length: number }>(column: Column, mask: Uint8Array): Column =>
    (column as unknown as { filter(keep: (each: unknown, row: number) => boolean): Column }).filter(
      (_, row) => mask[row] === 1,
    );
  const keptStacks: StackTable = {
    length: stackRow.kept,
    parent: used(stacks.parent, isStackKept).map((parent) => stackRow.rowOf[parent]!),
    frame: used(stacks.frame, isStackKept).map((frame) => frameRow.rowOf[frame]!),
  };
  return {
    ...tables,
    stacks: keptStacks,
    frames: {
      ...frames,
      length: frameRow.kept,
      kind: used(frames.kind, isFrameUsed),
      functionName: used(frames.functionName, isFrameUsed),
      file: used(frames.file, isFrameUsed),
      line: used(frames.line, isFrameUsed),
      module: used(frames.module, isFrameUsed).map((module) => (module < 0 ? module : moduleRow.rowOf[module]!)),
      ip: used(frames.ip, isFrameUsed),
      source: used(frames.source, isFrameUsed),
      ...(frames.entry === undefined ? {} : { entry: used(frames.entry, isFrameUsed) }),
    },
    modules: {
      length: moduleRow.kept,
      path: used(modules.path, isModuleUsed),
      name: used(modules.name, isModuleUsed),
      buildId: used(modules.buildId, isModuleUsed),
      category: used(modules.category, isModuleUsed),
    },
    owners: {
      ...owners,
      length: ownerRow.kept,
      kind: used(owners.kind, isOwnerUsed),
      functionName: used(owners.functionName, isOwnerUsed),
      file: used(owners.file, isOwnerUsed),
      peakBytes: owners.peakBytes && used(owners.peakBytes, isOwnerUsed),
      peakTick: owners.peakTick && used(owners.peakTick, isOwnerUsed),
    },
    sites: {
      ...sites,
      pythonStack: sites.pythonStack.map((stack) => stackRow.rowOf[stack]!),
      nativeStack: sites.nativeStack && sites.nativeStack.map((stack) => stackRow.rowOf[stack]!),
      owner: sites.owner.map((owner) => ownerRow.rowOf[owner]!),
    },
  };
}

function renumber(mask: Uint8Array): { readonly rowOf: Uint32Array; readonly kept: number } {
  const rowOf = new Uint32Array(mask.length);
  let kept = 0;
  for (let row = 0; row < mask.length; row++) if (mask[row] === 1) rowOf[row] = kept++;
  return { rowOf, kept };
}
