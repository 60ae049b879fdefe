/**
 * The profile file: one SQLite database with everything a capture holds, bulk tables as Arrow columns. `ProfileWriter` is
 * at `@memscope/store/profile-writer`: with it comes Arrow's own writer, which no reader needs. `profileMeta` is at
 * `@memscope/store/profile-meta`, since it needs no database.
 */
export { childrenBeside } from './children-beside.js';
export { addRun, type AddedRun, type NewRun } from './history/add-run.js';
export { isHistory } from './history/history-file.js';
export { pruneRuns, type PrunedRuns, type PruneRequest } from './history/prune-runs.js';
export { readBranches, readRuns, type RunChoice } from './history/read-runs.js';
export { checksum } from './checksum.js';
export { hasSqlSites, hasSymbols, isFresh, type FreshnessOptions } from './freshness.js';
export { checkSqlite } from './open-database.js';
export { openProfile } from './open-profile.js';
export { profileBeside, profilePathFor, PROFILE_SUFFIX } from './profile-place.js';
export { MEMSCOPE_VERSION, SCHEMA_VERSION, TABLES as PROFILE_TABLES } from './schema.js';
export { SourceFinder } from './source-files.js';
export { sourceStamp, type SourceStamp } from './source-stamp.js';
export type { SymbolStamp } from './profile-meta.js';
export { StoreError, type StoreErrorCode } from './store-error.js';
export { makeTemporaryFolder, removeTemporaries } from './temporary-file.js';
export type { SiteGroups, UsageColumns } from './sum-native-sites.js';
export type { CaptureRows, SiteRows } from './write-tables.js';
