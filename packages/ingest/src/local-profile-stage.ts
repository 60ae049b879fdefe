/** A `ProfileBuilder` in the thread that decodes. A file of its own: with it come SQLite and Arrow. */
import type { HeapTables, OperationBlock } from '@memscope/kernel';
import type { StackTable } from '@memscope/model';
import type { ProfileMeta } from '@memscope/store/profile-meta';
import type { DecodedSites } from './native-sites.js';
import {
  ProfileBuilder,
  type DecodedEnd,
  type ProfileBeginning,
  type ProfilePlan,
  type ReadLifetimes,
  type UnwrittenTables,
} from './profile-builder.js';
import type { ProfileStage } from './profile-stage.js';

export class LocalProfileStage implements ProfileStage {
  readonly #plan: ProfilePlan;
  #builder: ProfileBuilder | null = null;

  readonly #onLifetimes: (lifetimes: ReadLifetimes) => void;

  /** `onLifetimes` is called once, where a profile in memory can have what lifetimes come to. */
  constructor(plan: ProfilePlan, onLifetimes: (lifetimes: ReadLifetimes) => void) {
    this.#plan = plan;
    this.#onLifetimes = onLifetimes;
  }

  begin(beginning: ProfileBeginning): void {
    this.#builder = new ProfileBuilder(this.#plan, beginning);
  }

  apply(block: OperationBlock): void {
    this.#builder!.apply(block);
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  close(end: DecodedEnd): Promise<HeapTables> {
    const tables = this.#builder!.close(end);
    this.#builder!.appendSums(this.#onLifetimes);
    return Promise.resolve(tables);
  }

  appendPythonStacks(stacks: StackTable): void {
    this.#builder!.appendPythonStacks(stacks);
  }

  appendNativeSites(sites: DecodedSites): void {
    this.#builder!.appendNativeSites(sites);
  }

  appendTables(tables: UnwrittenTables): void {
    this.#builder!.appendTables(tables);
  }

  finish(meta: ProfileMeta): Promise<void> {
    this.#builder!.finish(meta);
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#builder?.abort();
    return Promise.resolve();
  }
}
