/**
 * HTTP over stored profiles: the API that `packages/model/src/api.ts` describes, and the page. The answers of its routes
 * are there without HTTP, too.
 */
export { serve, type RunningServer, type ServeRequest } from './serve.js';
export type { PoolOptions } from './query-pool.js';
export type { WatchOptions } from './watch-folders.js';
export { cacheProfile } from './cached-profile.js';
export { OpenRun } from './open-run.js';
export { summarizeRun } from './queries/answer-question.js';
export { answerBands } from './queries/bands.js';
export { answerFlame } from './queries/flame.js';
export { answerLeaks } from './queries/leaks.js';
export { answerOverview } from './queries/overview.js';
export { answerSandwich } from './queries/sandwich.js';
export { answerSource } from './queries/source.js';
export { answerTable } from './queries/table.js';
export { answerTimeline } from './queries/timeline.js';
export { faultOf } from './api-fault.js';
