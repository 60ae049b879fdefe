/** A question over a stored run → its answer. Runs anywhere: what only some place has is handed in (`QueryHost`). */
export { faultAnswer, jsonAnswer, type Answer } from './answer.js';
export { answerQuestion, summarizeRun, type RunSummary } from './answer-question.js';
export { apiFault, faultOf, type ApiFault } from './api-fault.js';
export { loadArrow } from './arrow-answer.js';
export { answerBands } from './bands.js';
export { cacheProfile } from './cached-profile.js';
export { CancelledError, newCancelFlag, setCancelled, watchFlag, type CancelFlag } from './cancel-flag.js';
export { answerFlame } from './flame.js';
export { answerLeaks } from './leaks.js';
export { OpenRun, type QueryHost } from './open-run.js';
export { answerOverview } from './overview.js';
export { isQuestionRoute, readQuestion, type Question } from './question.js';
export { answerSandwich } from './sandwich.js';
export { answerSource } from './source.js';
export { answerTable } from './table.js';
export { answerTimeline } from './timeline.js';
