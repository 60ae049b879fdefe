export type * from './capture.js';
export * from './lifetimes.js';
export * from './tables.js';
export type * from './rows.js';
export * from './answers.js';
export * from './symbol-notes.js';
export { memoryProfile, weighObjects } from './memory-profile.js';
export * from './profile.js';
export {
  isHeldWhole,
  packProfile,
  unpackProfile,
  type HeldProfile,
  type PackedProfile,
  type PackLimits,
} from './packed/packed-profile.js';
export type { Packed } from './packed/packed-columns.js';
export * from './recording-span.js';
export type * from './api.js';
export * from './api-query.js';
export * from './embedded-report.js';
export { isFollowedChild, parentsOfForks } from './fork-families.js';
export { listRuns, wordSum, wordSumOfPeaks, wordSumOverTime, type WordedRuns } from './text/word-runs.js';
export type {
  EmbeddedAnswer,
  EmbeddedColumns,
  EmbeddedFlameHead,
  EmbeddedLeaks,
  EmbeddedReport,
  EmbeddedSandwich,
  EmbeddedTable,
  EmbeddedTree,
  ReportLimits,
} from './documents/report.js';
export { narrowed, narrowWeights, type NarrowWeights, type NumberColumn } from './number-column.js';
export * from './out-of-memory.js';
export * from './analysis/analysis.js';
export * from './analysis/allocator-family.js';
export { OWN_ALLOCATORS } from './analysis/peak/mapped-memory.js';
export type { ReservedPart, UsedHeap } from './analysis/peak/used-heap.js';
export {
  ARENA,
  arenaError,
  findArenas,
  PYTHON_OBJECTS,
  SMALL_FUNCTIONS,
  type ArenaSubject,
} from './analysis/arenas.js';
export * from './analysis/analysis-document.js';
export { prepareAnalysis } from './analysis/prepare-analysis.js';
export { analyzeRuns, type RunsToAnalyze } from './analysis/analyze-runs.js';
export { describeTogether, togetherDocument } from './analysis/together-document.js';
export type { AnalysisDocument, AnalysisListDocument } from './documents/analysis.js';
export type { DocumentName } from './documents/all-documents.js';
export type { FrameColumns, FunctionColumns, WindowDocument } from './documents/common-parts.js';
export type { SelectionPart } from './documents/selection.js';
export type { CalleesDocument, CallersDocument, ListedNode, TreeDocument } from './documents/call-trees.js';
export type { ListDocument } from './documents/list.js';
export type { SymbolsDocument } from './documents/symbols.js';
export type { TableDocument, TableDocumentBy, TableDocumentRow } from './documents/table.js';
export type { TimelineDocument } from './documents/timeline.js';
export type { LeaksDocument } from './documents/leaks.js';
export { limitationsOf } from './analysis/limitations.js';
export * from './analysis/format-quantity.js';
export { makeFrameAttributor, type FrameAttributor } from './analysis/libraries/attribute-frame.js';
export {
  LIBRARY_CATEGORIES,
  nameCategory,
  qualifiedName,
  type Attribution,
  type FramePlace,
  type LibraryRule,
} from './analysis/libraries/library-rule.js';
export { stepsToLibrary, type LibraryWay } from './analysis/libraries/library-way.js';
export { LIBRARY_RULES } from './analysis/libraries/library-rule-table.js';
export { LibraryRuleError, parseLibraryRules } from './analysis/libraries/parse-library-rules.js';
export { usageByLibrary, type LibraryUsage } from './analysis/libraries/library-usage.js';
export { findSiteOwners, ownerOf, type SiteOwners } from './analysis/libraries/site-owners.js';
export type { FrameLibraries } from './analysis/libraries/stack-owners.js';
export * from './analysis/module-of-file.js';
export type { AnalysisLocation, ModuleUsage } from './analysis/rank-locations.js';
export * from './analysis/size-histogram.js';
export * from './analysis/timeline.js';
export * from './analysis/totals.js';
export * from './analysis/usage-sum.js';
export { usageOfProfile, type ProfileUsage } from './analysis/sum-usage.js';
export { joinSites, planJoin, type JoinPlan } from './join/join-sites.js';
export { JoinedWalk, type SiteStacks } from './join/joined-walk.js';
export { chooseStacks, siteStacksOf } from './join/site-stacks.js';
export { isInterpreterPath, joinStacks, type JoinedStacks, type JoinOptions } from './join/join-stacks.js';
export type { JoinSource, StackPairs } from './join/join-source.js';
export { hashPair, JoinedTreeBuilder } from './join/joined-tree.js';
export * from './view/view-error.js';
export * from './view/window.js';
export * from './view/run-set.js';
export { recordingOf } from './view/join-recordings.js';
export { startOfRun, ticksOfRun, type RunSteps, type SetClock, type SetRecording } from './view/set-recording.js';
export * from './view/selection.js';
export { hasRounded, markRounded, ROUNDED_SUMS, type Rounded } from './text/rounded.js';
export * from './view/view-choices.js';
export * from './view/view-parts.js';
export * from './view/frame-groups.js';
export * from './view/tree-children.js';
export { framesOfFunctions, matchFunctions } from './view/match-functions.js';
export * from './view/paths/path-table.js';
export { foldImports, nameImport } from './view/paths/fold-imports.js';
export * from './view/paths/fold-paths.js';
export * from './view/paths/function-paths.js';
export * from './view/paths/transform-paths.js';
export { weighPaths, type PathWeights } from './view/paths/weigh-paths.js';
export * from './view/paths/merge-paths.js';
export * from './view/paths/compare-paths.js';
export { type DrawnPaths, type DrawOptions, type NodeWeights, type PathStep } from './view/paths/drawn-paths.js';
export * from './view/paths/draw-paths.js';
export * from './view/paths/draw-inverted-paths.js';
export * from './view/paths/rank-paths.js';
export * from './view/row-weight.js';
export * from './view/paths/label-key.js';
export * from './view/shown-frames.js';
export * from './view/source-lookup.js';
export * from './view/source-region.js';
export * from './view/groupings.js';
export * from './view/group-sites.js';
export * from './view/thread-groups.js';
export * from './view/group-curves.js';
export { beginsOf } from './view/cohort-rows.js';
export { markedRows } from './view/cut-lifetimes.js';
export { bandsOverTime, type BandOptions, type LiveBand, type LiveBands } from './view/live-bands.js';
export { PeakLevelsBuilder } from './view/peak-levels.js';
export { HeldByPeriod, passingOf, type HeldSites, type PeriodChanges } from './view/held-by-period.js';
export { LEAST_RESERVED_BYTES, sumChanges } from './view/live-changes.js';
export { highestTicks, liveOverTime, NO_GROUP, spreadOverTicks } from './view/live-over-time.js';
export * from './view/leaks.js';
export * from './view/site-life.js';
export { LEAK_ROW_KINDS, type LeakRowKind } from './view/application-lines.js';
export { applicationOf } from './view/leak-places.js';
export { saySameRecordings } from './view/same-recordings.js';
export { sayReserved } from './view/reserved-leaks.js';
export { arrangeLeaks, type LeakArrangement, type LeakRowReader } from './view/arrange-leaks.js';
export { filterOfApplication } from './view/line-filter.js';
export {
  judgeLeak,
  LEAK_RULES,
  traceCurve,
  type LeakClock,
  type LeakHistory,
  type LeakVerdict,
  type LeakVerdictName,
} from './view/leak-verdict.js';
export { tellGrowth, type GrowthFinding } from './analysis/findings/grows.js';
export { joinFindings, type FindingsOfRun } from './analysis/findings/join-findings.js';
export { attachedSentence } from './analysis/limitations.js';
export { joinNothing } from './analysis/findings/join-nothing.js';
export { headGrowth, isOfLevel } from './analysis/findings/nothing-grows.js';
export { sayHiddenLeaks } from './analysis/findings/objects-hidden.js';

