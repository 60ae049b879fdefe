/** HTTP over stored profiles: the API that `packages/model/src/api.ts` describes, and the page. */
export { serve, type RunningServer, type ServeRequest } from './serve.js';
export { isLoopback } from './own-hosts.js';
export type { PoolOptions } from './query-pool.js';
export type { WatchOptions } from './watch-folders.js';
