/** A question over a stored run → its answer. Runs anywhere: what only some place has is handed in (`QueryHost`). */
export { faultAnswer, type Answer } from './answer.js';
export { answerQuestion, findAnswer, summarizeRun, type FoundAnswer, type RunSummary } from './answer-question.js';
export { apiFault, faultOf, type ApiFault } from './api-fault.js';
export { loadArrow } from './answer.js';
export { answerBands, findBands, type BandsRequest, type FoundBands } from './bands.js';
export { cacheProfile } from './cached-profile.js';
export { CancelledError, newCancelFlag, setCancelled, watchFlag, type CancelFlag } from './cancel-flag.js';
export { answerDiff, compareRuns, diffDocument, MOST_DIFF_ROWS, type ComparedRuns } from './compare-runs.js';
export { Comparison, type CompareRequest, type DescribedChange } from './comparison.js';
export { answerFlame } from './flame.js';
export { answerLeaks, findLeaks, readLeak, sumVerdicts, type FoundLeaks, type LeakRow } from './leaks.js';
export { keepAtMost, LEAST_KEPT_BYTES, OpenRun, type QueryHost } from './open-run.js';
export { analyzeRun, answerOverview, type AnalyzeRequest } from './overview.js';
export { selectionPart } from './selection-part.js';
export { totalsOf } from './side-totals.js';
export {
  allParameters,
  isQuestionRoute,
  readQuestion,
  readRuns,
  type Question,
  type QuestionRoute,
} from './question.js';
export { answerSandwich } from './sandwich.js';
export { answerSource } from './source.js';
export { answerTable } from './table.js';
export {
  drawComparedCallees,
  drawComparedCallers,
  drawComparedTree,
  findCompared,
  type ComparedFunctions,
} from './draw-compared.js';
export { drawCallees, drawCallers, drawTree, findCalled, type CalledFunctions, type TreeBounds } from './draw-tree.js';
export { weighLines, type LineSide, type LineWeights } from './function-lines.js';
export { orderRows, rankRows } from './rank-rows.js';
export { ARENAS, FRAMELESS, type RankedRows } from './ranked-rows.js';
export { compareTimelines, type ComparedSteps, type ComparedTimelines, type SideSteps } from './compare-timelines.js';
export { drawTimeline, type Timeline, type TimelineRun } from './timeline.js';
export { answerTimeline } from './timeline-pixels.js';
export { checkRuns, type CheckedRuns, type CheckRequest } from './check-runs.js';
export type { AskedRule } from './judge-rule.js';
export { measureRun } from './measure-run.js';
