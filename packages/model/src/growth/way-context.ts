/** What the words about a way are made from, of an open profile. */
import type { SiteOwners } from '../analysis/libraries/site-owners.js';
import type { NarrowWeights } from '../number-column.js';
import type { SiteKeys } from '../profile.js';
import type { FrameTable, ModuleTable } from '../tables.js';
import type { Container } from './containers.js';
import type { CountedRows } from './counted-rows.js';

export interface WayContext {
  readonly rows: CountedRows;
  readonly frames: FrameTable;
  readonly modules: ModuleTable;
  readonly sites: SiteKeys;
  /** Null in a capture that does not know. */
  readonly total: NarrowWeights | null;
  readonly owners: SiteOwners;
  readonly arenaBytes: number;
  readonly hasNative: boolean;
  readonly timeOf: (moment: number) => number;
  /** The filter of a part. */
  readonly part: { readonly filter: string } | null;
  readonly containers: () => readonly Container[];
}
