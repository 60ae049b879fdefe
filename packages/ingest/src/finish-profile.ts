/**
 * What was decoded and what the heap gives → the tables and notes of the profile, handed to the stage. A file of its own:
 * with it come the library rules.
 */
import type { Decoded, HeapTables } from '@memscope/kernel';
import type { SiteTable } from '@memscope/model';
import type { SiteRows, SourceStamp } from '@memscope/store';
import { profileMeta } from '@memscope/store/profile-meta';
import { captureTables, type CaptureSource } from './capture-tables.js';
import type { ProfileStage } from './profile-stage.js';
import type { ReadPart } from './read-profile.js';
import type { NamedStacks } from './stack-tables.js';

export interface ProfileEnd {
  readonly decoded: Decoded;
  readonly heap: HeapTables;
  readonly source: CaptureSource;
  readonly stacks: NamedStacks;
  /** Null when the profile is not to be used again. */
  readonly stamp: SourceStamp | null;
}

/** `onRead` is given the tables before the stage has them. */
export async function finishProfile(
  stage: ProfileStage,
  { decoded, heap, source, stacks, stamp }: ProfileEnd,
  onRead: ((part: ReadPart) => void) | undefined,
): Promise<void> {
  const tables = captureTables(decoded, heap, source, stacks.tables);
  onRead?.({ kind: 'tables', tables });
  const meta = profileMeta(tables, stamp, stacks.stamp);
  stage.appendTables({ ...tables, sites: unwritten(tables.sites) }, onRead !== undefined);
  await stage.finish(meta);
}

/** Sites with native stacks are written when the heap is closed. */
function unwritten(sites: SiteTable): SiteRows {
  const { allocator, objectCount, nativeStack } = sites;
  return nativeStack === null
    ? { ...sites, nativeStack }
    : { allocator, nativeStack, ...(objectCount === undefined ? {} : { objectCount }) };
}
