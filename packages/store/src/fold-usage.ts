/**
 * Sites → bytes and counts of groups of sites: by thread, by allocator, by the source line that allocated. Column by
 * column, so that a hundred thousand sites take a few milliseconds.
 */
import {
  ALLOCATOR_NAMES,
  type AllocatorUsage,
  type FrameTable,
  type LocationUsage,
  type SiteTable,
  type ThreadTable,
  type ThreadUsage,
  type Usage,
} from '@memscope/model';

/** Columns of `SiteTable` that say who allocated how much. */
export type SiteUsage = Omit<SiteTable, 'owner' | 'pythonStack' | 'nativeStack'>;
/** Columns of `FrameTable` that say where in the source a frame is. */
export type Locations = Pick<FrameTable, 'length' | 'functionName' | 'file' | 'line'>;

/** Usage of groups; `null` in place of a column as in `SiteTable`. */
export type UsageTable = {
  /** What the group stands for: a row of `ThreadTable` or `FrameTable` (-1 = no frame), an index of `ALLOCATOR_NAMES`. */
  readonly group: readonly number[];
} & { readonly [Column in keyof Usage]: ArrayLike<number> | null };

/** One group per thread, also for threads that allocated nothing. */
export function foldByThread(sites: SiteUsage, threads: number): UsageTable {
  return foldSites(sites, sites.thread, [...Array(threads).keys()]);
}

/** One group per allocator. */
export function foldByAllocator(sites: SiteUsage): UsageTable {
  const indexes: number[] = [];
  const groupOfAllocator = new Int32Array(256).fill(-1);
  const groups = new Uint8Array(sites.length);
  for (let site = 0; site < sites.length; site++) {
    const allocator = sites.allocator[site]!;
    if (groupOfAllocator[allocator]! < 0) groupOfAllocator[allocator] = indexes.push(allocator) - 1;
    groups[site] = groupOfAllocator[allocator]!;
  }
  return foldSites(sites, groups, indexes);
}

/** One group per function, file and line, named by one of its frames; `frame` = innermost frame of each site, or -1. */
export function foldByLocation(sites: SiteUsage, frame: Int32Array, locations: Locations): UsageTable {
  const groupOfKey = new Map<string, number>();
  const groupOfFrame = new Int32Array(locations.length + 1).fill(-1);
  const frameOfGroup: number[] = [];
  const groups = new Uint32Array(sites.length);
  for (let site = 0; site < sites.length; site++) {
    const row = frame[site]!;
    let group = groupOfFrame[row + 1]!;
    if (group < 0) {
      const file = locations.file[row] ?? null;
      const key = `${locations.line[row] ?? -1} ${file?.length} ${file} ${locations.functionName[row]?.length} ${locations.functionName[row]}`;
      group = groupOfKey.get(key) ?? frameOfGroup.push(row) - 1;
      groupOfKey.set(key, group);
      groupOfFrame[row + 1] = group;
    }
    groups[site] = group;
  }
  return foldSites(sites, groups, frameOfGroup);
}

/** In the order of the table `thread`. */
export function threadRows(table: UsageTable, threads: ThreadTable): ThreadUsage[] {
  return table.group.map((row, index) => ({
    tid: threads.tid[row]!,
    name: threads.name[row] ?? null,
    ...usageAt(table, index),
  }));
}

/** Greatest peak first. */
export function allocatorRows(table: UsageTable): AllocatorUsage[] {
  return table.group
    .map((allocator, index) => ({
      allocator: ALLOCATOR_NAMES[allocator] as AllocatorUsage['allocator'],
      ...usageAt(table, index),
    }))
    .sort(byUse);
}

/** Greatest peak first. */
export function locationRows(table: UsageTable, locations: Locations): LocationUsage[] {
  return table.group
    .map((row, index) => ({
      functionName: locations.functionName[row] ?? null,
      file: locations.file[row] ?? null,
      line: locations.line[row] ?? 0,
      ...usageAt(table, index),
    }))
    .sort(byUse);
}

/** `groups` holds, for each site, the position of its group in `group`. */
function foldSites(sites: SiteUsage, groups: Uint8Array | Uint32Array, group: number[]): UsageTable {
  const fold = (column: Float64Array | null): Float64Array | null => {
    if (column === null) return null;
    const sums = new Float64Array(group.length);
    for (let site = 0; site < column.length; site++) sums[groups[site]!]! += column[site]!;
    return sums;
  };
  return {
    group,
    peakBytes: fold(sites.peakBytes),
    peakCount: fold(sites.peakCount),
    leakedBytes: fold(sites.leakedBytes),
    leakedCount: fold(sites.leakedCount),
    totalBytes: fold(sites.totalBytes),
    totalCount: fold(sites.totalCount),
    temporaryBytes: fold(sites.temporaryBytes),
    temporaryCount: fold(sites.temporaryCount),
  };
}

function usageAt(table: UsageTable, index: number): Usage {
  return {
    peakBytes: table.peakBytes![index]!,
    peakCount: table.peakCount![index]!,
    leakedBytes: table.leakedBytes![index]!,
    leakedCount: table.leakedCount![index]!,
    totalBytes: table.totalBytes?.[index] ?? null,
    totalCount: table.totalCount?.[index] ?? null,
    temporaryBytes: table.temporaryBytes?.[index] ?? null,
    temporaryCount: table.temporaryCount?.[index] ?? null,
  };
}

function byUse(a: Usage, b: Usage): number {
  return b.peakBytes - a.peakBytes || b.leakedBytes - a.leakedBytes || (b.totalBytes ?? 0) - (a.totalBytes ?? 0);
}
