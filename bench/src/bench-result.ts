/** Everything that was measured, as one document, with the machine that it was measured on. */
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';

import type { EndToEndResult } from './end-to-end-suite.js';
import type { KernelResult } from './kernel-suite.js';
import type { PageResult } from './page-suite.js';
import type { StoreResult } from './store-suite.js';
import type { ViewsResult } from './views-suite.js';

export interface BenchResult {
  readonly schema: 'memscope.bench/1';
  readonly machine: Machine;
  readonly runs: number;
  readonly seed: number;
  /** Null where the suite was not asked for. */
  readonly kernel: readonly KernelResult[] | null;
  readonly store: StoreResult | null;
  readonly views: ViewsResult | null;
  /** Null, too, where there is no Chromium. */
  readonly page: PageResult | null;
  readonly endToEnd: EndToEndResult | null;
}

export interface Machine {
  readonly platform: string;
  readonly node: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Processes that wanted to run in the last minute, before anything was measured; 0 where the system does not tell. */
  readonly load: number;
}

export function describeMachine(): Machine {
  return {
    platform: `${platform()}-${arch()}`,
    node: process.versions.node,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    load: loadavg()[0] ?? 0,
  };
}