export { findGrowth } from './growth/find-growth.js';
export { startsProgram } from './growth/frame-kind.js';
export type { Growth, GrowthAnswer, GrowthBranch, GrowthPlace } from './growth/growth.js';
export type { FindingPlace } from './analysis/findings/finding-place.js';
export type { Finding, FindingRuleName } from './analysis/findings/finding.js';
export { commandOf, quotePath, viewOf, type FindingView } from './analysis/findings/finding-view.js';
export { findIncompleteCapture } from './analysis/findings/capture-incomplete.js';
export { boundedPatternTester, PATTERN_LIMIT_MS, slowPattern, type VirtualMachine } from './filter/bounded-tester.js';
export {
  allOf,
  anyOf,
  EVERYTHING,
  not,
  numberTerm,
  textTerm,
  termsOf,
  usesField,
  type AllFilter,
  type AnyFilter,
  type Comparison,
  type Filter,
  type NotFilter,
  type NumberTerm,
  type TextTerm,
} from './filter/filter.js';
export {
  FILTER_FIELDS,
  isSiteField,
  type FilterField,
  type FrameField,
  type NumberField,
  type SiteField,
  type TextField,
} from './filter/filter-field.js';
export { FilterError, type FilterErrorCode, type FilterPlace } from './filter/filter-error.js';
export { FILTER_EXAMPLES, FILTER_HELP } from './filter/filter-help.js';
export { nearestNames } from './filter/nearest-names.js';
export { type FilterSuggestion } from './filter/suggest-filter.js';
export { formatFilter } from './filter/format-filter.js';
export { labelFrames } from './filter/label-frames.js';
export { frameMatcher, matchFrames, type FilterFrames, type FilterModules } from './filter/match-frames.js';
export { matchSites, type FilterSubject, type SiteFilter } from './filter/match-sites.js';
export { parseFilter } from './filter/parse-filter.js';
export { parseSearch } from './filter/parse-search.js';
export { formatPattern, quoteName, type Pattern, type PlainPattern, type RegexPattern } from './filter/pattern.js';
export { parsePattern } from './filter/read-pattern.js';
export { foldCase, testUnbounded, type PatternTester } from './filter/pattern-tester.js';
export { pointAtFilterError, type TextDisplay } from './filter/point-at-filter-error.js';
export * from './text/bounded-json.js';
export * from './text/csv.js';
export * from './text/format-moment.js';
export { printable } from './text/printable.js';
export { programOf } from './text/program-of.js';
export { matchOwners, type MatchedOwner } from './owners/match-owners.js';
export { FileNames, type RenamedPath } from './owners/match-files.js';
export { portableFile } from './owners/portable-file.js';
export type { DiffDocument, DiffRow, DiffTotal, DiffTotals } from './documents/diff.js';
export * from './diff/compared-measures.js';
export { findObstacles, findOutside, type Obstacle } from './diff/comparability.js';
export * from './diff/diff-words.js';
export { isAlike, MOVED_SHARE } from './diff/find-moved.js';
export { findRenamedFunctions, type RenamedFunction } from './diff/renamed-functions.js';
export type { FlowOf } from './diff/find-shifts.js';
export { rangeOf } from './diff/repetitions.js';
export { termOfRows } from './diff/row-term.js';
export type { MeasuredColumns } from './diff/find-twins.js';
export { traceRows, type TraceOf } from './diff/row-traces.js';
export { countThreads } from './diff/thread-counts.js';
export { differingCallers, RowWays, type RowWay } from './diff/explain-row.js';
export {
  judgeChanges,
  type ChangeStatus,
  type JudgedRow,
  type RowChange,
  type RowChanges,
} from './diff/judge-changes.js';
export { totalNoiseFloor, type NoiseContext } from './diff/noise-floor.js';
export { compareRows, type ComparedRows } from './diff/compare-rows.js';
export { compareNumbers, compareTotals } from './diff/compare-totals.js';
export { summarise, type ComparedColumn, type SideNumber } from './diff/side-columns.js';
export {
  formatChange,
  hasWindow,
  isItself,
  nameOf as nameChange,
  summariseChanges,
  untoldObstacles,
  type ChangesBeside,
} from './diff/summarise-changes.js';
export type {
  CheckDocument,
  CheckedRow,
  CheckedRule,
  CheckedSuppression,
  CheckVerdict,
  RuleSource,
  RuleVerdict,
} from './documents/check.js';
export * from './gate/rule.js';
export * from './gate/default-rules.js';
export { Suppressions, type Suppression } from './gate/suppressions.js';
export { ARENAS_NOTE, sayCheck, sayUnfit } from './gate/say-check.js';
export {
  formatGated,
  rowArithmetic,
  sayAmount,
  sayRows,
  sayTotal,
  totalArithmetic,
  type RuleBound,
} from './gate/say-rule.js';
export type { CheckedTest, CheckTestsDocument, TestStatus } from './documents/check-tests.js';
export type {
  BaselineDocument,
  BaselineTestsDocument,
  MeasuredOwner,
  MeasuredRuns,
  MeasuredTest,
} from './documents/baseline.js';
export { measureRuns, type MeasureOptions } from './baseline/measure-runs.js';
export { keepUnchanged } from './baseline/keep-unchanged.js';
export { measuredProfiles, type MeasuredNames } from './baseline/measured-profiles.js';
export { writeBaseline, writeBaselineTests } from './baseline/write-baseline.js';
export { OWNED_ROW_KINDS } from './diff/row-groups.js';
export type {
  HistoryDocument,
  HistoryPage,
  TrendFunction,
  TrendMetric,
  TrendRun,
  TrendSpike,
  TrendStep,
} from './documents/history.js';
export { mainBranch } from './history/main-branch.js';
export * from './history/trend-measures.js';
export type { ChangePoint, SeriesChanges, Spike } from './history/change-points.js';
/** `findTrend` is at `@memscope/model/history/find-trend`: with it comes statistics that nothing else needs. */
export type { HistoryRun, RecordedCapture, Trend } from './history/find-trend.js';
export * from './history/say-trend.js';
